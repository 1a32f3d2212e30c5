"""What the jobs say, and how an answer is written down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from advisor_desk.domain.lights import Settings
from tests.ui.orders import job, marchetti
from ui.jobs import line
from ui.jobs.section import JobsSection
from ui.theme.look import Look
from ui.widgets.row_facts import RowFacts


def rows(jobs: list[dict[str, Any]], now: datetime, settings: Settings, parts: Any = ()) -> list[RowFacts]:
    """The rows, with everything allowed."""
    return line.rows(jobs, parts, now, settings, {}, lambda name: True)


def test_an_approved_job_says_what_it_waits_for_who_works_it_and_what_it_costs(now: datetime, settings: Settings):
    order = marchetti()
    a, _ = rows(order["jobs"], now, settings, order["parts"])
    assert (a.letter, a.title) == ("A", "Coolant leak: water pump")
    assert a.detail == "waiting for parts · Dale R. · 3.4 h"
    assert (a.right, a.told) == ("CP approved", "$1,184.60")


def test_a_declined_job_quotes_the_customer(now: datetime, settings: Settings):
    _, b = rows(marchetti()["jobs"], now, settings)
    assert (b.right, b.told, b.detail) == ("CP declined", "“next month”", "red on inspection")


def test_an_estimate_turns_red_when_it_has_gone_unanswered_too_long(now: datetime, settings: Settings):
    soon, late = rows(
        [
            job("s", state="sent", sent_at="2026-11-23T14:48:00Z"),
            job("l", state="sent", sent_at="2026-11-23T13:00:00Z"),
        ],
        now,
        settings,
    )
    assert (soon.reason, soon.reason_tone) == ("No answer for 20 min.", "amber")
    assert (late.reason, late.reason_tone) == ("No answer for 2 h 08.", "late")


def test_only_a_job_that_waits_for_an_answer_has_buttons(now: datetime, settings: Settings):
    states = ("recommended", "sent", "approved", "declined", "in_progress", "done")
    made = rows([job(state, state=state) for state in states], now, settings)
    assert {row.id: row.buttons for row in made if row.buttons} == {"recommended": 2, "sent": 2}
    declined = next(row for row in made if row.id == "declined")
    assert [act.name for act in declined.acts] == ["job.authorise"], "a customer may think again"
    assert next(row for row in made if row.id == "done").acts == ()


def test_a_job_with_nothing_in_it_and_a_state_of_tomorrow_still_show(now: datetime, settings: Settings):
    bare, odd = rows([{"id": "x"}, job("y", state="sublet_out")], now, settings)
    assert bare.title == "Job without a complaint"
    assert odd.right == "CP sublet out"


def test_the_buttons_on_a_job_ask_for_who_approved(qtbot: QtBot, look: Look, now: datetime, settings: Settings):
    section = JobsSection(look)
    qtbot.addWidget(section)
    section.resize(372, 300)
    section.show_jobs([job("s", state="sent")], (), now, settings, {}, lambda name: True, anew=True)
    section.show()
    authorise, decline = section.rows[0]._buttons
    with qtbot.waitSignal(section.acted) as caught:
        qtbot.mouseClick(authorise, Qt.MouseButton.LeftButton)
    assert caught.args == ["job.authorise", {"job_id": "s"}]
    with qtbot.waitSignal(section.acted) as caught:
        qtbot.keyClick(decline, Qt.Key.Key_Return)
    assert caught.args == ["job.decline", {"job_id": "s"}]


def test_who_may_not_authorise_sees_no_button(qtbot: QtBot, look: Look, now: datetime, settings: Settings):
    section = JobsSection(look)
    qtbot.addWidget(section)
    section.show_jobs([job("s", state="sent")], (), now, settings, {}, lambda name: False, anew=True)
    assert section.shown[0].buttons == 0
    assert section.shown[0].acts == ()


def test_twenty_six_jobs_fold_and_say_how_many_need_an_answer(
    qtbot: QtBot, look: Look, now: datetime, settings: Settings
) -> None:
    section = JobsSection(look)
    qtbot.addWidget(section)
    jobs = [job(letter, letter=letter, state="sent") for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    section.show_jobs(jobs, (), now, settings, {}, lambda name: True, anew=True)
    assert [row.letter for row in section.shown] == list("ABCDEFGHIJ")
    assert section._more.text() == "Show 16 more, 16 need you"
