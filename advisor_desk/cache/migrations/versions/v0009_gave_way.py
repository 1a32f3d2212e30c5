"""In which fields an acknowledged edit gave way: a bridge put back is told, so that it gives way again."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0009"
down_revision: Final = "0008"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    """Add the column; what was settled before is taken to have stood whole."""
    op.add_column("mutation", sa.Column("gave_way", sa.Text))
