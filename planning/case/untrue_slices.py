"""Slices of an image that are not the scanner's, and plans and measurements by hand that lie in them.

`Image.filled_slices` are those that an import put between their neighbours, and those that were lost when the case was
damaged: these hold air (`planning.case.recovering`). Numbers measured in the former are estimates, numbers measured in the
latter are wrong, however good they look.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

import numpy as np

from planning.alternation import INTERLEAVED
from planning.case.model import Case, Image, Measurement, PlanRecord
from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray
from planning.measure.kinds import curve_mm
from planning.volume import NOT_HU

LOST_SLICES, FILLED_SLICES = "lost_slices", "filled_slices"
# plans whose borders are where the image's values change
BY_VALUES = ("tavr", "vessel")
# what is measured reaches farther than the points that a plan keeps of it: walls, calcium, landing zones
REACH_MM = 10.0
# a place between two slices is read and seen by both; one within this part of a slice's distance lies on it
ON_SLICE = 0.01


def has_lost_slices(image: Image) -> bool:
    """True where slices hold air because they were lost."""
    return any(finding.code == LOST_SLICES for finding in image.findings)


def runs(slices: Iterable[int]) -> str:
    """ "113–128, 131" of slices counted from 0, as a person counts them."""
    found = []
    for _, run in groupby(enumerate(sorted(set(slices))), key=lambda one: one[1] - one[0]):
        numbers = [number + 1 for _, number in run]
        found.append(f"{numbers[0]}–{numbers[-1]}" if len(numbers) > 1 else str(numbers[0]))
    return ", ".join(found)


def untrue_slices(case: Case, image: Image, inputs: Mapping[str, Any], results: Mapping[str, Any]) -> tuple[int, ...]:
    """Those of the image's `filled_slices` that a plan of these results reaches into, by its places and structures."""
    if not image.filled_slices:
        return ()
    from planning.case.standing import structure_names

    reach = REACH_MM / float(image.grid.spacing_mm[2])
    spans = []
    places = list(_places(results))
    if places:
        along = image.grid.to_index(np.array(places, dtype=np.float64))[:, 2]
        spans.append((float(along.min()) - reach, float(along.max()) + reach))
    for name in structure_names(inputs):
        if name in case.structures:
            structure = case.structures[name]
            corners = _corners(structure.start_ijk, structure.array.shape)
            along = image.grid.to_index(structure.grid.to_world(corners))[:, 2]
            spans.append((float(along.min()), float(along.max())))
    return tuple(k for k in image.filled_slices if any(low <= k <= high for low, high in spans))


def refuse_lost(case: Case, image: Image, inputs: Mapping[str, Any], results: Mapping[str, Any]) -> None:
    """Raise MeasurementError where a plan was measured in slices that hold air because they were lost."""
    found = untrue_slices(case, image, inputs, results) if has_lost_slices(image) else ()
    if found:
        raise MeasurementError(
            f"Slices {runs(found)} were lost when the case was damaged, and this plan would be measured there",
            "Import the scan again and plan on it",
            LOST_SLICES,
        )


def untrue_findings(case: Case, image: Image, plan: PlanRecord) -> tuple[Finding, ...]:
    """What whoever tells a plan's numbers has to say of such slices, of two acquisitions that may be mixed, and of values
    that are no Hounsfield units, where borders were found by them."""
    codes = (INTERLEAVED, NOT_HU) if plan.kind in BY_VALUES else (INTERLEAVED,)
    of_image = tuple(finding for finding in image.findings if finding.code in codes)
    return (*of_image, *_filled_or_lost(case, image, plan))


def _filled_or_lost(case: Case, image: Image, plan: PlanRecord) -> tuple[Finding, ...]:
    found = untrue_slices(case, image, plan.inputs, plan.results)
    if not found:
        return ()
    if has_lost_slices(image):
        text = f"Slices {runs(found)}, where this plan was measured, were lost when the case was damaged: it cannot be checked"
        return (Finding(LOST_SLICES, text),)
    text = f"Slices {runs(found)}, where this plan was measured, were filled in between their neighbours: estimates"
    return (Finding(FILLED_SLICES, text),)


def untrue_measured(case: Case, item: Measurement) -> Finding | None:
    """What whoever tells a measurement by hand has to say of such slices: it, or a line or region of it, reaches into them.

    Of one whose image is not known any more nothing can be said.
    """
    images = tuple(case.images.values())
    image = case.images.get(item.image) if item.image else images[0] if len(images) == 1 else None
    if image is None or not image.filled_slices:
        return None
    found = [*item.points_mm, *item.outline_mm]
    # of a kind of another version its points alone are known
    with contextlib.suppress(MeasurementError):
        curve = curve_mm(item.kind, np.array(item.points_mm, dtype=np.float64))
        found += [] if curve is None else curve.tolist()
    along = image.grid.to_index(np.array(found, dtype=np.float64))[:, 2]
    low, high = float(along.min()) - 1.0 + ON_SLICE, float(along.max()) + 1.0 - ON_SLICE
    reached = tuple(k for k in image.filled_slices if low <= k <= high)
    if not reached:
        return None
    if has_lost_slices(image):
        text = f"it reaches into slices {runs(reached)}, which were lost when the case was damaged: do not use it"
        return Finding(LOST_SLICES, text)
    text = f"an estimate: it reaches into slices {runs(reached)}, which were filled in between their neighbours"
    return Finding(FILLED_SLICES, text)


def _places(value: Any, is_place: bool = False) -> Iterator[list[float]]:
    """Points in LPS mm: three numbers below a key that ends in `_mm`."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _places(inner, is_place or str(key).endswith("_mm"))
    elif isinstance(value, (list, tuple)):
        if is_place and len(value) == 3 and all(isinstance(one, (int, float)) for one in value):
            yield [float(one) for one in value]
        else:
            for inner in value:
                yield from _places(inner, is_place)


def _corners(start_ijk: tuple[int, int, int], shape_kji: tuple[int, ...]) -> FloatArray:
    low = np.array(start_ijk, dtype=np.float64)
    high = low + np.array(shape_kji[::-1], dtype=np.float64) - 1.0
    ends = np.stack([low, high])
    return np.array([[ends[a, 0], ends[b, 1], ends[c, 2]] for a in (0, 1) for b in (0, 1) for c in (0, 1)])
