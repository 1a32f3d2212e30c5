"""What can be wrong with the cache, each in one sentence with the next step; nothing is ever lost by saying so."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Final

from advisor_desk.domain.errors import Refused


class CacheError(Refused):
    """The cache cannot be opened or written; what was saved before is as it was."""

    code_name = "cache"
    sentence = "The local cache cannot be used. Run the doctor command."

    def __init__(self) -> None:
        super().__init__(self.code_name, self.sentence)


class WrongKey(CacheError):
    """The file does not open with this key."""

    code_name = "wrong_key"
    sentence = (
        "The local cache does not open with this key. Unlock the keyring of the user who made it, "
        "or move the cache file away to start a new one."
    )


class KeyMissing(CacheError):
    """There is a cache but no key for it; a new one is never made over it."""

    code_name = "key_missing"
    sentence = (
        "There is a local cache but no key for it. Unlock the keyring and start again; "
        "to give up what is in it, move the cache file away."
    )


class NotACache(CacheError):
    """The file is something else."""

    code_name = "not_a_cache"
    sentence = "The file where the local cache should be is not one of ours. Move it away and start again."


class CacheTooNew(CacheError):
    """A newer version of this program wrote the cache."""

    code_name = "cache_too_new"
    sentence = "The local cache was written by a newer Advisor Desk. Update this program; nothing was changed."


class Damaged(CacheError):
    """Pages of the file do not pass their check."""

    code_name = "cache_damaged"
    sentence = (
        "The local cache is damaged. Close the desk and open it again: it is rebuilt then, and unsent changes are kept."
    )


class DiskFull(CacheError):
    """There is no room for the write; it was not saved."""

    code_name = "disk_full"
    sentence = "Not saved: the disk is full. Free some space and try again."


class ReadOnly(CacheError):
    """The folder or the file may not be written."""

    code_name = "read_only"
    sentence = "The folder of the local cache cannot be written. Check its permissions and start again."


class Gone(CacheError):
    """The file was moved or deleted under the desk: what would be written now, nobody would find again."""

    code_name = "cache_gone"
    sentence = (
        "Not saved: the local cache was moved or deleted while the desk was open. "
        "Put it back, or close the desk and open it again."
    )


class Busy(CacheError):
    """Another program holds the file."""

    code_name = "cache_busy"
    sentence = "Not saved: another program holds the local cache. Close backup or antivirus scans of it and try again."


class DiskFailed(CacheError):
    """The disk reported a failure; the cache is opened afresh before it is trusted again."""

    code_name = "disk_failed"
    sentence = "Not saved: the disk reported a failure. Try again; if it happens twice, check the disk."


_BY_CODE: Final[dict[int, type[CacheError]]] = {
    5: Busy,  # SQLITE_BUSY
    6: Busy,  # SQLITE_LOCKED
    8: ReadOnly,  # SQLITE_READONLY
    10: DiskFailed,  # SQLITE_IOERR
    11: Damaged,  # SQLITE_CORRUPT
    13: DiskFull,  # SQLITE_FULL
    14: ReadOnly,  # SQLITE_CANTOPEN
    26: Damaged,  # SQLITE_NOTADB, from a page that was readable before
}


def damage_marker(path: Path) -> Path:
    """Stands beside a cache that was found damaged while it was in use, until the next start has looked at it."""
    return path.with_name(f"{path.name}.damaged")


def of(error: BaseException | None) -> CacheError | None:
    """The refusal a database error stands for, or None when it is a fault of ours."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return DiskFull()
    if isinstance(error, PermissionError):
        return ReadOnly()
    code = getattr(error, "sqlite_errorcode", None)
    kind = _BY_CODE.get(code & 0xFF) if isinstance(code, int) else None
    return kind() if kind else None
