"""What became of the work done while the line was down, until somebody has ticked it off."""

from __future__ import annotations

from typing import Final

from alembic import op

revision: Final = "0002"
down_revision: Final = "0001"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    """Make the table."""
    op.execute(
        'CREATE TABLE reconcile ("row" INTEGER NOT NULL, id TEXT NOT NULL, outage TEXT NOT NULL, kind TEXT NOT NULL, '
        "record_id TEXT NOT NULL, repair_order_id TEXT NOT NULL, intent TEXT NOT NULL, made_at TEXT NOT NULL, "
        "actor TEXT NOT NULL, mine TEXT NOT NULL, outcome TEXT NOT NULL, by_hand TEXT NOT NULL, at TEXT NOT NULL, "
        'ticked_at TEXT, ticked_by TEXT, PRIMARY KEY ("row"), UNIQUE (id))'
    )
    op.execute("CREATE INDEX reconcile_open ON reconcile (outage) WHERE ticked_at IS NULL")
