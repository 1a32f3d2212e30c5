"""``advisor-desk desk``, ``sync`` and ``doctor``: the desk without a screen."""

from __future__ import annotations

import argparse
import gc
import io
import sys
from pathlib import Path


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this computer's desk."""
    desk = commands.add_parser("desk", help="the desk service alone, driven over standard input and output")
    desk.set_defaults(run=_desk)
    sync = commands.add_parser("sync", help="bring the cache in step with the bridge")
    sync.add_argument("--once", action="store_true", required=True, help="push and pull once, then end")
    sync.set_defaults(run=_sync)
    doctor = commands.add_parser("doctor", help="what is wrong with this computer, and what to do")
    doctor.add_argument("--json", action="store_true", help="for programs")
    doctor.add_argument("--bridge", metavar="URL", help="the bridge to look for (default: the one in the settings)")
    doctor.add_argument("--hello-stdin", action="store_true", help="read the key and the bridge's address from a pipe")
    doctor.set_defaults(run=_doctor)
    for parser in (desk, sync, doctor):
        parser.add_argument("--profile-dir", type=Path, metavar="DIR", help="another profile than this person's own")
        parser.add_argument("--debug", action="store_true", help="write a debug log")


def _desk(args: argparse.Namespace) -> int:
    from advisor_desk.desk.service import refuse, run
    from advisor_desk.domain.errors import Refused
    from advisor_desk.host import logs
    from advisor_desk.host.clock import SystemClock
    from advisor_desk.host.paths import Profile

    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="surrogateescape", newline="\n")
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n")
    # The pipe is the service's own: a stray print must not end up between its lines.
    sys.stdout = sys.stderr
    try:
        profile = Profile.at(args.profile_dir)
    except Refused as refused:
        return refuse(out, refused)
    logs.start(profile, debug=args.debug)
    gc.freeze()  # what was imported stays: looked through again and again it would hold up a command for 40 ms
    return run(profile, lines, out, SystemClock())


def _sync(args: argparse.Namespace) -> int:
    from advisor_desk.desk.once import sync_once
    from advisor_desk.host.paths import Profile

    return sync_once(Profile.at(args.profile_dir), sys.stdin, print)


def _doctor(args: argparse.Namespace) -> int:
    from advisor_desk.desk import hello
    from advisor_desk.desk.doctor import examine
    from advisor_desk.host.paths import Profile

    said = hello.read(sys.stdin.readline()) if args.hello_stdin else None
    return examine(Profile.at(args.profile_dir), args.bridge, as_json=args.json, say=print, said=said)
