"""Where to put a cut: the first proposal beyond a tumour, and a plane moved until its margin is what was asked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planning.errors import MeasurementError
from planning.geometry import FloatArray, Plane, Vector, unit
from planning.liver.model import LiverModel, LiverNumbers
from planning.liver.regions import PlaneRegion
from planning.liver.resection import PlaneResection, Resection
from planning.liver.tumors import Tumor
from planning.progress import CancelToken, Progress, no_progress

DIRECTIONS = 48
WIDEST_DEG = 75.0
MOST_MOVES = 8
MARGIN_TOLERANCE_MM = 0.005


def propose_plane(
    model: LiverModel,
    tumor: Tumor,
    asked_mm: float,
    others: Sequence[Resection] = (),
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Plane:
    """A plane that removes one tumour with the margin asked for even at its ±, and keeps as much as such a plane can.

    Tried are normals up to 75° about the line from the organ's middle through the tumour; the best keeps the most
    viable parenchyma (all parenchyma without vessel trees) and comes no nearer to other tumours than was asked, where
    one does. others: resections that the plan has already.
    """
    center = model.organ.centroid_mm()
    outward = tumor.centroid_mm - center
    length = float(np.linalg.norm(outward))
    axis = outward / length if length > 1.0 else np.array((1.0, 0.0, 0.0))
    best: tuple[tuple[bool, float], Plane] | None = None
    directions = _directions_about(axis)
    for number, normal in enumerate(directions):
        if cancel is not None:
            cancel.raise_if_set()
        progress(number / len(directions), "Placing the first cut")
        plane = plane_beyond(tumor, normal, asked_mm + model.uncertainty_mm(tumor, normal))
        numbers = model.evaluate([*others, PlaneResection(plane)], alone=False)
        spared = all(margin is None or margin.minimum_mm >= asked_mm for margin in numbers.margins)
        rank = (spared, _worth_ml(model, numbers))
        if best is None or rank > best[0]:
            best = rank, plane
    assert best is not None
    return _centred(model, best[1])


def plane_beyond(tumor: Tumor, normal: Vector, gap_mm: float) -> Plane:
    """The plane of this normal that leaves the tumour wholly on the normal's side, `gap_mm` away."""
    heights = tumor.surface.mesh.points_mm @ normal
    nearest = tumor.surface.mesh.points_mm[int(heights.argmin())]
    return Plane(nearest - gap_mm * normal, normal)


def reach_margin(model: LiverModel, resections: Sequence[Resection], moved: int, wanted_mm: float) -> Plane:
    """Resection `moved` shifted along its normal until the tumours it removes have the margin asked for, at their ±.

    The plane looks at the tumours of which it removes more than half (the nearest one where there is none).
    Raises MeasurementError without tumours, and where the plane cannot keep that margin inside the organ.
    """
    if not model.tumors:
        raise MeasurementError(
            "No tumour is named: there is no margin to reach", "Choose the tumours first", "no_tumor"
        )
    region = model.regions(resections)[moved]
    if not isinstance(region, PlaneRegion):
        raise MeasurementError("Only a plane can be moved until the margin is reached", "Choose a plane", "not_plane")
    plane = region.plane
    near = _own_tumors(model, plane)
    heights = [float((tumor.surface.mesh.points_mm @ plane.normal).min()) for tumor in near]
    gaps = [wanted_mm + model.uncertainty_mm(tumor, plane.normal) for tumor in near]
    at = min(height - gap for height, gap in zip(heights, gaps, strict=True))
    shifted = Plane(plane.origin_mm + (at - float(plane.origin_mm @ plane.normal)) * plane.normal, plane.normal)
    # where the nearest place of the plane lies outside the organ the true margin is larger: move closer again
    for _ in range(MOST_MOVES):
        changed = [PlaneResection(shifted) if n == moved else one for n, one in enumerate(resections)]
        numbers = model.evaluate(changed, alone=False)
        if numbers.minimum is None:
            raise MeasurementError("The cut does not meet the liver", "Move or turn the plane first", "no_cut")
        spare = _least_spare_mm(model, numbers, near, moved, wanted_mm)
        if abs(spare) <= MARGIN_TOLERANCE_MM:
            return shifted
        shifted = Plane(shifted.origin_mm + spare * plane.normal, plane.normal)
    raise MeasurementError(
        f"This plane cannot keep {wanted_mm:g} mm", "Turn it, or add a second plane", "margin_not_reached"
    )


def _least_spare_mm(
    model: LiverModel, numbers: LiverNumbers, tumors: Sequence[Tumor], moved: int, wanted_mm: float
) -> float:
    """How much the moved plane has more than was asked; 0 where every tumour is nearer to another plane."""
    ids = {tumor.id for tumor in tumors}
    spares = [
        margin.minimum_mm - wanted_mm - margin.uncertainty_mm
        for tumor, margin in zip(model.tumors, numbers.margins, strict=True)
        if margin is not None and margin.cut_index == moved and tumor.id in ids
    ]
    return min(spares, default=0.0)


def _own_tumors(model: LiverModel, plane: Plane) -> list[Tumor]:
    removed = [t for t in model.tumors if float(plane.signed_distance_mm(t.centroid_mm)) > 0.0]
    if removed:
        return removed
    return [min(model.tumors, key=lambda t: abs(float(plane.signed_distance_mm(t.centroid_mm))))]


def _worth_ml(model: LiverModel, numbers: LiverNumbers) -> float:
    if numbers.perfusion is not None:
        return numbers.perfusion.viable_ml
    return (numbers.kept_voxels - numbers.kept_tumor_voxels) * model.voxel_ml


def _directions_about(axis: Vector) -> FloatArray:
    """Unit vectors spread evenly over the cap about an axis, the axis itself first (a Fibonacci lattice)."""
    numbers = np.arange(DIRECTIONS)
    along = 1.0 - (1.0 - np.cos(np.radians(WIDEST_DEG))) * numbers / (DIRECTIONS - 1)
    turn = numbers * np.pi * (3.0 - np.sqrt(5.0))
    beside = np.sqrt(1.0 - along**2)
    u = unit(np.cross(axis, np.eye(3)[int(np.abs(axis).argmin())]))
    v = np.cross(axis, u)
    return np.asarray(along[:, None] * axis + beside[:, None] * (np.cos(turn)[:, None] * u + np.sin(turn)[:, None] * v))


def _centred(model: LiverModel, plane: Plane) -> Plane:
    """The same plane with its origin in the middle of its own cut of the organ, where its handles belong."""
    cut = cut_center_mm(model, plane)
    return plane if cut is None else Plane(cut, plane.normal)


def cut_center_mm(model: LiverModel, plane: Plane) -> Vector | None:
    """(3,) the middle of the plane's trace in the organ, on the plane; None where it does not meet the organ."""
    from planning.liver.margin import CutSurface

    cut = CutSurface((PlaneRegion(plane),), model.lookup, model.corners_mm)
    points = cut.samples(0).points_mm
    return plane.project(points.mean(axis=0)) if len(points) else None
