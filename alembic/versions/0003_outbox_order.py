"""the order of the outbox

What waits gets its place: codes first. What a vendor had in its hands is remembered.
"""

import sqlalchemy as sa

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("hours", sa.String(), nullable=False, server_default=""))
        batch_op.drop_index("ix_outbox_due")
        batch_op.create_index("ix_outbox_due", ["status", "priority", "due_at"], unique=False)
    op.execute("UPDATE outbox_message SET priority = 0 WHERE secret")
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.alter_column("priority", server_default=None)
        batch_op.alter_column("hours", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_due")
        batch_op.create_index("ix_outbox_due", ["status", "due_at"], unique=False)
        batch_op.drop_column("hours")
        batch_op.drop_column("handed_at")
        batch_op.drop_column("priority")
