"""What needs attention: both values side by side, decided by key or button, gone only when the desk has taken it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from advisor_desk.domain.lights import Settings
from tests.ui.shell.fakes import FakeDesk
from ui.shell import attention_words as said
from ui.shell.attention import EMPTY, AttentionPage
from ui.shell.attention_edit import EditDialog
from ui.theme.look import Look

Item = dict[str, Any]


def eta_clash(**more: Any) -> Item:
    """Maria set the pump to Wednesday while Luis, in parts, set it to Thursday."""
    clash = {"yours": "", "theirs": "", "by": "emp-luis", "at": "", "why": "somebody else set it first"}
    return {
        "id": "m-1",
        "kind": "part_line",
        "record_id": "part-1",
        "repair_order_id": "ro-1",
        "title": "T-160 · RO 48142 · Marchetti, Sofia · Water pump kit",
        "op": "update",
        "intent": "part.set_eta",
        "made_at": "2026-11-23T14:31:00.120Z",
        "author": "Maria Keller",
        "by": "Luis Romero",
        "at": "2026-11-23T14:38:00.000Z",
        "deleted": False,
        "mine": {
            "eta": "2026-11-25T17:00:00Z",
            "eta_source": "counter",
            "eta_set_at": "2026-11-23T14:31:00Z",
            "first_eta": "2026-11-24T17:00:00Z",
        },
        "theirs": {"eta": "2026-11-26T17:00:00Z", "eta_source": "supplier"},
        "problem": {"type": "urn:advisor-desk:conflict", "detail": "Somebody else.", "fields": {"eta": clash}},
    } | more


def tag_refused(**more: Any) -> Item:
    """A tag the bridge would not take."""
    problem = {
        "type": "urn:advisor-desk:bad_fields",
        "detail": "A value is not right. Correct it and send it again.",
        "fields": {"tag": "is longer than 16"},
    }
    return eta_clash(
        id="m-2", kind="repair_order", record_id="ro-2", repair_order_id="ro-2",
        title="T-152 · RO 48131 · Nakamura, Emi",
        intent="ro.set_tag", by="", at="", mine={"tag": "T-152"}, theirs={"tag": "T-15"}, problem=problem,
    ) | more  # fmt: skip


@pytest.fixture
def page(
    look: Look, desk: FakeDesk, window: QWidget, settings: Settings, now: datetime, qtbot: QtBot
) -> Iterator[AttentionPage]:
    page = AttentionPage(look, desk.ask, lambda: now)
    QVBoxLayout(window).addWidget(page)
    page.show_items([eta_clash(), tag_refused()], settings)
    qtbot.waitUntil(window.isActiveWindow)
    page.setFocus()
    yield page
    for dialog in window.findChildren(EditDialog):
        dialog.close()


def dialog_of(window: QWidget) -> EditDialog:
    dialog = window.findChild(EditDialog)
    assert isinstance(dialog, EditDialog)
    return dialog


def key(qtbot: QtBot, key: Qt.Key) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    qtbot.keyClick(widget, key)


def test_both_values_stand_side_by_side_with_who_when_and_why(settings: Settings, now: datetime) -> None:
    item = eta_clash()
    assert said.pairs(item, now, settings) == [("eta", "ETA", "Wed 12:00", "Thu 12:00")]
    assert said.tried(item, now, settings) == "ETA by Maria Keller, 9:31"
    assert said.theirs_by(item, now, settings) == "Luis Romero · 9:38"
    assert said.reason(item) == "Luis Romero's reached the store first."


def test_a_refusal_names_the_field_at_fault() -> None:
    assert said.reason(tag_refused()) == "A value is not right. Correct it and send it again. Tag: is longer than 16."


def test_the_whole_text_of_a_lost_note_is_there(settings: Settings, now: datetime) -> None:
    body = "Told him the axle is in on Wednesday. " * 20
    note = eta_clash(op="create", kind="contact_event", mine={"channel": "call", "body": body}, theirs={}, problem={})
    assert [pair.mine for pair in said.pairs(note, now, settings)] == ["Call", body]
    assert not said.has_theirs(note)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (eta_clash(), ("Keep theirs", "Set mine again")),
        (tag_refused(), ("Let it go", "Send again")),
        (tag_refused(deleted=True), ("Let it go", "Restore with mine")),
        (eta_clash(op="delete", mine={}), ("Keep it", "Delete it all the same")),
    ],
)
def test_the_buttons_say_what_they_would_do(item: Item, words: tuple[str, str]) -> None:
    assert said.presses(item) == words


def test_k_keeps_theirs_and_the_entry_goes_once_the_desk_has_taken_it(
    page: AttentionPage, desk: FakeDesk, qtbot: QtBot
) -> None:
    key(qtbot, Qt.Key.Key_K)
    assert desk.asked == [("attention.resolve", {"attention_id": "m-1", "action": "keep_theirs"})]
    assert list(page.entries) == ["m-1", "m-2"]
    desk.carry_out()
    assert list(page.entries) == ["m-2"]
    assert page.current is not None
    assert page.current.id == "m-2"
    assert page.current.hasFocus()


def test_m_sets_mine_again_on_the_entry_the_arrows_went_to(page: AttentionPage, desk: FakeDesk, qtbot: QtBot) -> None:
    key(qtbot, Qt.Key.Key_Down)
    key(qtbot, Qt.Key.Key_M)
    assert desk.asked == [("attention.resolve", {"attention_id": "m-2", "action": "set_mine"})]


def test_a_button_decides_too(page: AttentionPage, desk: FakeDesk, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.entries["m-2"].keep, Qt.MouseButton.LeftButton)
    assert desk.asked == [("attention.resolve", {"attention_id": "m-2", "action": "keep_theirs"})]


def test_a_second_press_while_the_desk_is_busy_decides_nothing(
    page: AttentionPage, desk: FakeDesk, qtbot: QtBot
) -> None:
    key(qtbot, Qt.Key.Key_K)
    key(qtbot, Qt.Key.Key_M)
    assert len(desk.asked) == 1


def test_a_refused_decision_says_so_in_place_and_can_be_taken_again(
    page: AttentionPage, desk: FakeDesk, settings: Settings, qtbot: QtBot
) -> None:
    key(qtbot, Qt.Key.Key_K)
    desk.refuse("internal", "Something went wrong here; nothing was changed. Try again.")
    assert page.entries["m-1"].refusal == "Something went wrong here; nothing was changed. Try again."
    page.show_items([eta_clash(), tag_refused()], settings)
    assert page.entries["m-1"].refusal != ""
    key(qtbot, Qt.Key.Key_K)
    assert len(desk.asked) == 2


def test_editing_begins_with_mine_and_sends_the_new_value_with_all_that_was_tried_beside_it(
    page: AttentionPage, desk: FakeDesk, window: QWidget, qtbot: QtBot
) -> None:
    key(qtbot, Qt.Key.Key_E)
    dialog = dialog_of(window)
    entry = dialog.fields["eta"].entry  # type: ignore[attr-defined]
    assert entry.text() == "Wed Nov 25, 12:00"
    entry.clear()
    qtbot.keyClicks(entry, "fri 3pm")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    mine = eta_clash()["mine"] | {"eta": "2026-11-27T20:00:00Z"}
    assert desk.asked == [("attention.resolve", {"attention_id": "m-1", "action": "edit", "set": mine})]
    desk.carry_out()
    assert list(page.entries) == ["m-2"]


def test_an_unreadable_edit_is_not_sent_and_keeps_its_text(
    page: AttentionPage, desk: FakeDesk, window: QWidget, qtbot: QtBot
) -> None:
    key(qtbot, Qt.Key.Key_E)
    entry = dialog_of(window).fields["eta"].entry  # type: ignore[attr-defined]
    entry.clear()
    qtbot.keyClicks(entry, "soon")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert desk.asked == []
    assert entry.text() == "soon"


def test_a_promise_edited_here_is_the_one_its_story_tells(
    page: AttentionPage, desk: FakeDesk, window: QWidget, settings: Settings, qtbot: QtBot
) -> None:
    moves = [{"to": "2026-11-24T22:00:00Z"}, {"to": "2026-11-25T17:00:00Z", "reason": "waiting for a part"}]
    promise = {"promised_at": "2026-11-25T17:00:00Z", "promise_moves": moves}
    page.show_items([eta_clash(kind="repair_order", intent="ro.repromise", mine=promise)], settings)
    page.decide("m-1", "edit")
    entry = dialog_of(window).fields["promised_at"].entry  # type: ignore[attr-defined]
    entry.setText("fri 5pm")
    dialog_of(window).send_it()
    sent = desk.asked[0][1]["set"]
    assert sent["promised_at"] == "2026-11-27T22:00:00Z"
    assert sent["promise_moves"] == [moves[0], {"to": "2026-11-27T22:00:00Z", "reason": "waiting for a part"}]


def test_enter_opens_the_repair_order(page: AttentionPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.order_wanted) as heard:
        key(qtbot, Qt.Key.Key_Return)
    assert heard.args == ["ro-1"]


def test_the_letters_are_the_pages_own_though_the_window_means_others_by_them(
    page: AttentionPage, desk: FakeDesk, window: QWidget, qtbot: QtBot
) -> None:
    pressed: list[str] = []
    for keys in ("M", "E", "K"):
        QShortcut(QKeySequence(keys), window).activated.connect(lambda keys=keys: pressed.append(keys))
    key(qtbot, Qt.Key.Key_M)
    assert pressed == []
    assert [args["action"] for _, args in desk.asked] == ["set_mine"]


def test_the_entry_in_hand_stays_when_others_come_and_go(page: AttentionPage, settings: Settings, qtbot: QtBot) -> None:
    key(qtbot, Qt.Key.Key_Down)
    page.show_items([tag_refused(id="m-0"), tag_refused()], settings)
    assert list(page.entries) == ["m-0", "m-2"]
    assert page.current is not None
    assert page.current.id == "m-2"


def test_with_nothing_to_decide_the_page_says_so(page: AttentionPage, settings: Settings) -> None:
    page.show_items([], settings)
    assert page.empty.isVisible()
    assert page.empty.text == EMPTY


def test_a_screen_reader_hears_the_whole_entry(page: AttentionPage) -> None:
    assert page.entries["m-1"].accessibleName() == (
        "T-160 · RO 48142 · Marchetti, Sofia · Water pump kit. ETA by Maria Keller, 9:31."
        " Luis Romero's reached the store first. ETA: yours Wed 12:00, theirs Thu 12:00"
    )


def test_it_paints_in_both_themes(page: AttentionPage, look: Look) -> None:
    entry = page.entries["m-2"]
    light = entry.grab().toImage().pixelColor(40, 4).name()
    look.use("dark")
    assert (light, entry.grab().toImage().pixelColor(40, 4).name()) == ("#ffffff", look.colour("panel").name())
