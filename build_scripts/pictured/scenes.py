"""What is pictured, as data: the screens, and each scene with the keys that lead to it."""

from __future__ import annotations

from typing import Final, NamedTuple


class Screen(NamedTuple):
    """A screen: its name in file names, the window's size in device-independent pixels, and the scale."""

    name: str
    size: tuple[int, int]
    scale: str


class Key(NamedTuple):
    """Keys pressed together, as Qt names them."""

    keys: str


class Write(NamedTuple):
    """A text typed where the keyboard is."""

    text: str


class Press(NamedTuple):
    """A button pressed, by its words, with or without a number before them."""

    words: str


class Scene(NamedTuple):
    """A scene: its name, the steps from the board to it, whose desk it is, and how the link is by then."""

    name: str
    steps: tuple[Key | Write | Press, ...] = ()
    who: str = "maria"
    before: str = ""
    stores: tuple[str, ...] = ("demo", "ugly", "empty")


SCREENS: Final = (
    Screen("1366x768", (1366, 768), "1"),
    Screen("1920x1080", (1920, 1080), "1"),
    Screen("1920x1080-at-150", (1280, 720), "1.5"),
)
THEMES: Final = ("light", "dark")
STORES: Final = ("demo", "ugly", "empty")
FULL: Final = ("demo", "ugly")
PROMISES, DRIVE, TEAM, FIGURES = Key("Ctrl+5"), Key("Ctrl+6"), Key("Ctrl+8"), Key("Ctrl+9")
COUNTER, CARS = Key("Ctrl+0"), Key("Ctrl+B")
# In the order in which a store's day goes: "offline" follows edits without a bridge, "disputed" their meeting others'.
SCENES: Final = (
    Scene("board"),
    Scene("list", (Press("List"),)),
    Scene("search", (Key("Ctrl+K"), Write("ma"))),
    Scene("composer", (Key("C"), Write("Will be in after five.")), stores=FULL),
    Scene("stages", (Key("M"),), stores=FULL),
    Scene("refused", (Key("R"),), stores=("empty",)),
    Scene("promises", (PROMISES,)),
    Scene("promises-department", (PROMISES, Press("My department"))),
    Scene("promises-store", (PROMISES, Press("Store"))),
    Scene("promises-by-rule", (PROMISES, Press("Store"), Press("By rule")), stores=FULL),
    Scene("promises-by-customer", (PROMISES, Press("Store"), Press("By customer")), stores=FULL),
    Scene("drive", (DRIVE,)),
    Scene("drive-tomorrow", (DRIVE, Press("›")), stores=FULL),
    Scene("customer", (Key("U"),), stores=FULL),
    Scene("customer", (Key("Ctrl+7"),), stores=("empty",)),
    Scene("figures", (FIGURES,)),
    Scene("attention", (Key("Ctrl+2"),)),
    Scene("outbox", (Key("Ctrl+3"),)),
    Scene("reconcile", (Key("Ctrl+4"),)),
    Scene("settings", (Key("Ctrl+,"),), stores=("demo",)),
    Scene("keys", (Key("F1"),), stores=("demo",)),
    Scene("close", (Key("X"),), stores=FULL),
    Scene("brief", (Key("V"),), stores=FULL),
    Scene("records", (FIGURES, Key("Return")), stores=FULL),
    Scene("asking", (Key("R"), Write("yesterdayish"), Key("Return")), stores=FULL),
    Scene("asking-promise", (Key("P"), Key("Return")), stores=("demo",)),
    Scene("asking-hand-over", (PROMISES, Key("H")), stores=FULL),
    Scene("asking-move", (PROMISES, Key("M")), stores=("demo",)),
    Scene("asking-booking", (Key("U"), Key("B")), stores=FULL),
    Scene("asking-write-up", (Key("U"), Key("W")), stores=("demo",)),
    Scene("asking-contact", (Key("U"), Key("L")), stores=("demo",)),
    Scene("asking-customer", (Key("U"), Key("E")), stores=("demo",)),
    Scene("print", (Press("Show the whole store"), CARS, Key("Down"), Key("Ctrl+P")), "helen", stores=("demo",)),
    Scene("team", (TEAM,), "helen"),
    Scene("team-people", (TEAM, Press("Who carries what")), "helen"),
    Scene("team-rules", (TEAM, Press("Rules")), "helen"),
    Scene("asking-left", (TEAM, Press("Who carries what"), *(Key("Down"),) * 5, Key("L")), "helen", stores=FULL),
    Scene("rule", (TEAM, Press("Rules"), Key("Down"), Key("T")), "helen", stores=("demo",)),
    Scene("counter", (COUNTER,), "luis"),
    Scene("counter-by-supplier", (COUNTER, Press("By supplier")), "luis", stores=FULL),
    Scene("counter-by-order", (COUNTER, Press("By RO")), "luis", stores=FULL),
    Scene("counter-scanned", (COUNTER, Key("F3"), Write("PO-4711"), Key("Return")), "luis", stores=("demo",)),
    Scene("counter-order", (COUNTER, Key("G")), "luis", stores=FULL),
    Scene("counter-untold", (COUNTER, Press("not told")), "luis", stores=FULL),
    Scene("counter-eta", (COUNTER, Press("By supplier"), Key("Home"), Write("+2d")), "luis", stores=FULL),
    Scene("offline-board", before="offline", stores=("demo",)),
    Scene("offline-outbox", (Key("Ctrl+3"),), before="offline", stores=("demo",)),
    Scene("disputed-attention", (Key("Ctrl+2"),), before="disputed", stores=("demo",)),
    Scene("disputed-reconcile", (Key("Ctrl+4"),), before="disputed", stores=("demo",)),
)  # fmt: skip
