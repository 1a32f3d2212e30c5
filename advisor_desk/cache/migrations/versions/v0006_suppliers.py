"""How each supplier's dates held, for the lights of what is on its way."""

from __future__ import annotations

from typing import Final

from alembic import op

revision: Final = "0006"
down_revision: Final = "0005"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    """Make the table."""
    op.execute(
        "CREATE TABLE supplier_record (supplier TEXT NOT NULL, source TEXT NOT NULL, record TEXT NOT NULL, "
        "PRIMARY KEY (supplier, source))"
    )
