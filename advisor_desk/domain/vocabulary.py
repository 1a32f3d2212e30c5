"""What a program knows of records: its kinds, their fields and known values; and what another one lacks of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from advisor_desk.domain.records import KINDS

Vocabulary = Mapping[str, Mapping[str, list[str]]]
"""The known values of each field of each kind; none where a field holds anything."""

OURS: Final[Vocabulary] = {
    name: {field.name: [*field.policy.one_of] for field in kind.fields.values()} for name, kind in KINDS.items()
}


def lacking(theirs: Vocabulary) -> frozenset[str]:
    """What this program knows and another does not: ``job``, ``job.pay`` or ``job.pay=warranty``."""
    out: set[str] = set()
    for kind, fields in OURS.items():
        if kind not in theirs:
            out.add(kind)
            continue
        for field, values in fields.items():
            if field not in theirs[kind]:
                out.add(f"{kind}.{field}")
            elif known := theirs[kind][field]:
                out |= {f"{kind}.{field}={value}" for value in values if value not in known}
    return frozenset(out)
