"""The service as a screen or a terminal sees it: one JSON object a line in, one out."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from advisor_desk.desk import hello
from advisor_desk.domain.commands import COMMANDS
from advisor_desk.domain.errors import BadArguments
from tests.support import board, cli
from tests.support.bridge import BridgeProcess
from tests.support.desk import DeskProcess, Refusal

KEY = "5a" * 32


def a_hello(**said: Any) -> str:
    """A hello line."""
    return json.dumps({"hello": said}) + "\n"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("", "hello"),
        ("\n", "hello"),
        ("good morning\n", "hello"),
        ('{"id": 1, "do": "help"}\n', "hello"),
        ('{"hello": []}\n', "hello"),
        (a_hello(bridge=None), "hello"),
        (a_hello(key="abc"), "key"),
        (a_hello(key=7), "key"),
        (a_hello(key=KEY, bridge=8737), "bridge"),
        (a_hello(key=KEY, token=["a"]), "token"),
        (a_hello(key=KEY, proxy=True), "proxy"),
        (a_hello(key=KEY, ca_file={}), "ca_file"),
        (a_hello(key=KEY, token="x" * 20_000), "token"),
    ],
)
def test_a_first_line_that_is_not_a_hello_is_refused_by_the_field_at_fault(line: str, field: str) -> None:
    with pytest.raises(BadArguments) as refused:
        hello.read(line)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(("line", "field"), [("", "hello"), ("good morning\n", "hello"), (a_hello(key="abc"), "key")])
def test_a_service_that_gets_no_hello_says_so_ends_and_makes_no_cache(tmp_path: Path, line: str, field: str) -> None:
    said, code = first_words(tmp_path / "profile", line)
    assert said["error"]["code"] == "bad_arguments"
    assert list(said["error"]["fields"]) == [field]
    assert code == 2
    assert not (tmp_path / "profile" / "cache.db").exists()


def test_a_bad_hello_never_repeats_the_key_it_was_given() -> None:
    secret = "0123456789abcdef" * 4 + "0"
    with pytest.raises(BadArguments) as refused:
        hello.read(a_hello(key=secret))
    assert secret not in f"{refused.value.message} {refused.value.fields}"


def first_words(profile: Path, line: str) -> tuple[dict[str, Any], int]:
    """The first line out for a first line in, and the exit code once the input has ended."""
    done = cli.run("desk", "--profile-dir", profile, given=line)
    assert done.stderr == ""
    return json.loads(done.stdout.splitlines()[0]), done.returncode


def test_a_profile_that_cannot_be_made_is_told_on_the_pipe(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said, code = first_words(tmp_path / "file" / "profile", a_hello(key=KEY))
    assert said["error"]["code"] == "no_profile"
    assert "--profile-dir" in said["error"]["message"]
    assert code == 2


def test_ready_says_who_is_signed_in_where_and_how_far_the_cache_is(bridge: BridgeProcess, tmp_path: Path) -> None:
    with DeskProcess(tmp_path / "profile", bridge.url, bridge.folder.token("maria")) as other:
        assert (other.ready["employee"], other.ready["first_sync_done"]) == (None, False)
        other.wait_live()
        ready = other.restart()
    assert ready["employee"]["name"] == "Maria Keller"
    assert ready["employee"]["roles"] == ["advisor"]
    assert ready["store"]["name"]
    assert ready["first_sync_done"] is True
    assert ready["version"]


def test_before_anybody_has_signed_in_a_change_is_refused_and_reads_are_empty(tmp_path: Path) -> None:
    with DeskProcess(tmp_path / "profile") as desk:
        assert desk.ask("read.board") == {"board": []}
        with pytest.raises(Refusal) as refused:
            desk.ask("ro.set_tag", repair_order_id="x", tag="T-1")
    assert refused.value.code == "sign_in"


def test_without_a_bridge_the_link_says_so_and_syncing_is_refused_with_the_next_step(tmp_path: Path) -> None:
    with DeskProcess(tmp_path / "profile") as desk:
        assert desk.link()["state"] == "no_bridge"
        assert "Settings" in desk.link()["trouble"]
        with pytest.raises(Refusal) as refused:
            desk.ask("sync.now")
    assert refused.value.code == "no_bridge"


def test_an_unknown_command_points_to_the_list(desk: DeskProcess) -> None:
    with pytest.raises(Refusal) as refused:
        desk.ask("ro.explode", repair_order_id="x")
    assert refused.value.code == "unknown_command"
    assert "ro.explode" in refused.value.message and "help" in refused.value.message


@pytest.mark.parametrize("do", [None, 7, ["help"], {"a": 1}, ""])
def test_a_command_that_is_no_name_is_unknown(desk: DeskProcess, do: Any) -> None:
    with pytest.raises(Refusal) as refused:
        desk.ask(do)
    assert refused.value.code == "unknown_command"


def test_help_lists_every_command_with_its_arguments_in_words(desk: DeskProcess) -> None:
    listed = desk.ask("help")
    assert set(listed) == set(COMMANDS)
    assert listed["part.set_eta"]["args"]["eta"] == "ETA"
    assert all(entry["words"] for entry in listed.values())


@pytest.mark.parametrize(
    ("do", "args", "fields"),
    [
        ("ro.set_tag", {}, {"repair_order_id", "tag"}),
        ("ro.set_tag", {"repair_order_id": 7, "tag": "T"}, {"repair_order_id"}),
        ("ro.set_tag", {"repair_order_id": "x", "tag": "T" * 17}, {"tag"}),
        ("ro.set_tag", {"repair_order_id": "x", "tag": "T", "colour": "red"}, {"colour"}),
        ("ro.set_tag", {"repair_order_id": "x", "tag": "T\u202e1"}, {"tag"}),
        ("ro.move_stage", {"repair_order_id": "x", "stage": "lunch"}, {"stage"}),
        ("ro.repromise", {"repair_order_id": "x", "promised_at": "tomorrow"}, {"promised_at"}),
        ("ro.repromise", {"repair_order_id": "x", "promised_at": "2030-01-01T10:00:00"}, {"promised_at"}),
        ("ro.hold", {"repair_order_id": "x", "reasons": "parts"}, {"reasons"}),
        ("ro.hold", {"repair_order_id": "x", "reasons": ["moon"]}, {"reasons"}),
        ("part.receive", {"part_line_id": "x", "qty": 0}, {"qty"}),
        ("part.receive", {"part_line_id": "x", "qty": True}, {"qty"}),
        ("part.set_eta", {"part_line_id": "", "eta": ""}, {"part_line_id", "eta"}),
        ("contact.log", {"customer_id": "x", "channel": "pigeon"}, {"channel"}),
        ("contact.log", {"customer_id": "x", "channel": "call", "tells": [1]}, {"tells"}),
        ("attention.resolve", {"attention_id": "x", "action": "edit", "set": []}, {"set"}),
        ("read.search", {"q": "x" * 101}, {"q"}),
        ("read.board", {"scope": "everything"}, {"scope"}),
    ],
)
def test_bad_arguments_are_named_field_by_field(
    desk: DeskProcess, do: str, args: dict[str, Any], fields: set[str]
) -> None:
    with pytest.raises(Refusal) as refused:
        desk.ask(do, **args)
    assert refused.value.code == "bad_arguments"
    assert set(refused.value.fields) == fields
    assert all(refused.value.fields.values())


def test_arguments_that_are_no_object_are_refused(desk: DeskProcess) -> None:
    desk.send_line('{"id": 900, "do": "help", "args": [1]}')
    assert desk.next_loose()["error"]["fields"] == {"args": "must be an object"}


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[1, 2]",
        b'"help"',
        b"\xff\xfe\x00",
        b'{"id": 1, "id": 2, "do": "help"}',
        b'{"id": 1, "do": "help", "args": {"a": NaN}}',
        b'{"id": 1, "do": "read.search", "args": {"q": "\\u0000"}}',
        b'{"id": 1, "do": "read.search", "args": {"q": "\\ud800"}}',
        b"[" * 5_000,
    ],
)
def test_a_line_that_is_not_clean_json_is_answered_and_the_next_one_works(desk: DeskProcess, line: bytes) -> None:
    desk.send_line(line)
    said = desk.next_loose()
    assert said["error"]["code"] == "bad_json"
    assert said["error"]["message"].endswith("Send one JSON object a line.")
    assert desk.ask("read.outbox") == {"outbox": []}


def test_a_line_longer_than_a_megabyte_is_answered_and_the_next_one_works(desk: DeskProcess) -> None:
    desk.send_line(json.dumps({"id": 1, "do": "read.search", "args": {"q": "x" * 3_000_000}}))
    said = desk.next_loose()
    assert said["error"]["code"] == "too_long"
    assert desk.ask("read.outbox") == {"outbox": []}


def test_an_empty_line_is_not_answered(desk: DeskProcess) -> None:
    desk.send_line("")
    desk.send_line("   ")
    assert desk.ask("read.outbox") == {"outbox": []}


def test_a_second_service_on_a_profile_is_turned_away_in_a_sentence(desk: DeskProcess) -> None:
    said, code = first_words(desk.profile, a_hello(key=desk.key))
    assert said["error"]["code"] == "already_running"
    assert "open already" in said["error"]["message"]
    assert code == 3
    assert desk.ask("read.outbox") == {"outbox": []}


def test_the_lock_goes_with_a_service_that_was_killed(tmp_path: Path) -> None:
    desk = DeskProcess(tmp_path / "profile")
    desk.start()
    desk.kill()
    with desk:
        assert desk.ready["version"]


def test_the_service_ends_when_its_screen_is_gone(bridge: BridgeProcess, tmp_path: Path) -> None:
    desk = DeskProcess(tmp_path / "profile", bridge.url, bridge.folder.token("maria"))
    desk.start()
    desk.wait_live()
    assert desk.close() == 0


def test_the_service_ends_quietly_when_both_its_pipes_are_gone(tmp_path: Path) -> None:
    child = subprocess.Popen(
        cli.command("desk", "--profile-dir", tmp_path / "profile"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=cli.ROOT,
    )
    assert child.stdin is not None and child.stdout is not None and child.stderr is not None
    child.stdin.write(json.dumps({"hello": {"key": KEY}}).encode() + b"\n")
    child.stdin.flush()
    assert b"ready" in child.stdout.readline()
    child.stdout.close()
    child.stdin.write(b'{"id": 1, "do": "help"}\n')
    child.stdin.close()
    assert child.stderr.read() == b""
    assert child.wait(30) == 0
    child.stderr.close()


def test_a_closed_desk_leaves_no_write_ahead_log_and_starts_again_as_it_was(
    bridge: BridgeProcess, tmp_path: Path
) -> None:
    with DeskProcess(tmp_path / "profile", bridge.url, bridge.folder.token("maria")) as desk:
        desk.wait_live()
        before = board.cards(desk)
        desk.close()
        log = tmp_path / "profile" / "cache.db-wal"
        assert not log.exists() or log.stat().st_size == 0
        desk.start()
        assert {row["id"] for row in board.cards(desk)} == {row["id"] for row in before}


def test_numbered_commands_sent_together_are_answered_each_by_its_number(desk: DeskProcess) -> None:
    numbers = [desk.begin("read.search", q=text) for text in ("a", "ma", "keller", "zzz", "1")]
    answers = [desk.answer(number)["found"] for number in numbers]
    assert answers[3] == []
    assert all(isinstance(answer, list) for answer in answers)
