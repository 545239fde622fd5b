"""Roles and privileges: the table, what is given, what is taken."""

import pytest

from portal.domain.access import ADJUSTABLE, ROLE_NAMES, ROLES, STEP_UP, Privilege, Role, privileges


def test_every_role_is_in_the_table_and_has_a_name() -> None:
    assert set(ROLES) == set(ROLE_NAMES) == set(Role)


def test_an_admin_may_everything_and_the_front_desk_least() -> None:
    assert ROLES[Role.ADMIN] == frozenset(Privilege)
    assert all(ROLES[role] <= ROLES[Role.ADMIN] for role in Role)
    for sensitive in (
        *(STEP_UP - {Privilege.OWN_FACTORS}),
        Privilege.AUDIT_SEARCH,
        Privilege.MEDICAL_VIEW,
        Privilege.CARDS_DELETE,
    ):
        assert sensitive not in ROLES[Role.FRONT_DESK]


def test_everybody_has_an_account_of_their_own() -> None:
    assert all(Privilege.OWN_ACCOUNT in ROLES[role] for role in Role)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("privilege", sorted(Privilege))
def test_given_and_taken(role: Role, privilege: Privilege) -> None:
    """Only what is adjustable can be given or taken, and what is taken is taken."""
    adjustable = privilege in ADJUSTABLE
    own = privilege in ROLES[role]
    assert (privilege in privileges(role, [privilege.value])) is (own or adjustable)
    assert (privilege in privileges(role, [], [privilege.value])) is (own and not adjustable)
    assert (privilege in privileges(role, [privilege.value], [privilege.value])) is (own and not adjustable)


def test_words_that_mean_nothing_give_nothing() -> None:
    assert privileges(Role.FRONT_DESK, ["everything", "", "staff.manage"]) == ROLES[Role.FRONT_DESK]
