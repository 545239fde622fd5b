"""the staff side

How staff prove who they are, what they keep of a client beside the record, and the words that a client is found by.
"""

import sqlalchemy as sa

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inbound_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("provider", "external_id"),
    )
    op.create_table(
        "referral_source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("asks_name", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["referral_source.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("referral_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_source_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referral_source_practice_id"), ["practice_id"], unique=False)

    op.create_table(
        "passkey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("credential_id"),
    )
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_hash"),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_code_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "allergy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("substance", sa.String(), nullable=False),
        sa.Column("reaction", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["ended_by"], ["staff.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["recorded_by"], ["staff.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("external_id"),
    )
    with op.batch_alter_table("allergy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allergy_ended_by"), ["ended_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_allergy_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_allergy_recorded_by"), ["recorded_by"], unique=False)

    op.create_table(
        "client_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.Column("after", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["reviewed_by"], ["staff.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("client_change", schema=None) as batch_op:
        batch_op.create_index("ix_client_change_open", ["reviewed_at", "changed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_change_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_change_reviewed_by"), ["reviewed_by"], unique=False)

    op.create_table(
        "client_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("base", sa.LargeBinary(), nullable=False),
        sa.Column("typed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("staff_id", "patient_id"),
    )
    with op.batch_alter_table("client_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_draft_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_draft_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "loyalty_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("program", sa.String(40), nullable=False),
        sa.Column("username", sa.LargeBinary(), nullable=True),
        sa.Column("password", sa.LargeBinary(), nullable=True),
        sa.Column("member_number", sa.LargeBinary(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("patient_id", "program"),
    )
    with op.batch_alter_table("loyalty_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_loyalty_account_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_loyalty_account_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("gone_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("differed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["gone_id"], ["patient.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["kept_id"], ["patient.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_merge_gone_id"), ["gone_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_merge_kept_id"), ["kept_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_merge_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_note_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "note_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("staff_id", "patient_id", "about"),
    )
    with op.batch_alter_table("note_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_draft_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_note_draft_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "search_word",
        sa.Column("word", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("word", "patient_id"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("search_word", schema=None) as batch_op:
        batch_op.create_index("ix_search_word_patient", ["patient_id", "word"], unique=False)

    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.create_index("ix_invoice_status", ["status", "patient_id"], unique=False)

    with op.batch_alter_table("passcode_challenge", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ticket_staff_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("factor_attempts", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index(batch_op.f("ix_passcode_challenge_ticket_staff_id"), ["ticket_staff_id"], unique=False)
        batch_op.create_foreign_key(
            "fk_challenge_ticket_staff", "staff", ["ticket_staff_id"], ["id"], ondelete="RESTRICT"
        )

    with op.batch_alter_table("patient", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pronouns", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("referral_source_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("booking_client_id", sa.String(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "sort_name",
                sa.String().with_variant(sa.String(collation="C"), "postgresql"),
                nullable=False,
                server_default="",
            )
        )
        batch_op.add_column(sa.Column("no_allergies_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("no_allergies_by", sa.Uuid(), nullable=True))
        batch_op.create_index("ix_patient_sort", ["sort_name", "id"], unique=False)
        batch_op.create_index("ix_patient_created", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_patient_status", ["status", "deceased_at", "merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patient_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patient_no_allergies_by"), ["no_allergies_by"], unique=False)
        batch_op.create_foreign_key(
            "fk_patient_no_allergies_by", "staff", ["no_allergies_by"], ["id"], ondelete="RESTRICT"
        )
        batch_op.create_index(batch_op.f("ix_patient_referral_source_id"), ["referral_source_id"], unique=False)
        batch_op.create_unique_constraint("uq_patient_booking_client", ["booking_client_id"])
        batch_op.create_foreign_key(
            "fk_patient_merged_into", "patient", ["merged_into_id"], ["id"], ondelete="RESTRICT"
        )
        batch_op.create_foreign_key(
            "fk_patient_referral_source", "referral_source", ["referral_source_id"], ["id"], ondelete="RESTRICT"
        )

    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_patient")
        batch_op.create_index("ix_audit_at", ["at", "id"], unique=False)
        batch_op.create_index("ix_audit_patient", ["patient_id", "at", "id"], unique=False)
        batch_op.create_index("ix_audit_actor", ["actor_id", "at", "id"], unique=False)
        batch_op.create_index("ix_audit_action", ["action", "at", "id"], unique=False)

    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("factor", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("factor_attempts", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("passkey_challenge", sa.LargeBinary(), nullable=True))

    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("given", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("taken", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("totp_enrolled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("totp_step", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("preferences", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("notices_seen_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("communication_consent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("by_whom", sa.String(), nullable=False, server_default=""))

    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("heeds_wishes", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("free_to_cancel", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("assigned_form", schema=None) as batch_op:
        batch_op.create_index("ix_assigned_form_due", ["status", "due_at"], unique=False)
        batch_op.create_index("ix_assigned_form_done", ["status", "done_at"], unique=False)
        batch_op.create_index("ix_assigned_form_state", ["patient_id", "status", "valid_until"], unique=False)
        batch_op.create_index("ix_assigned_form_until", ["status", "valid_until", "patient_id"], unique=False)

    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.alter_column("free_to_cancel", server_default=None)
    with op.batch_alter_table("communication_consent", schema=None) as batch_op:
        batch_op.alter_column("by_whom", server_default=None)
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.alter_column("heeds_wishes", server_default=None)
    with op.batch_alter_table("passcode_challenge", schema=None) as batch_op:
        batch_op.alter_column("factor_attempts", server_default=None)
    with op.batch_alter_table("patient", schema=None) as batch_op:
        batch_op.alter_column("pronouns", server_default=None)
        batch_op.alter_column("sort_name", server_default=None)
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.alter_column("factor", server_default=None)
        batch_op.alter_column("factor_attempts", server_default=None)
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.alter_column("given", server_default=None)
        batch_op.alter_column("taken", server_default=None)
        batch_op.alter_column("totp_step", server_default=None)
        batch_op.alter_column("preferences", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_column("free_to_cancel")

    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_column("heeds_wishes")

    with op.batch_alter_table("communication_consent", schema=None) as batch_op:
        batch_op.drop_column("by_whom")

    with op.batch_alter_table("assigned_form", schema=None) as batch_op:
        batch_op.drop_index("ix_assigned_form_until")
        batch_op.drop_index("ix_assigned_form_state")
        batch_op.drop_index("ix_assigned_form_done")
        batch_op.drop_index("ix_assigned_form_due")

    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_column("notices_seen_at")
        batch_op.drop_column("preferences")
        batch_op.drop_column("totp_step")
        batch_op.drop_column("totp_enrolled_at")
        batch_op.drop_column("taken")
        batch_op.drop_column("given")

    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_column("passkey_challenge")
        batch_op.drop_column("factor_attempts")
        batch_op.drop_column("locked_at")
        batch_op.drop_column("proved_at")
        batch_op.drop_column("factor")

    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_action")
        batch_op.drop_index("ix_audit_actor")
        batch_op.drop_index("ix_audit_patient")
        batch_op.drop_index("ix_audit_at")
        batch_op.create_index("ix_audit_patient", ["patient_id", "at"], unique=False)

    with op.batch_alter_table("patient", schema=None) as batch_op:
        batch_op.drop_constraint("fk_patient_referral_source", type_="foreignkey")
        batch_op.drop_constraint("fk_patient_merged_into", type_="foreignkey")
        batch_op.drop_constraint("fk_patient_no_allergies_by", type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_patient_no_allergies_by"))
        batch_op.drop_constraint("uq_patient_booking_client", type_="unique")
        batch_op.drop_index(batch_op.f("ix_patient_referral_source_id"))
        batch_op.drop_index(batch_op.f("ix_patient_merged_into_id"))
        batch_op.drop_index("ix_patient_status")
        batch_op.drop_index("ix_patient_created")
        batch_op.drop_index("ix_patient_sort")
        batch_op.drop_column("sort_name")
        batch_op.drop_column("no_allergies_by")
        batch_op.drop_column("no_allergies_at")
        batch_op.drop_column("booking_client_id")
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("referral_source_id")
        batch_op.drop_column("pronouns")

    with op.batch_alter_table("passcode_challenge", schema=None) as batch_op:
        batch_op.drop_constraint("fk_challenge_ticket_staff", type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_passcode_challenge_ticket_staff_id"))
        batch_op.drop_column("factor_attempts")
        batch_op.drop_column("ticket_staff_id")

    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.drop_index("ix_invoice_status")
    with op.batch_alter_table("search_word", schema=None) as batch_op:
        batch_op.drop_index("ix_search_word_patient")

    op.drop_table("search_word")
    with op.batch_alter_table("note_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_draft_staff_id"))
        batch_op.drop_index(batch_op.f("ix_note_draft_patient_id"))

    op.drop_table("note_draft")
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_staff_id"))
        batch_op.drop_index(batch_op.f("ix_note_patient_id"))

    op.drop_table("note")
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_merge_staff_id"))
        batch_op.drop_index(batch_op.f("ix_merge_kept_id"))
        batch_op.drop_index(batch_op.f("ix_merge_gone_id"))

    op.drop_table("merge")
    with op.batch_alter_table("loyalty_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_loyalty_account_staff_id"))
        batch_op.drop_index(batch_op.f("ix_loyalty_account_patient_id"))

    op.drop_table("loyalty_account")
    with op.batch_alter_table("client_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_client_draft_staff_id"))
        batch_op.drop_index(batch_op.f("ix_client_draft_patient_id"))

    op.drop_table("client_draft")
    with op.batch_alter_table("client_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_client_change_reviewed_by"))
        batch_op.drop_index(batch_op.f("ix_client_change_patient_id"))
        batch_op.drop_index("ix_client_change_open")

    op.drop_table("client_change")
    with op.batch_alter_table("allergy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allergy_recorded_by"))
        batch_op.drop_index(batch_op.f("ix_allergy_ended_by"))
        batch_op.drop_index(batch_op.f("ix_allergy_patient_id"))

    op.drop_table("allergy")
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_code_staff_id"))

    op.drop_table("recovery_code")
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkey_staff_id"))

    op.drop_table("passkey")
    with op.batch_alter_table("referral_source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referral_source_practice_id"))
        batch_op.drop_index(batch_op.f("ix_referral_source_parent_id"))

    op.drop_table("referral_source")
    op.drop_table("inbound_event")
