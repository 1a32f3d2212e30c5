"""``advisor-desk bridge``: what its operator types, and what it says when that is not right."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from advisor_desk.__main__ import main
from advisor_desk.bridge import books, folder, records
from advisor_desk.bridge.accounts import Accounts
from advisor_desk.bridge.tokens import SignInFailed
from tests.bridge.rooftop import MONDAY, Rooftop
from tests.support import cli
from tests.support.bridge import PASSWORD

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process: its code, what it said and what it complained of."""

    def command(*words: str | Path) -> tuple[int, str, str]:
        code = main(["bridge", *map(str, words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """What stands on the command's input."""
    yield lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_a_bridge_is_made_in_one_command(run: Run, tmp_path: Path) -> None:
    code, said, _ = run("init", "--data", tmp_path / "b", "--store", "Harbor Motors", "--timezone", "America/Chicago")
    assert (code, "Harbor Motors is ready" in said) == (0, True)
    with closing(folder.open_books(tmp_path / "b")) as shelf, shelf.read() as conn:
        (store_id,) = books.store_ids(conn)
        store = records.load(conn, store_id, "store", store_id)
    assert store is not None
    assert (store.fields["name"], store.fields["timezone"]) == ("Harbor Motors", "America/Chicago")


def test_a_time_zone_nobody_knows_leaves_nothing_half_made(run: Run, tmp_path: Path) -> None:
    code, _, complaint = run("init", "--data", tmp_path / "b", "--store", "X", "--timezone", "Mars/Olympus")
    assert (code, "America/Chicago" in complaint) == (2, True)
    assert not (tmp_path / "b").exists()


def test_somebody_is_let_in_and_can_sign_in(run: Run, typed: Callable[[str], None], data: Path) -> None:
    typed(PASSWORD + "\n")
    assert (
        run("user", "add", "ann", "--role", "advisor", "--role", "bdc", "--full-name", "Ann Lee", "--data", data)[0]
        == 0
    )
    with closing(folder.open_books(data)) as shelf:
        accounts = Accounts(shelf)
        accounts.check("ann", PASSWORD, MONDAY)
        caller = accounts.caller(accounts.token("ann", MONDAY, long=False), MONDAY)
        assert caller.roles == {"advisor", "bdc"}
        rooftop = Rooftop(shelf)
        assert rooftop.fields("employee", caller.employee_id)["name"] == "Ann Lee"
        assert rooftop.record("employee", caller.employee_id).rev == 2, "desks learn of it by the feed"


def test_adding_somebody_again_changes_password_and_role_of_the_same_person(
    run: Run, typed: Callable[[str], None], data: Path
) -> None:
    for password, role in ((PASSWORD, "advisor"), ("another good password", "manager")):
        typed(password + "\n")
        run("user", "add", "ann", "--role", role, "--data", data)
    with closing(folder.open_books(data)) as shelf:
        accounts = Accounts(shelf)
        with pytest.raises(SignInFailed):
            accounts.check("ann", PASSWORD, MONDAY)
        caller = accounts.caller(accounts.token("ann", MONDAY, long=False), MONDAY)
        assert caller.roles == {"manager"}


def test_a_password_that_is_too_short_hires_nobody(run: Run, typed: Callable[[str], None], data: Path) -> None:
    typed("short\n")
    code, _, complaint = run("user", "add", "ann", "--role", "advisor", "--data", data)
    assert (code, "12 characters" in complaint) == (2, True)
    with closing(folder.open_books(data)) as shelf:
        assert Rooftop(shelf).seq == 1


def test_a_token_is_printed_alone_on_its_line(run: Run, typed: Callable[[str], None], data: Path) -> None:
    typed(PASSWORD + "\n")
    run("user", "add", "ann", "--role", "advisor", "--data", data)
    access, refresh = (
        run("token", "--user", "ann", "--data", data),
        run("token", "--user", "ann", "--refresh", "--data", data),
    )
    with closing(folder.open_books(data)) as shelf:
        accounts = Accounts(shelf)
        assert accounts.caller(access[1].strip(), datetime.now(UTC)).roles == {"advisor"}
        accounts.renew(refresh[1].strip(), datetime.now(UTC))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("token", "--user", "nobody", "--data", "{data}"), "Nobody signs in by that name"),
        (("token", "--user", "x", "--data", "{nowhere}"), "There is no bridge in"),
        (("serve", "--data", "{nowhere}"), "There is no bridge in"),
        (("serve", "--host", "0.0.0.0", "--data", "{data}"), "only with TLS"),
        (("init", "--store", "X", "--data", "{data}"), "holds a bridge already"),
        (("backup", "--to", "{data}/bridge.key", "--data", "{data}"), "file of that name"),
        (("backup", "--to", "{nowhere}/x", "--data", "{data}"), "folder for the backup"),
        (("restore", "--from", "{nowhere}", "--data", "{data}"), "no backup of that name"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_with_the_next_step(
    run: Run, data: Path, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    filled = [word.replace("{data}", str(data)).replace("{nowhere}", str(tmp_path / "nowhere")) for word in words]
    code, said, complaint = run(*filled)
    assert (code, said) == (2, "")
    assert says in complaint
    assert len(complaint.strip().splitlines()) == 1


def test_a_backup_comes_back_by_command(run: Run, data: Path, tmp_path: Path) -> None:
    to = tmp_path / "copy"
    assert "without the key" in run("backup", "--data", data, "--to", to)[1]
    with closing(folder.open_books(data)) as shelf:
        rooftop = Rooftop(shelf)
        rooftop.desk().does("repair_order", rooftop.ro, {"tag": "T-9"})
    assert run("restore", "--data", data, "--from", to)[0] == 0
    with closing(folder.open_books(data)) as shelf:
        rooftop = Rooftop(shelf)
        assert rooftop.fields("repair_order", rooftop.ro)["tag"] == "T-101"


def test_who_left_gets_no_token(run: Run, typed: Callable[[str], None], data: Path) -> None:
    typed(PASSWORD + "\n")
    run("user", "add", "ann", "--role", "advisor", "--data", data)
    with closing(folder.open_books(data)) as shelf:
        rooftop = Rooftop(shelf)
        accounts = Accounts(shelf)
        id = accounts.caller(accounts.token("ann", MONDAY, long=False), MONDAY).employee_id
        rooftop.desk("manager").does("employee", id, {"active": False})
    code, said, complaint = run("token", "--user", "ann", "--data", data)
    assert (code, said, "does not work here" in complaint) == (2, "", True)


def test_the_whole_of_it_as_a_person_would_type_it(tmp_path: Path) -> None:
    """Real processes, no part of this program imported here."""
    data = tmp_path / "b"
    cli.said("bridge", "init", "--data", data, "--store", "Harbor Motors")
    cli.said("bridge", "user", "add", "ann", "--role", "manager", "--data", data, given=PASSWORD + "\n")
    token = cli.said("bridge", "token", "--user", "ann", "--data", data)
    assert token.count(".") == 2
