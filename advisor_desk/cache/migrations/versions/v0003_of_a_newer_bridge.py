"""Records of kinds that a newer bridge knows and this program does not, kept until it does."""

from __future__ import annotations

from typing import Final

from alembic import op

revision: Final = "0003"
down_revision: Final = "0002"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    """Make the table."""
    op.execute(
        "CREATE TABLE other (kind TEXT NOT NULL, record_id TEXT NOT NULL, rev INTEGER NOT NULL, "
        "deleted INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, record_id))"
    )
