"""What a request that failed on the way means to a person."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator
from typing import Final

import requests
import urllib3

from advisor_desk.api.errors import ApiError, Certificate, Offline, ProxyTrouble

FAULTS: Final = (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError)
"""All that can be raised between a request and the last byte of its reply."""

# Codes of OpenSSL, of Windows and of macOS, as truststore passes them on.
_REASONS: Final = {
    9: "not_yet_valid", 10: "expired", 62: "wrong_name", 64: "wrong_name",
    0x800B0101: "expired", 0x800B010F: "wrong_name",
    -67818: "expired", -67819: "not_yet_valid", -67602: "wrong_name",
}  # fmt: skip
_OUTDATED: Final = ("UNSUPPORTED_PROTOCOL", "PROTOCOL_VERSION", "NO_PROTOCOLS", "HANDSHAKE_FAILURE")
_NOT_TLS: Final = ("WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG")


def meaning(error: BaseException) -> ApiError:
    """The error to raise instead: a certificate's fault in its own words, a proxy's, else that nobody was reached."""
    chain = list(_chain(error))
    for cause in chain:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Certificate(_REASONS.get(cause.verify_code, "untrusted"))
    for cause in chain:
        if isinstance(cause, ssl.SSLError):
            reason = str(cause.reason or "")
            if any(word in reason for word in _OUTDATED):
                return Certificate("outdated")
            if any(word in reason for word in _NOT_TLS):
                return Certificate("not_tls")
    if any(isinstance(cause, requests.exceptions.ProxyError | urllib3.exceptions.ProxyError) for cause in chain):
        return ProxyTrouble()
    if isinstance(error, requests.exceptions.InvalidProxyURL):
        return ProxyTrouble()
    return Offline()


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and all that are told with it: the libraries wrap the first cause four deep, each in its own way."""
    seen: set[int] = set()
    edge: list[object] = [error]
    while edge:
        one = edge.pop(0)
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            edge += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
