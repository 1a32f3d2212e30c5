"""Edits are judged once, in their order, by the desk's own numbers."""

from __future__ import annotations

import pytest

from advisor_desk.bridge.problems import Problem
from tests.bridge.rooftop import Desk, Rooftop


@pytest.fixture
def desk(rooftop: Rooftop) -> Desk:
    """The advisor's desk."""
    return rooftop.desk()


def test_an_edit_is_applied_and_answered_with_the_record_as_it_stands(rooftop: Rooftop, desk: Desk) -> None:
    before = rooftop.seq
    answer = desk.does("repair_order", rooftop.ro, {"tag": "T-7"})
    assert (answer["outcome"], answer["seq"], answer["problem"]) == ("applied", before + 1, None)
    assert answer["record"]["fields"]["tag"] == "T-7"
    assert rooftop.record("repair_order", rooftop.ro).rev == before + 1


def test_the_same_edit_sent_again_is_a_duplicate_and_has_no_second_effect(rooftop: Rooftop, desk: Desk) -> None:
    edit = desk.edit("repair_order", rooftop.ro, {"tag": "T-7"})
    desk.send(edit)
    seq = rooftop.seq
    (again,) = desk.send(edit)
    assert (again["outcome"], again["seq"], rooftop.seq) == ("duplicate", seq, seq)


def test_a_duplicate_shows_the_record_as_it_is_now(rooftop: Rooftop, desk: Desk) -> None:
    edit = desk.edit("repair_order", rooftop.ro, {"tag": "T-7"})
    desk.send(edit)
    rooftop.desk("manager").does("repair_order", rooftop.ro, {"tag": "T-8"})
    (again,) = desk.send(edit)
    assert again["record"]["fields"]["tag"] == "T-8"


def test_a_refused_edit_sent_again_is_answered_word_for_word_as_before(rooftop: Rooftop, desk: Desk) -> None:
    edit = desk.edit("part_line", rooftop.line, {"bin": "A1"})
    first, again = desk.send(edit), desk.send(edit)
    assert first[0]["outcome"] == "rejected"
    assert first == again


def test_an_edit_sent_twice_in_one_push_takes_effect_once(rooftop: Rooftop, desk: Desk) -> None:
    edit = desk.edit("repair_order", rooftop.ro, {"tag": "T-7"})
    assert [answer["outcome"] for answer in desk.send(edit, edit)] == ["applied", "duplicate"]


def test_the_same_id_with_other_content_is_refused_and_changes_nothing(rooftop: Rooftop, desk: Desk) -> None:
    edit = desk.edit("repair_order", rooftop.ro, {"tag": "T-7"})
    desk.send(edit)
    with pytest.raises(Problem) as refused:
        desk.send(edit | {"set": {"tag": "T-8"}})
    assert (refused.value.status, refused.value.code) == (422, "mutation_changed")
    assert rooftop.fields("repair_order", rooftop.ro)["tag"] == "T-7"


def test_a_number_left_out_means_work_was_lost_and_is_said(rooftop: Rooftop, desk: Desk) -> None:
    desk.does("repair_order", rooftop.ro, {"tag": "T-7"})
    with pytest.raises(Problem) as refused:
        desk.does("repair_order", rooftop.ro, {"tag": "T-8"}, n=3)
    assert (refused.value.status, refused.value.code, refused.value.more) == (409, "desk_gap", {"expected": 2})


def test_a_number_used_for_another_edit_means_a_cloned_desk_and_is_said(rooftop: Rooftop, desk: Desk) -> None:
    desk.does("repair_order", rooftop.ro, {"tag": "T-7"})
    with pytest.raises(Problem) as refused:
        desk.does("repair_order", rooftop.ro, {"tag": "T-8"}, n=1)
    assert (refused.value.status, refused.value.code, refused.value.more) == (409, "desk_rewind", {"expected": 2})


def test_a_gap_in_the_middle_of_a_push_leaves_none_of_it(rooftop: Rooftop, desk: Desk) -> None:
    first = desk.edit("repair_order", rooftop.ro, {"tag": "T-7"})
    third = desk.edit("repair_order", rooftop.ro, {"spot": "B7"}, n=3)
    seq = rooftop.seq
    with pytest.raises(Problem):
        desk.send(first, third)
    assert rooftop.seq == seq
    assert desk.send(first)[0]["outcome"] == "applied"


def test_a_desk_that_counts_anew_is_answered_for_what_is_known_and_judged_for_the_rest(rooftop: Rooftop) -> None:
    old = rooftop.desk()
    sent = old.edit("repair_order", rooftop.ro, {"tag": "T-7"})
    old.send(sent)
    unsent = old.edit("repair_order", rooftop.ro, {"spot": "B7"})
    anew = rooftop.desk(name="the-same-desk-anew")
    answers = anew.send(sent | {"n": 1}, unsent | {"n": 2})
    assert [answer["outcome"] for answer in answers] == ["duplicate", "applied"]
    anew.n = 2
    assert anew.does("repair_order", rooftop.ro, {"tag": "T-9"})["outcome"] == "applied"


def test_a_refused_edit_does_not_stop_the_ones_after_it(rooftop: Rooftop, desk: Desk) -> None:
    """Probe C: one of ten offline writes refused by the server, the other nine stand."""
    spots = [None, *(f"B{place}" for place in range(10))]
    edits = [
        desk.edit("repair_order", rooftop.ro, {"spot": spot}, was={"spot": spots[place]})
        for place, spot in enumerate(spots[1:])
    ]
    edits[4] = edits[4] | {"set": {"stage": "no_such_stage"}, "was": {}}
    outcomes = [answer["outcome"] for answer in desk.send(*edits)]
    assert outcomes == ["applied"] * 4 + ["rejected", "merged"] + ["applied"] * 4
    assert rooftop.fields("repair_order", rooftop.ro)["spot"] == "B9"


def test_two_desks_count_apart(rooftop: Rooftop) -> None:
    assert rooftop.desk("advisor").does("repair_order", rooftop.ro, {"tag": "T-7"})["outcome"] == "applied"
    assert rooftop.desk("parts").does("part_line", rooftop.line, {"bin": "A1"})["outcome"] == "applied"


def test_what_builds_on_a_refused_edit_of_the_same_push_is_not_judged_and_goes_once_that_is_decided(
    rooftop: Rooftop, desk: Desk
) -> None:
    bad = desk.edit("customer", "c-new", {"name": "Osei", "advisor_id": "nobody"}, op="create")
    note = {"customer_id": "c-new", "channel": "note", "body": "wants a call", "at": "2026-11-23T15:00:00Z"}
    on_it = desk.edit("contact_event", "e-new", note, op="create")
    other = desk.edit("repair_order", rooftop.ro, {"tag": "T-7"})
    first, second, third = desk.send(bad, on_it, other)
    assert first["outcome"] == "rejected"
    assert second["problem"]["type"].endswith(":held")
    assert third["outcome"] == "applied"
    good = desk.edit("customer", "c-new", {"name": "Osei"}, op="create")
    again = desk.edit("contact_event", "e-new", note, op="create")
    assert [answer["outcome"] for answer in desk.send(good, again)] == ["applied", "applied"]
