"""Everything a key does in the window, declared once: its name, words, keys, and the group it is listed under."""

from __future__ import annotations

from typing import Final, NamedTuple


class Action(NamedTuple):
    """One thing to do by key; ``command`` names the desk's command it gives for the car in hand, if it gives one."""

    name: str
    group: str
    words: str
    keys: tuple[str, ...]
    command: str = ""


CAR, GO, DESK = "The car in hand", "Go to", "The desk"
ACTIONS: Final = (
    Action("repromise", CAR, "Re-promise", ("R",), "ro.repromise"),
    Action("call", CAR, "Log a call", ("C",)),
    Action("text", CAR, "Log a text", ("T",)),
    Action("note", CAR, "Write a note", ("N",)),
    Action("eta", CAR, "Set the ETA of the worst part", ("E",), "part.set_eta"),
    Action("authorise", CAR, "Authorize the oldest estimate", ("A",), "job.authorise"),
    Action("decline", CAR, "Decline the oldest estimate", ("D",), "job.decline"),
    Action("forward", CAR, "Move to the next stage", ("]",), "ro.move_stage"),
    Action("back", CAR, "Move to the stage before", ("[",), "ro.move_stage"),
    Action("stage", CAR, "Move to a stage…", ("M",), "ro.move_stage"),
    Action("hold", CAR, "Hold, or release", ("H",), "ro.hold"),
    Action("tag", CAR, "Set the tag", ("G",), "ro.set_tag"),
    Action("spot", CAR, "Set the spot", ("S",), "ro.set_spot"),
    Action("promise", CAR, "Promise something", ("P",), "promise.make"),
    Action("close", CAR, "Close the RO", ("X",), "ro.close"),
    Action("whose", CAR, "The customer's page", ("U",)),
    Action("brief", CAR, "Handover brief", ("V",)),
    Action("ro_copy", CAR, "Print the RO for the customer", ("Ctrl+P",)),
    Action("pick_list", CAR, "Print the pick list", ("K",)),
    Action("label", CAR, "Print special-order labels", ("L",)),
    Action("arrival_notice", CAR, "Print the arrival notice", ("W",)),
    Action("search", GO, "Search", ("Ctrl+K", "/")),
    Action("cars", GO, "The cars", ("Ctrl+B",)),
    Action("owed", GO, "What I owe next", ("Ctrl+O",)),
    Action("reminder", GO, "Keep what I am reminded of", ("Ctrl+R",)),
    Action("board", GO, "Board", ("Ctrl+1",)),
    Action("attention", GO, "Needs attention", ("Ctrl+2",)),
    Action("outbox", GO, "Waiting to be sent", ("Ctrl+3",)),
    Action("reconcile", GO, "After an outage", ("Ctrl+4",)),
    Action("promises", GO, "Promises", ("Ctrl+5",)),
    Action("drive", GO, "The drive", ("Ctrl+6",)),
    Action("customer", GO, "Customer", ("Ctrl+7",)),
    Action("people", GO, "The team", ("Ctrl+8",)),
    Action("reports", GO, "Figures", ("Ctrl+9",)),
    Action("parts", GO, "Parts counter", ("Ctrl+0",)),
    Action("scan", GO, "Receive: scan or type a number", ("F3",)),
    Action("leave", GO, "Back to the rows, then to the board", ("Esc",)),
    Action("scope", GO, "Mine, team, store", ("Ctrl+M",)),
    Action("view", GO, "Lanes or list", ("Ctrl+L",)),
    Action("import", DESK, "Import a supplier's list", ("Ctrl+I",)),
    Action("undo", DESK, "Undo what I did last", ("Ctrl+Z",)),
    Action("sync", DESK, "Sync now", ("F5",)),
    Action("settings", DESK, "Settings", ("Ctrl+,",)),
    Action("keys", DESK, "These keys", ("F1", "?")),
    Action("quit", DESK, "Close the desk", ("Ctrl+Q",)),
)
PAPERS: Final = frozenset({"ro_copy", "pick_list", "label", "arrival_notice"})
"""What prints the car in hand."""


def keys_by_name() -> dict[str, str]:
    """The first key of each action, as a button or a tooltip shows it."""
    return {action.name: action.keys[0] for action in ACTIONS}
