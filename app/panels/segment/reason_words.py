"""Why a model's structure is not sure, in two or three words for a table's narrow column; the sentence is told elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from planning.findings import Finding

SHORT: Mapping[str, str] = MappingProxyType(
    {
        "modality": "may be no CT",
        "air": "HU off in air",
        "fat": "HU off in fat",
        "slices": "thick slices",
        "turned": "scan turned?",
        "noise": "noisy scan",
        "empty": "not found",
        "border": "at the scan’s edge",
        "pieces": "in pieces",
        "gaps": "slices missing",
        "engines": "two engines differ",
        "repeated": "repeats differ",
        "contrast": "no contrast",
        "volume": "unusual volume",
        "hu": "unusual HU",
        "side": "wrong side?",
        "sides": "side not known",
        "pair": "unlike its pair",
        "uncalibrated": "not calibrated",
        "unsure": "not sure enough",
        "doubtful": "likely wrong",
    }
)


def short_reason(reasons: Sequence[Finding]) -> str:
    """The worst reason first, as they stand in a record; one without short words is told whole."""
    return ", ".join(dict.fromkeys(SHORT.get(reason.code, reason.text) for reason in reasons))
