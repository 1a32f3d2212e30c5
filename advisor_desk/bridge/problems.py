"""What a request can be refused for, as a problem document (RFC 9457)."""

from __future__ import annotations

from typing import Any, Final

from advisor_desk.api import wire

MEDIA_TYPE: Final = "application/problem+json"


class Problem(Exception):
    """A refused request; ``detail`` is one sentence, free of personal data."""

    def __init__(self, status: int, code: str, detail: str, headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers or {}
        self.more = more

    def document(self) -> dict[str, Any]:
        """The document's members."""
        return {
            "type": wire.PROBLEM + self.code,
            "title": self.code.replace("_", " ").capitalize(),
            "status": self.status,
            "detail": self.detail,
            **self.more,
        }
