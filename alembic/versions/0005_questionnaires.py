"""questionnaires"""

import sqlalchemy as sa

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.String(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["assigned_form.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("form_id", "link_id"),
    )
    op.create_table(
        "form_photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["form_id"], ["assigned_form.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("form_photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_photo_form_id"), ["form_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_form_photo_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "form_submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("answers_sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("relationship", sa.String(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("verified_contact", sa.String(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["assigned_form.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("form_id"),
    )
    with op.batch_alter_table("form_submission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_submission_session_id"), ["session_id"], unique=False)

    with op.batch_alter_table("form_template", schema=None) as batch_op:
        batch_op.add_column(sa.Column("category", sa.String(40), nullable=False, server_default="consent"))

    with op.batch_alter_table("practice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("expiring_days", sa.Integer(), nullable=False, server_default="30"))
        batch_op.add_column(sa.Column("provider_may_witness", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.add_column(sa.Column("option", sa.String(), nullable=False, server_default=""))

    with op.batch_alter_table("template_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("options", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("questions", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("template_version", schema=None) as batch_op:
        batch_op.drop_column("questions")
        batch_op.drop_column("options")

    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.drop_column("option")

    with op.batch_alter_table("practice", schema=None) as batch_op:
        batch_op.drop_column("provider_may_witness")
        batch_op.drop_column("expiring_days")

    with op.batch_alter_table("form_template", schema=None) as batch_op:
        batch_op.drop_column("category")

    with op.batch_alter_table("form_submission", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_form_submission_session_id"))

    op.drop_table("form_submission")
    with op.batch_alter_table("form_photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_form_photo_patient_id"))
        batch_op.drop_index(batch_op.f("ix_form_photo_form_id"))

    op.drop_table("form_photo")
    op.drop_table("form_answer")
