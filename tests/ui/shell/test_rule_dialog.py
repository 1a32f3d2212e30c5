"""Setting a rule's times: each number is asked for in words."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from advisor_desk.domain.rules.table import RULES
from tests.ui.support.fake_link import FakeLink
from ui.shell.rule_dialog import RuleDialog
from ui.theme.look import Look


@pytest.mark.parametrize("name", RULES)
def test_every_number_of_a_rule_is_asked_for_in_words(look: Look, qtbot: QtBot, name: str) -> None:
    dialog = RuleDialog(look, None, FakeLink().ask, name, RULES[name].numbers)
    qtbot.addWidget(dialog)
    assert dialog.fields.keys() == RULES[name].numbers.keys()
    assert all(" " in field.label and "_" not in field.label for field in dialog.fields.values())
