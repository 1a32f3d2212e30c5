"""What the rules find a customer's records and the open promises by."""

from __future__ import annotations

from typing import Final

from alembic import op

revision: Final = "0004"
down_revision: Final = "0003"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    """Make the indexes."""
    for kind in ("appointment", "deal", "we_owe", "lead", "survey", "loaner"):
        op.execute(f"CREATE INDEX {kind}_customer_id ON {kind} (customer_id)")
    op.execute(
        "CREATE INDEX part_line_state_some ON part_line (state)"
        " WHERE state IN ('ordered', 'backordered', 'partly_received', 'received')"
    )
    op.execute("CREATE INDEX vehicle_first_owner ON vehicle (json_extract(body, '$.customer_ids[0]'))")
    op.execute("CREATE INDEX promise_customer_id_some ON promise (customer_id) WHERE state = 'open'")
