"""document numbers

The number that is printed on a document is kept with it, so that it is looked up and not searched for.
"""

import sqlalchemy as sa

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("stored_document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.String(), nullable=True))
    document = sa.table(
        "stored_document", sa.column("id", sa.Uuid()), sa.column("form_id", sa.Uuid()), sa.column("number")
    )
    form = sa.table("assigned_form", sa.column("id", sa.Uuid()), sa.column("kind"))
    there = sa.select(document.c.id, document.c.form_id, form.c.kind).join(form, form.c.id == document.c.form_id)
    for row in op.get_bind().execute(there).all():
        end = row.form_id.hex[-12:].upper()
        number = f"{'C' if row.kind == 'consent' else 'Q'}-{end[:4]}-{end[4:8]}-{end[8:]}"
        op.execute(document.update().where(document.c.id == row.id).values(number=number))
    with op.batch_alter_table("stored_document", schema=None) as batch_op:
        batch_op.create_unique_constraint("uq_stored_document_number", ["number"])


def downgrade() -> None:
    with op.batch_alter_table("stored_document", schema=None) as batch_op:
        batch_op.drop_constraint("uq_stored_document_number", type_="unique")
        batch_op.drop_column("number")
