"""Which system packages are missing."""

from __future__ import annotations

import subprocess

import pytest

import system_packages
from steps import Failed

LISTING = (
    "libegl1\tinstalled\t\n"
    "libglib2.0-0t64\tinstalled\tlibglib2.0-0 (= 2.80.0)\n"
    "xvfb\tconfig-files\t\n"
    "libgl1\tinstalled\tlibgl1-nvidia, libgl-any (= 1)\n"
)


def test_a_removed_package_is_missing_and_a_newer_one_may_provide_an_older_name() -> None:
    installed = system_packages.installed_in(LISTING)
    wanted = ("libglib2.0-0", "xvfb", "libegl1", "libgl-any", "xauth", "xvfb")
    assert system_packages.missing(wanted, installed) == ["xvfb", "xauth"]


@pytest.fixture
def no_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Debian where this user may install nothing, and whatever tries fails the test."""

    def tried(*args: object, **more: object) -> None:
        raise AssertionError(f"tried to run {args}")

    monkeypatch.setattr(system_packages, "_debian", lambda: True)
    monkeypatch.setattr(system_packages, "_allowed", lambda: False)
    monkeypatch.setattr(system_packages, "_installed", lambda: frozenset[str]())
    monkeypatch.setattr(subprocess, "run", tried)


@pytest.mark.usefixtures("no_rights")
def test_who_may_not_install_is_given_the_one_line_to_run(capsys: pytest.CaptureFixture[str]) -> None:
    system_packages.ensure(("libegl1", "xvfb"), needed=False)
    line = "Run: sudo apt-get install -y --no-install-recommends libegl1 xvfb"
    assert line in capsys.readouterr().err
    with pytest.raises(Failed, match=line):
        system_packages.ensure(("libegl1", "xvfb"), needed=True)
