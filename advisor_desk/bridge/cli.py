"""``advisor-desk bridge``: make a bridge, let people in, serve it, back it up."""

from __future__ import annotations

import argparse
import getpass
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from advisor_desk.domain.errors import Refused
from advisor_desk.domain.records import Role


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``bridge`` and its calls."""
    bridge = commands.add_parser("bridge", help="the dealership's API server")
    calls = bridge.add_subparsers(required=True, metavar="CALL")
    init = _call(calls, "init", "make a bridge for a store", _init)
    init.add_argument("--store", required=True, metavar="NAME", help="the store's name")
    init.add_argument("--timezone", default="America/New_York", help="the store's time zone (default: %(default)s)")
    init.add_argument("--phone", default="", help="what a customer calls; it stands on what is printed for them")
    init.add_argument(
        "--database",
        metavar="URL",
        default="",
        help="postgresql://owner:password@host/name, or - to read it from a pipe (default: SQLite in the folder)",
    )
    serve = _call(calls, "serve", "serve it to the desks", _serve)
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this computer only)")
    serve.add_argument("--port", type=int, default=8737, help="port; 0 picks a free one (default: %(default)s)")
    serve.add_argument("--certificate", type=Path, metavar="FILE", help="TLS certificate chain, PEM")
    serve.add_argument("--key", type=Path, metavar="FILE", help="its private key, PEM")
    user = calls.add_parser("user", help="who may sign in").add_subparsers(required=True, metavar="CALL")
    add = _call(user, "add", "let someone sign in; the password is asked for, or read from a pipe", _user_add)
    add.add_argument("name", metavar="NAME", help="the name they sign in by")
    add.add_argument("--role", required=True, choices=[role.value for role in Role], action="append")
    add.add_argument("--full-name", help="the name others see (default: NAME)")
    token = _call(calls, "token", "print a bearer token for someone", _token)
    token.add_argument("--user", required=True, metavar="NAME")
    token.add_argument("--refresh", action="store_true", help="a refresh token, as a desk keeps it")
    _call(calls, "backup", "write an encrypted copy while it runs", _backup).add_argument(
        "--to", type=Path, required=True
    )
    _call(calls, "restore", "put a copy back", _restore).add_argument("--from", type=Path, required=True, dest="source")
    _call(calls, "tidy", "let go of what 90 days have made useless; a served bridge does so daily", _tidy)
    _call(calls, "restored", "say that the books were put back by other means than restore", _restored)
    from advisor_desk.bridge.demo.cli import add_generate_parser

    add_generate_parser(calls)


def _call(calls: Any, name: str, words: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = calls.add_parser(name, help=words)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the bridge's folder")
    parser.set_defaults(run=run)
    return parser


def _init(args: argparse.Namespace) -> int:
    from advisor_desk.bridge import folder, stores

    stores.check_timezone(args.timezone)
    with closing(folder.create(args.data, _given(args.database))) as shelf:
        stores.open_store(shelf, args.store, args.timezone, args.phone)
    print(f"The bridge of {args.store} is ready in {args.data}.")
    return 0


def _given(database: str) -> str:
    """The URL that was typed, or piped: a password on the command line is seen by every user of the computer."""
    return sys.stdin.readline().strip() if database == "-" else database


def _serve(args: argparse.Namespace) -> int:
    from advisor_desk.bridge.server import Address, serve

    return serve(args.data, Address(args.host, args.port, args.certificate, args.key))


def _user_add(args: argparse.Namespace) -> int:
    from advisor_desk.bridge import folder, stores
    from advisor_desk.bridge.accounts import Accounts, check_password

    if sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Again: "):
            raise Refused("mismatch", "The two passwords differ. Nothing was changed; try again.")
    else:
        password = sys.stdin.readline().rstrip("\n")
    check_password(password)
    shelf = folder.open_books(args.data, as_owner=True)
    store_id = stores.only_store(shelf)
    employee_id = stores.hire(shelf, store_id, args.full_name or args.name, args.role, args.name)
    Accounts(shelf).add(args.name, store_id, employee_id, password)
    shelf.close()
    print(f"{args.name} may sign in as {', '.join(args.role)}.")
    return 0


def _token(args: argparse.Namespace) -> int:
    from advisor_desk.bridge import folder
    from advisor_desk.bridge.accounts import Accounts
    from advisor_desk.bridge.tokens import SignInFailed

    with closing(folder.open_books(args.data, as_owner=True)) as shelf:
        try:
            print(Accounts(shelf).token(args.user, datetime.now(UTC), long=args.refresh))
        except SignInFailed:
            raise Refused("not_active", "That person does not work here any more.", {"user": "not active"}) from None
    return 0


def _backup(args: argparse.Namespace) -> int:
    from advisor_desk.bridge import backups

    backups.backup(args.data, args.to)
    print("Backed up. Keep bridge.key apart from it: without the key the copy cannot be read.")
    return 0


def _restore(args: argparse.Namespace) -> int:
    from advisor_desk.bridge import backups

    before = backups.restore(args.data, args.source)
    print(f"Put back; what was there is kept as {before.name}. Desks will notice and send again what the copy lacks.")
    return 0


def _tidy(args: argparse.Namespace) -> int:
    from advisor_desk.bridge import books, folder, housekeeping

    with closing(folder.open_books(args.data, as_owner=True)) as shelf:
        with shelf.read() as conn:
            stores = books.store_ids(conn)
        done = [housekeeping.tidy(shelf, store_id, datetime.now(UTC)) for store_id in stores]
    answers, entries, emptied = (sum(each) for each in zip(*done, strict=True)) if done else (0, 0, 0)
    print(f"Let go of {answers} answers and {entries} entries of the feed; {emptied} deleted records were emptied.")
    return 0


def _restored(args: argparse.Namespace) -> int:
    from advisor_desk.bridge import backups

    backups.restored(args.data)
    print("Noted. Desks will take a new snapshot and send again what the books lack.")
    return 0
