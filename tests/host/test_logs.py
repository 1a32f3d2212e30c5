"""The log says what the program did, and holds nobody's name, number, car, token or word."""

from __future__ import annotations

import logging
import os
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_desk.host import logs
from advisor_desk.host.paths import Profile

SECRETS = [
    "sofia.marchetti+desk@mail.example.co.uk", "+1 (518) 555-0123", "518.555.0123", "5185550123", "555-0123",
    "1HGCM82633A004352", "1hgcm82633a004352", "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIx.c2ln", "adr_9f8e7d6c5b4a39281706",
    "ab12" * 16, "AB12" * 16, "Bearer abcdefgh12345678", "Basic dXNlcjpwYXNz",
]  # fmt: skip
PLAIN = [
    "pulled 500 changes in 12 ms", "ro.move_stage refused: illegal_move", "offline since 10:42, 3 waiting",
    "misunderstandings", "retry in 4.5 s", "v0001_first_cache",
]  # fmt: skip


@pytest.mark.parametrize("secret", SECRETS)
def test_numbers_addresses_cars_and_tokens_do_not_get_into_a_log(secret: str) -> None:
    said = logs.redacted(f"called {secret}, no answer")
    assert secret not in said
    assert said.startswith("called [")


@pytest.mark.parametrize("text", PLAIN)
def test_what_names_nobody_stays_readable(text: str) -> None:
    assert logs.redacted(text) == text


@given(st.text(), st.sampled_from(SECRETS), st.text())
def test_no_surrounding_brings_a_secret_through(before: str, secret: str, after: str) -> None:
    assert secret not in logs.redacted(f"{before} {secret} {after}")


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Profile]:
    """A profile to log to; what logging changed in the process is put back."""
    profile = Profile.at(tmp_path / "desk")
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield profile
    for handler in [one for one in root.handlers if one not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def written(profile: Profile, name: str = "desk") -> str:
    return (profile.logs / f"{name}.log").read_text(encoding="utf-8")


def test_a_record_is_written_with_its_time_level_and_place(profile: Profile) -> None:
    logs.start(profile)
    logging.getLogger("advisor_desk.sync.pull").info("pulled %d changes", 500)
    line = written(profile).rstrip("\n")
    assert line.endswith("INFO advisor_desk.sync.pull pulled 500 changes")
    assert line[:4].isdigit()


def test_debug_is_written_only_when_asked_for(profile: Profile) -> None:
    logs.start(profile)
    logging.getLogger("advisor_desk.x").debug("quiet")
    assert written(profile) == ""
    logs.start(profile, debug=True)
    logging.getLogger("ui.x").debug("loud")
    assert "loud" in written(profile)


def test_arguments_are_redacted_as_the_text_is(profile: Profile) -> None:
    logs.start(profile)
    logging.getLogger("advisor_desk.x").info("told %s by %s", "518 555 0123", "sofia@example.com")
    assert written(profile).rstrip().endswith("told [number] by [email]")


@pytest.mark.expected_log(logging.WARNING, "Failed to parse headers")
def test_other_libraries_are_heard_from_a_warning_on_and_only_where_it_was(profile: Profile) -> None:
    logs.start(profile, debug=True)
    other = logging.getLogger("urllib3.connection")
    other.info("GET /v1/search?q=Marchetti")
    other.warning("Failed to parse headers (url=%s)", "https://bridge/v1/search?q=Marchetti")
    said = written(profile)
    assert "urllib3.connection at test_logs:" in said
    assert "Marchetti" not in said
    assert said.count("\n") == 1


@pytest.mark.expected_log(logging.ERROR, "command failed")
def test_an_exception_is_written_by_its_kind_and_place_without_its_words(profile: Profile) -> None:
    logs.start(profile)

    def lookup() -> None:
        try:
            raise KeyError("Marchetti, Sofia")
        except KeyError as error:
            raise ValueError("no such customer: Marchetti, Sofia") from error

    try:
        lookup()
    except ValueError:
        logging.getLogger("advisor_desk.desk").error("command failed", exc_info=True)
    said = written(profile)
    assert "Marchetti" not in said
    assert str(Path(__file__).parent) not in said
    kinds = [line.strip() for line in said.splitlines()[1:]]
    assert kinds[0].startswith("test_logs.py:")
    assert [kind for kind in kinds if kind in {"KeyError", "then", "ValueError"}] == ["KeyError", "then", "ValueError"]


def test_a_message_of_many_lines_cannot_pass_for_another_record(profile: Profile) -> None:
    logs.start(profile)
    logging.getLogger("advisor_desk.x").info("one\n2026-11-23 ERROR advisor_desk forged\r\u2028three")
    assert written(profile).count("\n") == 1
    assert len(written(profile).splitlines()) == 1


@pytest.mark.expected_log(logging.CRITICAL, "fault nobody caught")
def test_a_fault_nobody_caught_is_written_from_any_thread(profile: Profile) -> None:
    logs.start(profile)

    def fails() -> None:
        raise ValueError("Marchetti, Sofia")

    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()
    try:
        fails()
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    said = written(profile)
    assert said.count("CRITICAL advisor_desk fault nobody caught") == 2
    assert said.count("in fails") == 2
    assert "Marchetti" not in said


def test_an_interrupt_by_hand_is_no_fault(profile: Profile) -> None:
    logs.start(profile)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert written(profile) == ""


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_logs_are_this_persons_alone_after_they_were_turned_over_too(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "_BYTES", 200)
    before = os.umask(0)
    try:
        logs.start(profile)
        for _ in range(20):
            logging.getLogger("advisor_desk.x").info("something happened here")
    finally:
        os.umask(before)
    kept = sorted(profile.logs.iterdir())
    assert [path.name for path in kept] == ["desk.log", "desk.log.1", "desk.log.2", "desk.log.3"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    assert stat.S_IMODE(profile.logs.stat().st_mode) == 0o700


def test_every_process_has_a_file_of_its_own(profile: Profile) -> None:
    logs.start(profile, name="window")
    logging.getLogger("ui.main").info("painted")
    assert "painted" in written(profile, "window")
    assert not (profile.logs / "desk.log").exists()


def test_a_folder_that_takes_no_log_does_not_keep_the_desk_from_opening(
    profile: Profile, capfd: pytest.CaptureFixture[str]
) -> None:
    profile.logs.write_text("a file in its place")
    logs.start(profile)
    logging.getLogger("advisor_desk.x").info("nowhere to go")
    assert capfd.readouterr() == ("", "")


class Full:
    """A log file on a disk without room."""

    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")

    def flush(self) -> None:
        """Nothing is held back."""


def test_a_disk_that_fills_up_is_no_news_on_standard_error(
    profile: Profile, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.start(profile)
    handler = logging.getLogger().handlers[-1]
    with monkeypatch.context() as patch:
        patch.setattr(handler, "stream", Full())
        patch.setattr(handler, "shouldRollover", lambda record: False)
        logging.getLogger("advisor_desk.x").info("Marchetti")
    assert capfd.readouterr() == ("", "")
    logging.getLogger("advisor_desk.x").info("room again")
    assert "room again" in written(profile)
