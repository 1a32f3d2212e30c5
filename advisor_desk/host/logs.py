"""The log file: what the program did, in words that hold nobody's name, number or car."""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
import traceback
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from types import TracebackType
from typing import Final

from advisor_desk.host.paths import Profile

_BYTES: Final = 1_000_000
_FILES: Final = 3
_OURS: Final = ("advisor_desk", "ui")
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_DIGITS: Final = re.compile(r"\+?\d[\d\s().-]{5,}\d")
_VIN: Final = re.compile(r"\b(?=\w*\d)[A-HJ-NPR-Z0-9]{17}\b", re.IGNORECASE)
_TOKEN: Final = re.compile(r"\b(?:eyJ|adr_)[\w.-]{10,}|\b[0-9a-fA-F]{64}\b|(?i:bearer|basic) [\w.~+/=-]{8,}")


def start(profile: Profile, *, name: str = "desk", debug: bool = False) -> None:
    """Log to a file of the profile that is this process's own; only our own modules, and a fault nobody caught too."""
    path = profile.logs / f"{name}.log"
    handler: logging.Handler
    try:
        profile.logs.mkdir(mode=0o700, exist_ok=True)
        handler = _Quiet(path, maxBytes=_BYTES, backupCount=_FILES, encoding="utf-8")
        path.chmod(0o600)
    except OSError:
        handler = logging.NullHandler()  # a full or locked disk must not keep the desk from opening
    handler.setFormatter(_Redacting("%(asctime)s %(levelname)s %(name)s %(message)s"))
    # Other libraries' logs hold addresses, parameters and bodies: none of theirs are written below a warning.
    handler.addFilter(lambda record: _is_ours(record) or record.levelno >= logging.WARNING)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def redacted(text: str) -> str:
    """The text without what looks like an e-mail address, a phone number, a VIN, a token or a key."""
    for pattern, word in ((_TOKEN, "[token]"), (_EMAIL, "[email]"), (_VIN, "[vin]"), (_DIGITS, "[number]")):
        text = pattern.sub(word, text)
    return text


class _Quiet(RotatingFileHandler):
    """A log file for this person alone, which says nothing on standard error when it cannot be written."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600))

    def handleError(self, record: logging.LogRecord) -> None:
        """Let the record go."""


class _Redacting(logging.Formatter):
    """Writes messages redacted, and of an exception only its type and where it was raised, never its words."""

    def format(self, record: logging.LogRecord) -> str:
        head = f"{self.formatTime(record)} {record.levelname} {record.name} "
        # What other libraries say holds addresses and headers, and a search's address holds what was searched for.
        body = redacted(record.getMessage()) if _is_ours(record) else f"at {record.module}:{record.lineno}"
        body = " ".join(body.splitlines())
        if record.exc_info and record.exc_info[1] is not None:
            body += "\n" + _where(record.exc_info[1])
        return head + body


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.split(".", 1)[0] in _OURS


def _where(error: BaseException) -> str:
    """The places an exception and its causes passed through, without the values they carried."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"  {_file(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = [_where(cause), "  then"] if cause is not None else []
    return "\n".join([*before, *lines, f"  {type(error).__name__}"])


def _file(path: str) -> str:
    """A file's name without its folders, which hold a person's name on some systems."""
    return re.split(r"[\\/]", path)[-1]


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is not None and not issubclass(kind, KeyboardInterrupt):
        logging.getLogger("advisor_desk").critical("fault nobody caught", exc_info=(kind, error, trace))
