"""Who reads: what every page for a patient starts from."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col, func

from portal.errors import NotFound
from portal.models import Clinic, Patient, Practice
from portal.models.db import columns
from portal.work import Work


@dataclass(frozen=True, slots=True)
class Reader:
    """A patient, and in which zone and manner they read."""

    first_name: str
    born: date
    zone_name: str
    locale: str
    expiring_days: int

    @property
    def zone(self) -> ZoneInfo:
        """Where the patient's clinic is."""
        return ZoneInfo(self.zone_name)


def reader(work: Work) -> Reader:
    """The signed-in patient. `NotFound` for anybody else."""
    row = work.rows(_READER, patient=work.patient_id).first()
    if row is None:
        raise NotFound
    return Reader(*row)


_READER = (
    columns(
        func.coalesce(func.nullif(Patient.preferred_name, ""), Patient.first_name),
        Patient.date_of_birth,
        func.coalesce(Clinic.time_zone, Practice.time_zone),
        Practice.locale,
        Practice.expiring_days,
    )
    .join(Practice, col(Practice.id) == Patient.practice_id)
    .outerjoin(Clinic, col(Clinic.id) == Patient.primary_clinic_id)
    .where(Patient.id == bindparam("patient"))
)
