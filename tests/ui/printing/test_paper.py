"""Papers as they leave the desk: real PDFs read back, and pages on which nothing is cut and headings come again."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from PySide6.QtGui import QImage

from tests.ui.orders import job, marchetti, part
from ui.printing import arrival, order_copy, pick_list, special_label
from ui.printing.frame import Box, Page, Text
from ui.printing.layout import Laid, lay_out
from ui.printing.render import as_pdf, picture
from ui.printing.sheet import LABELS, PAGES, Document, Size, size, usual
from ui.printing.shop import Shop
from ui.printing.typeface import dots

pytestmark = pytest.mark.usefixtures("qapp")
LETTER, A4 = PAGES
LONG = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh, Maximiliane Theodora Alexandrina von und zu"
UNBROKEN = "9" * 180


def read_back(pdf: bytes) -> list[str]:
    """What stands on each page of a PDF, its joined letters parted and its blanks single."""
    return [
        " ".join(unicodedata.normalize("NFKC", page.extract_text()).split()) for page in PdfReader(BytesIO(pdf)).pages
    ]


def laid(document: Document | None, paper: Size = LETTER) -> Laid:
    assert document is not None
    return lay_out(document, paper)


def lines(page: Page) -> list[str]:
    return [mark.text for mark in page.marks if isinstance(mark, Text)]


def is_within(page: Page, paper: Size) -> bool:
    """True when every word ends before the margin, at the right and below."""
    right, below = dots(paper.width - paper.margin), dots(paper.height - paper.margin)
    return all(
        mark.x + page.type.width(mark.text, mark.style) <= right + 1 and mark.y <= below
        for mark in page.marks
        if isinstance(mark, Text)
    )


def shelf(count: int) -> list[dict[str, Any]]:
    """So many lines to pull, five an order, in twelve bins."""
    return [
        marchetti(
            repair_order={"id": f"ro-{order}", "number": str(48000 + order), "tag": f"T-{order}", "stage": "repair"},
            parts=[
                part(f"p{order}-{n}", description=f"Filter {order}-{n}", state="in_stock", bin=f"C{(order + n) % 12}")
                for n in range(5)
            ],
        )
        for order in range(count // 5)
    ]


def test_three_hundred_lines_run_over_pages_and_each_says_its_headings(shop: Shop, now: datetime) -> None:
    list_ = laid(pick_list.make(shelf(300), shop, now))
    assert len(list_.pages) > 5
    for number, page in enumerate(list_.pages, 1):
        said = lines(page)
        for heading in ("Pick list", f"Page {number} of {len(list_.pages)}", "Part", "Technician"):
            assert heading in said
        assert next(line for line in said if line.startswith("Bin "))
        assert is_within(page, LETTER)
    assert sum(isinstance(mark, Box) for page in list_.pages for mark in page.marks) == 300
    wanted = sorted(f"Filter {order}-{n}" for order in range(60) for n in range(5))
    assert sorted(line for page in list_.pages for line in lines(page) if line.startswith("Filter")) == wanted


def test_a_bin_that_goes_on_overleaf_says_so(shop: Shop, now: datetime) -> None:
    lines_ = [part(f"p{n}", description=f"Filter {n}", state="in_stock", bin="C1") for n in range(80)]
    first, *others = laid(pick_list.make([marchetti(parts=lines_)], shop, now)).pages
    assert "Bin C1" in lines(first)
    assert others and all("Bin C1 (continued)" in lines(page) for page in others)


def test_the_pick_list_is_written_as_a_pdf_and_read_back(shop: Shop, now: datetime) -> None:
    list_ = laid(pick_list.make(shelf(60), shop, now))
    pages = read_back(as_pdf(list_))
    assert len(pages) == len(list_.pages)
    assert "Pick list" in pages[-1] and "Northgate Motors · (555) 010-0100" in pages[-1]
    assert all(f"Filter {order}-4" in " ".join(pages) for order in range(12))


@pytest.mark.parametrize("paper", PAGES, ids=lambda paper: str(paper.name))
def test_a_letter_and_a_copy_are_read_back_whole(
    shop: Shop, now: datetime, arrived: dict[str, Any], paper: Size
) -> None:
    for document in (arrival.make(arrived, shop, now), order_copy.make(arrived, shop, now)):
        assert document is not None
        pdf = as_pdf(laid(document, paper))
        said = read_back(pdf)
        assert len(said) == 1
        for words in document.words():
            assert " ".join(words.split()) in said[0]
        box = PdfReader(BytesIO(pdf)).pages[0].mediabox
        assert (round(float(box.width)), round(float(box.height))) == (
            round(paper.width / 25.4 * 72),
            round(paper.height / 25.4 * 72),
        )


def test_each_label_is_a_page_of_the_labels_size(shop: Shop, arrived: dict[str, Any]) -> None:
    arrived["parts"].append(part("hose", description="Hose", state="received", source="order", order_no="77121"))
    reader = PdfReader(BytesIO(as_pdf(laid(special_label.make([arrived], shop), LABELS[0]))))
    assert [(float(page.mediabox.width), float(page.mediabox.height)) for page in reader.pages] == [(288, 216)] * 2


@pytest.mark.parametrize("paper", LABELS, ids=lambda paper: str(paper.name))
def test_a_long_name_wraps_on_a_label_and_nothing_of_it_is_cut(
    shop: Shop, arrived: dict[str, Any], paper: Size
) -> None:
    arrived["customer"]["name"] = LONG
    arrived["parts"][0]["description"] = (
        "Thermostat housing with gasket, sensor, bolts and the hose to the expansion tank"
    )
    label = laid(special_label.make([arrived], shop), paper)
    assert len(label.pages) == 1
    said = "".join("".join(lines(page)) for page in label.pages).replace(" ", "")
    assert LONG.replace(" ", "") in said
    assert "expansiontank" in said
    assert all(is_within(page, paper) for page in label.pages)


@pytest.mark.parametrize("text", [LONG, UNBROKEN, "زيت المحرك " * 12, "部品" * 60, "🔧" * 50, "a\tb\x00c\u2028d"])
def test_whatever_a_part_is_called_is_on_the_paper_within_its_margins(shop: Shop, now: datetime, text: str) -> None:
    data = marchetti(parts=[part("p", description=text, state="in_stock", bin="C1")])
    (page,) = laid(pick_list.make([data], shop, now)).pages
    assert is_within(page, LETTER)
    kept = [char for char in text if char.isprintable() and not char.isspace()]
    said = "".join(lines(page))
    assert all(said.count(char) >= kept.count(char) for char in kept)


def test_a_complaint_longer_than_a_page_goes_on_overleaf(shop: Shop, now: datetime) -> None:
    told = " ".join(f"word{number}" for number in range(900))
    copy = laid(order_copy.make(marchetti(jobs=[job("a", letter="A", complaint=told)]), shop, now))
    assert len(copy.pages) > 1
    said = " ".join(line for page in copy.pages for line in lines(page)).split()
    assert [word for word in said if word.startswith("word")] == told.split()
    assert all(is_within(page, LETTER) for page in copy.pages)


def test_what_looks_like_a_page_of_the_web_is_only_words(shop: Shop, now: datetime, arrived: dict[str, Any]) -> None:
    arrived["customer"]["name"] = "<b>Bob</b> &amp; <img src=x>"
    (said,) = read_back(as_pdf(laid(order_copy.make(arrived, shop, now))))
    assert "<b>Bob</b> &amp; <img src=x>" in said


def test_the_preview_has_ink_where_the_page_has_words(shop: Shop, now: datetime, arrived: dict[str, Any]) -> None:
    copy = laid(order_copy.make(arrived, shop, now))
    image = picture(copy, 0, 425)
    assert (image.width(), image.height()) == (425, 550)
    assert _ink(image, 0.06, 0.25) > 200
    assert _ink(image, 0.8, 0.99) == 0


def _ink(image: QImage, top: float, below: float) -> int:
    rows = range(int(image.height() * top), int(image.height() * below))
    return sum(image.pixelColor(x, y).lightness() < 128 for y in rows for x in range(image.width()))


@pytest.mark.parametrize(
    ("kind", "chosen", "country", "name"),
    [
        ("page", "", "US", "letter"),
        ("page", "", "CA", "letter"),
        ("page", "", "DE", "a4"),
        ("page", "a4", "US", "a4"),
        ("page", "4x3", "US", "letter"),
        ("label", "", "DE", "4x3"),
        ("label", "100x62", "DE", "100x62"),
    ],
)
def test_paper_follows_the_stores_country_until_somebody_chooses(
    kind: str, chosen: str, country: str, name: str
) -> None:
    assert size(kind, chosen, country).name == name
    assert usual("page", "US") == LETTER
