"""The symbols beside a name."""

from datetime import timedelta

import pytest

from portal.domain.access import ROLES, Role
from portal.errors import Denied
from portal.models import Allergy
from portal.queries.symbols import NONE, Symbols, symbols_of
from portal.work import NOBODY, SYSTEM, Actor
from tests.support.clinic import OpenAs, furnish

PROVIDER = Actor(kind="staff", role="provider", privileges=ROLES[Role.PROVIDER])


def test_an_allergy_that_ended_is_none(open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        clinic = furnish(work)
        now = work.now()
        amelia, rosa, child = (who.patient_id for who in (clinic.amelia, clinic.rosa, clinic.child))
        assert amelia
        assert rosa
        assert child
        for who, ended in ((amelia, None), (amelia, None), (rosa, now - timedelta(days=1))):
            work.add(Allergy(patient_id=who, substance="Latex", recorded_at=now, ended_at=ended))
    with open_as(PROVIDER, write=False) as work:
        assert symbols_of(work, [amelia, rosa, child]) == {amelia: Symbols(allergies=True), rosa: NONE, child: NONE}
        assert symbols_of(work, []) == {}


def test_only_who_may_see_clients(open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        clinic = furnish(work)
    for actor in (NOBODY, clinic.amelia, Actor(kind="locked", privileges=PROVIDER.privileges)):
        with open_as(actor, write=False) as work, pytest.raises(Denied):
            symbols_of(work, [])
