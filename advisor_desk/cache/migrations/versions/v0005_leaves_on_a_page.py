"""From now on a leaf of the search index lies on one page."""

from __future__ import annotations

from typing import Final

from alembic import op

revision: Final = "0005"
down_revision: Final = "0004"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    """Set the size; leaves written before keep theirs until they are merged."""
    op.execute("INSERT INTO search(search, rank) VALUES ('pgsz', 3950)")
