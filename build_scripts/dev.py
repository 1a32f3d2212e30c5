"""Set-up, run, check, test, pictures, benchmark and package of Advisor Desk, with nothing but Python."""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said in words, before anything newer is imported
    sys.exit("Advisor Desk needs Python 3.11 or newer. Install it, then run this again with that python3.")

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import checks
import environment
import system_packages
from steps import Failed, Steps

NO_DISPLAY = (
    "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set). Take a picture of the desk instead: "
    "python3 build_scripts/dev.py run --shot board.png --exit-after 20"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one wish; the exit code says whether it was granted."""
    args, more = _parser().parse_known_args(argv)
    try:
        return int(args.grant(more))
    except Failed as failed:
        print(failed, file=sys.stderr)
        return failed.code
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dev.py", description="Everything a developer wishes of Advisor Desk; each does its own set-up first."
    )
    wishes = parser.add_subparsers(metavar="WISH", required=True)
    for name, grant, words in (
        ("run", _run, "a living demo store and a desk on it; options go to the demo and its window"),
        ("test", _test, "every check and every test; options go to pytest"),
        ("check", _check, "style, types, imports and Qt, without the tests"),
        ("shots", _shots, "pictures of every screen, in shots/"),
        ("bench", _bench, "each budget beside its floor (--size busy|small|demo, --only NAME), or --bridge"),
        ("package", _package, "build the program with PyInstaller, and start what was built"),
        ("soak", _soak, "days of work on a flaky network (--minutes N --seed S); power-loss [--images N --seed S]"),
    ):
        wishes.add_parser(name, help=words, add_help=False).set_defaults(grant=grant)
    return parser


def _run(more: list[str]) -> int:
    unseen = any(option.split("=")[0] in {"--shot", "-h", "--help"} for option in more)
    if not unseen and not environment.has_display():
        print(NO_DISPLAY, file=sys.stderr)
        return 2
    system_packages.ensure(system_packages.for_window(), needed=False)
    python = environment.ensure("app")
    env = environment.child() if environment.has_display() else environment.child(QT_QPA_PLATFORM="offscreen")
    # The picture's name is the caller's, so the caller's folder stays; its files must not pass for our modules.
    env["PYTHONSAFEPATH"] = "1"
    return environment.call([python, "-m", "advisor_desk", "demo", *more], env, cwd=Path.cwd())


def _check(more: list[str]) -> int:
    steps = Steps("check")
    with steps.step("set-up", stop=True):
        system_packages.ensure(system_packages.OFFSCREEN, needed=False)
        python = environment.ensure("dev")
    checks.without_tests(steps, python)
    return steps.summary()


def _test(more: list[str]) -> int:
    steps = Steps("test")
    with steps.step("system packages"):
        packages = (*system_packages.OFFSCREEN, *system_packages.XCB, *system_packages.RECORDER)
        system_packages.ensure(packages, needed=True)
        system_packages.ensure_postgresql()
    with steps.step("set-up", stop=True):
        python = environment.ensure("dev")
    checks.without_tests(steps, python)
    checks.tests(steps, python, more)
    return steps.summary()


def _shots(more: list[str]) -> int:
    system_packages.ensure((*system_packages.OFFSCREEN, *system_packages.FONTS), needed=False)
    return _script("shots.py", more)


def _bench(more: list[str]) -> int:
    system_packages.ensure(system_packages.OFFSCREEN, needed=False)
    if "--bridge" in more:
        system_packages.ensure_postgresql()
    return _script("bench.py", more)


def _package(more: list[str]) -> int:
    system_packages.ensure((*system_packages.OFFSCREEN, *system_packages.for_packaging()), needed=False)
    return _script("package.py", more)


def _soak(more: list[str]) -> int:
    harness = "tests.sync.soak"
    if more[:1] == ["power-loss"]:
        harness, more = "tests.sync.power_loss", more[1:]
        system_packages.ensure(system_packages.RECORDER, needed=True)
    python = environment.ensure("dev")
    return environment.call([python, "-m", harness, *more], environment.child())


def _script(name: str, more: list[str]) -> int:
    python = environment.ensure("dev")
    script = str(environment.ROOT / "build_scripts" / name)
    return environment.call([python, script, *more], environment.child(QT_QPA_PLATFORM=_platform()), cwd=Path.cwd())


def _platform() -> str:
    return os.environ.get("QT_QPA_PLATFORM", "offscreen")


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a console without our marks shows others, and nothing stops
    sys.exit(main())
