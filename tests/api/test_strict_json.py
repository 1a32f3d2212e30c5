"""JSON as the wire allows it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor_desk.api import strict_json
from advisor_desk.api.strict_json import MAX_DEPTH, BadJson

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=6,
)


@given(VALUES, st.booleans())
def test_every_sound_value_is_read_as_it_was_written(value: Any, escaped: bool) -> None:
    text = json.dumps(value, ensure_ascii=escaped)
    assert strict_json.loads(text) == value
    assert strict_json.loads(text.encode()) == value


@settings(max_examples=25)
@given(st.lists(VALUES, max_size=3), st.booleans())
def test_lines_are_read_like_one_value_after_another(values: list[Any], escaped: bool) -> None:
    text = "\n".join(json.dumps(value, ensure_ascii=escaped) for value in values)
    assert strict_json.lines(text.encode()) == values
    assert strict_json.lines(text.encode() + b"\n") == values


REFUSED = [
    (b"", "is not JSON"), (b"{", "is not JSON"), (b"{'a':1}", "is not JSON"), (b"[1,]", "is not JSON"),
    (b"1 2", "is not JSON"), (b"\xef\xbb\xbf{}", "is not JSON"), (b'"a\x01b"', "is not JSON"), (b"0x1f", "is not JSON"),
    (b"9" * 5000, "is not JSON"), (b"NaN", "NaN is not a number"), (b"[-Infinity]", "-Infinity is not a number"),
    (b"1e400", "a number is out of range"), (b'{"a":-1e999}', "a number is out of range"),
    (b'{"a":1,"a":2}', "a key stands twice"), (b'[{"b":{"a":1,"\\u0061":2}}]', "a key stands twice"),
    (b'"\\u0000"', "text holds a NUL"), (b'{"a\\u0000b":1}', "text holds a NUL"),
    (b'"\\ud83d"', "text holds half a character"), (b'["\\uDE00x"]', "text holds half a character"),
    (b'{"\\udfff":1}', "text holds half a character"), (b'"\xff"', "is not UTF-8"), (b'"\xed\xa0\x80"', "is not UTF-8"),
    (b"[" * 100_000, "nested too deeply"), (b'{"a":' * 5000, "nested too deeply"),
    (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "nested too deeply"),
    (b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1), "nested too deeply"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "why"), REFUSED, ids=[str(one[:24]) for one, _ in REFUSED])
def test_what_json_alone_would_let_through_is_refused_with_its_reason(text: bytes, why: str) -> None:
    with pytest.raises(BadJson, match=f"^{why}$"):
        strict_json.loads(text)
    if text:
        with pytest.raises(BadJson, match=f"^{why}$"):
            strict_json.lines(b'{"fine":1}\n' + text + b"\n")


def test_nesting_up_to_the_limit_is_read() -> None:
    assert strict_json.loads("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert strict_json.loads('{"a":' * MAX_DEPTH + "1" + "}" * MAX_DEPTH)


def test_a_whole_character_written_as_two_halves_is_one() -> None:
    assert strict_json.loads(b'"\\ud83d\\ude00"') == "😀"


def test_a_half_character_that_came_in_unescaped_is_refused() -> None:
    with pytest.raises(BadJson, match="is not UTF-8"):
        strict_json.loads('"\udcff"')


@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused_without_being_repeated(data: bytes) -> None:
    try:
        strict_json.loads(data)
    except BadJson as bad:
        assert len(str(bad)) < 40
