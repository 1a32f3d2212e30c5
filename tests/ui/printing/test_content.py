"""What stands on each paper, in the trade's words, before anything is drawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.ui.orders import job, marchetti, part
from ui.printing import arrival, order_copy, pick_list, special_label
from ui.printing.sheet import Bars, Document, Facts, Group, Table
from ui.printing.shop import Shop

NEW_YORK = ZoneInfo("America/New_York")


def made(document: Document | None) -> Document:
    assert document is not None
    return document


def table(document: Document, number: int = 0) -> Table:
    return [block for part in document.parts for block in part if isinstance(block, Table)][number]


def facts(document: Document, number: int = 0) -> dict[str, str]:
    return dict([block for part in document.parts for block in part if isinstance(block, Facts)][number].rows)


def text(document: Document) -> str:
    return "\n".join(document.words())


# The pick list.


def test_the_pick_list_names_what_is_on_the_shelf_by_bin_with_whose_it_is(shop: Shop, now: datetime) -> None:
    data = marchetti()
    data["parts"][1] |= {"job_id": "a"}
    groups = table(made(pick_list.make([data], shop, now))).groups
    assert groups == (
        Group("Bin C14", (("Coolant G12evo", "G-12E-100", "2", "48142", "T-160", "Dale Rivers"),)),
        Group("No bin: look it up", (("Thermostat housing", "06K-121-600", "1", "48142", "T-160", ""),)),
    )


def test_bins_stand_in_the_order_somebody_walks_past_them(shop: Shop, now: datetime) -> None:
    lines = [part(bin, description="Filter", state="in_stock", bin=bin) for bin in ("C10", "", "c2", "A-3", "10", "9")]
    groups = table(made(pick_list.make([marchetti(parts=lines)], shop, now))).groups
    assert [group.heading for group in groups] == [
        "Bin 9", "Bin 10", "Bin A-3", "Bin c2", "Bin C10", "No bin: look it up",
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["requested", "ordered", "partly_received", "pulled", "installed", "cancelled"])
def test_what_is_not_on_the_shelf_or_already_pulled_is_not_picked(shop: Shop, now: datetime, state: str) -> None:
    assert pick_list.make([marchetti(parts=[part("p", state=state)])], shop, now) is None


def test_nothing_is_pulled_for_a_car_that_has_gone(shop: Shop, now: datetime, arrived: dict[str, Any]) -> None:
    arrived["repair_order"]["stage"] = "closed"
    assert pick_list.make([arrived], shop, now) is None


def test_the_customers_name_is_on_no_pick_list(shop: Shop, now: datetime, arrived: dict[str, Any]) -> None:
    said = text(made(pick_list.make([arrived], shop, now)))
    assert "Marchetti" not in said
    assert "3 lines to pull" in said


# The label.


def test_a_label_says_whose_part_it_is_and_when_it_goes_back(shop: Shop, arrived: dict[str, Any]) -> None:
    label = made(special_label.make([arrived], shop))
    assert len(label.parts) == 1  # the housing stood on the shelf anyway
    assert label.words()[:3] == ["Marchetti, Sofia", "RO 48142", "Water pump kit"]
    assert facts(label) == {
        "Part": "06L-121-111-J",
        "Qty": "1",
        "Bin": "S04",
        "Arrived": "Nov 23, 2026",
        "Return by": "Dec 21, 2026",
    }
    assert label.parts[0][-1] == Bars("77120")


def test_a_label_holds_no_phone_address_or_vin(shop: Shop, arrived: dict[str, Any]) -> None:
    said = text(made(special_label.make([arrived], shop)))
    for private in ("010-7733", "Alder", "3VV2B7AX5MK074416", "Tiguan", "$"):
        assert private not in said


def test_a_part_that_came_in_part_says_how_many_are_here(shop: Shop, arrived: dict[str, Any]) -> None:
    arrived["parts"][0] |= {"state": "partly_received", "qty": 3, "qty_filled": 2}
    assert facts(made(special_label.make([arrived], shop)))["Qty"] == "2 of 3"


def test_labels_can_be_had_for_some_lines_alone(shop: Shop, arrived: dict[str, Any]) -> None:
    assert special_label.make([arrived], shop, frozenset({"coolant"})) is None
    assert len(made(special_label.make([arrived], shop, frozenset({"pump"}))).parts) == 1


def test_a_part_without_an_order_number_has_a_label_without_bars(shop: Shop, arrived: dict[str, Any]) -> None:
    arrived["parts"][0]["order_no"] = ""
    assert not [block for block in made(special_label.make([arrived], shop)).parts[0] if isinstance(block, Bars)]


# The arrival notice.


def test_the_notice_tells_the_customer_what_is_here_until_when_and_whom_to_call(
    shop: Shop, now: datetime, arrived: dict[str, Any]
) -> None:
    said = text(made(arrival.make(arrived, shop, now)))
    for words in (
        "Your part is here",
        "Sofia Marchetti\n14 Alder Court",
        "Monday, November 23, 2026",
        "Dear Sofia Marchetti,",
        "The part you ordered for your 2021 VW Tiguan SE is here.",
        "Water pump kit",
        "We keep it for you until Monday, December 21, 2026. After that day we may have to send it back.",
        "Please call us at (555) 010-0100 to set a time to have it installed.",
        "Northgate Motors",
        "RO 48142",
    ):
        assert words in said


def test_of_several_parts_the_first_day_of_return_counts(shop: Shop, now: datetime, arrived: dict[str, Any]) -> None:
    arrived["parts"].append(
        part("hose", description="Hose", state="received", source="emergency", return_by="2026-12-05")
    )
    said = text(made(arrival.make(arrived, shop, now)))
    assert "The parts you ordered" in said
    assert "We keep them for you until Saturday, December 5, 2026." in said


def test_a_notice_without_a_return_day_or_phone_makes_up_neither(now: datetime, arrived: dict[str, Any]) -> None:
    arrived["parts"][0]["return_by"] = None
    said = text(made(arrival.make(arrived, Shop.of_store({"name": "Northgate Motors"}, NEW_YORK), now)))
    assert "We keep it for you. Please come soon." in said
    assert "Please call us to set a time" in said


def test_a_company_is_written_to_by_its_own_name(shop: Shop, now: datetime, arrived: dict[str, Any]) -> None:
    arrived["customer"] |= {"name": "Hart, Lowe & Sons", "is_company": True}
    assert "Dear Hart, Lowe & Sons," in text(made(arrival.make(arrived, shop, now)))


def test_there_is_no_notice_before_anything_has_come(shop: Shop, now: datetime) -> None:
    assert arrival.make(marchetti(), shop, now) is None


# The customer's copy.


def test_the_copy_says_whose_car_it_is_and_when_it_is_promised(shop: Shop, now: datetime) -> None:
    copy = order_copy.make(marchetti(), shop, now)
    assert copy.title == "Repair order 48142"
    assert facts(copy) == {
        "Customer": "Marchetti, Sofia",
        "Vehicle": "2021 VW Tiguan SE",
        "VIN": "3VV2B7AX5MK074416",
        "Odometer": "41,208",
        "Tag": "T-160",
        "Advisor": "Maria Keller",
        "Opened": "Nov 22, 2026, 8:40 AM",
        "Promised": "Nov 23, 2026, 12:00 PM",
    }


def test_the_copy_lists_the_work_with_what_was_said_to_it(shop: Shop, now: datetime) -> None:
    assert table(order_copy.make(marchetti(), shop, now)).groups[0].rows == (
        ("A", "Coolant leak: water pump", "approved", "$1,184.60"),
        ("B", "Front brake pads, 3 mm", "declined", ""),
    )


def test_the_copy_lists_parts_with_where_they_are_and_without_what_the_store_pays(shop: Shop, now: datetime) -> None:
    data = marchetti()
    data["parts"][0] |= {"amount": 19_900, "supplier": "VW"}
    data["parts"].append(part("gone", description="Wrong hose", state="returned"))
    copy = order_copy.make(data, shop, now)
    assert table(copy, 1).groups[0].rows == (
        ("Water pump kit", "06L-121-111-J", "1", "expected Nov 26, 2026"),
        ("Coolant G12evo", "G-12E-100", "2", "here"),
        ("Thermostat housing", "06K-121-600", "1", "here"),
    )
    assert "199.00" not in text(copy)


def test_until_the_dealer_system_has_totals_what_is_approved_and_paid_here_is_summed(shop: Shop, now: datetime) -> None:
    jobs = [
        job("a", state="approved", labour_amount=70_000, parts_amount=48_460),
        job("b", state="declined", labour_amount=99_900),
        job("c", state="sent", labour_amount=5_000),
        job("d", state="done", labour_amount=20_000, pay="warranty"),
        job("e", state="done", labour_amount=1),
    ]
    copy = order_copy.make(marchetti(jobs=jobs, parts=[]), shop, now)
    assert facts(copy, 1) == {"Approved so far, before tax": "$1,184.61"}
    assert [row[3] for row in table(copy).groups[0].rows] == ["$1,184.60", "$999.00", "$50.00", "warranty", "$0.01"]


def test_the_dealer_systems_totals_stand_as_they_are(shop: Shop, now: datetime) -> None:
    data = marchetti()
    data["repair_order"]["totals"] = {"labour": 70_000, "parts": 48_460, "other": 0, "tax": 10_513, "total": 128_973}
    assert facts(order_copy.make(data, shop, now), 1) == {
        "Labor": "$700.00",
        "Parts": "$484.60",
        "Tax": "$105.13",
        "Total": "$1,289.73",
    }


def test_consents_and_what_was_said_stay_in_the_house(shop: Shop, now: datetime) -> None:
    said = text(order_copy.make(marchetti(), shop, now))
    assert "consent" not in said.casefold()
    assert "voicemail" not in said
    assert "next month" not in said


# Money, days and times as the store's country writes them.


@pytest.mark.parametrize(
    ("country", "minor", "words"),
    [
        ("US", 118_460, "$1,184.60"),
        ("CA", 118_460, "$1,184.60"),
        ("GB", 118_460, "£1,184.60"),
        ("JP", 118_460, "¥118,460"),
        ("KW", 118_460, "KWD118.460"),
        ("nowhere", 100, "$1.00"),
        ("US", -50, "-$0.50"),
        ("US", None, ""),
        ("US", True, ""),
    ],
)
def test_money_is_whole_minor_units_in_the_stores_currency(country: str, minor: Any, words: str) -> None:
    assert Shop.of_store({"holidays": {"country": country}}, NEW_YORK).money(minor) == words


def test_a_day_is_the_stores_day_and_nonsense_is_left_out(shop: Shop) -> None:
    assert shop.short_day("2026-11-24T03:00:00Z") == "Nov 23, 2026"
    assert [shop.short_day(said) for said in ("", None, "soon", "2026-13-40")] == ["", "", "", ""]
    assert shop.moment("tomorrow") == ""
