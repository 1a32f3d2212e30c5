"""What the parts counter finds the parts by that nobody has fitted or sent back yet."""

from __future__ import annotations

from typing import Final

from alembic import op

revision: Final = "0007"
down_revision: Final = "0006"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    """Make the index."""
    op.execute("CREATE INDEX part_line_left_here ON part_line (state) WHERE state IN ('pulled', 'return_due')")
