"""The promises workspace: whose, in which order, and what each key does with the one in hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from advisor_desk.domain import times
from advisor_desk.domain.lights import Settings
from ui.promises.page import PromisesPage
from ui.promises.rows import BY_CUSTOMER, MINE, QUEUE, STORE, Reader
from ui.theme.look import Look

PEOPLE = {"maria": {"name": "Maria Keller"}, "david": {"name": "David Park"}}


@pytest.fixture
def reader(settings: Settings, now: datetime) -> Reader:
    """Maria, an advisor."""
    return Reader("maria", frozenset({"advisor"}), PEOPLE, settings, now)


def promise(id: str, now: datetime, minutes: float, **more: Any) -> dict[str, Any]:
    """A promise due in so many minutes."""
    due = times.to_wire(now + timedelta(minutes=minutes))
    said = {"id": id, "rule": "tell_ready", "title": f"Tell {id}", "due_at": due, "first_due_at": due}
    return said | {"owner_id": "maria", "customer": "Petrov, Irina", "tag": "T-155", "number": "48136"} | more


@pytest.fixture
def page(look: Look, qtbot: QtBot, reader: Reader, now: datetime) -> PromisesPage:
    """Four promises of Maria's, her department's and David's."""
    made = PromisesPage(look)
    qtbot.addWidget(made)
    made.resize(900, 600)
    offered = {"to": "maria", "from": "david", "offered_at": times.to_wire(now)}
    made.show_promises(
        [
            promise("late", now, -30),
            promise("offered", now, 40, owner_id="david", handoff=offered),
            promise("queued", now, 60, owner_id="", owner_role="advisor"),
            promise("davids", now, 90, owner_id="david", customer="Bell, Desmond"),
            promise("later", now, 3 * 24 * 60),
        ],
        reader,
    )
    made.show()
    return made


def lines(page: PromisesPage) -> list[str]:
    """The rows as they stand, headings with a mark."""
    return [f"# {line.title}" if line.title else line.id for line in page.table.model_.lines]


def test_mine_begins_with_what_is_offered_to_me_then_what_is_late(page: PromisesPage) -> None:
    assert lines(page) == ["# Offered to you", "offered", "# Late", "late", "# Within a week", "later"]


@pytest.mark.parametrize(
    ("scope", "ids"), [(MINE, {"offered", "late", "later"}), (QUEUE, {"queued"}), (STORE, {"davids", "queued"})]
)
def test_each_scope_shows_its_own(page: PromisesPage, scope: str, ids: set[str]) -> None:
    page.show_scope(scope)
    assert ids <= set(lines(page))


def test_by_customer_each_has_a_heading(page: PromisesPage) -> None:
    page.show_scope(STORE)
    page.orders.choose(BY_CUSTOMER)
    page.orders.chosen.emit(BY_CUSTOMER)
    assert [line for line in lines(page) if line.startswith("#")] == ["# Bell, Desmond", "# Petrov, Irina"]


def test_what_names_no_customer_is_the_stores_own_only_on_a_car_of_the_stores_own(
    page: PromisesPage, reader: Reader, now: datetime
) -> None:
    nobodys = {"customer": "", "owner_id": "maria"}
    page.show_promises([promise("recon", now, 5, is_recon=True, **nobodys), promise("loan", now, 9, **nobodys)], reader)
    page.orders.choose(BY_CUSTOMER)
    page.orders.chosen.emit(BY_CUSTOMER)
    assert lines(page) == ["# No customer named", "loan", "# The store's own cars", "recon"]


@pytest.mark.parametrize(
    ("row", "key", "command"),
    [
        ("late", Qt.Key.Key_K, "keep"),
        ("late", Qt.Key.Key_M, "promise.move"),
        ("late", Qt.Key.Key_H, "promise.offer"),
        ("late", Qt.Key.Key_X, "promise.cancel"),
        ("offered", Qt.Key.Key_A, "promise.accept"),
        ("offered", Qt.Key.Key_D, "promise.decline"),
    ],
)
def test_a_key_does_its_deed_on_the_row_in_hand(
    page: PromisesPage, qtbot: QtBot, row: str, key: Qt.Key, command: str
) -> None:
    page.table.go_to(page.table.model_.row_of(row))
    with qtbot.waitSignal(page.wanted) as said:
        qtbot.keyClick(page.table, key)
    assert said.args == [command, row]


def test_nobody_accepts_what_is_theirs_nor_offers_what_is_on_offer(page: PromisesPage) -> None:
    assert "a" not in page.deeds("late") and "h" not in page.deeds("offered")
    page.show_scope(QUEUE)
    assert "a" in page.deeds("queued")


def test_the_row_in_hand_stays_when_another_is_kept(page: PromisesPage, reader: Reader) -> None:
    page.table.go_to(page.table.model_.row_of("later"))
    left = [row for id, row in page.promises.items() if id != "late"]
    page.show_promises(left, reader)
    assert page.table.current_id() == "later"


def test_the_number_on_the_rail_is_what_i_owe_late_or_am_offered(page: PromisesPage) -> None:
    assert page.mine() == 2


def test_a_row_says_who_has_it_and_that_it_was_moved(page: PromisesPage, reader: Reader, now: datetime) -> None:
    moved = promise("moved", now, 20, first_due_at=times.to_wire(now - timedelta(hours=2)))
    page.show_promises([moved], reader)
    (line,) = [line for line in page.table.model_.lines if line.id == "moved"]
    assert "first 8:08" in line.sentence and "You" in line.sentence and "T-155 · RO 48136" in line.sentence


def test_what_has_just_become_late_is_not_said_to_be_due_only_now(
    page: PromisesPage, reader: Reader, now: datetime
) -> None:
    page.show_promises([promise("late", now, -0.5), promise("soon", now, 0.5)], reader)
    assert lines(page) == ["# Late", "late", "# Today", "soon"]
    said = {line.id: line.cells[-1].first for line in page.table.model_.lines if not line.title}
    assert said == {"late": "due just now", "soon": "due now"}


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        (MINE, "You owe nothing."),
        (QUEUE, "Nothing waits in your department's queue."),
        (STORE, "Nothing is owed in the store."),
    ],
)
def test_with_nothing_owed_the_page_says_by_whom(page: PromisesPage, reader: Reader, scope: str, said: str) -> None:
    page.show_scope(scope)
    page.show_promises([], reader)
    assert page.empty.isVisible() and not page.table.isVisible()
    assert page.empty.text == said


def test_one_who_was_chosen_and_owes_nothing_is_named(page: PromisesPage, reader: Reader) -> None:
    page.show_promises([], reader)
    page.show_owner("david")
    assert page.empty.text == "David P. owes nothing."


def test_the_keyboard_stays_with_the_choice_when_the_last_row_goes(
    page: PromisesPage, reader: Reader, qtbot: QtBot
) -> None:
    qtbot.waitUntil(page.isActiveWindow)
    page.table.setFocus()
    page.show_promises([], reader)
    held = page.focusWidget()
    assert held is not None and held.parent() is page.scopes and held.accessibleName() == "Mine"
