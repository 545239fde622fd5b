"""A furnished practice for tests of use cases."""

import pytest

from portal.work import SYSTEM
from tests.support.clinic import OpenAs, TestClinic, furnish


@pytest.fixture
def clinic(open_as: OpenAs) -> TestClinic:
    """A small practice with its people."""
    with open_as(SYSTEM) as work:
        return furnish(work)
