"""The window at work: late event loop during a first sync, scrolling, and a key press to durable and painted."""

from __future__ import annotations

from benches import processes
from benches.processes import Bench, script
from benches.table import Row, median, percentile

_IDLE = 20.0
_PRESSES = 60


def measure(bench: Bench) -> list[Row]:
    """Each in a window process of its own."""
    return [_lateness(bench), _keys(bench), _scrolling(bench)]


def _lateness(bench: Bench) -> Row:
    fresh = bench.fresh("window")
    busy = script("window_probe", {"do": "lateness", "profile": str(fresh), "hello": bench.hello()})["late"]
    asked = {"do": "lateness", "profile": str(fresh), "hello": bench.hello(), "idle": _IDLE}
    idle = script("window_probe", asked)["late"]
    more = (percentile(busy, 0.99) - percentile(idle, 0.99)) * 1000
    return Row(
        f"lateness of the screen's loop in a first sync, {len(busy):,} ticks",
        f"p99 {percentile(busy, 0.99) * 1000:.1f} ms (+{more:.1f}), worst {max(busy) * 1000:.0f}",
        f"p99 {percentile(idle, 0.99) * 1000:.1f} ms idle, worst {max(idle) * 1000:.0f}",
        "idle p99 + 5 ms",
        more <= 5,
    )


def _keys(bench: Bench) -> Row:
    asked = {"do": "keys", "profile": str(bench.profile()), "hello": bench.hello(), "presses": _PRESSES}
    took = script("window_probe", asked)["took"]
    p95 = percentile(took, 0.95)
    return Row(
        f"key press to durable and painted, {len(took)} times",
        f"p50 {median(took) * 1000:.0f}, p95 {p95 * 1000:.0f} ms",
        "–",
        "p95 ≤ 50 ms",
        p95 <= 0.05,
    )


def _scrolling(bench: Bench) -> Row:
    """On the ugly store: a thousand open repair orders, long names, every script."""
    folder = bench.folder / "ugly"
    folder.mkdir(exist_ok=True)
    with processes.opened("ugly", folder) as ugly:
        said = script("window_probe", {"do": "scroll", "profile": str(ugly.profile()), "hello": ugly.hello()})
    p95 = percentile(said["frames"], 0.95)
    return Row(
        f"scrolling {said['cards']:,} open repair orders, {len(said['frames'])} frames",
        f"p50 {median(said['frames']) * 1000:.1f}, p95 {p95 * 1000:.1f} ms",
        "–",
        "p95 ≤ 16 ms",
        p95 <= 0.016,
    )
