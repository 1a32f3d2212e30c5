"""Figures are counted beside the commands: what is asked after them is not answered after them."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from advisor_desk.desk import reads as desk_reads
from advisor_desk.desk import service
from advisor_desk.domain.figures import FIGURES
from advisor_desk.host.clock import SystemClock
from advisor_desk.host.paths import Profile
from tests.support.waiting import PATIENCE

HELLO = {"hello": {"key": "5a" * 32, "bridge": None, "token": None}}


class Screen(io.StringIO):
    """What the service says, line by line; answers are waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[int, Any] = {}
        self._came = threading.Condition()

    def write(self, text: str) -> int:
        """Take a line."""
        said = json.loads(text)
        with self._came:
            if "id" in said:
                self.answers[said["id"]] = said
            self._came.notify_all()
        return len(text)

    def wait(self, *numbers: int) -> bool:
        """Wait until these are answered."""
        with self._came:
            return self._came.wait_for(lambda: self.answers.keys() >= set(numbers), PATIENCE)


class Lines(io.StringIO):
    """What is asked; it ends once everything is answered."""

    def __init__(self, screen: Screen, *asked: dict[str, Any]) -> None:
        super().__init__("".join(json.dumps(line) + "\n" for line in (HELLO, *asked)))
        self._screen = screen
        self._numbers = [line["id"] for line in asked]

    def readline(self, size: int | None = -1, /) -> str:
        """The next line."""
        line = super().readline(-1 if size is None else size)
        if not line:
            assert self._screen.wait(*self._numbers), "not everything was answered"
        return line


def serve(folder: Path, screen: Screen, *asked: dict[str, Any]) -> None:
    """A service without a bridge is asked these things, and ends."""
    assert service.run(Profile.at(folder), Lines(screen, *asked), screen, SystemClock()) == 0


def test_a_search_is_answered_while_the_figures_are_still_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, counted = Screen(), desk_reads.report

    def slowly(conn: Any, args: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        screen.wait(2)
        return counted(conn, args, now)

    monkeypatch.setattr(desk_reads, "report", slowly)
    search = {"id": 2, "do": "read.search", "args": {"q": "keller"}}
    serve(tmp_path, screen, {"id": 1, "do": "read.report"}, search)
    assert list(screen.answers) == [2, 1]
    assert [figure["name"] for figure in screen.answers[1]["ok"]["figures"]] == list(FIGURES)


def test_a_figure_nobody_knows_is_refused_by_its_argument(tmp_path: Path) -> None:
    screen = Screen()
    serve(tmp_path, screen, {"id": 1, "do": "read.report", "args": {"figure": "luck"}})
    assert screen.answers[1]["error"]["fields"].keys() == {"figure"}
