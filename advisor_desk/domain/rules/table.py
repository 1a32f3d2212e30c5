"""The rules that raise promises, in the order of the table they are written down in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from advisor_desk.domain.rules import after, orders, parts, sales, visits
from advisor_desk.domain.rules.rule import Rule

RULES: Final[Mapping[str, Rule]] = {
    rule.name: rule
    for rule in (
        visits.ANSWER_LEAD,
        visits.ANSWER_RESCHEDULE,
        visits.CONFIRM_VISIT,
        visits.SAVE_NO_SHOW,
        orders.UPDATE_CUSTOMER,
        parts.QUOTE_PARTS,
        parts.GIVE_ETA,
        parts.CHASE_PART,
        parts.TELL_ETA,
        parts.TELL_ARRIVAL,
        parts.RETURN_SPECIAL_ORDER,
        orders.GET_APPROVAL,
        orders.TELL_READY,
        orders.FRONT_LINE_READY,
        after.FOLLOW_UP_VISIT,
        after.RECOVER_DECLINED,
        after.BOOK_NEXT_VISIT,
        after.ANSWER_SURVEY,
        sales.FIRST_SERVICE,
        sales.DELIVERY_TOUCH,
        sales.FULFIL_WE_OWE,
        sales.FINISH_DOCUMENTS,
        sales.ADOPT_ORPHAN,
        orders.RETURN_LOANER,
        orders.OFFER_TRADE,
    )
}
"""By name; a promise whose rule is not among them was made by hand."""
