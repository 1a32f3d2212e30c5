"""``advisor-desk``: the desk's window, and all it can do without one."""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
from typing import Final

from advisor_desk.domain.errors import Refused

# Only the module of the command that was asked for is imported: a desk service starts with every window.
_MODULES: Final = {
    "desk": "advisor_desk.desk.cli",
    "sync": "advisor_desk.desk.cli",
    "doctor": "advisor_desk.desk.cli",
    "bridge": "advisor_desk.bridge.cli",
    "demo": "advisor_desk.bridge.demo.cli",
}


def main(argv: list[str] | None = None) -> int:
    """Run one command; without one, open the desk."""
    argv = sys.argv[1:] if argv is None else argv
    asked = argv[0] if argv else ""
    if asked not in _MODULES and asked not in {"-h", "--help"}:
        return _window(argv)
    parser = argparse.ArgumentParser(
        prog="advisor-desk",
        description="The service advisor's desk. Without a command it opens the window.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in sorted({_MODULES[asked]} if asked in _MODULES else set(_MODULES.values())):
        importlib.import_module(name).add_parser(commands)
    args, more = parser.parse_known_args(argv)
    args.more = more
    if more and not getattr(args, "takes_more", False):
        parser.error(f"unknown option: {more[0]}")
    try:
        return int(args.run(args))
    except Refused as refused:
        print(refused.message, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _window(argv: list[str]) -> int:
    """Open the window, which is a program of its own."""
    from advisor_desk.host.programs import window

    return subprocess.run([*window(), *argv], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
