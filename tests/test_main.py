"""The command line as a person meets it: help, unknown words, and never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import cli


def test_help_names_every_command() -> None:
    told = cli.said("--help")
    for name in ("desk", "sync", "doctor", "bridge", "demo"):
        assert f"\n    {name} " in told


@pytest.mark.parametrize("command", ["desk", "sync", "doctor", "bridge", "demo"])
def test_each_command_has_its_own_help(command: str) -> None:
    done = cli.run(command, "--help")
    assert done.returncode == 0
    assert f"advisor-desk {command}" in done.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("desk", "--colour", "red"), "unknown option: --colour"),
        (("sync",), "--once"),
        (("bridge",), "CALL"),
        (("bridge", "fly"), "invalid choice"),
        (("bridge", "serve"), "--data"),
        (("bridge", "user", "add", "x", "--role", "king", "--data", "d"), "invalid choice"),
        (("demo", "--size", "huge"), "invalid choice"),
    ],
)
def test_words_it_does_not_know_are_named(words: tuple[str, ...], says: str) -> None:
    done = cli.run(*words)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_refusal_is_one_sentence_and_no_traceback(tmp_path: Path) -> None:
    for words in (
        ("bridge", "serve", "--data", tmp_path / "nothing"),
        ("bridge", "token", "--user", "nobody", "--data", tmp_path / "nothing"),
        ("bridge", "init", "--data", tmp_path / "new", "--store", "X", "--database", "oracle://"),
    ):
        done = cli.run(*words)
        assert done.returncode == 2, words
        assert done.stdout == ""
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_a_folder_that_cannot_be_made_is_told_by_every_command_that_needs_one(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for words in (("sync", "--once"), ("doctor",)):
        done = cli.run(*words, "--profile-dir", tmp_path / "file" / "profile")
        assert done.returncode == 2
        assert done.stderr.startswith("The profile's folder cannot be made there.")
