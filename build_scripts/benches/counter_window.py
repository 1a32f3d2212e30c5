"""The parts counter with 5,000 open lines on the screen: scrolled end to end, and an ETA typed until it is painted."""

from __future__ import annotations

from benches.crowd import PERSON, crowded
from benches.processes import Bench, script
from benches.table import Row, median, percentile

_EDITS = 60


def measure(bench: Bench) -> list[Row]:
    """One window process for both; the service behind it is the real one."""
    with crowded(bench) as (crowd, profile):
        asked = {"do": "counter", "profile": str(profile), "hello": crowd.hello(PERSON), "edits": _EDITS}
        said = script("counter_probe", asked)
    frames, took, answered = said["frames"], said["took"], said["answered"]
    return [
        Row(
            f"scrolling {said['lines']:,} open part lines, {len(frames)} frames",
            f"p50 {median(frames) * 1000:.1f}, p95 {percentile(frames, 0.95) * 1000:.1f} ms",
            f"p50 {median(said['still']) * 1000:.1f} ms, standing still",
            "p95 ≤ 16 ms",
            percentile(frames, 0.95) <= 0.016,
        ),
        Row(
            f"Enter on a typed ETA to durable and painted among them, {len(took)} times",
            f"p50 {median(took) * 1000:.0f}, p95 {percentile(took, 0.95) * 1000:.0f} ms",
            f"p50 {median(answered) * 1000:.0f}, p95 {percentile(answered, 0.95) * 1000:.0f} ms durable",
            "p95 ≤ 50 ms",
            percentile(took, 0.95) <= 0.05,
        ),
    ]
