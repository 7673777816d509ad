"""Every reason that a model's structure can be doubted for has short words."""

from __future__ import annotations

import re
from pathlib import Path

from app.panels.segment.reason_words import SHORT, short_reason
from planning.findings import Finding

CONFIDENCE = Path(__file__).parents[2] / "inference" / "confidence"


def test_every_code_has_words_that_fit_the_column() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in CONFIDENCE.glob("*.py"))
    codes = set(re.findall(r'Reason\(\s*"([a-z_]+)"', source))
    assert {"border", "volume", "uncalibrated"} <= codes
    assert codes <= set(SHORT), f"without short words: {codes - set(SHORT)}"
    assert max(map(len, SHORT.values())) <= 18


def test_reasons_are_joined_once_each_and_unknown_ones_told_whole() -> None:
    reasons = (Finding("border", "a"), Finding("border", "b"), Finding("new", "It is new"))
    assert short_reason(reasons) == "at the scan’s edge, It is new"
