"""``advisor-desk demo`` and ``advisor-desk bridge generate``: a living store to try the desk on."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

SIZES = ("demo", "small", "busy", "ugly")
ROLES = ("advisor", "parts", "manager")


def add_generate_parser(calls: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``generate``."""
    parser = calls.add_parser("generate", help="make a bridge with a made-up store")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the bridge's folder")
    parser.add_argument("--size", choices=SIZES, default="demo")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="", metavar="URL", help="as of bridge init (default: SQLite)")
    parser.set_defaults(run=_generate)


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``demo``."""
    parser = commands.add_parser("demo", help="a living made-up store, and a desk signed in to it")
    parser.add_argument("--size", choices=SIZES, default="demo")
    parser.add_argument("--role", choices=ROLES, default="advisor", help="whose desk it is")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--speed", type=float, default=1.0, help="how fast the day goes (default: %(default)s)")
    parser.add_argument("--no-day", action="store_true", help="nobody else is at work")
    parser.add_argument("--profile-dir", type=Path, metavar="DIR", help="keep it all in this folder")
    parser.epilog = "Any other option is for the window: --shot FILE.png --exit-after SECONDS --theme dark …"
    parser.set_defaults(run=_demo, takes_more=True)


def _generate(args: argparse.Namespace) -> int:
    from advisor_desk.bridge.demo.build import build

    build(args.data, args.size, args.seed, lambda words: print(words, file=sys.stderr), args.database)
    print(f"The {args.size} store is ready in {args.data}.")
    return 0


def _demo(args: argparse.Namespace) -> int:
    from advisor_desk.bridge.demo.show import Asked, show

    return show(Asked(args.size, args.role, args.seed, args.speed, not args.no_day, args.profile_dir, args.more))
