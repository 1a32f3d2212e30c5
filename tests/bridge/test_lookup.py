"""What lies outside a desk's window: older contacts, page by page, and a search of the whole store."""

from __future__ import annotations

import pytest

from tests.bridge.conftest import SignIn
from tests.bridge.rooftop import Rooftop


@pytest.fixture
def talkative(rooftop: Rooftop) -> list[str]:
    """A customer with nine contacts, three of them in the same second; their ids, newest first."""
    desk = rooftop.desk()
    seconds = [1, 2, 3, 3, 3, 4, 5, 6, 7]
    for place, second in enumerate(seconds):
        said = {"customer_id": rooftop.customer, "body": f"{place}", "at": f"2026-11-20T10:00:0{second}Z"}
        assert desk.does("contact_event", f"c{place}", said, op="create")["outcome"] == "applied"
    return [f"c{place}" for place in reversed(range(len(seconds)))]


@pytest.mark.parametrize("limit", [1, 2, 4, 9, 100])
def test_a_customers_contacts_come_newest_first_and_none_is_left_out_between_pages(
    rooftop: Rooftop, signed: SignIn, talkative: list[str], limit: int
) -> None:
    maria = signed()
    seen: list[str] = []
    before: str | None = ""
    while before is not None:
        page = maria.get(f"/v1/customers/{rooftop.customer}/history", before=before, limit=limit).json()
        seen += [event["id"] for event in page["events"]]
        before = page["before"]
    assert seen == talkative


def test_contacts_before_a_plain_moment(rooftop: Rooftop, signed: SignIn, talkative: list[str]) -> None:
    page = signed().get(f"/v1/customers/{rooftop.customer}/history", before="2026-11-20T10:00:03Z").json()
    assert [event["id"] for event in page["events"]] == ["c1", "c0"]


def test_a_contact_written_in_another_zone_stands_at_its_moment(
    rooftop: Rooftop, signed: SignIn, talkative: list[str]
) -> None:
    said = {"customer_id": rooftop.customer, "body": "from afar", "at": "2026-11-20T05:00:03.500-05:00"}
    rooftop.desk().does("contact_event", "zz", said, op="create")
    page = signed().get(f"/v1/customers/{rooftop.customer}/history").json()
    ids = [event["id"] for event in page["events"]]
    assert ids.index("c5") < ids.index("zz") < ids.index("c1")


def test_a_deleted_contact_is_not_told_again(rooftop: Rooftop, signed: SignIn, talkative: list[str]) -> None:
    rooftop.desk("manager").does("contact_event", "c4", op="delete")
    page = signed().get(f"/v1/customers/{rooftop.customer}/history").json()
    assert "c4" not in {event["id"] for event in page["events"]}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Kow", "customer"),
        ("kowalski, j", "customer"),
        ("KOWALSKI", "customer"),
        ("48001", "repair_order"),
        ("480", "repair_order"),
        ("alski", None),
        ("Zz", None),
        ("%o", None),
        ("K_w", None),
        ("'' OR 1=1", None),
    ],
)
def test_a_search_finds_what_begins_with_the_words(
    rooftop: Rooftop, signed: SignIn, words: str, found: str | None
) -> None:
    records = signed().get("/v1/search", q=words).json()["records"]
    assert [record["kind"] for record in records] == ([found] if found else [])


@pytest.mark.parametrize(
    ("name", "words"), [("Élodie Ångström", "éLODIE"), ("Ωmega Garage", "ωm"), ("山田, 太郎", "山田")]
)
def test_a_search_knows_every_script_and_case(rooftop: Rooftop, signed: SignIn, name: str, words: str) -> None:
    rooftop.desk().does("customer", rooftop.customer, {"name": name})
    (record,) = signed().get("/v1/search", q=words).json()["records"]
    assert record["fields"]["name"] == name


def test_a_record_is_told_to_its_store_even_when_deleted_and_says_so(rooftop: Rooftop, signed: SignIn) -> None:
    rooftop.desk("manager").does("job", rooftop.job, op="delete")
    reply = signed().get(f"/v1/records/job/{rooftop.job}").json()
    assert (reply["deleted"], reply["kind"], reply["id"]) == (True, "job", rooftop.job)


@pytest.mark.parametrize("path", ["/v1/records/job/none", "/v1/records/nothing/x", "/v1/customers/none/history"])
def test_what_is_not_there_is_not_found(signed: SignIn, path: str) -> None:
    reply = signed().get(path)
    assert (reply.status_code, reply.json()["type"]) == (404, "urn:advisor-desk:not_found")
