"""The session a client speaks through: its trust, its proxy, its time limits; nothing comes from the environment."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from advisor_desk.api.deadline import CURRENT
from advisor_desk.api.errors import BadAuthority
from advisor_desk.domain.address import is_this_computer

_AGENT: Final = "advisor-desk/0.1.0"


@dataclass(frozen=True, slots=True)
class Network:
    """How this computer reaches the bridge; never taken from the environment."""

    proxy: str = ""
    ca_file: str = ""


def trusting(ca_file: str) -> ssl.SSLContext:
    """Trust by this computer's own store, or by the one CA file that was named; raises BadAuthority."""
    if ca_file:
        try:
            context = ssl.create_default_context(cafile=ca_file)
        except (OSError, ValueError):
            raise BadAuthority from None
    else:
        import truststore

        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def session(url: str, network: Network) -> requests.Session:
    """A session to the bridge at ``url``; raises BadAuthority."""
    made = requests.Session()
    # The environment's proxies, .netrc and CA bundles would be obeyed, a .netrc even in place of our token.
    made.trust_env = False
    made.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    made.headers.update({"User-Agent": _AGENT, "Accept-Encoding": "gzip"})
    if network.proxy and not is_this_computer(urlsplit(url).hostname or ""):
        made.proxies = {"http": network.proxy, "https": network.proxy}
    made.mount("http://", _Adapter(None))
    if url.startswith("https:"):
        made.mount("https://", _Adapter(trusting(network.ca_file)))
    return made


class _Adapter(HTTPAdapter):
    """Connections that keep to the deadline and, over TLS, trust by our context alone, behind a proxy too."""

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self._context = context
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Build pools of our own connections."""
        if self._context is not None:
            kwargs["ssl_context"] = self._context
        super().init_poolmanager(*args, **kwargs)
        _keep_time(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Build the proxy's pools the same way."""
        if self._context is not None:
            kwargs["ssl_context"] = self._context
        manager = super().proxy_manager_for(proxy, **kwargs)
        _keep_time(manager)
        return manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave trust to the context: the library's bundled list would be trusted besides it."""
        conn.cert_reqs, conn.ca_certs, conn.ca_cert_dir = "CERT_REQUIRED", None, None


def _keep_time(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _dial(self)

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Send; a connection that is used again is put under this request's deadline."""
        _hold(self.sock)
        super().request(*args, **kwargs)


class _Secure(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _dial(self)

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Send; a connection that is used again is put under this request's deadline."""
        _hold(self.sock)
        super().request(*args, **kwargs)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


def _hold(sock: socket.socket | None) -> None:
    deadline = CURRENT.get()
    if deadline is not None and sock is not None:
        deadline.hold(sock)


def _dial(conn: HTTPConnection) -> socket.socket:
    """A connection within the time a connection may take, name look-up and every address included."""
    seconds = float(conn.timeout or 0)
    try:
        sock = _connected(conn._dns_host, conn.port or 0, seconds, conn.socket_options or ())
    except socket.gaierror as error:
        raise NameResolutionError(conn.host, conn, error) from None
    except TimeoutError:
        raise ConnectTimeoutError(conn, "timed out") from None
    except OSError as error:
        raise NewConnectionError(conn, f"failed: {type(error).__name__}") from None
    _hold(sock)
    return sock


def _connected(host: str, port: int, seconds: float, options: Any) -> socket.socket:
    ends = time.monotonic() + seconds
    addresses = _resolved(host, port, seconds)
    fault: OSError = OSError("no address")
    for number, (family, kind, protocol, _, address) in enumerate(addresses):
        sock = socket.socket(family, kind, protocol)
        try:
            for option in options:
                sock.setsockopt(*option)
            # An address nobody answers at (a dead IPv6 route) leaves its share of the time to the next.
            sock.settimeout(max(0.05, (ends - time.monotonic()) / (len(addresses) - number)))
            sock.connect(address)
        except OSError as error:
            sock.close()
            fault = error
            continue
        sock.settimeout(seconds)
        return sock
    raise fault


def _resolved(host: str, port: int, seconds: float) -> list[Any]:
    """The host's addresses; the system's look-up knows no limit, so it is left behind when it takes too long."""
    found: list[Any] = []
    fault: list[OSError] = []

    def look_up() -> None:
        try:
            found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            fault.append(error if isinstance(error, OSError) else socket.gaierror(str(error)))

    worker = threading.Thread(target=look_up, name="look-up", daemon=True)
    worker.start()
    worker.join(seconds)
    if fault:
        raise fault[0]
    if not found:
        raise socket.gaierror(socket.EAI_AGAIN, "the look-up took too long")
    return found
