"""The rules: what about a scan or a structure is a reason to doubt it. Each has a code and one plain sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from inference.confidence.facts import (
    AORTA,
    CAVA,
    HEART,
    LIVER,
    LUNG,
    SPLEEN,
    Pair,
    Phase,
    code_of,
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
LARGE_SHARE = 0.3
NOISY_HU = 60.0
AIR_FAR_HU = 150.0
# the first tissue peak of a scan without fat may be muscle; beyond this it is neither
NO_FAT_HU = 120.0


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


def doubt_of(reasons: Iterable[Reason]) -> float:
    """0 … 1: 0.4 for amber, 1 for red."""
    return {"green": 0.0, "amber": 0.4, "red": 1.0}[worst(reason.light for reason in reasons)]


def of_sides(labels: Mapping[str, Label], measures: Mapping[str, Measures]) -> dict[str, list[Reason]]:
    """Reasons by structure when sides contradict each other: LPS x grows to the patient's left."""
    found: dict[str, list[Reason]] = {}

    def tell(names: Iterable[str], text: str) -> None:
        for name in names:
            found.setdefault(name, []).append(Reason("side", text, "red"))

    def right_of(first: str, second: str, text: str) -> None:
        """`first` shall lie to the patient's right of `second`."""
        one, two = _named(labels, measures, first), _named(labels, measures, second)
        if not one or not two:
            return
        x = [float(np.mean([measures[name].centroid_mm[0] for name in names])) for names in (one, two)]
        if x[0] > x[1] + SIDE_MM:
            tell((*one, *two), text)

    right_of(LIVER, SPLEEN, "The liver lies left of the spleen: the scan may be mirrored")
    right_of(CAVA, AORTA, "The vena cava lies left of the aorta: the scan may be mirrored")
    right_of(LIVER, HEART, "The liver lies left of the heart: the scan may be mirrored")
    for name, label in labels.items():
        if label.laterality != "left" or name not in measures:
            continue
        other = next(
            (
                n
                for n, one in labels.items()
                if one.laterality == "right" and code_of(one) == code_of(label) and n in measures
            ),
            None,
        )
        if other is None or min(measures[name].volume_ml, measures[other].volume_ml) <= 0:
            continue
        if measures[name].centroid_mm[0] < measures[other].centroid_mm[0] - SIDE_MM:
            tell((name, other), "Left and right of it have changed places")
    upside_down(labels, measures, tell)
    return found


def upside_down(labels: Mapping[str, Label], measures: Mapping[str, Measures], tell: object) -> None:
    """Lungs lie above the liver; z grows to the head."""
    lungs, liver = _named(labels, measures, LUNG), _named(labels, measures, LIVER)
    if not lungs or not liver or not callable(tell):
        return
    z = [float(np.mean([measures[name].centroid_mm[2] for name in names])) for names in (lungs, liver)]
    if z[0] < z[1] - SIDE_MM:
        tell((*lungs, *liver), "The lungs lie below the liver: the scan may stand on its head")


def _named(labels: Mapping[str, Label], measures: Mapping[str, Measures], code: str) -> tuple[str, ...]:
    """Structures of a code that are large enough to say where they lie."""
    found = []
    for name, label in labels.items():
        low = (volume_range_ml(label) or (10.0, 0.0))[0]
        if code_of(label) == code and name in measures and measures[name].volume_ml > max(5.0, LARGE_SHARE * low):
            found.append(name)
    return tuple(found)
