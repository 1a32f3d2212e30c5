"""The composer as an advisor uses it: nothing typed is lost, and what is logged is what was meant."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.orders import RO, PatientDesk, marchetti
from ui.contact.composer import Composer
from ui.contact.draft import Untold
from ui.theme.look import Look

PUMP = Untold("pump", "ETA Thu 26: Water pump kit")


@pytest.fixture
def desk() -> PatientDesk:
    """A desk that answers when told to."""
    return PatientDesk()


@pytest.fixture
def composer(qtbot: QtBot, look: Look, desk: PatientDesk) -> Composer:
    """The composer under Sofia Marchetti's repair order, with the keyboard."""
    out = Composer(look, desk.ask)
    qtbot.addWidget(out)
    out.resize(400, 60)
    with qtbot.waitExposed(out):
        out.show()
    out.activateWindow()
    qtbot.waitUntil(out.isActiveWindow)
    out.show_order(marchetti(), [])
    return out


def write(composer: Composer, qtbot: QtBot, words: str) -> None:
    """Type words and press Enter."""
    composer.field.setFocus()
    qtbot.keyClicks(composer.field, words)
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)


def choose(composer: Composer, channel: str) -> None:
    """Pick a channel from the menu."""
    menu = composer.channel_menu()
    next(action for action in menu.actions() if action.data() == channel).trigger()
    menu.deleteLater()


def other() -> dict[str, Any]:
    """Another car on the board."""
    return marchetti(
        repair_order={"id": "ro-2", "number": "48127"}, customer={"id": "tyrell", "name": "Johnson, Tyrell"}
    )


def test_enter_logs_what_was_said_on_the_customers_own_channel(
    composer: Composer, qtbot: QtBot, desk: PatientDesk
) -> None:
    write(composer, qtbot, "Ready by noon tomorrow")
    assert desk.asked == [
        (
            "contact.log",
            {
                "customer_id": "sofia",
                "repair_order_id": RO,
                "vehicle_id": "tiguan",
                "channel": "text",
                "direction": "out",
                "outcome": "sent",
                "body": "Ready by noon tomorrow",
            },
        )
    ]


def test_the_words_stay_until_the_desk_has_kept_them(composer: Composer, qtbot: QtBot, desk: PatientDesk) -> None:
    write(composer, qtbot, "Ready by noon")
    assert composer.field.toPlainText() == "Ready by noon"
    assert composer.log.text() == "Logging…"
    desk.keep()
    assert composer.field.toPlainText() == ""
    assert composer.log.text() == "Log"


def test_a_refusal_leaves_the_words_and_names_the_field(composer: Composer, qtbot: QtBot, desk: PatientDesk) -> None:
    composer.field.setPlainText("Ready\x01 by noon")
    composer.send()
    desk.refuse(fields={"body": "holds a control character; remove it"})
    assert "by noon" in composer.field.toPlainText()
    assert composer.fault.isVisible()
    assert composer.fault.text() == "What was said holds a control character; remove it."
    qtbot.keyClicks(composer.field, "!")
    assert not composer.fault.isVisible(), "it is being put right"


def test_a_refusal_without_a_field_says_its_own_sentence(composer: Composer, qtbot: QtBot, desk: PatientDesk) -> None:
    write(composer, qtbot, "Ready")
    desk.refuse(code="sign_in", message="Sign in once before you change anything.", fields={})
    assert composer.fault.text() == "Sign in once before you change anything."


def test_enter_twice_logs_once(composer: Composer, qtbot: QtBot, desk: PatientDesk) -> None:
    write(composer, qtbot, "Ready")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    qtbot.mouseClick(composer.log, Qt.MouseButton.LeftButton)
    assert len(desk.asked) == 1


def test_an_empty_line_logs_nothing_and_says_what_is_missing(
    composer: Composer, qtbot: QtBot, desk: PatientDesk
) -> None:
    write(composer, qtbot, "")
    assert desk.asked == []
    assert composer.fault.text() == "What was said is missing. A few words are enough."


def test_a_voicemail_needs_no_words(composer: Composer, qtbot: QtBot, desk: PatientDesk) -> None:
    composer.focus("call")
    qtbot.mouseClick(composer.outcomes["call"]._segments["voicemail"], Qt.MouseButton.LeftButton)
    qtbot.keyClick(composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.asked[0][1]["outcome"] == "voicemail"
    assert "body" not in desk.asked[0][1]


def test_what_a_customer_wrote_is_received(composer: Composer, qtbot: QtBot, desk: PatientDesk) -> None:
    composer.focus("text")
    qtbot.mouseClick(composer.direction._segments["in"], Qt.MouseButton.LeftButton)
    write(composer, qtbot, "Thanks")
    assert (desk.asked[0][1]["direction"], desk.asked[0][1]["outcome"]) == ("in", "received")


def test_a_note_has_no_direction_and_no_outcome(composer: Composer, qtbot: QtBot, desk: PatientDesk) -> None:
    choose(composer, "note")
    assert not composer.direction.isVisible()
    write(composer, qtbot, "Squeaks when cold")
    assert desk.asked[0][1]["channel"] == "note"
    assert "outcome" not in desk.asked[0][1]


def test_shift_enter_begins_another_line_and_the_field_grows_to_four(
    composer: Composer, qtbot: QtBot, desk: PatientDesk
) -> None:
    heights = [composer.field.height()]
    composer.field.setFocus()
    for _ in range(6):
        qtbot.keyClicks(composer.field, "line")
        qtbot.keyClick(composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        heights.append(composer.field.height())
    assert desk.asked == []
    assert heights[0] < heights[1] < heights[2] < heights[3] == heights[4] == heights[6]


def test_words_are_kept_for_their_car_while_another_is_looked_at(composer: Composer, qtbot: QtBot) -> None:
    composer.field.setFocus()
    qtbot.keyClicks(composer.field, "Half a sent")
    composer.show_order(other(), [])
    assert composer.field.toPlainText() == ""
    composer.show_order(marchetti(), [])
    assert composer.field.toPlainText() == "Half a sent"


def test_an_answer_that_comes_late_clears_only_its_own_car(composer: Composer, qtbot: QtBot, desk: PatientDesk) -> None:
    write(composer, qtbot, "For Sofia")
    composer.show_order(other(), [])
    qtbot.keyClicks(composer.field, "For Tyrell")
    desk.keep()
    assert composer.field.toPlainText() == "For Tyrell"
    composer.show_order(marchetti(), [])
    assert composer.field.toPlainText() == ""


def test_a_refusal_that_comes_late_is_shown_where_it_belongs(
    composer: Composer, qtbot: QtBot, desk: PatientDesk
) -> None:
    write(composer, qtbot, "For Sofia")
    composer.show_order(other(), [])
    desk.refuse(message="No.", fields={})
    assert not composer.fault.isVisible()
    composer.show_order(marchetti(), [])
    assert composer.fault.text() == "No."
    assert composer.field.toPlainText() == "For Sofia"


def test_a_refresh_while_typing_disturbs_nothing(composer: Composer, qtbot: QtBot) -> None:
    composer.field.setFocus()
    qtbot.keyClicks(composer.field, "Half a sent")
    cursor = composer.field.textCursor()
    cursor.setPosition(4)
    composer.field.setTextCursor(cursor)
    composer.show_order(marchetti(visits=15), [PUMP])
    assert composer.field.toPlainText() == "Half a sent"
    assert composer.field.textCursor().position() == 4
    assert composer.field.hasFocus()


def test_an_untold_eta_is_told_by_the_next_contact_that_reaches(
    composer: Composer, qtbot: QtBot, desk: PatientDesk
) -> None:
    composer.show_order(marchetti(), [PUMP])
    composer.focus("call")
    tick = composer.tells.ticks[0]
    assert tick.isVisible() and tick.isChecked()
    assert tick.words == "Tells ETA Thu 26: Water pump kit"
    write(composer, qtbot, "Thursday is fine with her")
    assert desk.asked[0][1]["tells"] == ["pump"]


def test_a_tick_taken_off_tells_nothing(composer: Composer, qtbot: QtBot, desk: PatientDesk) -> None:
    composer.show_order(marchetti(), [PUMP])
    composer.focus("call")
    composer.tells.ticks[0].click()
    write(composer, qtbot, "Talked about the loaner only")
    assert "tells" not in desk.asked[0][1]


def test_a_voicemail_tells_nobody_anything(composer: Composer, qtbot: QtBot, desk: PatientDesk) -> None:
    composer.show_order(marchetti(), [PUMP])
    composer.focus("call")
    qtbot.mouseClick(composer.outcomes["call"]._segments["voicemail"], Qt.MouseButton.LeftButton)
    assert not composer.tells.ticks[0].isChecked()
    assert not composer.tells.ticks[0].isEnabled()
    write(composer, qtbot, "Call me back")
    assert "tells" not in desk.asked[0][1]


def test_with_no_words_of_ones_own_what_was_told_is_what_was_said(
    composer: Composer, qtbot: QtBot, desk: PatientDesk
) -> None:
    composer.show_order(marchetti(), [PUMP])
    composer.focus("", tell=())
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert desk.asked[0][1]["body"] == "Told: ETA Thu 26: Water pump kit."
    assert desk.asked[0][1]["tells"] == ["pump"]


def test_many_untold_lines_are_told_together(composer: Composer, qtbot: QtBot, desk: PatientDesk) -> None:
    lines = [Untold(f"p{number}", f"ETA Thu 26: Part {number}") for number in range(30)]
    composer.show_order(marchetti(), lines)
    composer.focus("call")
    shown = [tick.words for tick in composer.tells.ticks if tick.isVisible()]
    assert shown[-1] == "Tells 27 more part lines"
    composer.tells.ticks[3].click()
    write(composer, qtbot, "Told her of three")
    assert desk.asked[0][1]["tells"] == ["p0", "p1", "p2"]


def test_writing_to_who_wants_no_texts_is_warned_of_and_not_forbidden(
    composer: Composer, qtbot: QtBot, desk: PatientDesk
) -> None:
    refused = {**marchetti()["customer"], "consent": {"text": {"state": "no"}}}
    composer.show_order(marchetti(repair_order={"id": "ro-3"}, customer=refused), [])
    assert composer.channel.text() == "Call ▾", "their wish for texts does not outweigh their no"
    composer.focus("text")
    assert composer.fault.text() == "The customer wants no texts."
    write(composer, qtbot, "She wrote first")
    assert desk.asked[0][1]["channel"] == "text"


def test_without_a_customer_there_is_nothing_to_log(composer: Composer, desk: PatientDesk) -> None:
    composer.show_order(marchetti(repair_order={"id": "ro-4"}, customer={}), [])
    assert not composer.field.isEnabled()
    assert composer.field.placeholderText() == "No customer to log a contact with"
    composer.send()
    assert desk.asked == []


def test_it_is_one_calm_line_until_it_is_used(composer: Composer, qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    elsewhere = QLineEdit()
    column = QVBoxLayout(host)
    column.addWidget(elsewhere)
    column.addWidget(composer)
    with qtbot.waitExposed(host):
        host.show()
    host.activateWindow()
    elsewhere.setFocus()
    qtbot.waitUntil(elsewhere.hasFocus)
    assert not composer.direction.isVisible()
    composer.focus("call")
    qtbot.waitUntil(composer.direction.isVisible)
    assert composer.outcomes["call"].isVisible()
    composer.setParent(None)


def test_every_part_has_a_name_for_a_screen_reader(composer: Composer) -> None:
    composer.show_order(marchetti(), [PUMP])
    assert composer.field.accessibleName() == "What was said"
    assert composer.channel.accessibleName() == "Channel: Text"
    assert composer.tells.ticks[0].accessibleName() == "Tells ETA Thu 26: Water pump kit"


def test_marks_nobody_sees_are_left_out_of_what_is_pasted(composer: Composer, qtbot: QtBot, desk: PatientDesk) -> None:
    QGuiApplication.clipboard().setText("Call \u202a+1 (555) 010-7733\u202c\r\nafter <b>five</b>\x07")
    composer.focus("call")
    qtbot.keyClick(composer.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert composer.field.toPlainText() == "Call +1 (555) 010-7733\nafter <b>five</b>"
