"""What a desk is given before it opens."""

from __future__ import annotations

import io

import pytest

from advisor_desk.domain.errors import Refused
from advisor_desk.host.settings import Settings
from ui.link import opening

KEY = bytes(range(32))


def test_the_first_line_carries_the_key_and_where_the_bridge_is() -> None:
    line = opening.hello(KEY, Settings(bridge="https://bridge.example"))
    assert line["key"] == KEY.hex()
    assert line["bridge"] == "https://bridge.example"
    assert line["proxy"] is None


@pytest.mark.parametrize("line", ["", "hello", "[]", '{"hello": {}}', '{"hello": {"key": "xyz"}}', '{"hello": 7}'])
def test_another_first_line_is_refused_in_one_sentence_without_its_content(line: str) -> None:
    with pytest.raises(Refused) as refused:
        opening.from_line(io.StringIO(line + "\n"))
    assert refused.value.code == "bad_hello"
    assert "xyz" not in refused.value.message


def test_an_opening_is_never_printed() -> None:
    start = opening.from_line(io.StringIO('{"hello": {"key": "' + KEY.hex() + '"}}\n'))
    assert KEY.hex() not in repr(start)
