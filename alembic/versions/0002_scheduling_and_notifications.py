"""scheduling and notifications

Visits that are there already get their title, and those ahead the time they hold.
"""

from datetime import UTC, datetime

import sqlalchemy as sa

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_REASONS = '["I feel unwell", "Something came up", "I found another time", "The cost", "Another reason"]'
_TICK = 300  # seconds


def upgrade() -> None:
    op.create_table(
        "live_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("topics", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("live_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_live_change_at"), ["at"], unique=False)

    op.create_table(
        "banner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("href", sa.String(), nullable=False),
        sa.Column("link_label", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("banner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_banner_practice_id"), ["practice_id"], unique=False)

    op.create_table(
        "provider_hours",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.String(), nullable=False),
        sa.Column("closes", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["provider_id"], ["staff.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("provider_hours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_provider_hours_clinic_id"), ["clinic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_provider_hours_provider_id"), ["provider_id"], unique=False)

    op.create_table(
        "time_off",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("clinic_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["provider_id"], ["staff.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("time_off", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_time_off_clinic_id"), ["clinic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_time_off_provider_id"), ["provider_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_time_off_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "appointment_extra",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_type_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["appointment_type_id"], ["appointment_type.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("appointment_id", "appointment_type_id"),
    )
    op.create_table(
        "appointment_tick",
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("tick", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["provider_id"], ["staff.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("provider_id", "tick"),
    )
    with op.batch_alter_table("appointment_tick", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_tick_appointment_id"), ["appointment_id"], unique=False)

    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["guardian_id"], ["guardian.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_feed_guardian_id"), ["guardian_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_calendar_feed_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "invoice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("paid_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoice_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index("ix_invoice_patient", ["patient_id", "issued_at"], unique=False)

    op.create_table(
        "practice_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("practice_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_practice_notice_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_practice_notice_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_practice_notice_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "invoice_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_cents", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("invoice_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoice_line_invoice_id"), ["invoice_id"], unique=False)

    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("buffer_minutes", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("booked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("cancelled_from", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("cancelled_by", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("cancel_reason", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("cancel_note", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("late_fee_cents", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
        batch_op.alter_column("provider_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.alter_column("clinic_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.alter_column("appointment_type_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.create_index("ix_appointment_day", ["starts_at"], unique=False)
        batch_op.create_index("ix_appointment_unsettled", ["settled_at", "cancelled_at"], unique=False)

    with op.batch_alter_table("appointment_type", schema=None) as batch_op:
        batch_op.add_column(sa.Column("patient_may_confirm", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("patient_may_move", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("patient_may_cancel", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("confirm_until_minutes", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("move_until_minutes", sa.Integer(), nullable=False, server_default="1440"))
        batch_op.add_column(sa.Column("cancel_until_minutes", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("late_within_minutes", sa.Integer(), nullable=False, server_default="1440"))
        batch_op.add_column(sa.Column("late_fee_cents", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("rule_note", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("notice_minutes", sa.Integer(), nullable=False, server_default="120"))
        batch_op.add_column(sa.Column("horizon_days", sa.Integer(), nullable=False, server_default="90"))
        batch_op.add_column(sa.Column("step_minutes", sa.Integer(), nullable=False, server_default="15"))
        batch_op.add_column(sa.Column("arrive_minutes", sa.Integer(), nullable=False, server_default="10"))
        batch_op.add_column(sa.Column("bring", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("prepare", sa.String(), nullable=False, server_default=""))

    with op.batch_alter_table("clinic", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parking", sa.String(), nullable=False, server_default=""))

    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.String(), nullable=True))
        batch_op.create_unique_constraint("uq_notification_key", ["key"])

    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("appointment_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("calendar", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("unsubscribe", sa.LargeBinary(), nullable=True))
        batch_op.create_index(batch_op.f("ix_outbox_message_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_foreign_key(
            "fk_outbox_appointment", "appointment", ["appointment_id"], ["id"], ondelete="RESTRICT"
        )

    with op.batch_alter_table("practice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("important_reminders", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("reminder_hours", sa.JSON(), nullable=False, server_default="[72, 24, 3]"))
        batch_op.add_column(sa.Column("sending_from", sa.String(), nullable=False, server_default="08:00"))
        batch_op.add_column(sa.Column("sending_until", sa.String(), nullable=False, server_default="21:00"))
        batch_op.add_column(sa.Column("cancel_reasons", sa.JSON(), nullable=False, server_default=_REASONS))
        batch_op.add_column(sa.Column("first_invoice", sa.Integer(), nullable=False, server_default="1001"))
        batch_op.add_column(sa.Column("recipients", sa.JSON(), nullable=False, server_default="{}"))

    _name_and_hold_visits()


def downgrade() -> None:
    with op.batch_alter_table("practice", schema=None) as batch_op:
        batch_op.drop_column("recipients")
        batch_op.drop_column("first_invoice")
        batch_op.drop_column("cancel_reasons")
        batch_op.drop_column("sending_until")
        batch_op.drop_column("sending_from")
        batch_op.drop_column("reminder_hours")
        batch_op.drop_column("important_reminders")

    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_constraint("fk_outbox_appointment", type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_outbox_message_appointment_id"))
        batch_op.drop_column("unsubscribe")
        batch_op.drop_column("calendar")
        batch_op.drop_column("appointment_id")

    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_constraint("uq_notification_key", type_="unique")
        batch_op.drop_column("key")

    with op.batch_alter_table("clinic", schema=None) as batch_op:
        batch_op.drop_column("parking")

    with op.batch_alter_table("appointment_type", schema=None) as batch_op:
        batch_op.drop_column("prepare")
        batch_op.drop_column("bring")
        batch_op.drop_column("arrive_minutes")
        batch_op.drop_column("step_minutes")
        batch_op.drop_column("horizon_days")
        batch_op.drop_column("notice_minutes")
        batch_op.drop_column("rule_note")
        batch_op.drop_column("late_fee_cents")
        batch_op.drop_column("late_within_minutes")
        batch_op.drop_column("cancel_until_minutes")
        batch_op.drop_column("move_until_minutes")
        batch_op.drop_column("confirm_until_minutes")
        batch_op.drop_column("patient_may_cancel")
        batch_op.drop_column("patient_may_move")
        batch_op.drop_column("patient_may_confirm")

    _drop_visits_of_an_older_system()
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_index("ix_appointment_unsettled")
        batch_op.drop_index("ix_appointment_day")
        batch_op.alter_column("appointment_type_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.alter_column("clinic_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.alter_column("provider_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_column("sequence")
        batch_op.drop_column("settled_at")
        batch_op.drop_column("late_fee_cents")
        batch_op.drop_column("cancel_note")
        batch_op.drop_column("cancel_reason")
        batch_op.drop_column("cancelled_by")
        batch_op.drop_column("cancelled_from")
        batch_op.drop_column("cancelled_at")
        batch_op.drop_column("confirmed_at")
        batch_op.drop_column("booked_at")
        batch_op.drop_column("buffer_minutes")
        batch_op.drop_column("title")

    with op.batch_alter_table("invoice_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invoice_line_invoice_id"))

    op.drop_table("invoice_line")
    with op.batch_alter_table("practice_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_practice_notice_patient_id"))
        batch_op.drop_index(batch_op.f("ix_practice_notice_created_at"))
        batch_op.drop_index(batch_op.f("ix_practice_notice_appointment_id"))

    op.drop_table("practice_notice")
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.drop_index("ix_invoice_patient")
        batch_op.drop_index(batch_op.f("ix_invoice_appointment_id"))

    op.drop_table("invoice")
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_feed_patient_id"))
        batch_op.drop_index(batch_op.f("ix_calendar_feed_guardian_id"))

    op.drop_table("calendar_feed")
    with op.batch_alter_table("appointment_tick", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointment_tick_appointment_id"))

    op.drop_table("appointment_tick")
    op.drop_table("appointment_extra")
    with op.batch_alter_table("time_off", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_time_off_starts_at"))
        batch_op.drop_index(batch_op.f("ix_time_off_provider_id"))
        batch_op.drop_index(batch_op.f("ix_time_off_clinic_id"))

    op.drop_table("time_off")
    with op.batch_alter_table("provider_hours", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provider_hours_provider_id"))
        batch_op.drop_index(batch_op.f("ix_provider_hours_clinic_id"))

    op.drop_table("provider_hours")
    with op.batch_alter_table("banner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_banner_practice_id"))

    op.drop_table("banner")
    with op.batch_alter_table("live_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_live_change_at"))

    op.drop_table("live_change")


def _name_and_hold_visits() -> None:
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "UPDATE appointment SET title = (SELECT name FROM appointment_type t WHERE t.id = appointment_type_id), "
            "buffer_minutes = (SELECT t.buffer_minutes FROM appointment_type t WHERE t.id = appointment_type_id)"
        )
    )
    visit = sa.table(
        "appointment",
        sa.column("id", sa.Uuid()),
        sa.column("provider_id", sa.Uuid()),
        sa.column("starts_at", sa.DateTime(timezone=True)),
        sa.column("ends_at", sa.DateTime(timezone=True)),
        sa.column("buffer_minutes", sa.Integer()),
        sa.column("status", sa.String()),
    )
    tick = sa.table(
        "appointment_tick",
        sa.column("provider_id", sa.Uuid()),
        sa.column("tick", sa.Integer()),
        sa.column("appointment_id", sa.Uuid()),
    )
    ahead = sa.select(visit).where(
        visit.c.status.in_(("booked", "confirmed", "checked_in")), visit.c.ends_at > datetime.now(UTC)
    )
    taken: set[tuple[object, int]] = set()
    for row in connection.execute(ahead.order_by(visit.c.id)).all():
        first = int(_utc(row.starts_at).timestamp()) // _TICK
        after = -(-(int(_utc(row.ends_at).timestamp()) + row.buffer_minutes * 60) // _TICK)
        free = [number for number in range(first, after) if (row.provider_id, number) not in taken]
        taken.update((row.provider_id, number) for number in free)
        if free:  # of two visits that overlap already, the first holds the time
            values = [{"provider_id": row.provider_id, "tick": number, "appointment_id": row.id} for number in free]
            connection.execute(sa.insert(tick), values)


def _utc(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)  # SQLite forgets the zone


def _drop_visits_of_an_older_system() -> None:
    """Visits without a provider cannot be kept by the table as it was; they can be imported again."""
    op.execute("DELETE FROM appointment WHERE provider_id IS NULL")
