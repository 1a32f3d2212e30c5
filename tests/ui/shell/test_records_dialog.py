"""The records behind a number: whose each is, what it is in plain words, and how late it is."""

from __future__ import annotations

from datetime import datetime

import pytest
from pytestqt.qtbot import QtBot

from ui.shell.records_dialog import RecordsDialog
from ui.theme.look import Look

PROMISE = {"kind": "promise", "title": "T-160 · RO 48142 · Marchetti, Sofia", "what": "Tell Marchetti: car is ready"}


@pytest.mark.parametrize(
    ("state", "due", "said"),
    [
        ("open", "2026-11-23T14:38:00Z", "30 min late"),
        ("open", "2026-11-23T16:08:00Z", "open"),
        ("kept_late", "2026-11-23T14:38:00Z", "kept late"),
    ],
)
def test_a_promise_says_how_late_it_is_while_it_is_open(
    look: Look, qtbot: QtBot, now: datetime, state: str, due: str, said: str
) -> None:
    dialog = RecordsDialog(
        look, None, "Tell the car is ready", [PROMISE | {"id": "p", "state": state, "due_at": due}], now
    )
    qtbot.addWidget(dialog)
    (line,) = dialog.table.model_.lines
    assert line.sentence == f"{PROMISE['title']}, promise, {PROMISE['what']}, {said}"


def test_it_is_as_high_as_its_rows_and_no_higher_than_a_page(look: Look, qtbot: QtBot, now: datetime) -> None:
    job = {"kind": "job", "title": "RO 48142", "what": "Brakes squeal", "state": "done"}
    heights = []
    for count in (1, 4, 400):
        dialog = RecordsDialog(look, None, "Done", [job | {"id": str(number)} for number in range(count)], now)
        qtbot.addWidget(dialog)
        dialog.show()
        heights.append(dialog.height())
    assert heights == sorted(set(heights)) and heights[-1] == 520
    assert dialog.table.verticalHeader().length() > heights[-1]
