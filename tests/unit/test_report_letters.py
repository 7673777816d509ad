"""Names in any script are written in a report, and none as boxes."""

from __future__ import annotations

import io

import pytest

from app.report.letters import runs, spelled
from app.report.sheet import BOLD, MEDIUM, REGULAR, Sheet, register_fonts, text_width, wrap


@pytest.mark.parametrize("name", ["План Б", "Σχέδιο Α", "Kế hoạch", "Žižek Ø", "Їжак Ґ"])
def test_the_reports_own_cuts_hold_latin_greek_and_cyrillic(name: str) -> None:
    assert runs(name, BOLD) == ((name, BOLD),)
    assert spelled(name) == name


@pytest.mark.parametrize(
    ("name", "font"),
    [
        ("計画", "HeiseiKakuGo-W5"),
        ("プラン", "HeiseiKakuGo-W5"),
        ("计划", "STSong-Light"),
        ("계획", "HYGothic-Medium"),
    ],
)
def test_asian_names_are_written_in_their_collection(name: str, font: str) -> None:
    assert runs(f"A {name} 2", BOLD) == (("A ", BOLD), (name, font), (" 2", BOLD))


def test_letters_of_no_typeface_are_spelled() -> None:
    assert runs("خ😀", REGULAR) == (("[U+062E][U+1F600]", REGULAR),)
    assert runs("計خ", REGULAR) == (("計", "HeiseiKakuGo-W5"), ("[U+062E]", REGULAR))
    assert spelled("計") == "[U+8A08]"
    # a letter with its accent apart is the letter that has it
    assert runs("e\u0301", REGULAR) == (("é", REGULAR),)


def test_a_line_of_several_scripts_is_as_wide_as_it_is_drawn() -> None:
    from reportlab.pdfgen.canvas import Canvas

    register_fonts()
    data = io.BytesIO()
    canvas = Canvas(data)
    Sheet(canvas).text(100.0, 100.0, "Plan 計画 Б", 10.0, MEDIUM, align="right")
    Sheet(canvas).haloed(100.0, 120.0, "계획 1", 10.0, "white")
    canvas.save()
    assert text_width("Plan 計画 Б", MEDIUM, 10.0) == pytest.approx(
        text_width("Plan ", MEDIUM, 10.0) + 20.0 + text_width(" Б", MEDIUM, 10.0)
    )
    from pypdf import PdfReader

    text = PdfReader(io.BytesIO(data.getvalue())).pages[0].extract_text()
    assert "Plan" in text
    assert "Б" in text


def test_a_word_wider_than_a_line_is_broken_within() -> None:
    register_fonts()
    lines = wrap("Plan " + "計" * 30, REGULAR, 10.0, 100.0)
    assert "".join(lines) == "Plan" + "計" * 30
    assert all(text_width(line, REGULAR, 10.0) <= 100.0 for line in lines)
