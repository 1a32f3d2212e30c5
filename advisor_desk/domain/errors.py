"""What can be refused, and the one sentence each refusal says to a person."""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """A command or request this program will not carry out; nothing was changed.

    ``code`` is stable and for programs; ``message`` is one sentence with the next step, fit for a person and free of
    personal data; ``fields`` names each field at fault with its own reason.
    """

    def __init__(self, code: str, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fields = dict(fields or {})


class UnknownCommand(Refused):
    """The command's name is not one an advisor can give."""

    def __init__(self, name: str) -> None:
        super().__init__("unknown_command", f'There is no command {name[:60]!r}. Send "help" for the list.')


class BadArguments(Refused):
    """The command is known, its arguments are not right; each field says what is wrong."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        first, why = next(iter(fields.items()))
        words = first.removesuffix("_id").replace("_", " ").capitalize()
        super().__init__("bad_arguments", f"{words} {why}.", fields)


class NotFound(Refused):
    """The record a command names is not on this desk."""

    def __init__(self, kind: str, field: str) -> None:
        words = kind.replace("_", " ")
        super().__init__("not_found", f"That {words} is not on this desk. Search for it again.", {field: "not found"})


class NotWhole(Refused):
    """This desk has only what was changed of a record: its cache was lost, and the bridge has yet to send the rest."""

    def __init__(self, kind: str) -> None:
        words = kind.replace("_", " ")
        super().__init__("not_whole", f"That {words} is being fetched again. Try it once this desk is in step.")


class IllegalMove(Refused):
    """A stage or state cannot follow the one the record is in; ``advice`` is the next step."""

    def __init__(self, field: str, now: str, then: str, advice: str = "Take back the later step first.") -> None:
        super().__init__(
            "illegal_move",
            f"{now.replace('_', ' ').capitalize()} cannot become {then.replace('_', ' ')}. {advice}",
            {field: f"cannot go from {now} to {then}"},
        )
