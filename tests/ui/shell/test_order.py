"""The right-hand side as an advisor sees it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from advisor_desk.domain.lights import Settings
from tests.ui.orders import RO, PatientDesk, job, marchetti, part, said
from ui.shell.order import OrderPane
from ui.theme.look import Look


@pytest.fixture
def patient() -> PatientDesk:
    """A desk that answers when told to."""
    return PatientDesk()


@pytest.fixture
def pane(qtbot: QtBot, look: Look, patient: PatientDesk, now: datetime) -> OrderPane:
    """The right side of a small screen, on the screen, with the keyboard in its window."""
    out = OrderPane(look, patient.ask, lambda: now)
    qtbot.addWidget(out)
    out.resize(372, 600)
    with qtbot.waitExposed(out):
        out.show()
    out.activateWindow()
    qtbot.waitUntil(out.isActiveWindow)
    out.set_me("maria")
    out.set_roles(frozenset({"advisor"}))
    return out


def visible_keys(pane: OrderPane) -> list[str]:
    """The keys at the top, as they stand."""
    head = pane.header
    return [key.text() for key in (head.tell, head.repromise, head.call, head.text, head.more) if key.isVisible()]


def test_with_no_car_picked_nothing_is_logged(pane: OrderPane) -> None:
    assert pane.empty.isVisible()
    pane.focus_composer("call")
    assert pane.empty.isVisible()


def test_it_shows_who_the_parts_the_jobs_and_the_story(pane: OrderPane, settings: Settings) -> None:
    pane.show_order(marchetti(), settings)
    assert pane.header.name.text() == "Sofia Marchetti"
    assert [row.title for row in pane.parts.shown] == ["Water pump kit", "Coolant G12evo", "Thermostat housing"]
    assert [row.letter for row in pane.jobs.shown] == ["A", "B"]
    assert pane.story_heading.note == "customer since 2018 · 14 visits"
    assert next(entry.words for entry in pane.story.entries if not entry.is_day) == "Called, voicemail."


def test_the_moved_eta_is_red_in_words_and_the_first_key_re_promises(
    pane: OrderPane, qtbot: QtBot, settings: Settings
) -> None:
    pane.show_order(marchetti(), settings)
    assert pane.parts.shown[0].reason.startswith("ETA Thu 26 is after the promise (today 12:00).")
    assert pane.header.repromise._primary
    with qtbot.waitSignal(pane.wanted) as caught:
        qtbot.mouseClick(pane.header.repromise, Qt.MouseButton.LeftButton)
    assert caught.args == ["ro.repromise", {"repair_order_id": RO}]


def test_tell_opens_the_composer_with_the_news_ticked(
    pane: OrderPane, qtbot: QtBot, settings: Settings, patient: PatientDesk
) -> None:
    line = part("p", description="Belt", state="ordered", source="order", eta="2026-11-23T15:30:00Z")
    pane.show_order(marchetti(parts=[line]), settings)
    assert visible_keys(pane) == ["Tell", "Re-promise", "Call", "Text", "More ▾"]
    qtbot.mouseClick(pane.header.tell, Qt.MouseButton.LeftButton)
    assert pane.composer.field.hasFocus()
    assert pane.composer.tells.ticks[0].isChecked()
    qtbot.keyClicks(pane.composer.field, "Half past ten, she waits")
    qtbot.keyClick(pane.composer.field, Qt.Key.Key_Return)
    assert patient.asked[0][1]["tells"] == ["p"]


def test_telling_of_one_part_from_its_row_begins_a_contact(pane: OrderPane, settings: Settings) -> None:
    pane.show_order(marchetti(), settings)
    menu = pane.parts.rows[0].menu()
    menu.actions()[-1].trigger()
    assert pane.composer.field.hasFocus()


def test_call_and_text_begin_a_contact_on_their_channel(pane: OrderPane, qtbot: QtBot, settings: Settings) -> None:
    pane.show_order(marchetti(), settings)
    qtbot.mouseClick(pane.header.call, Qt.MouseButton.LeftButton)
    assert (pane.composer.channel.text(), pane.composer.field.hasFocus()) == ("Call ▾", True)
    pane.focus_composer("text")
    assert pane.composer.channel.text() == "Text ▾"


def test_the_rest_is_in_the_menu_each_with_its_repair_order(pane: OrderPane, qtbot: QtBot, settings: Settings) -> None:
    pane.show_order(marchetti(), settings)
    menu = pane.header.menu()
    offered = [action.text().partition("\t")[0] for action in menu.actions()]
    assert offered == ["Move to", "Tag…", "Spot…", "Hold…", "Print…"]
    with qtbot.waitSignal(pane.wanted) as caught:
        menu.actions()[1].trigger()
    assert caught.args == ["ro.set_tag", {"repair_order_id": RO}]
    stages = menu.actions()[0].menu()
    with qtbot.waitSignal(pane.wanted) as caught:
        next(action for action in stages.actions() if action.text() == "Repair").trigger()  # type: ignore[union-attr]
    assert caught.args == ["ro.move_stage", {"repair_order_id": RO, "stage": "repair"}]


def test_an_advisor_is_not_offered_what_parts_alone_may_do(pane: OrderPane, settings: Settings) -> None:
    pane.show_order(marchetti(), settings)
    assert [act.name for act in pane.parts.shown[0].acts] == ["part.set_eta", "tell"]
    pane.set_roles(frozenset({"parts"}))
    assert [act.name for act in pane.parts.shown[0].acts] == ["part.set_eta", "part.receive", "tell"]
    assert not pane.header.repromise.isVisible()
    assert [act.name for act in pane.jobs.shown[1].acts] == []


def test_what_the_bridge_is_too_old_for_is_not_offered(pane: OrderPane, settings: Settings) -> None:
    pane.show_order(marchetti(), settings)
    pane.set_roles(
        frozenset({"advisor"}), frozenset({"repair_order.promised_at", "repair_order.spot", "contact_event"})
    )
    assert visible_keys(pane) == ["More ▾"]
    assert "Spot…" not in [action.text().partition("\t")[0] for action in pane.header.menu().actions()]


def test_a_refresh_keeps_scroll_position_focus_and_typed_words(
    pane: OrderPane, qtbot: QtBot, settings: Settings
) -> None:
    many = [said(f"s{n}", f"2026-11-{22 - n // 20:02}T{20 - n % 20:02}:00:00Z", channel="call") for n in range(60)]
    pane.show_order(marchetti(story=many), settings)
    bar = pane.area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 200)
    bar.setValue(150)
    pane.focus_composer("call")
    qtbot.keyClicks(pane.composer.field, "Half a sent")
    pane.show_order(marchetti(story=many, visits=15), settings)
    QApplication.processEvents()
    assert bar.value() == 150
    assert pane.composer.field.hasFocus()
    assert pane.composer.field.toPlainText() == "Half a sent"


def test_another_car_begins_at_its_top(pane: OrderPane, qtbot: QtBot, settings: Settings) -> None:
    many = [said(f"s{n}", f"2026-11-{22 - n // 20:02}T{20 - n % 20:02}:00:00Z", channel="call") for n in range(60)]
    pane.show_order(marchetti(story=many), settings)
    bar = pane.area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 200)
    bar.setValue(150)
    pane.show_order(marchetti(story=many, repair_order={"id": "another"}), settings)
    assert bar.value() == 0


def test_older_words_are_asked_for_and_stay_after_a_refresh(pane: OrderPane, qtbot: QtBot, settings: Settings) -> None:
    pane.show_order(marchetti(), settings)
    with qtbot.waitSignal(pane.older_wanted) as caught:
        qtbot.mouseClick(pane.older.key, Qt.MouseButton.LeftButton)
    assert caught.args == ["sofia", "2026-11-22T21:12:00Z"]
    old = said("old", "2018-03-01T12:00:00Z", channel="call", body="First visit")
    pane.add_older([old])
    pane.add_older([old])
    pane.show_order(marchetti(), settings)
    assert [entry.words for entry in pane.story.entries].count("First visit") == 1
    assert pane.story.entries[-1].words == "First visit"


def test_the_store_s_own_car_has_nobody_to_ask_about(pane: OrderPane, settings: Settings) -> None:
    pane.show_order(marchetti(customer={}), settings)
    assert not pane.older.isVisible()
    pane.show_order(marchetti(repair_order={"id": "x"}), settings)
    assert pane.older.key.isVisible()


def test_tab_goes_from_the_keys_through_parts_jobs_and_story_to_the_composer(
    pane: OrderPane, qtbot: QtBot, settings: Settings
) -> None:
    pane.show_order(marchetti(), settings)
    pane.header.repromise.setFocus()
    stops: list[Any] = []
    for _ in range(10):
        stops.append(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    head, composer = pane.header, pane.composer
    wanted = [head.repromise, head.call, head.text, head.more, pane.parts.rows[0], pane.jobs.rows[0], pane.story]
    assert stops[:8] == [*wanted, pane.older.key]
    assert all(composer.isAncestorOf(stop) for stop in stops[8:])


def test_opening_a_card_gives_the_keyboard_to_what_fixes_the_worst(pane: OrderPane, settings: Settings) -> None:
    pane.show_order(marchetti(), settings)
    pane.setFocus()
    assert pane.header.repromise.hasFocus()


def test_the_story_scrolls_into_sight_as_the_arrows_walk_it(pane: OrderPane, qtbot: QtBot, settings: Settings) -> None:
    many = [said(f"s{n}", f"2026-11-{22 - n // 20:02}T{20 - n % 20:02}:00:00Z", channel="call") for n in range(60)]
    pane.show_order(marchetti(story=many), settings)
    bar = pane.area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 200)
    pane.story.setFocus()
    qtbot.keyClick(pane.story, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: bar.value() > bar.maximum() - 40 - pane.older.height())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_from_outside_is_read_as_html(pane: OrderPane, look: Look, theme: str, settings: Settings) -> None:
    bold = "<b>Bold</b> & <img src='//x/y'>"
    data = marchetti(
        customer={"id": "c", "name": bold, "phones": [{"raw": bold}]},
        vehicle={"model": bold},
        jobs=[job("j", complaint=bold, decline_reason=bold, state="declined", letter="A", technician=bold)],
        parts=[part("p", description=bold, number=bold, supplier=bold, order_no=bold, state="ordered")],
        story=[said("s", "2026-11-23T13:00:00Z", channel="text", direction="in", body=bold)],
    )
    look.use(theme)
    pane.show_order(data, settings)
    assert pane.header.name.text() == bold
    assert pane.parts.shown[0].title == bold
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in pane.findChildren(QLabel))
    tips = [widget.toolTip() for widget in pane.findChildren(object) if hasattr(widget, "toolTip")]
    assert not [tip for tip in tips if "<b>" in tip or "<img" in tip]
    assert not pane.grab().isNull()


@pytest.mark.parametrize(
    "changed",
    [
        {"customer": {}, "vehicle": {}, "advisor": {}, "jobs": [], "parts": [], "loaner": None, "story": []},
        {"repair_order": {"id": "x"}, "since": "", "visits": 0},
        {"repair_order": {"id": "x", "stage": "sublet_from_the_future", "hold_reasons": ["moon"]}},
        {"customer": {"id": "c", "name": "X" * 300, "phones": [{}], "consent": None}},
        {"jobs": [{"id": str(n)} for n in range(26)], "parts": [{"id": str(n)} for n in range(40)]},
    ],
    ids=["nothing but an RO", "bare RO", "of tomorrow", "odd customer", "many bare rows"],
)
def test_whatever_is_missing_it_still_shows(pane: OrderPane, changed: dict[str, Any], settings: Settings) -> None:
    pane.show_order(marchetti(**changed), settings)
    assert not pane.grab().isNull()


def test_everything_one_can_reach_has_a_name_for_a_screen_reader(pane: OrderPane, settings: Settings) -> None:
    pane.show_order(marchetti(), settings)
    head = pane.header
    for widget in (head.repromise, head.call, head.more, *pane.parts.rows, *pane.jobs.rows, pane.story, head.car):
        assert widget.accessibleName(), widget


def test_another_theme_repaints_everything_at_once(
    pane: OrderPane, qtbot: QtBot, look: Look, patient: PatientDesk, now: datetime, settings: Settings
) -> None:
    def picture(shown: OrderPane) -> QImage:
        focus = QApplication.focusWidget()
        if focus is not None:
            focus.clearFocus()
        QApplication.processEvents()
        return shown.grab().toImage()

    pane.show_order(marchetti(), settings)
    light = picture(pane)
    look.use("dark")
    dark = picture(pane)
    fresh = OrderPane(look, patient.ask, lambda: now)
    qtbot.addWidget(fresh)
    fresh.resize(pane.size())
    with qtbot.waitExposed(fresh):
        fresh.show()
    fresh.set_me("maria")
    fresh.set_roles(frozenset({"advisor"}))
    fresh.show_order(marchetti(), settings)
    assert dark != light
    assert dark == picture(fresh)


def test_another_car_is_laid_out_at_once_and_nothing_jumps_afterwards(pane: OrderPane, settings: Settings) -> None:
    def places() -> list[Any]:
        parts = (pane.header, pane.area, pane.parts, pane.jobs, pane.story, pane.composer, pane.area.widget())
        return [part.geometry() for part in parts if part is not None]

    long = marchetti(repair_order={"id": "x"}, parts=[part("p", description="Turbo", state="backordered")] * 6)
    for data in (marchetti(), long, marchetti(parts=[], jobs=[])):
        pane.show_order(data, settings)
        at_once = places()
        for _ in range(5):
            QApplication.processEvents()
        assert places() == at_once
