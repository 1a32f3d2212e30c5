"""Edits are found beside those of fourteen days, and ended promises beside those of years."""

from __future__ import annotations

from typing import Final

from alembic import op

revision: Final = "0008"
down_revision: Final = "0007"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    """Make the indexes."""
    op.execute("CREATE INDEX mutation_position ON mutation (position)")
    op.execute("CREATE INDEX mutation_settled_at ON mutation (settled_at) WHERE state IN ('acked', 'resolved')")
    op.execute("CREATE INDEX mutation_change_id ON mutation (change_id)")
    op.execute("CREATE INDEX change_at ON change (at)")
    op.execute("CREATE INDEX promise_due_at ON promise (due_at)")
