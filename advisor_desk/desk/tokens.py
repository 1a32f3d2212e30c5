"""The desk's tokens: the access token in memory, the refresh token in the encrypted cache and nowhere else."""

from __future__ import annotations

from advisor_desk.cache import meta
from advisor_desk.cache.database import Cache

_REFRESH_MARK = "adr_"


class CacheTokens:
    """Tokens as the client asks for them; ``given`` is what came in the first line, of either kind."""

    def __init__(self, cache: Cache, given: str | None) -> None:
        self._cache = cache
        self._access: str | None = None
        if given and given.startswith(_REFRESH_MARK):
            self._put(None, given)
        elif given:
            self._access = given

    def access(self) -> str | None:
        """The access token: this run's, else the one a sign-in has left."""
        if self._access is None:
            with self._cache.read() as conn:
                self._access = meta.get(conn, "access_token")
        return self._access

    def refresh(self) -> str | None:
        """The refresh token."""
        with self._cache.read() as conn:
            return meta.get(conn, "refresh_token")

    def keep(self, access: str, refresh: str | None) -> None:
        """Keep new tokens before they are used: a refresh token works once."""
        self._put(None, refresh)
        self._access = access

    def forget(self) -> None:
        """Look for the tokens anew: somebody has signed in or out."""
        self._access = None

    def clear(self) -> None:
        """Sign out: none is left, neither in the cache nor in memory."""
        self._put(None, None)
        self._access = None

    def _put(self, access: str | None, refresh: str | None) -> None:
        with self._cache.write() as conn:
            meta.put(conn, "access_token", access)
            meta.put(conn, "refresh_token", refresh)
