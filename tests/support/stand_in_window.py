"""A window without a screen for the demo to open: it runs the desk, waits until others have worked, and reports."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.support import board
from tests.support.desk import DeskProcess
from tests.support.waiting import until


def main() -> int:
    """Take the hello line as the real window does, and write what was seen to ``--report``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--profile-dir", type=Path, required=True)
    parser.add_argument("--hello-stdin", action="store_true", required=True)
    parser.add_argument("--report", type=Path, required=True)
    asked = parser.parse_args()
    hello = json.loads(sys.stdin.readline())["hello"]
    with DeskProcess(asked.profile_dir, hello["bridge"], hello["token"], key=hello["key"]) as desk:
        desk.wait_live()
        first = {row["id"]: row for row in board.cards(desk)}
        seen = len(desk.events)
        until(lambda: any(event["event"] == "changed" for event in desk.events[seen:]), what="the day to go on")
        tag = next(iter(first))
        desk.ask("ro.set_tag", repair_order_id=tag, tag="DEMO-1")
        desk.wait_live()
        desk.token = None  # a restart must do with what the one-time token was changed for
        ready = desk.restart()
        desk.wait_live()
        report = {
            "cards": len(first),
            "employee": ready["employee"]["name"],
            "tag": board.card(desk, tag)["tag"],
            "token": hello["token"],
            "bridge": hello["bridge"],
        }
    asked.report.write_text(json.dumps(report), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
