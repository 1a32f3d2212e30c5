"""A job as the right-hand side shows it: what is wrong, who works it, and what the customer said to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from advisor_desk.domain import job as jobs
from advisor_desk.domain import lights, parts
from advisor_desk.domain.lights import Settings
from ui.widgets import words
from ui.widgets.row_facts import Act, RowFacts

Facts = Mapping[str, Any]
May = Callable[[str], bool]
_ANSWER: Final = {
    "recommended": "recommended",
    "sent": "unanswered",
    "approved": "approved",
    "declined": "declined",
    "in_progress": "approved",
    "done": "approved",
}
_WORK: Final = {"recommended": "not sent yet", "approved": "approved, to do", "in_progress": "in work", "done": "done"}
_AWAITS_ANSWER: Final = frozenset({"recommended", "sent"})


def rows(
    some: Sequence[Facts],
    lines: Sequence[Facts],
    now: datetime,
    settings: Settings,
    pending: Mapping[str, Sequence[str]],
    may: May,
) -> list[RowFacts]:
    """The jobs by their letters; one that waits for parts says so."""
    waiting = {str(line.get("job_id")) for line in lines if line.get("state") in parts.AWAITED}
    return [_row(job, str(job.get("id")) in waiting, now, settings, str(job.get("id")) in pending, may) for job in some]


def _row(job: Facts, waits: bool, now: datetime, settings: Settings, pending: bool, may: May) -> RowFacts:
    state = str(job.get("state") or jobs.STATES[0])
    reason, tone = _reason(job, state, now, settings)
    acts = _acts(job, state, may)
    answer = _ANSWER.get(state, state.replace("_", " "))
    return RowFacts(
        id=str(job.get("id")),
        letter=str(job.get("letter") or "·"),
        title=str(job.get("complaint") or job.get("op_code") or "Job without a complaint"),
        right=f"{words.PAY.get(str(job.get('pay') or 'customer'), '')} {answer}".strip(),
        detail=_detail(job, state, waits),
        told=_money(job, state),
        reason=reason,
        reason_tone=tone,
        pending=pending,
        acts=acts,
        buttons=len(acts) if state in _AWAITS_ANSWER else 0,
    )


def _detail(job: Facts, state: str, waits: bool) -> str:
    work = "waiting for parts" if waits and state in {"approved", "in_progress"} else _WORK.get(state, "")
    severity = str(job.get("severity") or "none")
    found = f"{severity} on inspection" if severity != "none" and state in {"recommended", "sent", "declined"} else ""
    who = words.short_name(str(job.get("technician") or ""))
    hours = job.get("hours")
    spent = f"{hours:g} h" if isinstance(hours, int | float) and hours and state != "declined" else ""
    return " · ".join(word for word in (work, found, who, spent) if word)


def _money(job: Facts, state: str) -> str:
    """The amount; for a declined job the customer's own reason."""
    reason = str(job.get("decline_reason") or "").strip()
    if state == "declined" and reason:
        return f"“{reason}”"
    amounts = [job[name] for name in ("labour_amount", "parts_amount") if isinstance(job.get(name), int)]
    return words.money(sum(amounts)) if amounts else ""


def _reason(job: Facts, state: str, now: datetime, settings: Settings) -> tuple[str, str]:
    """How long an estimate has been without an answer."""
    sent = lights.moment(job.get("sent_at"))
    if state != "sent" or sent is None:
        return "", "soft"
    light = lights.approval_light({"asked_at": job["sent_at"]}, now, settings)
    return f"No answer for {lights.ago(now - sent)}.", light.tone


def _acts(job: Facts, state: str, may: May) -> tuple[Act, ...]:
    next_states = jobs.STATE_MOVES.get(state, frozenset())
    args = {"job_id": str(job.get("id"))}
    wanted = (
        ("job.authorise", "Authorize", state in _AWAITS_ANSWER | {"declined"}),
        ("job.decline", "Decline", "declined" in next_states),
    )
    return tuple(Act(name, said, args) for name, said, fits in wanted if fits and may(name))
