"""Names on the pictures for the operating room: short where they must be, never without what tells them apart."""

from __future__ import annotations

from types import SimpleNamespace

from app.report.theatre_draw import _with_number
from planning.liver.describe import branch_words

# every letter as wide as the next
LETTERS = SimpleNamespace(getlength=lambda text: 10.0 * len(text))


def test_a_shortened_vessel_keeps_its_number() -> None:
    assert _with_number("Hepatic vein 1", LETTERS, 140.0) == "Hepatic vein 1"
    first, third = (_with_number(f"Hepatic vein {number}", LETTERS, 120.0) for number in (1, 3))
    assert (first, third) == ("Hepatic v… 1", "Hepatic v… 3")
    assert _with_number("Portal side branch", LETTERS, 120.0) == "Portal side…"


def test_a_vessel_of_a_segment_keeps_the_segments_numeral() -> None:
    assert branch_words("portal_IV") == "Portal branch of segment IV"
    assert branch_words("hepatic_VIII") == "Hepatic vein of segment VIII"
    assert branch_words("portal_side_branch") == "Portal side branch"
