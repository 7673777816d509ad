"""The rules: what about a scan or a structure is a reason to doubt it. Each has a code and one plain sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from inference.confidence.facts import (
    AORTA,
    BONE,
    CAVA,
    HEART,
    LIVER,
    LUNG,
    SPLEEN,
    Pair,
    Phase,
    code_of,
    has_side,
    hu_range,
    volume_range_ml,
)
from inference.confidence.measures import Measures
from inference.confidence.scan_facts import AIR_HU, AIR_WITHIN_HU, FAT_HU, ScanFacts
from inference.manifest import Label

Light = Literal["green", "amber", "red"]
ORDER: tuple[Light, ...] = ("green", "amber", "red")

THICK_MM, VERY_THICK_MM = 5.0, 8.0
NARROW_BODY = 0.95
SECOND_PIECE, MANY_PIECES = 0.08, 0.5
GAPS, MANY_GAPS = 0.1, 0.4
FAR_HU = 40.0
FAR_VOLUME = 1.6
AGREE, HARDLY_AGREE = 0.88, 0.75
STABLE, HARDLY_STABLE = 0.92, 0.80
VESSEL_HU = 80.0
SIDE_MM = 10.0
WRONG_SIDE_MM = 25.0
UNLIKE_PAIR = 1.6
LEAST_SOLID_ML, UNLIKE_SIDES = 60.0, 1.8
HEART_LEFT_MM, AORTA_LEFT_MM = 5.0, 0.0
LARGE_SHARE = 0.3
NOISY_HU = 60.0
AIR_FAR_HU = 150.0
# the first tissue peak of a scan without fat may be muscle; beyond this it is neither
NO_FAT_HU = 120.0
LEAST_DARK = 0.01


@dataclass(frozen=True, slots=True)
class Reason:
    """code: one word. text: one plain sentence without a full stop. light: the best the structure can still be."""

    code: str
    text: str
    light: Light


def worst(lights: Iterable[Light]) -> Light:
    """The worst of some lights; green of none."""
    return max(lights, key=ORDER.index, default="green")


def of_scan(facts: ScanFacts) -> list[Reason]:
    """Reasons that hold for every structure of a scan."""
    found: list[Reason] = []
    if facts.quantity != "HU":
        found.append(Reason("modality", "This is no CT in Hounsfield units, for which the model was made", "red"))
        return found
    if facts.air_hu is not None and abs(facts.air_hu - AIR_HU) > AIR_WITHIN_HU:
        found.append(
            Reason("air", f"Air lies at {facts.air_hu:.0f} HU instead of −1000: values are not calibrated", "red")
        )
    if facts.dark_share < LEAST_DARK:
        found.append(Reason("modality", "It shows neither air nor fat as CT does: it may be no CT", "red"))
    # air tells more surely, where it is seen
    if facts.air_hu is None and facts.fat_hu is not None and not FAT_HU[0] <= facts.fat_hu <= NO_FAT_HU:
        found.append(Reason("fat", f"Fat is not where it lies in CT ({facts.fat_hu:.0f} HU)", "red"))
    if facts.slice_mm > VERY_THICK_MM:
        found.append(Reason("slices", f"Slices are {facts.slice_mm:.1f} mm apart", "red"))
    elif facts.slice_mm > THICK_MM + 1e-6:
        found.append(Reason("slices", f"Slices are {facts.slice_mm:.1f} mm apart", "amber"))
    if facts.wide_over_deep is not None and facts.wide_over_deep < NARROW_BODY:
        found.append(
            Reason("turned", "The body is deeper than wide: it may lie turned, or its orientation is wrong", "red")
        )
    if facts.noise_hu > NOISY_HU:
        found.append(Reason("noise", f"The scan is very noisy (±{facts.noise_hu:.0f} HU)", "amber"))
    return found


def of_structure(label: Label, measures: Measures, phase: Phase | None) -> list[Reason]:
    """Reasons that one structure gives by itself."""
    if measures.volume_ml <= 0.0:
        return [Reason("empty", "It was not found", "red")]
    found: list[Reason] = []
    found += _volume(volume_range_ml(label), measures)
    found += _hu(label, measures, phase)
    if measures.touches_border:
        found.append(Reason("border", "It reaches the border of the scan: its volume is a lower bound", "amber"))
    if measures.second_piece_share > MANY_PIECES:
        found.append(
            Reason("pieces", f"It fell into pieces, the second {measures.second_piece_share:.0%} of it", "red")
        )
    elif measures.second_piece_share > SECOND_PIECE:
        found.append(
            Reason("pieces", f"It fell into pieces, the second {measures.second_piece_share:.0%} of it", "amber")
        )
    if measures.gap_share > GAPS:
        hard = measures.gap_share > MANY_GAPS
        words = f"It is missing in {measures.gap_share:.0%} of the slices where it must be"
        found.append(Reason("gaps", words, "red" if hard else "amber"))
    if measures.agreement is not None and measures.agreement < AGREE:
        hard = measures.agreement < HARDLY_AGREE
        words = f"The model and the rule for it agree only by {measures.agreement:.0%}"
        found.append(Reason("engines", words, "red" if hard else "amber"))
    if measures.stability is not None and measures.stability < STABLE:
        hard = measures.stability < HARDLY_STABLE
        words = f"Repeated with small changes it comes out only {measures.stability:.0%} the same"
        found.append(Reason("repeated", words, "red" if hard else "amber"))
    if code_of(label) == AORTA and measures.median_hu is not None and measures.median_hu < VESSEL_HU:
        found.append(Reason("contrast", "There is no contrast in it: vessels cannot be measured in this scan", "amber"))
    return found


def _volume(plausible: Pair | None, measures: Measures) -> list[Reason]:
    if plausible is None:
        return []
    low, high = plausible
    volume = measures.volume_ml
    if volume > high:
        far = volume > FAR_VOLUME * high
        return [
            Reason(
                "volume", f"Its {volume:.0f} ml are more than an adult has ({high:.0f} ml)", "red" if far else "amber"
            )
        ]
    if volume < low:
        if measures.touches_border:
            # a part of it lies outside the scan, which is told by itself
            return []
        far = volume < low / FAR_VOLUME
        return [
            Reason(
                "volume", f"Its {volume:.0f} ml are less than an adult has ({low:.0f} ml)", "red" if far else "amber"
            )
        ]
    return []


def _hu(label: Label, measures: Measures, phase: Phase | None) -> list[Reason]:
    plausible = hu_range(label, phase)
    if plausible is None or measures.median_hu is None:
        return []
    away = off_range(measures.median_hu, plausible)
    if away <= 0:
        return []
    there = {"native": "without contrast", "late": "in the late phase"}.get(phase or "", f"in the {phase} phase")
    words = f"Its {measures.median_hu:.0f} HU is not what it has {there if phase else 'in any phase'}"
    return [Reason("hu", words, "red" if away > FAR_HU else "amber")]


def off_range(value: float, pair: Pair) -> float:
    """How far a value lies outside a range; 0 inside."""
    return max(pair[0] - value, value - pair[1], 0.0)


def of_sides(
    labels: Mapping[str, Label], measures: Mapping[str, Measures], solid_ml: tuple[float, float] | None = None
) -> tuple[list[Reason], dict[str, list[Reason]]]:
    """Reasons of the whole scan, and by structure, when sides contradict each other: LPS x grows to the patient's left.

    A network that learned where organs lie finds them there in a mirrored scan too: heart, aorta and the solid tissue of
    the right (the liver's, whatever was called liver) tell against it. solid_ml: see ScanFacts.
    """
    place = {code: _place(labels, measures, code) for code in (LIVER, SPLEEN, CAVA, AORTA, HEART, LUNG)}
    whole: list[Reason] = []
    own: dict[str, list[Reason]] = {}

    def beyond(first: str, second: str, axis: int, text: str) -> None:
        """`first` shall not lie further along the axis than `second`."""
        one, two = place[first], place[second]
        if one is not None and two is not None and one[axis] > two[axis] + SIDE_MM:
            whole.append(Reason("side", text, "red"))

    beyond(LIVER, SPLEEN, 0, "The liver lies left of the spleen: the scan may be mirrored")
    beyond(CAVA, AORTA, 0, "The vena cava lies left of the aorta: the scan may be mirrored")
    beyond(LIVER, HEART, 0, "The liver lies left of the heart: the scan may be mirrored")
    beyond(LIVER, LUNG, 2, "The lungs lie below the liver: the scan may stand on its head")
    beyond(LIVER, HEART, 2, "The heart lies below the liver: the scan may stand on its head")
    if solid_ml is not None and solid_ml[1] > LEAST_SOLID_ML and solid_ml[1] > UNLIKE_SIDES * solid_ml[0]:
        whole.append(Reason("side", "Most solid tissue lies left of the spine: the scan may be mirrored", "red"))
    left = left_of_spine(labels, measures)
    if left is not None and left < 0:
        whole.append(Reason("side", "Heart and aorta do not lie left of the spine: the scan may be mirrored", "red"))
    spine = _spine(labels, measures)
    for name, label in labels.items():
        side = -1.0 if label.laterality == "right" or code_of(label) == LIVER else 1.0
        if name not in measures or measures[name].volume_ml <= 0:
            continue
        other = _counterpart(name, labels, measures) if label.laterality == "left" else None
        if other is not None and measures[name].centroid_mm[0] < measures[other].centroid_mm[0] - SIDE_MM:
            for one in (name, other):
                own.setdefault(one, []).append(Reason("side", "Left and right of it have changed places", "red"))
        if other is not None and not (measures[name].touches_border or measures[other].touches_border):
            volumes = measures[name].volume_ml, measures[other].volume_ml
            if max(volumes) > UNLIKE_PAIR * min(volumes):
                text = f"Left and right of it have {volumes[0]:.0f} and {volumes[1]:.0f} ml, which is unusual"
                for one in (name, other):
                    own.setdefault(one, []).append(Reason("pair", text, "amber"))
        if spine is not None and has_side(label):
            away = side * (measures[name].centroid_mm[0] - spine)
            if away < -WRONG_SIDE_MM:
                own.setdefault(name, []).append(Reason("side", "It lies on the wrong side of the spine", "red"))
    return whole, own


def _counterpart(name: str, labels: Mapping[str, Label], measures: Mapping[str, Measures]) -> str | None:
    """The same structure of the right side, where it was found."""
    for other, label in labels.items():
        if label.laterality == "right" and code_of(label) == code_of(labels[name]) and other in measures:
            return other if measures[other].volume_ml > 0 else None
    return None


def shows_left(
    labels: Mapping[str, Label], measures: Mapping[str, Measures], solid_ml: tuple[float, float] | None
) -> bool:
    """True when something in the scan tells which side is left."""
    liver_seen = solid_ml is not None and max(solid_ml) > max(LEAST_SOLID_ML, UNLIKE_SIDES * min(solid_ml))
    return liver_seen or left_of_spine(labels, measures) is not None


def left_of_spine(labels: Mapping[str, Label], measures: Mapping[str, Measures]) -> float | None:
    """How far heart, or else aorta, lie more to the left than they must, mm; None when there is no spine or neither."""
    spine = _spine(labels, measures)
    if spine is None:
        return None
    for code, least in ((HEART, HEART_LEFT_MM), (AORTA, AORTA_LEFT_MM)):
        at = _place(labels, measures, code)
        if at is not None:
            return at[0] - spine - least
    return None


def _spine(labels: Mapping[str, Label], measures: Mapping[str, Measures]) -> float | None:
    known = (measures[name].spine_mm for name, label in labels.items() if code_of(label) == BONE and name in measures)
    return next((at for at in known if at is not None), None)


def _place(
    labels: Mapping[str, Label], measures: Mapping[str, Measures], code: str
) -> tuple[float, float, float] | None:
    """Mean centre of the structures of a code that are large enough to say where they lie."""
    names = _named(labels, measures, code)
    if not names:
        return None
    x, y, z = np.mean([measures[name].centroid_mm for name in names], axis=0)
    return float(x), float(y), float(z)


def _named(labels: Mapping[str, Label], measures: Mapping[str, Measures], code: str) -> tuple[str, ...]:
    """Structures of a code that are large enough to say where they lie."""
    found = []
    for name, label in labels.items():
        low = (volume_range_ml(label) or (10.0, 0.0))[0]
        if code_of(label) == code and name in measures and measures[name].volume_ml > max(5.0, LARGE_SHARE * low):
            found.append(name)
    return tuple(found)
