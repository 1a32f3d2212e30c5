"""Ids made where the record is made."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_desk.domain.ids import uuid7

NOWS = st.integers(0, 10**13).map(lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms))
RANDOM = st.binary(min_size=10, max_size=10)


@given(NOWS, RANDOM)
def test_an_id_is_a_version_7_uuid_of_its_moment(now: datetime, random: bytes) -> None:
    made = uuid.UUID(uuid7(now, random))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert abs((made.int >> 80) - now.timestamp() * 1000) < 1


@given(NOWS, st.integers(1, 10**9), RANDOM, RANDOM)
def test_ids_sort_by_time_whatever_their_random_part(now: datetime, later: int, one: bytes, other: bytes) -> None:
    assert uuid7(now, one) < uuid7(now + timedelta(milliseconds=later), other)


@given(NOWS, RANDOM, RANDOM)
def test_ids_of_one_millisecond_differ_by_their_random_part(now: datetime, one: bytes, other: bytes) -> None:
    fixed = bytes((0x0F, 0xFF, 0x3F)) + b"\xff" * 7  # the version and variant bits are not random
    same = all(a & m == b & m for a, b, m in zip(one, other, fixed, strict=True))
    assert (uuid7(now, one) == uuid7(now, other)) is same


def test_too_little_randomness_is_refused() -> None:
    with pytest.raises(ValueError, match="ten"):
        uuid7(datetime(2026, 11, 23, tzinfo=UTC), b"\0" * 9)
