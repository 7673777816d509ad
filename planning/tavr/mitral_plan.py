"""A plan's "mitral": what a mitral valve that a person placed leaves of the outflow tract, in the plan's phase and all others.

The tract's centreline runs straight on from the lowest section of the plan's outflow tract through its annulus. In other
phases the mitral annulus is followed by registration, and the tract goes with the plan's aortic annulus as that was
followed there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.errors import MeasurementError
from planning.geometry import FloatArray, unit
from planning.progress import CancelToken, Progress, no_progress
from planning.section import Frame
from planning.tavr.mitral import Tract, find_mitral_device, mitral_plane, neo_lvot_in, neo_lvot_of_phases, read_tract
from planning.tavr.phases import LEAST_AGREEMENT, follow_hinges
from planning.volume import Volume

BELOW_MM, ABOVE_MM, SPACING_MM = 25.0, 4.0, 1.0
VENTRICLE_MM, SEPTUM_MM = 50.0, 20.0
FARTHEST_MM = 65.0
"""The middles of the aortic and the mitral annulus lie 25 to 45 mm apart; farther ones are not of one heart."""
OUTLINE_POINTS = 120


@dataclass(frozen=True, slots=True, eq=False)
class PlanTract:
    """The outflow tract below an aortic annulus. middle_mm: its centroid; normal: to the aorta; along: the tract's way up."""

    tract: Tract
    middle_mm: FloatArray
    normal: FloatArray
    along: FloatArray
    phase: str

    @classmethod
    def of(cls, volume: Volume, results: Mapping[str, Any], phase: str = "") -> PlanTract:
        """Of a plan's results, in its own phase; a second or two. Raises MeasurementError."""
        annulus = results["annulus"]
        middle, normal = np.asarray(annulus["centroid_mm"]), np.asarray(annulus["normal"])
        lowest = next((level for level in reversed(results["lvot"]) if level.get("contour_mm")), None)
        along = normal if lowest is None else unit(middle - np.asarray(lowest["contour_mm"]).mean(axis=0))
        return cls.along_line(volume, middle, normal, along, phase)

    @classmethod
    def along_line(
        cls, volume: Volume, middle_mm: FloatArray, normal: FloatArray, along: FloatArray, phase: str
    ) -> PlanTract:
        """Straight on below an annulus: a plan's own centreline may end where the levels of its root do."""
        heights = np.arange(-BELOW_MM, ABOVE_MM + 1e-9, SPACING_MM)
        return cls(read_tract(volume, middle_mm + heights[:, None] * along), middle_mm, normal, along, phase)

    def neo_lvot(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The plan's "mitral" for a device and annulus points; milliseconds.

        asked: `TavrInputs.mitral`. Raises InputError for an unknown device, MeasurementError for points of no use.
        """
        points = np.asarray(asked["annulus_mm"], dtype=np.float64)
        away = float(np.linalg.norm(points.mean(axis=0) - self.middle_mm)) if np.isfinite(points).all() else np.inf
        if away > FARTHEST_MM:
            raise MeasurementError(
                f"The points lie {away:.0f} mm from the aortic annulus, where no mitral valve is",
                "Place them round the mitral annulus",
                "far",
            )
        ventricle = self.middle_mm - VENTRICLE_MM * self.normal
        across = self.middle_mm - points.mean(axis=0)
        across = across - (across @ self.along) * self.along
        found = neo_lvot_in(
            self.tract,
            find_mitral_device(str(asked["model"]), str(asked["size"])),
            annulus_mm=points,
            ventricle_mm=ventricle,
            # the septum lies across the tract from the mitral annulus
            septum_mm=self.middle_mm + SEPTUM_MM * across / max(float(np.linalg.norm(across)), 1e-9),
            ventricular_share=asked.get("ventricular_share"),
            phase=self.phase,
        )
        return {**found, "annulus": annulus_of(points, ventricle), "along": self.along.tolist(), "phases": None}


def annulus_of(points_mm: FloatArray, ventricle_mm: FloatArray) -> dict[str, Any]:
    """Centre, axis, projected area and outline (N, 3) of the smooth closed curve through points of the mitral annulus."""
    center, axis = mitral_plane(points_mm, ventricle_mm)
    frame = Frame.of(center, axis)
    outline = _smooth(frame, np.asarray(points_mm, dtype=np.float64))
    plane = frame.to_plane(outline)
    following = np.roll(plane, -1, axis=0)
    area = 0.5 * abs(float((plane[:, 0] * following[:, 1] - following[:, 0] * plane[:, 1]).sum()))
    return {
        "center_mm": center.tolist(),
        "axis": axis.tolist(),
        "area_mm2": area,
        "mean_diameter_mm": 2.0 * float(np.sqrt(area / np.pi)),
        "outline_mm": outline.round(2).tolist(),
    }


def _smooth(frame: Frame, points: FloatArray) -> FloatArray:
    from scipy.interpolate import CubicSpline

    plane = frame.to_plane(points)
    order = np.argsort(np.arctan2(plane[:, 1], plane[:, 0]))
    closed = points[np.append(order, order[0])]
    steps = np.linalg.norm(np.diff(closed, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(np.maximum(steps, 1e-6))])
    curve = CubicSpline(along, closed, bc_type="periodic")
    return np.asarray(curve(np.linspace(0.0, along[-1], OUTLINE_POINTS, endpoint=False)))


def mitral_through_beat(
    read: Callable[[int], Volume],
    labels: Sequence[str],
    start: int,
    asked: Mapping[str, Any],
    results: Mapping[str, Any],
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """ "mitral" → "phases": the neo-LVOT of every phase, None with a reason where it cannot be told.

    read: the volume of a phase; start: the plan's phase. results: the plan's with "mitral" and, for the aortic annulus in
    the other phases, "phases". Raises MeasurementError when that was not followed.
    """
    curve = (results.get("phases") or {}).get("curve") or []
    if len(curve) != len(labels):
        raise MeasurementError("The aortic annulus was not followed through the heartbeat", "Follow it first", "phases")

    def following(fraction: float, text: str = "") -> None:
        progress(0.6 * fraction, text.replace("annulus", "mitral annulus"))

    points = np.asarray(asked["annulus_mm"], dtype=np.float64)
    places = follow_hinges(read, len(labels), start, points, progress=following, cancel=cancel)
    own, along = np.asarray(results["annulus"]["normal"]), np.asarray(results["mitral"]["along"])
    rows = []
    for phase, (label, place) in enumerate(zip(labels, places, strict=True)):
        if cancel is not None:
            cancel.raise_if_set()
        progress(0.6 + 0.4 * phase / len(labels), f"Measuring the neo-LVOT, phase {phase + 1}")
        row: dict[str, Any] = {"phase": phase, "label": label, "area_mm2": None, "uncertainty_mm2": None}
        row |= {"position_mm": None, "annulus_mm": None, "agreement": place.agreement, "reason": ""}
        if curve[phase]["area_mm2"] is None or place.agreement < LEAST_AGREEMENT:
            rows.append(row | {"reason": "the heart could not be followed into this phase"})
            continue
        normal = np.asarray(curve[phase]["normal"])
        middle = np.asarray(curve[phase]["centroid_mm"])
        try:
            tract = PlanTract.along_line(read(phase), middle, normal, _turned(along, own, normal), label)
            found = tract.neo_lvot({**asked, "annulus_mm": place.hinges_mm})
        except MeasurementError as error:
            rows.append(row | {"reason": error.what})
            continue
        row |= {key: found[key] for key in ("area_mm2", "uncertainty_mm2", "position_mm")}
        rows.append(row | {"annulus_mm": place.hinges_mm.round(2).tolist()})
    return neo_lvot_of_phases(rows)


def _turned(direction: FloatArray, before: FloatArray, after: FloatArray) -> FloatArray:
    """A direction turned by the least rotation that takes one unit vector to another."""
    axis, cosine = np.cross(before, after), float(before @ after)
    cross = np.cross(axis, direction)
    return np.asarray(direction + cross + np.cross(axis, cross) / (1.0 + max(cosine, -0.999)))
