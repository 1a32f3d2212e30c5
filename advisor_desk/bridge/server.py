"""The bridge on a socket: loopback unless told otherwise, and beyond it only with TLS."""

from __future__ import annotations

import gc
import ipaddress
import json
import socket
import ssl
import sys
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from advisor_desk.bridge import folder
from advisor_desk.bridge.app import make_app
from advisor_desk.bridge.prompt import Prompt
from advisor_desk.domain.errors import Refused


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen; port 0 picks a free one."""

    host: str = "127.0.0.1"
    port: int = 8737
    certificate: Path | None = None
    key: Path | None = None


def serve(data: Path, address: Address) -> int:
    """Serve the books in ``data`` until told to stop; prints the URL as JSON once it listens."""
    tls = _tls(address)
    if not _is_loopback(address.host) and not tls:
        raise Refused(
            "needs_tls",
            "Beyond this computer the bridge listens only with TLS. Give --certificate and --key, or leave --host out.",
        )
    # SQLite has one bridge that serves it; on PostgreSQL several processes may, from this folder too.
    with folder.alone(data) if folder.elsewhere(data) is None else nullcontext():
        folder.bring_up_to_date(data)
        return _serve(data, address, tls)


def _serve(data: Path, address: Address, tls: bool) -> int:
    with closing(folder.open_books(data)) as shelf:
        listener = _listen(address)
        config = uvicorn.Config(
            make_app(shelf),
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=2,
            http=Prompt,
            limit_concurrency=1_000,
            h11_max_incomplete_event_size=32 * 1024,
            ssl_certfile=str(address.certificate) if tls else None,
            ssl_keyfile=str(address.key) if tls else None,
        )
        gc.freeze()  # what was imported stays, and need not be looked through while desks wait
        _Server(config, _url(address.host, listener.getsockname()[1], tls)).run(sockets=[listener])
    return 0


def _tls(address: Address) -> bool:
    """True when the address has what TLS needs; raises Refused for half of it, or for files that do not fit."""
    if address.certificate is None and address.key is None:
        return False
    if address.certificate is None or address.key is None:
        raise Refused("half_tls", "TLS needs both --certificate and --key. Give the other one too.")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(address.certificate, address.key)
    except OSError:
        raise Refused(
            "bad_certificate", "The certificate and key cannot be read, or do not belong together. Check the two files."
        ) from None
    return True


def _url(host: str, port: int, tls: bool) -> str:
    return f"{'https' if tls else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"


class _Server(uvicorn.Server):
    """A server that says its address when it listens, and ends its streams before it waits for them."""

    def __init__(self, config: uvicorn.Config, url: str) -> None:
        super().__init__(config)
        self._url = url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(json.dumps({"url": self._url}) + "\n")
            sys.stdout.flush()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.config.app.state.nudges.close()  # type: ignore[union-attr]
        await super().shutdown(sockets)


def _listen(address: Address) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if sys.platform != "win32":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address.host, address.port))
    except OSError:
        listener.close()
        raise Refused(
            "port_taken", f"Port {address.port} is taken. Stop what uses it, or give another --port (0 picks one)."
        ) from None
    listener.listen(128)
    return listener


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
