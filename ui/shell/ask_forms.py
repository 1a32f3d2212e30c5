"""What each command asks, from its declared arguments: the labels, the usual answers, and what to begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, Final

from advisor_desk.domain import repair_order
from advisor_desk.domain.commands import COMMANDS, Arg, Takes
from advisor_desk.domain.lights import Settings
from advisor_desk.domain.shop_hours import WEEK
from ui.shell import ask_times
from ui.shell.ask_fields import (
    ChoiceField,
    ChoicesField,
    Field,
    LinesField,
    MomentField,
    NamedField,
    NumberField,
    TextField,
)
from ui.shell.ask_figures import DayField, FigureField
from ui.shell.ask_person import Person, PersonField
from ui.theme.look import Look
from ui.widgets import words

Present = Mapping[str, Any]
_NOT_TYPED: Final = frozenset({Takes.ID, Takes.IDS, Takes.MAP, Takes.FLAG})


@dataclass(frozen=True, slots=True)
class Question:
    """How one argument is asked; what is not said here comes from its declaration."""

    label: str = ""
    placeholder: str = ""
    usual: tuple[str, ...] = ()
    default: str = ""
    needed: bool | None = None
    """Whether it may stay empty; as declared when not said."""
    hidden: bool = False
    without: frozenset[str] = frozenset()
    """Choices that are declared and never offered."""


@dataclass(frozen=True, slots=True)
class Form:
    """How one command is asked."""

    title: str = ""
    send: str = ""
    questions: Mapping[str, Question] = field(default_factory=dict)
    follow: Callable[[str, Any, Present], Mapping[str, Any]] = lambda name, value, present: {}
    """What other answers begin with once this one is given."""
    button: Callable[[Mapping[str, Any]], str] = lambda answers: ""
    """What the button says for these answers, when it is not always the same."""


def _approved_from(name: str, value: Any, present: Present) -> Mapping[str, Any]:
    if name != "how":
        return {}
    return {"number": present.get({"call": "phone", "text": "phone", "email": "email"}.get(str(value), ""), "")}


FORMS: Final[Mapping[str, Form]] = {
    "contact.log": Form(send="Log", questions={"body": Question("What was said"), "at": Question(hidden=True)}),
    "ro.move_stage": Form(
        send="Move",
        # A desk does not close or void: the dealer system does, and the board follows.
        questions={"stage": Question("Stage", without=repair_order.FINAL)},
    ),
    "ro.repromise": Form(
        send="Re-promise",
        questions={
            "promised_at": Question("New promised time"),
            "reason": Question(
                "Why",
                "Shown in the story",
                ("waiting for a part", "more work found", "no technician", "customer asked"),
            ),
        },
    ),
    "ro.set_tag": Form(send="Set", questions={"tag": Question("Tag", "Empty takes it off", needed=False)}),
    "ro.set_spot": Form(send="Set", questions={"spot": Question("Where the car stands", "Row B 14", needed=False)}),
    "ro.hold": Form(
        questions={"reasons": Question("Waits for")},
        button=lambda answers: "Hold" if answers.get("reasons") else "Release",
    ),
    "ro.close": Form(
        send="Close",
        questions={
            "odometer_out": Question("Odometer"),
            "reason": Question("Why, when work is left", "Only needed when approved work is not done"),
        },
    ),
    "ro.void": Form(
        send="Void",
        questions={"reason": Question("Why", "", ("written up twice", "customer left", "opened by mistake"))},
    ),
    "visit.move": Form(
        send="Move",
        questions={
            "starts_at": Question("New time"),
            "reason": Question("Why", "", ("no ride that day", "part not in yet", "customer asked")),
        },
    ),
    "visit.cancel": Form(
        send="Cancel the visit",
        questions={"reason": Question("Why", "", ("sold the car", "went elsewhere", "no longer needed"))},
    ),
    "job.authorise": Form(
        "Record an approval",
        "Approved",
        {
            "by": Question("Who approved"),
            "how": Question("How", default="call"),
            "number": Question("Number or address they approved from"),
        },
        _approved_from,
    ),
    "job.decline": Form(
        "Record a decline",
        "Declined",
        {
            "reason": Question(
                "Why, in their words",
                "",
                ("too expensive", "next month", "wants another opinion", "does it elsewhere", "is selling the car"),
            )
        },
    ),
    "part.set_eta": Form(
        send="Set ETA", questions={"eta": Question("ETA"), "source": Question("Who says so", default="counter")}
    ),
    "part.order": Form(
        send="Order",
        questions={
            "order_no": Question("Order number"),
            "supplier": Question("Supplier"),
            "source": Question("Kind of order", default="order", without=frozenset({"stock"})),
            "eta": Question("ETA, if they gave one"),
        },
    ),
    "part.receive": Form(
        send="Receive", questions={"qty": Question("Pieces that arrived"), "bin": Question("Bin", "Where it lies now")}
    ),
    "ro.open": Form(
        "Write up an RO",
        "Write up",
        {
            "complaints": Question("What the customer says, one job per line", "Brakes squeal when cold"),
            "tag": Question("Tag"),
            "odometer": Question("Odometer"),
            "transport": Question("Transportation"),
            "promised_at": Question("Promised time"),
            "appointment_id": Question(hidden=True),
            "again": Question(hidden=True),
        },
    ),
    "visit.book": Form(
        send="Book",
        questions={
            "starts_at": Question("When"),
            "advisor_id": Question("Advisor"),
            "source": Question(hidden=True),
            "again": Question(hidden=True),
        },
    ),
    "customer.edit": Form(send="Save"),
    "employee.deactivate": Form(send="Hand it all on"),
    "employee.away": Form(send="Mark as away", questions={"until": Question("Back on")}),
    "promise.make": Form(
        send="Promise",
        questions={
            "title": Question("What is promised", "Call with the price of the tires"),
            "due_at": Question("By when"),
            "to": Question("Who keeps it, if not you"),
            "to_role": Question(hidden=True),
            "repair_order_id": Question(hidden=True),
            "customer_id": Question(hidden=True),
        },
    ),
    "promise.keep": Form(
        send="Kept", questions={"reason": Question("How it was kept", "", ("told in person", "done another way"))}
    ),
    "promise.move": Form(
        send="Move",
        questions={
            "due_at": Question("New due time"),
            "reason": Question("Why", "", ("customer asked", "waiting for a part", "nobody answers")),
        },
    ),
    "promise.cancel": Form(
        send="Give up",
        questions={"reason": Question("Why it is given up", "", ("customer does not want it", "done elsewhere"))},
    ),
    "promise.offer": Form(
        send="Hand over",
        questions={
            "to": Question("To whom"),
            "to_role": Question("Or to a department", without=frozenset({"porter", "cashier", "admin", "technician"})),
            "note": Question("Note", "What they should know"),
            "answer_by": Question(hidden=True),
        },
    ),
    "promise.decline": Form(
        send="Decline",
        questions={"reason": Question("Why not", "", ("no time today", "not mine", "is with a customer"))},
    ),
    "store.set_hours": Form(
        send="Set", questions={day: Question(name, "Shut. Like 7:30-18:00") for day, name in WEEK.items()}
    ),
    "store.set_holidays": Form(
        send="Set",
        questions={
            "country": Question("Country, two letters", "None. Like US or CA"),
            "subdivision": Question("State or province", "None. Like NY or ON"),
            "extra": Question("Days it is shut, one per line", "2026-12-24"),
        },
    ),
    "attention.resolve": Form("Set other values", "Set"),
    "undo": Form(questions={"change": Question(hidden=True)}),
}
NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "stage": words.STAGE,
    "channel": words.CHANNEL,
    "how": words.CHANNEL,
    "preferred_channel": words.CHANNEL,
    "language": words.LANGUAGE,
    "to_role": words.ROLE,
    "outcome": words.OUTCOME,
    "reasons": words.HOLD,
    "hold_reasons": words.HOLD,
    "state": {"yes": "May be reached", "no": "May not"},
    "direction": {"out": "To them", "in": "From them"},
}
_USUAL_TIME: Final = {"ro.repromise": time(17, 0)}
_DOES: Final = {"technician_id": "technician", "advisor_id": "advisor", "salesperson_id": "sales"}
_BY_NOON: Final = time(12, 0)
"""A part promised for a day comes with the morning's delivery."""


def form_of(command: str) -> Form:
    """The command's form; a command nobody described here is asked by its declaration alone."""
    return FORMS.get(command, Form())


def asked(command: str, known: Mapping[str, Any], present: Present | None = None) -> dict[str, Arg]:
    """What a person must be asked for; raises ValueError when one that cannot be typed or picked is missing."""
    picked = {"employee", *((present or {}).get("records") or ())}
    out: dict[str, Arg] = {}
    for name, arg in COMMANDS[command].args.items():
        if name in known or _question(command, name).hidden:
            continue
        if arg.takes not in _NOT_TYPED or (arg.takes is Takes.ID and arg.ref in picked):
            out[name] = arg
        elif arg.required:
            raise ValueError(f"{command} needs {name}")
    return out


def needed(command: str, name: str) -> bool:
    """Whether an answer may not stay empty."""
    said = _question(command, name).needed
    return COMMANDS[command].args[name].required if said is None else said


def label(command: str, name: str) -> str:
    """What an argument is called to a person."""
    return _question(command, name).label or COMMANDS[command].args[name].words.capitalize()


def fields(
    look: Look,
    command: str,
    known: Mapping[str, Any],
    present: Present,
    now: Callable[[], datetime],
    settings: Settings,
) -> list[Field]:
    """The fields that ask what is not known, with what holds now as their beginning."""
    out = []
    for name, arg in asked(command, known, present).items():
        one = _make(look, command, name, arg, present, now, settings)
        one.put(present.get(name) or _question(command, name).default)
        out.append(one)
    return out


def _make(
    look: Look, command: str, name: str, arg: Arg, present: Present, now: Callable[[], datetime], settings: Settings
) -> Field:
    said, title = _question(command, name), label(command, name)
    match arg.takes:
        case Takes.TEXTS:
            return LinesField(look, name, title, said.placeholder, arg.max_length)
        case Takes.ID if arg.ref != "employee":
            return ChoiceField(look, name, title, present["records"][arg.ref])
        case Takes.ID:
            return PersonField(look, name, title, _people(name, present))
        case Takes.CHOICE:
            return ChoiceField(look, name, title, _choices(command, name, arg))
        case Takes.CHOICES:
            return ChoicesField(look, name, title, _choices(command, name, arg))
        case Takes.HOURS | Takes.AMOUNT:
            return FigureField(look, name, title, arg)
        case Takes.NUMBER if not arg.required and not present.get("most"):
            return FigureField(look, name, title, arg)
        case Takes.DAY:
            return DayField(look, name, title, now, settings)
        case Takes.NUMBER:
            return NumberField(look, name, title, int(present.get("most") or 9_999))
        case Takes.MOMENT:
            made = MomentField(
                look,
                name,
                title,
                now=now,
                settings=settings,
                usual_time=_USUAL_TIME.get(command, _BY_NOON),
                quick=ask_times.quick(command, present, now(), settings),
                needed=arg.required,
            )
            made.warn_with(ask_times.Meaning(command, present, now, settings))
            return made
    if name == "language":
        return NamedField(look, name, title, NAMES[name], arg.max_length)
    return TextField(look, name, title, placeholder=said.placeholder, longest=arg.max_length, usual=said.usual)


def _people(name: str, present: Present) -> list[Person]:
    """Those of the role that the argument is about, oneself too; else everybody but oneself.

    The department a promise is of comes first; that of a new one is one's own.
    """
    people, role = present.get("people") or (), _DOES.get(name)
    if role:
        return [one for one in people if role in one.roles]
    owner, queue = present.get("owner_id"), present.get("owner_role")
    owners = [one.roles for one in people if (one.id == owner if owner or queue else one.me)]
    department = frozenset({queue}).union(*owners)
    return sorted((one for one in people if not one.me), key=lambda one: department.isdisjoint(one.roles))


def _choices(command: str, name: str, arg: Arg) -> list[tuple[str, str]]:
    without = _question(command, name).without
    return named(name, [key for key in arg.choices if key not in without])


def named(name: str, keys: Iterable[str]) -> list[tuple[str, str]]:
    """Choices of an argument or a field, each with what it is called to a person."""
    names = NAMES.get(name, {})
    said = [(key, names.get(key) or key.replace("_", " ")) for key in keys]
    return [(key, name[:1].upper() + name[1:]) for key, name in said]


def _question(command: str, name: str) -> Question:
    return form_of(command).questions.get(name, Question())
