"""What the doctor finds: one line a check, and the one next step where something is wrong."""

from __future__ import annotations

from typing import NamedTuple

OK, WARNING, PROBLEM = "ok", "warning", "problem"


class Finding(NamedTuple):
    """The outcome of one check; ``next`` is a sentence, empty when all is well."""

    name: str
    state: str
    words: str
    next: str = ""


def refusal(name: str, message: str) -> Finding:
    """A problem told by a refusal's own sentence: what is wrong first, the next step after it."""
    words, _, step = message.partition(". ")
    return Finding(name, PROBLEM, words.rstrip(".") + ".", step or message)
