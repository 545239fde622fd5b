"""the bounds of change

How often a patient took a cancellation of a visit back, and the late fee that a visit keeps when it is moved late.
"""

import sqlalchemy as sa

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("undone", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("kept_fee_cents", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.alter_column("undone", server_default=None)
        batch_op.alter_column("kept_fee_cents", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_column("kept_fee_cents")
        batch_op.drop_column("undone")
