"""A command's dialog: what it asks, what it begins with, how it sends, and what it does with a no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from advisor_desk.domain.commands import COMMANDS, Takes
from advisor_desk.domain.lights import Settings
from tests.ui.shell.fakes import FakeDesk
from ui.shell import ask_context, ask_forms
from ui.shell.ask_dialog import AskDialog
from ui.shell.ask_fields import ChoiceField, ChoicesField, Field, MomentField, NumberField, TextField
from ui.shell.asking import Asking
from ui.theme.look import Look

Opener = Callable[..., AskDialog]
IDS = {"ro": {"repair_order_id": "ro-1"}, "job": {"job_id": "job-1"}, "part": {"part_line_id": "part-1"}}


@pytest.fixture
def opened(
    asking: Asking, window: QWidget, order: dict[str, Any], settings: Settings, now: datetime, qtbot: QtBot
) -> Opener:
    def open_it(command: str, known: dict[str, Any] | None = None, **more: Any) -> AskDialog:
        known = known or IDS[command.split(".")[0]]
        dialog = asking.open(window, command, known, ask_context.of(command, order, known, now, settings) | more)
        assert dialog is not None
        qtbot.waitUntil(dialog.isVisible)
        return dialog

    return open_it


def field(dialog: AskDialog, name: str, kind: type[Field]) -> Any:
    one = dialog.fields[name]
    assert isinstance(one, kind)
    return one


def typed(qtbot: QtBot, dialog: AskDialog, name: str, text: str) -> None:
    entry = dialog.fields[name].entry  # type: ignore[attr-defined]
    entry.clear()
    qtbot.keyClicks(entry, text)


def test_a_new_promise_begins_with_the_first_time_its_parts_allow_and_enter_sends_it(
    opened: Opener, desk: FakeDesk, qtbot: QtBot
) -> None:
    dialog = opened("ro.repromise")
    qtbot.keyClick(field(dialog, "promised_at", MomentField).entry, Qt.Key.Key_Return)
    assert desk.asked == [("ro.repromise", {"repair_order_id": "ro-1", "promised_at": "2026-11-26T18:00:00Z"})]


def test_a_promise_before_its_part_is_warned_of_in_amber_while_typing_and_can_still_be_sent(
    opened: Opener, desk: FakeDesk, qtbot: QtBot
) -> None:
    dialog = opened("ro.repromise")
    typed(qtbot, dialog, "promised_at", "today 5pm")
    beneath = dialog.fields["promised_at"].beneath
    assert beneath.text() == "Mon Nov 23, 17:00 · still before the water pump kit is due, Thu 12:00"
    typed(qtbot, dialog, "reason", "customer takes the bus")
    qtbot.keyClick(dialog.fields["reason"].entry, Qt.Key.Key_Enter)  # type: ignore[attr-defined]
    assert desk.asked[0][1]["promised_at"] == "2026-11-23T22:00:00Z"
    assert desk.asked[0][1]["reason"] == "customer takes the bus"


def test_a_time_that_cannot_be_read_says_what_to_type_and_is_not_sent(
    opened: Opener, desk: FakeDesk, qtbot: QtBot
) -> None:
    dialog = opened("ro.repromise")
    typed(qtbot, dialog, "promised_at", "when it is done")
    qtbot.keyClick(dialog.fields["promised_at"].entry, Qt.Key.Key_Return)  # type: ignore[attr-defined]
    assert desk.asked == []
    assert dialog.fields["promised_at"].beneath.text() == "Type a time like 17:00, tomorrow 10am, fri 3pm or +2h."
    assert dialog.fields["promised_at"].entry.text() == "when it is done"  # type: ignore[attr-defined]


def test_a_quick_time_is_pressed_instead_of_typed(opened: Opener, desk: FakeDesk, qtbot: QtBot) -> None:
    dialog = opened("part.set_eta")
    offered = {chip.text(): chip for chip in dialog.fields["eta"].offered}
    assert list(offered) == ["today 15:00", "tomorrow 10:00", "wed", "thu", "fri"]
    qtbot.mouseClick(offered["fri"], Qt.MouseButton.LeftButton)
    assert (
        dialog.fields["eta"].beneath.text() == "Fri Nov 27, 12:00 · too late for the promise, today 12:00"
    )  # a part comes by noon
    dialog.send_it()
    assert desk.asked[0][1] == {"part_line_id": "part-1", "eta": "2026-11-27T17:00:00Z", "source": "supplier"}


def test_what_was_typed_stays_after_a_refusal_which_stands_beside_its_field(
    opened: Opener, desk: FakeDesk, qtbot: QtBot
) -> None:
    dialog = opened("part.order")
    typed(qtbot, dialog, "order_no", "VW 77120")
    dialog.send_it()
    desk.refuse("bad_arguments", "supplier: must not be empty", {"supplier": "must not be empty"})
    assert dialog.isVisible()
    assert dialog.fields["supplier"].beneath.text() == "Supplier must not be empty."
    assert dialog.fields["order_no"].entry.text() == "VW 77120"  # type: ignore[attr-defined]
    assert not dialog.notice.isVisible()
    qtbot.waitUntil(lambda: dialog.fields["supplier"].entry.hasFocus())  # type: ignore[attr-defined]
    typed(qtbot, dialog, "supplier", "VW Chicago")
    assert not dialog.fields["supplier"].beneath.isVisible()
    dialog.send_it()
    assert desk.asked[1][1]["supplier"] == "VW Chicago"


def test_a_refusal_of_the_whole_is_one_sentence_above_the_buttons(opened: Opener, desk: FakeDesk) -> None:
    dialog = opened("ro.set_tag")
    dialog.send_it()
    desk.refuse("forbidden", "Your role may not do this. Ask someone in manager.", {"role": "not allowed"})
    assert dialog.notice.words.text() == "Your role may not do this. Ask someone in manager."
    assert dialog.notice.isVisible()


def test_a_refusal_of_the_record_itself_does_not_speak_in_argument_names(opened: Opener, desk: FakeDesk) -> None:
    dialog = opened("part.receive")
    dialog.send_it()
    said = {"part_line_id": "is received in full already"}
    desk.refuse("bad_arguments", "part_line_id: is received in full already", said)
    assert dialog.notice.words.text() == "This part line is received in full already."


def test_the_button_says_so_while_it_is_being_sent_and_a_second_enter_sends_nothing(
    opened: Opener, desk: FakeDesk, qtbot: QtBot
) -> None:
    dialog = opened("ro.set_spot")
    dialog.send_it()
    assert (dialog.send.text(), dialog.send.isEnabled()) == ("Sending…", False)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert len(desk.asked) == 1
    desk.refuse("internal", "Something went wrong here; nothing was changed. Try again.")
    assert (dialog.send.text(), dialog.send.isEnabled()) == ("Set", True)


def test_it_closes_when_done_and_says_which_command_was_answered_how(
    opened: Opener, asking: Asking, desk: FakeDesk, qtbot: QtBot
) -> None:
    dialog = opened("ro.set_tag")
    typed(qtbot, dialog, "tag", "T-161")
    dialog.send_it()
    with qtbot.waitSignal(asking.done) as heard:
        desk.carry_out({"change": "c-9"})
    assert heard.args == ["ro.set_tag", {"change": "c-9"}]
    assert not dialog.isVisible()


def test_escape_closes_without_sending(opened: Opener, desk: FakeDesk, qtbot: QtBot) -> None:
    dialog = opened("ro.repromise")
    qtbot.keyClick(field(dialog, "promised_at", MomentField).entry, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert desk.asked == []


def test_a_refusal_after_escape_brings_the_dialog_back_with_what_was_typed(
    opened: Opener, desk: FakeDesk, qtbot: QtBot
) -> None:
    dialog = opened("job.decline")
    typed(qtbot, dialog, "reason", "wants to think")
    dialog.send_it()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    desk.refuse("illegal_move", "done cannot become declined. Pick a later or an earlier step.", {})
    assert dialog.isVisible()
    assert dialog.fields["reason"].entry.text() == "wants to think"  # type: ignore[attr-defined]


def test_an_approval_begins_with_the_customer_and_their_number_and_follows_how_it_came(
    opened: Opener, desk: FakeDesk, qtbot: QtBot
) -> None:
    dialog = opened("job.authorise")
    how = field(dialog, "how", ChoiceField)
    number = field(dialog, "number", TextField)
    assert dialog.fields["by"].value() == "Marchetti, Sofia"
    assert (how.value(), number.value()) == ("call", "(555) 010-7733")
    qtbot.mouseClick(how.options.option("email"), Qt.MouseButton.LeftButton)
    assert number.value() == "sofia@example.com"
    typed(qtbot, dialog, "number", "work@example.com")
    qtbot.mouseClick(how.options.option("call"), Qt.MouseButton.LeftButton)
    dialog.send_it()
    said = {"job_id": "job-1", "by": "Marchetti, Sofia", "how": "call", "number": "work@example.com"}
    assert desk.asked == [("job.authorise", said)]


def test_an_approval_by_nobody_and_a_decline_without_a_reason_are_asked_for_again(
    opened: Opener, desk: FakeDesk, qtbot: QtBot
) -> None:
    for command, name in (("job.authorise", "by"), ("job.decline", "reason")):
        dialog = opened(command)
        typed(qtbot, dialog, name, "  ")
        dialog.send_it()
        assert dialog.fields[name].beneath.text() == "This is needed."
    assert desk.asked == []


def test_a_usual_reason_is_pressed(opened: Opener, desk: FakeDesk, qtbot: QtBot) -> None:
    dialog = opened("job.decline")
    chip = next(chip for chip in dialog.fields["reason"].offered if chip.text() == "next month")
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    dialog.send_it()
    assert desk.asked == [("job.decline", {"job_id": "job-1", "reason": "next month"})]


def test_holding_begins_with_the_reasons_there_are_and_none_of_them_releases(
    opened: Opener, desk: FakeDesk, qtbot: QtBot
) -> None:
    dialog = opened("ro.hold")
    options = field(dialog, "reasons", ChoicesField).options
    assert (options.lit, dialog.send.text()) == (["parts"], "Hold")
    qtbot.keyClick(options.option("parts"), Qt.Key.Key_Space)
    assert dialog.send.text() == "Release"
    qtbot.keyClick(options.option("parts"), Qt.Key.Key_Return)
    assert desk.asked == [("ro.hold", {"repair_order_id": "ro-1", "reasons": []})]


def test_a_stage_is_picked_with_the_arrows_and_closing_is_not_offered(
    opened: Opener, desk: FakeDesk, qtbot: QtBot
) -> None:
    dialog = opened("ro.move_stage")
    options = field(dialog, "stage", ChoiceField).options
    assert options.lit == ["repair"]
    assert not {"closed", "void"} & set(options.keys)
    qtbot.waitUntil(lambda: options.option("repair").hasFocus())
    qtbot.keyClick(options.option("repair"), Qt.Key.Key_Right)
    qtbot.keyClick(options.option("quality"), Qt.Key.Key_Return)
    assert desk.asked[0][1]["stage"] == "quality"


def test_a_command_with_nothing_left_to_ask_is_sent_at_once_and_shown_only_when_refused(
    asking: Asking, window: QWidget, desk: FakeDesk, qtbot: QtBot
) -> None:
    assert asking.open(window, "ro.move_stage", {"repair_order_id": "ro-1", "stage": "ready"}) is None
    assert desk.asked == [("ro.move_stage", {"repair_order_id": "ro-1", "stage": "ready"})]
    dialog = window.findChild(AskDialog)
    assert not dialog.isVisible()
    desk.refuse("illegal_move", "closed cannot become ready. Pick a later or an earlier step.", {"stage": "cannot go"})
    assert dialog.isVisible()
    assert dialog.notice.words.text() == "closed cannot become ready. Pick a later or an earlier step."


def test_an_empty_tag_takes_it_off(opened: Opener, desk: FakeDesk, qtbot: QtBot) -> None:
    dialog = opened("ro.set_tag")
    assert dialog.fields["tag"].value() == "T-160"
    typed(qtbot, dialog, "tag", "")
    dialog.send_it()
    assert desk.asked == [("ro.set_tag", {"repair_order_id": "ro-1", "tag": ""})]


def test_receiving_begins_with_all_that_is_awaited_and_offers_no_more(opened: Opener, desk: FakeDesk) -> None:
    dialog = opened("part.receive")
    qty = field(dialog, "qty", NumberField)
    assert (qty.value(), qty.entry.maximum()) == (2, 2)
    dialog.send_it()
    assert desk.asked == [("part.receive", {"part_line_id": "part-1", "qty": 2})]


def test_an_order_may_come_without_an_eta_but_not_with_an_unreadable_one(
    opened: Opener, desk: FakeDesk, qtbot: QtBot
) -> None:
    dialog = opened("part.order")
    typed(qtbot, dialog, "order_no", "77120")
    typed(qtbot, dialog, "eta", "soonish")
    dialog.send_it()
    assert desk.asked == []
    typed(qtbot, dialog, "eta", "")
    dialog.send_it()
    assert desk.asked[0][1] == {
        "part_line_id": "part-1", "order_no": "77120", "supplier": "VW", "source": "emergency",
    }  # fmt: skip


def test_a_missing_record_is_the_callers_mistake(asking: Asking, window: QWidget) -> None:
    with pytest.raises(ValueError, match="needs repair_order_id"):
        asking.open(window, "ro.set_tag", {})


def needed_ids(command: str) -> dict[str, Any]:
    """The records a command must be told of: nobody can type an id."""
    known = {"repair_order_id": "ro-1", "job_id": "job-1", "part_line_id": "part-1"}
    wanted = {name: arg for name, arg in COMMANDS[command].args.items() if arg.ref and arg.required}
    return {name: ["job-1"] if arg.takes is Takes.IDS else known.get(name, "c-1") for name, arg in wanted.items()}


@pytest.mark.parametrize(
    "command",
    [
        name
        for name in COMMANDS
        if name.split(".")[0] in {*IDS, "visit"} and name != "ro.open" and ask_forms.asked(name, needed_ids(name))
    ],
)
def test_every_field_has_a_name_for_a_screen_reader(opened: Opener, command: str) -> None:
    dialog = opened(command, needed_ids(command))
    assert "Marchetti" in dialog.accessibleName()
    assert all(one.focusProxy().accessibleName() == one.label for one in dialog.fields.values())


def test_text_from_outside_is_shown_as_it_is(opened: Opener, order: dict[str, Any], qtbot: QtBot) -> None:
    order["customer"]["name"] = "<b>Bobby</b> & Söhne"
    dialog = opened("job.authorise")
    assert dialog.fields["by"].value() == "<b>Bobby</b> & Söhne"
    texts = [label.text() for label in dialog.headings]
    assert "T-160 · RO 48142 · <b>Bobby</b> & Söhne" in texts
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in dialog.headings)


def test_it_follows_a_change_of_theme_while_open(opened: Opener, look: Look) -> None:
    dialog = opened("ro.set_tag")
    light = dialog.grab().toImage().pixelColor(3, 3)
    look.use("dark")
    dark = dialog.grab().toImage().pixelColor(3, 3)
    assert (light.name(), dark.name()) == ("#ffffff", look.colour("panel").name())


def test_what_cannot_be_taken_back_waits_for_a_yes_though_nothing_is_left_to_ask(
    asking: Asking, window: QWidget, desk: FakeDesk, qtbot: QtBot
) -> None:
    dialog = asking.open(window, "employee.deactivate", {"employee_id": "jo"}, {"heading": "Jo", "confirm": True})
    assert dialog is not None and not desk.asked
    qtbot.waitUntil(dialog.isVisible)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert desk.asked == [("employee.deactivate", {"employee_id": "jo"})]


def test_what_it_leads_to_is_said_whole(asking: Asking, window: QWidget, qtbot: QtBot) -> None:
    line = "All they answer for passes to colleagues at once: promises, open ROs, customers, and all that is left."
    told = {"heading": "Jo", "lines": [line], "confirm": True}
    dialog = asking.open(window, "employee.deactivate", {"employee_id": "jo"}, told)
    assert dialog is not None and dialog.send.text() == "Hand it all on"
    said = dialog.headings[-1]
    qtbot.waitUntil(lambda: said.height() >= 2 * said.fontMetrics().height())


def test_a_language_is_shown_and_typed_as_people_call_it(
    asking: Asking, window: QWidget, desk: FakeDesk, qtbot: QtBot
) -> None:
    dialog = asking.open(window, "customer.edit", {"customer_id": "cu-1"}, {"name": "Bell", "language": "es"})
    assert dialog is not None and dialog.windowTitle() == "Edit customer"
    field = dialog.fields["language"]
    assert field.entry.text() == "Spanish" and field.value() == "es"  # type: ignore[attr-defined]
    typed(qtbot, dialog, "language", "Navajo")
    assert field.value() == "Navajo"
    typed(qtbot, dialog, "language", "french")
    dialog.send_it()
    assert desk.asked[0][1]["language"] == "fr"
