"""Who works at the demo store."""

from __future__ import annotations

from typing import Final, NamedTuple


class Job(NamedTuple):
    """An employee: the name they sign in by, their own, what they do, and the colour of their mark."""

    login: str
    name: str
    roles: tuple[str, ...]
    colour: str = ""


ADVISORS: Final = (
    Job("maria", "Maria Keller", ("advisor",), "blue"),
    Job("david", "David Osborne", ("advisor",), "green"),
    Job("jo", "Jo Petersen", ("advisor",), "amber"),
    Job("renee", "Renée Laurent", ("advisor",), "late"),
    Job("victor", "Victor Amaya", ("advisor",), "grey"),
    Job("shauna", "Shauna Price", ("advisor",), "blue"),
    Job("tom", "Tom Whitaker", ("advisor",), "green"),
    Job("ines", "Inês Moreira", ("advisor",), "amber"),
    Job("carl", "Carl Jensen", ("advisor",), "late"),
    Job("anita", "Anita Rao", ("advisor",), "grey"),
)
OTHERS: Final = (
    Job("luis", "Luis Romero", ("parts",), "amber"),
    Job("pat", "Pat Dunleavy", ("parts",), "grey"),
    Job("helen", "Helen Brandt", ("manager",), "green"),
    Job("bea", "Bea Collins", ("bdc",), "blue"),
    Job("sam", "Sam Fielding", ("sales",), "grey"),
    Job("nora", "Nora Ellison", ("finance",), "grey"),
    Job("ivan", "Ivan Petkov", ("admin",), "grey"),
)
TECHNICIANS: Final = (
    "Dale Rivers", "Mick Tanaka", "Kwame Asante", "Lena Fuchs", "Rob Castle", "Hugo Marin", "Stacy Bloom", "Ed Novak",
    "Ty Coleman", "Olga Sirko", "Jamal Reed", "Wes Harmon",
)  # fmt: skip
AT_WORK: Final = ("david", "luis", "helen", "bea", "sam", "nora")
"""Who is at other desks on a simulated day."""
DEMO_LOGIN: Final = {"advisor": "maria", "parts": "luis", "manager": "helen"}
