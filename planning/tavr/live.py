"""Every number of a TAVR plan while a hinge is being dragged: the root is measured once, then cut and counted again.

What takes seconds is done in `LiveRoot.prepare`: the wall from the outflow tract to the ascending aorta, the calcium,
the ostia. A moved hinge only moves the plane: sections are cut from that wall, calcium is counted by the new sectors and
heights, and `compose` makes the plan of it as it does of measured sections. On release the plan is measured anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.geometry import FloatArray
from planning.section import Contour, Frame, equal_angles
from planning.tavr.annulus import AnnulusWall
from planning.tavr.calcium import CalciumBits, calcium_bits, calcium_of, calcium_threshold, replaced_bits
from planning.tavr.coronaries import Ostium, ostium_height_mm
from planning.tavr.frame import annulus_frame, check_order, hinge_angles, metal_ring
from planning.tavr.inputs import TavrInputs
from planning.tavr.pins import pull_contour
from planning.tavr.plan import (
    BELOW_MM,
    RootLook,
    RootSearch,
    compose,
    junction_height_mm,
    measured_wall,
    root_commissures,
    root_sampler,
    scan_quality,
    search_root,
)
from planning.tavr.root import (
    Level,
    find_levels,
    find_sinus_and_junction,
    march_sections,
    measure_junction,
    outflow_levels,
    sector_edges,
)
from planning.tavr.uncertainty import KEYS, Uncertainty
from planning.tavr.wall import COLUMNS, Wall, WallSampler
from planning.volume import Volume

NEAR_ROW_MM, CLEAR_MM, FADE_MM = 0.7, 1.3, 3.0
SPREAD_SHARE = 0.03
"""Half-width taken for a root that has no settled plan yet."""


@dataclass(frozen=True, slots=True, eq=False)
class LiveRoot:
    """A root that is ready to follow a hand. Make it with `prepare`."""

    volume: Volume
    inputs: TavrInputs
    phase: str
    sampler: WallSampler
    search: RootSearch
    bits: CalciumBits
    uncertainty: Uncertainty
    quality: tuple[str, ...]

    @classmethod
    def prepare(cls, volume: Volume, inputs: TavrInputs, results: Mapping[str, Any] | None = None) -> LiveRoot:
        """Measure the root once: in a job, about as long as the plan itself.

        results: the settled plan's, whose phase and uncertainty are kept.
        Raises MeasurementError without a measurable annulus.
        """
        phase = str((results or {}).get("phase", ""))
        frame = annulus_frame(inputs.hinges_mm, volume.grid)
        sampler = root_sampler(volume, frame)
        angles = hinge_angles(frame, inputs.hinges_mm)
        found = measured_wall(sampler, frame, angles)
        annulus = found.contour
        levels = find_levels(sampler, frame, annulus)
        sinus, junction = find_sinus_and_junction(levels)
        below = outflow_levels(sampler, frame, annulus, BELOW_MM)
        wall = _wall(found, levels, below, [] if junction is None else march_sections(sampler, levels, junction))
        wall = wall.shifted(
            annulus.frame, annulus.about(annulus.frame) - wall.cut(annulus.frame).about(annulus.frame), FADE_MM
        )
        quality = scan_quality(annulus, volume.grid, metal=metal_ring(sampler, annulus))
        uncertainty = _uncertainty_of(results, annulus)
        look = RootLook(
            inputs,
            phase,
            volume.grid,
            sampler,
            frame,
            angles,
            annulus,
            uncertainty,
            quality,
            tuple(levels),
            tuple(below),
            sinus,
            junction,
            measure_junction(sampler, frame, levels, junction, angles),
        )
        search = search_root(look)
        bits = calcium_bits(
            sampler,
            frame,
            levels,
            angles,
            _top_mm(look) + CLEAR_MM,
            annulus.lumen_hu,
            annulus.noise_hu,
            inputs.calcium_hu,
        )
        cutter = WallSampler(sampler.coefficients, sampler.index_from_world, sampler.spacing_mm, wall)
        return cls(volume, inputs, phase, cutter, search, bits, uncertainty, quality)

    def measure(self, hinges_mm: npt.ArrayLike, pins_mm: npt.ArrayLike | None = None) -> dict[str, Any]:
        """The plan of these hinges (3, 3) N, R, L in the plan's own shape; "live": true.

        pins_mm: (N, 3) places that the contour is pulled through now; None takes the plan's. Raises MeasurementError.
        """
        hinges = np.asarray(hinges_mm, dtype=np.float64)
        apart = np.abs(hinges - self.inputs.hinges_mm).max(axis=1)
        sources = ["edited" if far > 1e-9 else s for far, s in zip(apart, self.inputs.hinge_sources, strict=True)]
        pins = self.inputs.annulus_pins_mm if pins_mm is None else np.asarray(pins_mm, dtype=np.float64).reshape(-1, 3)
        inputs = replace(
            self.inputs,
            hinges_mm=hinges,
            hinge_sources=(sources[0], sources[1], sources[2]),
            annulus_pins_mm=pins if pins is not None and len(pins) else None,
        )
        frame = annulus_frame(hinges, self.volume.grid)
        angles = hinge_angles(frame, hinges)
        contour = self.sampler.known_section(frame)
        annulus = _pulled(contour, pins) if pins_mm is None else pull_contour(contour, pins)
        levels = find_levels(self.sampler, frame, contour)
        below = outflow_levels(self.sampler, frame, contour, BELOW_MM)
        sinus, junction = find_sinus_and_junction(levels)
        look = RootLook(
            inputs,
            self.phase,
            self.volume.grid,
            self.sampler,
            frame,
            angles,
            annulus,
            self.uncertainty,
            self.quality,
            tuple(levels),
            tuple(below),
            sinus,
            junction,
            measure_junction(self.sampler, frame, levels, junction, angles),
            check_order(frame, contour, levels, below),
        )
        return compose(look, self._search(look)) | {"live": True}

    def _search(self, look: RootLook) -> RootSearch:
        """What was searched, seen from the moved plane: places stay, heights and sectors change."""
        left, right = (_seen_from(ostium, look.frame) for ostium in self.search.ostia)
        inputs, annulus = look.inputs, look.annulus
        threshold, method = calcium_threshold(annulus.lumen_hu, annulus.noise_hu, inputs.calcium_hu)
        edges = sector_edges(look.angles, root_commissures(look))
        places = [None if ostium is None else ostium.position_mm for ostium in (left, right)]
        bits = replaced_bits(self.bits, look.frame, look.levels, look.angles, _top_mm(look), edges, places)
        calcium = calcium_of(bits, threshold, method, annulus.lumen_hu, annulus.noise_hu)
        return replace(self.search, ostia=(left, right), calcium=calcium)


def _seen_from(ostium: Ostium | None, frame: Frame) -> Ostium | None:
    return None if ostium is None else replace(ostium, height_mm=ostium_height_mm(ostium.position_mm, frame))


def _top_mm(look: RootLook) -> float:
    return junction_height_mm(look) or min(18.0, look.levels[-1].height_mm)


def _pulled(contour: Contour, pins_mm: FloatArray | None) -> Contour:
    """Pins that the plane has left behind do not stop a drag."""
    try:
        return pull_contour(contour, pins_mm)
    except MeasurementError:
        return contour


def _uncertainty_of(results: Mapping[str, Any] | None, annulus: Contour) -> Uncertainty:
    if results is not None:
        kept = results["annulus"]
        return Uncertainty(
            dict(kept["uncertainty"]),
            dict(kept.get("uncertainty_parts") or {}),
            dict(kept.get("uncertainty_readers") or {}),
        )
    measures = annulus.measures()
    return Uncertainty({key: SPREAD_SHARE * float(getattr(measures, key)) for key in KEYS}, {})


def _wall(found: AnnulusWall, levels: list[Level], below: list[Level], march: list[tuple[float, Contour]]) -> Wall:
    """Rows from the outflow tract to the ascending aorta, about parallel columns; near the annulus the fitted wall."""
    annulus, angles = found.contour, equal_angles(COLUMNS)
    low, high = found.heights_mm
    lower = [level.contour for level in reversed(below) if -level.height_mm > -low + CLEAR_MM / 2.0]
    last = march[0][1].frame.origin_mm if march else None
    upper = [
        level.contour
        for level in levels
        if level.height_mm > high + CLEAR_MM / 2.0 and (last is None or _under(level.contour, march[0][1].frame))
    ]
    heights = np.arange(low, high + 1e-9, NEAR_ROW_MM) if high > low else np.zeros(1)
    rows = [_row(contour, angles) for contour in lower]
    rows += [found.row_mm(float(height), angles) for height in heights]
    rows += [_row(contour, angles) for contour in (*upper, *(contour for _, contour in march))]
    return Wall.of(rows, annulus)


def _under(contour: Contour, frame: Frame) -> bool:
    """Whether all of a contour lies under a plane by at least half a millimetre."""
    return bool(((contour.points_mm - frame.origin_mm) @ frame.normal).max() < -0.5)


def _row(contour: Contour, angles: FloatArray) -> FloatArray:
    radii = contour.radius_at_mm(angles)
    return contour.frame.to_world(radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=-1))
