"""Why a model's structure is not sure, in two or three words for a table's narrow column; the sentence is told elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from app.i18n import mark, said, tr
from planning.findings import Finding

SHORT: Mapping[str, str] = MappingProxyType(
    {
        "modality": mark("may be no CT"),
        "air": mark("HU off in air"),
        "fat": mark("HU off in fat"),
        "slices": mark("thick slices"),
        "turned": mark("scan turned?"),
        "noise": mark("noisy scan"),
        "empty": mark("not found"),
        "border": mark("at the scan’s edge"),
        "pieces": mark("in pieces"),
        "gaps": mark("slices missing"),
        "engines": mark("two engines differ"),
        "repeated": mark("repeats differ"),
        "contrast": mark("no contrast"),
        "volume": mark("unusual volume"),
        "hu": mark("unusual HU"),
        "side": mark("wrong side?"),
        "sides": mark("side not known"),
        "pair": mark("unlike its pair"),
        "uncalibrated": mark("not calibrated"),
        "unsure": mark("not sure enough"),
        "doubtful": mark("likely wrong"),
    }
)


def short_reason(reasons: Sequence[Finding]) -> str:
    """In the window's language, the worst reason first, as they stand in a record; one without short words is told whole."""
    words = (tr(SHORT[one.code]) if one.code in SHORT else said(one.text) for one in reasons)
    return ", ".join(dict.fromkeys(words))
