"""The manager's view: every rule stands in it, and the foot names only what this person may do with this row."""

from __future__ import annotations

from datetime import datetime

import pytest
from pytestqt.qtbot import QtBot

from advisor_desk.domain.lights import Settings
from advisor_desk.domain.rules.table import RULES as DECLARED
from ui.promises.rows import Reader
from ui.promises.team import DROPPING, PEOPLE, RULES, PeoplePage
from ui.promises.team_rows import Load, people
from ui.theme.look import Look

PEOPLE_HERE = {"jo": {"name": "Jo Petersen", "roles": ["advisor"]}, "ivan": {"name": "Ivan Petkov", "roles": ["parts"]}}
LATE = {"id": "late", "title": "Update Bell", "rule": "update_customer", "owner_role": "bdc"}


@pytest.fixture
def page(look: Look, qtbot: QtBot) -> PeoplePage:
    """The page, not filled yet."""
    made = PeoplePage(look)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def fill(page: PeoplePage, view: str, role: str, now: datetime, settings: Settings, **said: object) -> None:
    """Show a view as somebody of this role sees it."""
    page.views.choose(view)
    promise = LATE | {"due_at": "2026-11-23T14:00:00Z"}
    page.show_team([promise], {}, {"rules": said}, Reader("me", frozenset({role}), PEOPLE_HERE, settings, now))


def test_every_rule_stands_there_with_when_it_is_due(page: PeoplePage, now: datetime, settings: Settings) -> None:
    fill(page, RULES, "manager", now, settings, tell_ready={"due": 20}, confirm_visit={"on": False})
    found = {line.id: line.sentence for line in page.table.model_.lines if not line.title}
    assert found.keys() == DECLARED.keys()
    assert "20 minutes" in found["tell_ready"] and found["confirm_visit"].endswith("off")
    assert "2 hours" in found["give_eta"] and "8 business hours late" in found["return_special_order"]
    assert "missed after 60 min, given up after 3 days" in found["save_no_show"]
    assert "day 1, 7 and 30, an outbound" in found["delivery_touch"]


def test_what_the_store_has_set_otherwise_is_said_beneath(page: PeoplePage, now: datetime, settings: Settings) -> None:
    fill(page, RULES, "manager", now, settings, return_special_order={"days_before": 9})
    (line,) = [line for line in page.table.model_.lines if line.id == "return_special_order"]
    assert line.cells[1].second == "9 days before"


@pytest.mark.parametrize(("role", "letters"), [("manager", ("o", "t")), ("advisor", ())])
def test_only_who_may_set_the_rules_is_offered_to(
    page: PeoplePage, now: datetime, settings: Settings, role: str, letters: tuple[str, ...]
) -> None:
    fill(page, RULES, role, now, settings)
    assert page.deeds("tell_ready") == letters
    assert ("set times" in page.foot.accessibleName()) is bool(letters)


def test_a_person_is_named_by_their_job_and_a_queue_by_its_people(
    page: PeoplePage, now: datetime, settings: Settings
) -> None:
    fill(page, PEOPLE, "manager", now, settings)
    said = [line.sentence for line in page.table.model_.lines]
    assert "Jo Petersen, advisor, 0" in said
    assert any(line.startswith("BDC, 1") for line in said)


def test_a_queue_is_compared_with_queues_and_a_person_with_people(now: datetime, settings: Settings) -> None:
    carried = {"role bdc": 40, "role parts": 36, "jo": 9, "ivan": 1, "maria": 1}
    loads = [Load(id, id, "", True, count, 0, 0, 0, 0) for id, count in carried.items()]
    reader = Reader("me", frozenset({"manager"}), PEOPLE_HERE, settings, now)
    found = [line.id for group in people(loads, reader) for line in group.lines if line.cells[1].second]
    assert found == ["jo"]


def test_what_is_late_stands_first_and_can_be_handed_over(page: PeoplePage, now: datetime, settings: Settings) -> None:
    fill(page, DROPPING, "manager", now, settings)
    assert page.table.current_id() == "late" and page.deeds("late") == ("k", "m", "h")
