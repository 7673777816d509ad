"""The page's 3D model: each part with few triangles, how far that moves it measured, packed into one block of bytes.

A part is `[points uint16 × 3 | corners uint16 or uint32 × 3]`: points in steps of its own box / 65535, LPS mm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from app.patient.words import name_and_note
from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh
from planning.printing.parts import PrintPart
from planning.printing.proof import deviation_mm
from planning.progress import CancelToken, Progress, no_progress
from planning.registry import structure_style
from planning.shading import vertex_normals
from planning.simplify import simplified
from planning.surface import surface_area_mm2, surface_from_mask

TOLERANCE_MM = 0.5
"""How far simplifying may move a surface, where the page's size allows it."""
MOST_BYTES = 10_000_000
"""Of the packed model; as text in the page it takes a third more."""
FIRST_MM2, LEAST_TRIANGLES = 4.0, 2_000
ANCHORS = 16
THROUGH = 0.3
# they cover everything else; a tick shows them
COVERING = ("body", "body_rest", "bone", "lung_left", "lung_right")
ORDER = {"lesion": 1, "vessel": 2, "organ": 3, "bone": 4, "other": 5}
STEPS = 65535
# of a liver plan, by the names that printed parts have
PLAN_PARTS = ("kept", "removed")


@dataclass(frozen=True, slots=True, eq=False)
class PatientPart:
    """A part of the page. label, note: in the patient's words. through: an organ that others lie in, seen through.

    deviation_mm: the largest distance of the simplified surface from the full one, both ways.
    """

    key: str
    label: str
    note: str
    color: str
    through: bool
    shown: bool
    mesh: SurfaceMesh
    deviation_mm: float


@dataclass(frozen=True, slots=True, eq=False)
class PatientModel:
    """Parts in the list's order, the organs seen through first."""

    parts: tuple[PatientPart, ...]

    @property
    def deviation_mm(self) -> float:
        """The largest of all parts."""
        return max(part.deviation_mm for part in self.parts)

    @property
    def organ(self) -> str:
        """What the page is about: a key of the titles."""
        keys = {part.key for part in self.parts}
        if keys & {*PLAN_PARTS, "liver"}:
            return "liver"
        if any(key.startswith(("left_ventricle", "heart", "left_atrium", "myocardium")) for key in keys):
            return "heart"
        if any(key.startswith("kidney") for key in keys):
            return "kidney"
        if any(key.startswith(("aorta", "iliac", "artery")) for key in keys):
            return "vessel"
        return "other"


def patient_model(
    parts: Sequence[PrintPart],
    language: str,
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> PatientModel:
    """Mesh and simplify. Raises Cancelled, MeasurementError for an empty structure.

    Where all parts together are larger than MOST_BYTES they are simplified further, and the deviation told grows.
    """
    whole: list[SurfaceMesh] = []
    for number, part in enumerate(parts):
        _go_on(cancel, progress, 0.6 * number / len(parts), f"Meshing {part.name}")
        whole.append(part.solid if part.solid is not None else surface_from_mask(part.mask, kind=part.kind))
    tolerance_mm = TOLERANCE_MM
    while True:
        slim = []
        for number, (part, mesh) in enumerate(zip(parts, whole, strict=True)):
            _go_on(cancel, progress, 0.6 + 0.3 * number / len(parts), f"Simplifying {part.name}")
            slim.append(_slim(mesh, tolerance_mm))
        if sum(_size(mesh) for mesh, _ in slim) <= MOST_BYTES or tolerance_mm > 20.0:
            break
        tolerance_mm *= 1.6
    return PatientModel(_ordered(parts, slim, language))


def _go_on(cancel: CancelToken | None, progress: Progress, share: float, text: str) -> None:
    if cancel is not None:
        cancel.raise_if_set()
    progress(share, text)


def _slim(mesh: SurfaceMesh, tolerance_mm: float) -> tuple[SurfaceMesh, float]:
    """The surface with as few triangles as keep the tolerance, on the steps it is packed in; its largest deviation."""
    full = len(mesh.triangles)
    count = int(max(surface_area_mm2(mesh) / FIRST_MM2 * (TOLERANCE_MM / tolerance_mm), LEAST_TRIANGLES))
    while True:
        slim = _stepped(simplified(mesh, count))
        _, largest = deviation_mm(slim, mesh)
        if largest <= tolerance_mm or count >= full:
            return slim, largest
        count *= 2


def _stepped(mesh: SurfaceMesh) -> SurfaceMesh:
    low, steps, span = _packed_points(mesh)
    return SurfaceMesh(low + steps * (span / STEPS), mesh.triangles)


def _packed_points(mesh: SurfaceMesh) -> tuple[FloatArray, npt.NDArray[np.uint16], FloatArray]:
    """(lowest corner, steps, size of the box)."""
    low = mesh.points_mm.min(axis=0)
    span = np.maximum(mesh.points_mm.max(axis=0) - low, 1e-6)
    return low, np.rint((mesh.points_mm - low) / span * STEPS).astype(np.uint16), span


def _size(mesh: SurfaceMesh) -> int:
    return 6 * len(mesh.points_mm) + (6 if len(mesh.points_mm) <= 65536 else 12) * len(mesh.triangles)


def _ordered(
    parts: Sequence[PrintPart], slim: Sequence[tuple[SurfaceMesh, float]], language: str
) -> tuple[PatientPart, ...]:
    made: list[tuple[int, PatientPart]] = []
    notes: list[str] = []
    for number, (part, (mesh, off)) in enumerate(zip(parts, slim, strict=True)):
        others = [other for n, (other, _) in enumerate(slim) if n != number]
        through = part.kind == "organ" and (part.name in PLAN_PARTS or _holds(mesh, others))
        label, note = name_and_note(part.name, language)
        notes.append(note)
        order = 0 if through else ORDER.get(part.kind, 5)
        # what several parts have in common is said once
        note = "" if note in notes[:-1] else note
        shown = not part.name.startswith(COVERING)
        made.append((order, PatientPart(part.name, label, note, part.color, through, shown, mesh, off)))
    found = [part for _, part in sorted(made, key=lambda row: row[0])]
    # beside an organ that is looked into, organs of other kinds are in the way until they are asked for
    groups = {structure_style(part.key).group for part in found if part.through}
    if groups:
        kinds = {part.name: part.kind for part in parts}
        away = {key for key, kind in kinds.items() if kind == "organ" and structure_style(key).group not in groups}
        found = [replace(part, shown=part.shown and (part.through or part.key not in away)) for part in found]
    return tuple(found)


def _holds(mesh: SurfaceMesh, others: Sequence[SurfaceMesh]) -> bool:
    """Whether most of another, smaller part lies within the surface's convex hull: then it is looked through."""
    from scipy.spatial import ConvexHull

    planes = ConvexHull(mesh.points_mm).equations
    size = float(np.prod(np.ptp(mesh.points_mm, axis=0)))
    for other in others:
        some = other.points_mm[:: max(1, len(other.points_mm) // 300)]
        is_smaller = float(np.prod(np.ptp(other.points_mm, axis=0))) < size
        if is_smaller and float((some @ planes[:, :3].T + planes[:, 3] < 0).all(axis=1).mean()) > 0.6:
            return True
    return False


def packed(model: PatientModel) -> tuple[list[dict[str, Any]], bytes]:
    """(what the viewer must know of each part, the block of bytes); never the name that a person gave it."""
    rows, block = [], bytearray()
    for part in model.parts:
        low, steps, span = _packed_points(part.mesh)
        wide = len(steps) > 65536
        corners = part.mesh.triangles.astype("<u4" if wide else "<u2")
        block += b"\0" * (-len(block) % 4)
        at = len(block)
        block += steps.astype("<u2").tobytes()
        block += b"\0" * (-len(block) % 4)
        corners_at = len(block)
        block += corners.tobytes()
        rows.append(
            {
                "label": part.label,
                "note": part.note,
                "color": part.color,
                "through": part.through,
                "opacity": THROUGH if part.through else 1.0,
                "shown": part.shown,
                "points": [at, len(steps)],
                "corners": [corners_at, int(corners.size), 4 if wide else 2],
                "low": [round(float(value), 4) for value in low],
                "step": [float(value) / STEPS for value in span],
                "anchors": _anchors(part.mesh),
            }
        )
    return rows, bytes(block)


def _anchors(mesh: SurfaceMesh) -> list[list[float]]:
    """Places on the surface where a name's line may end, spread as far apart as they go: x, y, z and the normal there."""
    normals = vertex_normals(mesh)
    points = mesh.points_mm[:: max(1, len(mesh.points_mm) // 4000)]
    normals = normals[:: max(1, len(mesh.points_mm) // 4000)]
    chosen = [int(np.linalg.norm(points - points.mean(axis=0), axis=1).argmin())]
    away = np.linalg.norm(points - points[chosen[0]], axis=1)
    while len(chosen) < min(ANCHORS, len(points)):
        chosen.append(int(away.argmax()))
        away = np.minimum(away, np.linalg.norm(points - points[chosen[-1]], axis=1))
    return [
        [round(float(value), 2) for value in (*points[number], *normals[number])] for number in dict.fromkeys(chosen)
    ]
