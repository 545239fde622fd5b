"""Editing a client: every field with its rules, two editors at once, what was typed and not saved."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from portal.domain.access import ROLES, Role
from portal.errors import Conflict, Denied, Invalid, NotFound
from portal.ids import uuid7
from portal.models import (
    AuditEvent,
    Channel,
    ClientDraft,
    Contact,
    Guardian,
    OutboxMessage,
    Patient,
    ReferralSource,
    SearchWord,
    Session,
    Staff,
)
from portal.queries import client_form as query
from portal.services import client_drafts
from portal.services.client_editing import (
    ADD_GUARDIAN,
    ADD_NAME,
    ADD_RELATIONSHIP,
    ASK_GUARDIAN,
    WHICH_SUB,
    Edited,
    edit,
)
from portal.services.clients import KEEP_ONE
from portal.services.household import local_day, reached_by
from portal.work import SYSTEM, Actor
from tests.support.clinic import OpenAs, TestClinic

CLIENT = "Amelia"


def acting(open_as: OpenAs, clinic: TestClinic, role: Role, name: str = "Marisol Vega") -> Actor:
    """A member of staff of that role, who is in the database."""
    first, last = name.split()
    with open_as(SYSTEM) as work:
        staff = work.add(
            Staff(
                practice_id=clinic.practice_id, first_name=first, last_name=last,
                email=f"{first.lower()}@lumiere.example", role=role,
            )
        )  # fmt: skip
    return Actor(kind="staff", staff_id=staff.id, role=role, label=name, privileges=ROLES[role])


@pytest.fixture
def marisol(open_as: OpenAs, clinic: TestClinic) -> Actor:
    return acting(open_as, clinic, Role.FRONT_DESK)


@pytest.fixture
def elena(open_as: OpenAs, clinic: TestClinic) -> Actor:
    return acting(open_as, clinic, Role.ADMIN, "Elena Marsh")


def values(open_as: OpenAs, who: Actor, clinic: TestClinic) -> dict[str, str]:
    with open_as(who) as work:
        return query.client_form(work, the(clinic)).values


def the(clinic: TestClinic) -> Any:
    assert clinic.amelia.patient_id is not None
    return clinic.amelia.patient_id


def save(open_as: OpenAs, who: Actor, clinic: TestClinic, base: dict[str, str] | None = None, **typed: str) -> Edited:
    before = values(open_as, who, clinic) if base is None else base
    with open_as(who) as work:
        return edit(work, the(clinic), {**before, **typed}, before)


def events(open_as: OpenAs, action: str) -> list[AuditEvent]:
    with open_as(SYSTEM) as work:
        return list(work.db.exec(select(AuditEvent).where(AuditEvent.action == action)).all())


def test_what_differs_is_saved_and_the_trace_names_fields_not_values(
    open_as: OpenAs, clinic: TestClinic, marisol: Actor
) -> None:
    done = save(
        open_as, marisol, clinic, last_name="Hart-Lindqvist", preferred_name="Mia", state="or", pronouns="She, her",
        emergency_phone="503 555 0119", carrier_name="Cascade Health", date_of_birth="3-15-1988",
    )  # fmt: skip
    assert done.saved == (
        "Last name", "Preferred name", "Date of birth", "Pronouns", "State", "Emergency phone", "Insurance carrier",
    )  # fmt: skip
    with open_as(SYSTEM) as work:
        patient = work.get(Patient, the(clinic))
        words = set(work.db.exec(select(SearchWord.word).where(SearchWord.patient_id == patient.id)).all())
    assert (patient.last_name, patient.state, patient.emergency_phone, patient.version) == (
        "Hart-Lindqvist", "OR", "+15035550119", 2,
    )  # fmt: skip
    assert "lindqvist" in words, "found by the new name at once"
    [event] = events(open_as, "client.changed")
    assert event.patient_id == patient.id
    assert event.actor_label == "Marisol Vega"
    assert "Lindqvist" not in str(event.detail)
    assert "last_name" in event.detail["fields"]


def test_what_is_as_it_was_leaves_no_trace(open_as: OpenAs, clinic: TestClinic, marisol: Actor) -> None:
    assert save(open_as, marisol, clinic, phone="503.555.0187", first_name="  Amelia ").saved == ()
    assert events(open_as, "client.changed") == []


def test_every_problem_stands_beside_its_field_and_nothing_is_written(
    open_as: OpenAs, clinic: TestClinic, marisol: Actor
) -> None:
    with pytest.raises(Invalid) as refused:
        save(
            open_as, marisol, clinic, first_name="", last_name="Hart<script>", date_of_birth="02/30/1988",
            phone="12", email="no", clinic_id=str(uuid7()), sex="x", state="Oregon", postal_code="9", city="Salem",
        )  # fmt: skip
    assert set(refused.value.fields) == {
        "first_name", "last_name", "date_of_birth", "phone", "email", "clinic_id", "sex", "state", "postal_code",
    }  # fmt: skip
    assert refused.value.fields["first_name"] == "Add the first name, as it is on the client's ID."
    with open_as(SYSTEM) as work:
        assert work.get(Patient, the(clinic)).city == ""


def test_a_new_phone_is_the_log_in_the_old_one_is_told_and_signed_out(
    open_as: OpenAs, clinic: TestClinic, marisol: Actor
) -> None:
    assert save(open_as, marisol, clinic, phone="(971) 555-0201").saved == ("Phone",)
    with open_as(SYSTEM) as work:
        current = work.db.exec(
            select(Contact.value).where(Contact.patient_id == the(clinic), col(Contact.retired_at).is_(None))
        ).all()
        told = work.db.exec(select(OutboxMessage).where(OutboxMessage.patient_id == the(clinic))).one()
        open_ = work.db.exec(
            select(Session).where(Session.patient_id == the(clinic), col(Session.ended_at).is_(None))
        ).all()
    assert current == ["+19715550201"]
    assert told.recipient == "+15035550187"
    assert open_ == []
    assert events(open_as, "contact.corrected")


def test_the_only_way_in_cannot_be_taken_out(open_as: OpenAs, clinic: TestClinic, marisol: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        save(open_as, marisol, clinic, phone="")
    assert refused.value.fields == {"phone": KEEP_ONE}
    save(open_as, marisol, clinic, email="amelia.hart@example.com")
    assert save(open_as, marisol, clinic, phone="").saved == ("Phone",)


def test_a_provider_edits_the_record_but_corrects_no_contact(open_as: OpenAs, clinic: TestClinic) -> None:
    provider = acting(open_as, clinic, Role.PROVIDER, "Naomi Bell")
    assert save(open_as, provider, clinic, city="Salem").saved == ("City",)
    with pytest.raises(Denied):
        save(open_as, provider, clinic, phone="(971) 555-0201", city="Bend")
    assert values(open_as, provider, clinic)["city"] == "Salem"


CHILD = {"date_of_birth": "03/14/2015", "guardian_name": "Ines Hart", "guardian_relationship": "Parent"}


def contacts(open_as: OpenAs, clinic: TestClinic) -> list[tuple[str, str]]:
    """Whose each contact in use is, a guardian's or nobody's but the client's own, and what."""
    with open_as(SYSTEM) as work:
        rows: Any = work.db.exec(
            select(Guardian.name, Contact.value)
            .select_from(Contact)
            .outerjoin(Guardian, col(Guardian.id) == Contact.guardian_id)
            .where(Contact.patient_id == the(clinic), col(Contact.retired_at).is_(None))
            .order_by(col(Contact.id))
        ).all()
    return [(name or "", value) for name, value in rows]


def test_who_becomes_a_minor_needs_a_guardian_who_takes_over_the_phone(
    open_as: OpenAs, clinic: TestClinic, marisol: Actor
) -> None:
    for typed in ({"date_of_birth": CHILD["date_of_birth"]}, {**CHILD, "guardian_name": " "}):
        with pytest.raises(Invalid) as refused:
            save(open_as, marisol, clinic, city="Salem", **typed)
        assert refused.value.fields["guardian_name"] == ADD_GUARDIAN
    with pytest.raises(Invalid) as refused:
        save(open_as, marisol, clinic, **{**CHILD, "guardian_relationship": "Robot"})
    assert set(refused.value.fields) == {"guardian_relationship"}
    now = values(open_as, marisol, clinic)
    assert (now["city"], now["date_of_birth"]) == ("", "03/14/1988"), "nothing was half-written"

    done = save(open_as, marisol, clinic, **CHILD, email="ines@hart.example")
    assert done.saved == ("Date of birth", "Parent or guardian's name", "Relationship", "Phone", "Email")
    assert contacts(open_as, clinic) == [
        ("", "+15035550187"), ("Ines Hart", "+15035550187"), ("Ines Hart", "ines@hart.example"),
    ]  # fmt: skip
    with open_as(SYSTEM) as work:
        [person] = reached_by(work, Channel.PHONE, "+15035550187", local_day(work, work.practice()))
    assert person.guardian_id is not None, "the child's own number logs nobody in"
    assert save(open_as, marisol, clinic, guardian_name="Inés Hart").saved == ("Parent or guardian's name",)
    now = values(open_as, marisol, clinic)
    assert (now["guardian_name"], now["guardian_relationship"], now["phone"]) == (
        "Inés Hart",
        "Parent",
        "(503) 555-0187",
    )


def test_a_guardian_who_is_reached_nowhere_is_refused(open_as: OpenAs, clinic: TestClinic, marisol: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        save(open_as, marisol, clinic, **CHILD, phone="")
    assert refused.value.fields == {"phone": KEEP_ONE}
    assert contacts(open_as, clinic) == [("", "+15035550187")]


def test_a_minor_who_has_no_guardian_yet_is_edited_and_gets_one(
    open_as: OpenAs, clinic: TestClinic, marisol: Actor
) -> None:
    with open_as(SYSTEM) as work:
        work.get(Patient, the(clinic)).date_of_birth = date(2015, 3, 14)
    assert save(open_as, marisol, clinic, city="Salem").saved == ("City",)
    with pytest.raises(Invalid) as refused:
        save(open_as, marisol, clinic, guardian_name="Ines Hart", phone="(971) 555-0201")
    assert refused.value.fields == {"guardian_relationship": ADD_RELATIONSHIP}
    save(open_as, marisol, clinic, guardian_name="Ines Hart", guardian_relationship="Parent", phone="(971) 555-0201")
    assert contacts(open_as, clinic)[-1] == ("Ines Hart", "+19715550201")


def test_a_former_guardian_is_there_again_when_the_date_is_corrected(
    open_as: OpenAs, clinic: TestClinic, marisol: Actor
) -> None:
    save(open_as, marisol, clinic, **CHILD)
    save(open_as, marisol, clinic, date_of_birth="03/14/1988")
    assert values(open_as, marisol, clinic)["phone"] == "(503) 555-0187", "the client's own"
    assert save(open_as, marisol, clinic, date_of_birth="03/14/2015").saved == ("Date of birth",)
    assert len(contacts(open_as, clinic)) == 2
    with open_as(SYSTEM) as work:
        assert len(work.db.exec(select(Guardian).where(Guardian.patient_id == the(clinic))).all()) == 1


def test_a_provider_names_no_guardian(open_as: OpenAs, clinic: TestClinic) -> None:
    provider = acting(open_as, clinic, Role.PROVIDER, "Naomi Bell")
    with pytest.raises(Denied):
        save(open_as, provider, clinic, **CHILD)
    with pytest.raises(Invalid) as refused:
        save(open_as, provider, clinic, date_of_birth=CHILD["date_of_birth"])
    assert refused.value.fields == {"date_of_birth": ASK_GUARDIAN}


def test_patients_nobodies_and_strangers_get_nowhere(open_as: OpenAs, clinic: TestClinic, marisol: Actor) -> None:
    for who in (clinic.amelia, Actor(), Actor(kind="locked", staff_id=marisol.staff_id)):
        with open_as(who) as work:
            with pytest.raises(Denied):
                query.client_form(work, the(clinic))
            with pytest.raises(Denied):
                edit(work, the(clinic), {"city": "Salem"}, {"city": ""})
            with pytest.raises(Denied):
                client_drafts.keep(work, the(clinic), {"city": "Salem"}, {})
    with open_as(marisol) as work:
        with pytest.raises(NotFound):
            edit(work, uuid7(), {"city": "Salem"}, {"city": ""})
        with pytest.raises(NotFound):
            client_drafts.keep(work, uuid7(), {"city": "Salem"}, {"city": ""})


@pytest.mark.promise("S22")
def test_two_editors_the_second_sees_field_by_field_what_changed(
    open_as: OpenAs, clinic: TestClinic, marisol: Actor, elena: Actor
) -> None:
    """**Actions > Edit** updates the profile; two editors do not overwrite each other unnoticed."""
    base = values(open_as, marisol, clinic)
    save(open_as, elena, clinic, city="Salem", pharmacy_name="Everett Street Pharmacy")
    refused = save(open_as, marisol, clinic, base, city="Bend", street="1 New Street")
    assert refused.contested
    assert refused.saved == ()
    told = {one.label: (one.theirs, one.mine, one.who, one.contested) for one in refused.meanwhile}
    assert told == {
        "City": ("Salem", "Bend", "Elena Marsh", True),
        "Pharmacy": ("Everett Street Pharmacy", "Nothing", "Elena Marsh", False),
    }
    now = values(open_as, marisol, clinic)
    assert (now["city"], now["street"]) == ("Salem", ""), "nothing was written until she chose"
    chosen = base | {"city": "Salem"}
    done = save(open_as, marisol, clinic, chosen, city="Bend", street="1 New Street")
    assert done.saved == ("Street", "City")
    now = values(open_as, marisol, clinic)
    assert (now["city"], now["street"], now["pharmacy_name"]) == ("Bend", "1 New Street", "Everett Street Pharmacy")


def test_the_same_change_made_twice_contests_nothing(
    open_as: OpenAs, clinic: TestClinic, marisol: Actor, elena: Actor
) -> None:
    base = values(open_as, marisol, clinic)
    save(open_as, elena, clinic, city="Salem")
    done = save(open_as, marisol, clinic, base, city="Salem", state="OR")
    assert (done.contested, done.saved) == (False, ("State",))


def test_what_the_client_changed_by_themself_counts_as_well(
    open_as: OpenAs, clinic: TestClinic, marisol: Actor
) -> None:
    base = values(open_as, marisol, clinic)
    with open_as(clinic.amelia) as work:
        patient = work.get(Patient, the(clinic))
        patient.street = "9 Her Own Lane"
        work.audit("profile.changed", patient, patient_id=patient.id, fields=["street"])
    [told] = save(open_as, marisol, clinic, base, street="1 New Street").meanwhile
    assert (told.who, told.theirs, told.contested) == ("The client", "9 Her Own Lane", True)


def test_a_source_with_its_subcategory(open_as: OpenAs, clinic: TestClinic, marisol: Actor) -> None:
    with open_as(SYSTEM) as work:
        social = work.add(ReferralSource(practice_id=clinic.practice_id, name="Social media"))
        insta = work.add(ReferralSource(practice_id=clinic.practice_id, name="Instagram", parent_id=social.id))
        friend = work.add(ReferralSource(practice_id=clinic.practice_id, name="A friend", asks_name=True))
    with pytest.raises(Invalid) as refused:
        save(open_as, marisol, clinic, referral_id=str(friend.id), referral_sub_id=str(insta.id))
    assert refused.value.fields == {"referral_sub_id": WHICH_SUB}
    save(open_as, marisol, clinic, referral_id=str(social.id), referral_sub_id=str(insta.id))
    with open_as(SYSTEM) as work:
        patient = work.get(Patient, the(clinic))
    assert (patient.referral_source_id, patient.referral_source) == (insta.id, "Social media")
    with pytest.raises(Invalid) as refused:
        save(open_as, marisol, clinic, referral_id=str(friend.id))
    assert refused.value.fields == {"referral_detail": ADD_NAME}
    save(open_as, marisol, clinic, referral_id=str(friend.id), referral_detail="Nora Kowalski")
    now = values(open_as, marisol, clinic)
    assert (now["referral_id"], now["referral_sub_id"], now["referral_detail"]) == (
        str(friend.id), "", "Nora Kowalski",
    )  # fmt: skip


def test_a_record_that_went_into_another_one_is_not_edited(open_as: OpenAs, clinic: TestClinic, marisol: Actor) -> None:
    with open_as(SYSTEM) as work:
        patient = work.get(Patient, the(clinic))
        patient.merged_into_id = clinic.rosa.patient_id
    with pytest.raises(Conflict):
        save(open_as, marisol, clinic, city="Salem")


@pytest.mark.promise("S25")
def test_what_was_typed_is_kept_for_each_until_it_is_saved(
    open_as: OpenAs, clinic: TestClinic, marisol: Actor, elena: Actor
) -> None:
    """Saved progress is kept; unsaved work is not lost silently."""
    base = values(open_as, marisol, clinic)
    with open_as(marisol) as work:
        client_drafts.keep(
            work, the(clinic), {"city": "Bend", "street": "", "nonsense": "x", "email": "a@b.example"}, base
        )
    with open_as(elena) as work:
        assert query.client_form(work, the(clinic)).draft is None, "hers is not Elena's"
    with open_as(marisol) as work:
        kept = query.client_form(work, the(clinic)).draft
        assert kept is not None
        assert (kept.typed, kept.base) == ({"city": "Bend", "email": "a@b.example"}, {"city": "", "email": ""})
        assert b"Bend" not in work.db.connection().exec_driver_sql("SELECT typed FROM client_draft").scalar_one()
    save(open_as, marisol, clinic, base, city="Bend")
    with open_as(marisol) as work:
        kept = query.client_form(work, the(clinic)).draft
        assert kept is not None
        assert kept.typed == {"email": "a@b.example"}, "what was not saved stays"
        client_drafts.drop(work, the(clinic))
    with open_as(marisol) as work:
        assert work.db.exec(select(ClientDraft)).all() == []


def test_a_field_edited_in_its_place_leaves_the_rest_of_a_draft_alone(
    open_as: OpenAs, clinic: TestClinic, marisol: Actor
) -> None:
    base = values(open_as, marisol, clinic)
    with open_as(marisol) as work:
        client_drafts.keep(work, the(clinic), {"city": "Bend", "phone": "1"}, base)
    with open_as(marisol) as work:
        client_drafts.keep(work, the(clinic), {"phone": "971"}, {"phone": base["phone"]})
    with open_as(marisol) as work:
        kept = query.client_form(work, the(clinic)).draft
        assert kept is not None
        assert kept.typed == {"city": "Bend", "phone": "971"}
        client_drafts.keep(work, the(clinic), {}, {"phone": base["phone"]})
    with open_as(marisol) as work:
        kept = query.client_form(work, the(clinic)).draft
        assert kept is not None
        assert (kept.typed, kept.base) == ({"city": "Bend"}, {"city": ""})


def test_typing_back_what_was_there_leaves_no_draft(open_as: OpenAs, clinic: TestClinic, marisol: Actor) -> None:
    base = values(open_as, marisol, clinic)
    for typed in ({"city": "B" * 9_000}, {"city": ""}):
        with open_as(marisol) as work:
            client_drafts.keep(work, the(clinic), typed, base)
    with open_as(marisol) as work:
        assert work.db.exec(select(ClientDraft)).all() == []
