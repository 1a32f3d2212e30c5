"""What the benchmark prints."""

from __future__ import annotations

import pytest

import bench
from benches.table import Row, median, percentile, show


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [5.0, 1.0, 4.0, 2.0, 3.0]
    assert median(values) == 3.0
    assert percentile(values, 0.95) == 5.0
    assert percentile(values, 0.2) == 1.0
    assert percentile([7.0], 0.5) == 7.0


def test_each_row_says_whether_its_budget_held() -> None:
    rows = [
        Row("first sync", "1.4 s", "1.0 s", "≤ 2.2 ×", True),
        Row("commit", "31 ms", "11 ms", "≤ 15 ms", False),
        Row("rows", "22,113", "–", "–", None),
    ]
    head, _, *lines = show(rows).splitlines()
    assert head.split()[-1] == "held"
    assert [line.split()[-1] for line in lines] == ["yes", "NO", "–"]


def test_a_benchmark_that_breaks_is_a_row_that_did_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> Row:
        raise AssertionError("waited 30 s in vain for the link")

    monkeypatch.setattr("benches.live.measure", broken)
    (row,) = bench._measured("live", None)  # type: ignore[arg-type]
    assert row.held is False
    assert "in vain for the link" in row.measured


def test_every_name_has_its_module() -> None:
    for name in bench.NAMES:
        assert callable(__import__(f"benches.{name}", fromlist=["measure"]).measure)
