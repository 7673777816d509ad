"""The plan's landmarks: where each point is, where the automatic search had it, and where two estimates disagree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from planning.geometry import FloatArray
from planning.section import equal_angles
from planning.tavr.root import Level

HINGES = ("hinge_ncc", "hinge_rcc", "hinge_lcc")
HINGE_NAMES = ("NCC", "RCC", "LCC")
COMMISSURES = (("commissure_nr", 0, 1), ("commissure_rl", 1, 2), ("commissure_ln", 2, 0))
LOOK_MM, LOOK_DEG = 1.5, 5.0
GIVEN_CONFIDENCE, UNKNOWN_CONFIDENCE = 1.0, 0.5


def landmark(
    position_mm: Any,
    source: str,
    confidence: float,
    automatic_mm: Any = None,
    second_mm: Any = None,
) -> dict[str, Any]:
    """One landmark as the plan keeps it; the automatic place stays beside an edited one."""
    automatic, second = _point(automatic_mm), _point(second_mm)
    first = automatic if automatic is not None else _point(position_mm)
    apart = None
    if second is not None and first is not None:
        apart = float(np.linalg.norm(np.array(second) - np.array(first)))
    return {
        "position_mm": _point(position_mm),
        "source": source,
        "confidence": float(confidence),
        "automatic_mm": automatic,
        "second_mm": second,
        "disagreement_mm": apart,
    }


def _point(value: Any) -> list[float] | None:
    return None if value is None else [float(v) for v in value]


def hinge_landmarks(
    hinges: FloatArray, sources: Sequence[str], automatic: Mapping[str, Any] | None
) -> dict[str, dict[str, Any]]:
    """The three hinges, N, R, L."""
    found = automatic or {}
    first, second = found.get("hinges_mm"), found.get("hinges_second_mm")
    sure = found.get("hinge_confidence")
    rows = {}
    for n, name in enumerate(HINGES):
        automatic_confidence = UNKNOWN_CONFIDENCE if sure is None else float(sure[n])
        rows[name] = landmark(
            hinges[n],
            sources[n],
            automatic_confidence if sources[n] == "automatic" else GIVEN_CONFIDENCE,
            None if first is None else first[n],
            None if second is None else second[n],
        )
    return rows


def commissure_landmarks(
    levels: Sequence[Level], sinus: int | None, angles: FloatArray, automatic: Mapping[str, Any] | None
) -> dict[str, dict[str, Any]]:
    """NR, RL, LN: the automatic search's where it found them, else the narrowest places of the sinuses between hinges."""
    found = (automatic or {}).get("commissures_mm")
    sure = (automatic or {}).get("commissure_confidence")
    rows = {}
    for n, (name, first, second) in enumerate(COMMISSURES):
        if found is not None and n < len(found) and found[n] is not None:
            confidence = UNKNOWN_CONFIDENCE if sure is None else float(sure[n])
            rows[name] = landmark(found[n], "automatic", confidence, found[n])
        elif sinus is not None:
            contour = levels[sinus].contour
            dense = equal_angles(len(contour.radii_mm))
            middle = float(np.angle(np.exp(1j * angles[first]) + np.exp(1j * angles[second])))
            near = np.abs(np.angle(np.exp(1j * (dense - middle)))) <= np.radians(30.0)
            at = int(np.flatnonzero(near)[np.argmin(contour.radii_mm[near])])
            rows[name] = landmark(contour.points_mm[at], "automatic", UNKNOWN_CONFIDENCE)
    return rows


def root_block(
    hinges: FloatArray,
    normal: FloatArray,
    sources: Sequence[str],
    automatic: Mapping[str, Any] | None,
    area_of: Callable[[FloatArray], float | None],
) -> dict[str, Any]:
    """The plan's "root": how it was found, the second estimate of the plane, and where to look.

    area_of: annulus area of other hinges, None where it cannot be measured. A place to look is named for a hinge that
    nobody has confirmed yet and whose two estimates are more than 1.5 mm apart.
    """
    found = automatic or {}
    block: dict[str, Any] = {
        "found": "automatic" if automatic is not None else "given",
        "confidence": found.get("confidence"),
        "centerline_mm": found.get("centerline_mm"),
        "second": None,
        "look_here": [],
    }
    first, other = found.get("hinges_mm"), found.get("hinges_second_mm")
    second = found.get("second")
    if second is not None:
        tilt = np.degrees(np.arccos(np.clip(abs(float(np.asarray(second["normal"]) @ normal)), 0.0, 1.0)))
        offset = abs(float((np.asarray(second["origin_mm"]) - hinges.mean(axis=0)) @ normal))
        block["second"] = {
            "normal": _point(second["normal"]),
            "origin_mm": _point(second["origin_mm"]),
            "tilt_deg": float(tilt),
            "offset_mm": offset,
            "area_mm2": None if other is None else area_of(np.asarray(other, dtype=np.float64)),
        }
    if first is None or other is None:
        return block
    for n, name in enumerate(HINGES):
        apart = float(np.linalg.norm(np.asarray(other[n]) - np.asarray(first[n])))
        if sources[n] != "automatic" or apart <= LOOK_MM:
            continue
        swapped = np.array(hinges)
        swapped[n] = other[n]
        block["look_here"].append(
            {
                "landmark": name,
                "text": f"Look at the {HINGE_NAMES[n]} hinge. Two estimates are {apart:.1f} mm apart.",
                "distance_mm": apart,
                "position_mm": _point(first[n]),
                "second_mm": _point(other[n]),
                "area_if_second_mm2": area_of(swapped),
            }
        )
    return block
