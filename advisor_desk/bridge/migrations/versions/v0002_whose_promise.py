"""What the rules find a customer's records and the parts awaited by."""

from __future__ import annotations

from typing import Final

from alembic import op

revision: Final = "0002"
down_revision: Final = "0001"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    """Make the indexes."""
    for kind in ("repair_order", "promise", "appointment", "deal", "we_owe", "lead", "survey", "loaner"):
        op.execute(f"CREATE INDEX {kind}_by_customer_id ON {kind} (store_id, customer_id)")
    op.execute(
        "CREATE INDEX part_line_awaited ON part_line (store_id, id)"
        " WHERE state IN ('ordered', 'backordered', 'partly_received', 'received') AND deleted = 0"
    )
