"""Finding commands by some of their letters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.dialogs.fuzzy import match, rank

TITLES = (
    ("annulus", "Go to annulus", "TAVR, step 3"),
    ("align", "Align planes to annulus", ""),
    ("edit", "Edit annulus contour", ""),
    ("hide", "Hide annulus plane", "Structures"),
    ("page", "Annulus in the report", "Report, page 1"),
    ("case", "Open case", "Ctrl+O"),
    ("folder", "Open folder", ""),
    ("layout", "One large, three small", ""),
    ("presets", "Window automatic", ""),
)


def found(query: str, **uses: int) -> list[str]:
    return [TITLES[number][0] for number, _ in rank(query, TITLES, uses)]


def test_only_what_is_meant_is_found() -> None:
    assert set(found("ann")) == {"annulus", "align", "edit", "hide", "page"}
    assert found("ann")[0] == "page"
    assert found("xyz") == []


def test_starts_of_words_count_more_than_letters_within() -> None:
    assert found("of")[0] == "folder"
    assert found("oc")[0] == "case"
    assert found("eac") == ["edit"]


def test_words_come_in_any_order_and_hints_help() -> None:
    assert found("contour edit") == ["edit"]
    assert found("tavr") == ["annulus"]


def test_what_is_used_most_comes_first() -> None:
    assert found("")[0] == "annulus"
    assert found("", layout=3)[0] == "layout"
    assert found("ann", hide=9)[0] == "hide"


def test_meant_letters_are_named() -> None:
    hit = match("gta", "Go to annulus")
    assert hit is not None
    assert hit.positions == (0, 3, 6)


@given(st.text("abcde ", max_size=8), st.text("abcde ", max_size=20))
def test_named_letters_spell_the_query(query: str, text: str) -> None:
    hit = match(query, text)
    if hit is None:
        return
    words = query.split()
    if len(words) == 1:
        assert "".join(text[at] for at in hit.positions) == words[0]
    assert all(0 <= at < len(text) for at in hit.positions)
