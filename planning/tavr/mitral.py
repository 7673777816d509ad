"""The neo-LVOT of a mitral valve replacement: what the virtual valve leaves of the outflow tract.

The virtual device is a body of revolution, the catalogue's outer diameters about an axis through the mitral annulus,
and blocks the tract over its whole frame, as a device that holds the anterior leaflet open does. The lumen is cut by
planes perpendicular to the tract's centreline; in each the part outside the device that joins the septal side counts.
The neo-LVOT is the least of these areas over the planes that the device
stands in.

Thresholds (from the catalogue): 170 mm² (Yoon 2019, n = 194: sensitivity 96.2 %, specificity 92.3 %) and 189.4 mm²
(Wang 2018, n = 38: 100 %, 96.8 %). End-systole alone overestimates the risk, so every phase there is has its figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.edge import EdgeModel
from planning.errors import InputError, MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray, Vector, frozen_array, unit
from planning.section import Frame, Sampler, find_contour, measure_contour
from planning.tavr.devices import catalogue
from planning.volume import Volume

GRID_MM = 0.25
STEP_MM = 1.0
REACH_MM = 26.0
TRACT_MM = 14.0
LEAST_POINTS, LEAST_CELLS = 6, 16
TOUCHED_SHARE = 0.005
EDGE_SIGMA_MM = 0.2
MOVES_MM = 1.0


@dataclass(frozen=True, slots=True)
class MitralDevice:
    """One size of a mitral valve. outer_diameter_mm: (height from the atrial end, outer diameter) pairs, rising.

    ventricular_share: part of the frame that stands below the annulus plane by default.
    """

    model: str
    size: str
    maker: str
    frame_height_mm: float
    outer_diameter_mm: tuple[tuple[float, float], ...]
    ventricular_share: float
    checked: bool
    source: str
    date: str


@dataclass(frozen=True, slots=True, eq=False)
class PlacedDevice:
    """A body of revolution: `atrial_mm` is the middle of its atrial end, `axis` points into the ventricle, unit."""

    device: MitralDevice
    atrial_mm: Vector
    axis: Vector

    def outside_mm(self, points_mm: FloatArray, widened_mm: float = 0.0) -> FloatArray:
        """(…,) distance in mm beyond the outer surface (across the axis) or the ends of (…, 3) points, negative inside."""
        rest = np.asarray(points_mm, dtype=np.float64) - self.atrial_mm
        along = rest @ self.axis
        radius = np.linalg.norm(rest - along[..., None] * self.axis, axis=-1)
        heights, diameters = np.array(self.device.outer_diameter_mm).T
        across = radius - np.interp(along, heights, diameters) / 2.0 - widened_mm
        beyond = np.maximum(-along, along - self.device.frame_height_mm)
        return np.asarray(np.maximum(across, beyond))

    def as_json(self) -> dict[str, Any]:
        """A frame as `planning.tavr.stent` draws it, its inflow end in the atrium."""
        right = Frame.of(self.atrial_mm, self.axis).right
        return {
            "bottom_mm": self.atrial_mm.tolist(),
            "axis": self.axis.tolist(),
            "right": right.tolist(),
            "height_mm": self.device.frame_height_mm,
            "profile_mm": [list(level) for level in self.device.outer_diameter_mm],
        }


@dataclass(frozen=True, slots=True, eq=False)
class TractSection:
    """The lumen on a plane across the tract: `s_mm` along the centreline, closed outline (N, 2) in the frame."""

    s_mm: float
    frame: Frame
    outline_mm: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class NeoSection:
    """What the device leaves of one section. pieces: how many parts the rest falls into."""

    s_mm: float
    area_mm2: float
    whole_mm2: float
    pieces: int
    origin_mm: Vector


def mitral_devices() -> tuple[MitralDevice, ...]:
    """All mitral sizes of the catalogue; none is checked: verify against the IFU. Raises InputError for a wrong row."""
    return tuple(_parse(row) for row in catalogue()["mitral"])


def _parse(row: Mapping[str, Any]) -> MitralDevice:
    levels = tuple((float(h), float(d)) for h, d in row["outer_diameter_mm"])
    height, share = float(row["frame_height_mm"]), float(row["ventricular_share"])
    if levels[0][0] != 0.0 or levels[-1][0] != height or not 0.0 < share <= 1.0:
        name = f"{row['model']} {row['size']}"
        raise InputError(f"The row {name} of the valve catalogue is wrong", "Correct devices.json", "device")
    return MitralDevice(
        str(row["model"]),
        str(row["size"]),
        str(row["maker"]),
        height,
        levels,
        share,
        bool(row["checked"]),
        str(row["source"]),
        str(row["date"]),
    )


def find_mitral_device(model: str, size: str) -> MitralDevice:
    """The row of this model and size. Raises InputError naming what there is."""
    for device in mitral_devices():
        if (device.model, device.size) == (model, size):
            return device
    known = ", ".join(f"{device.model} {device.size}" for device in mitral_devices())
    raise InputError(f"There is no mitral valve {model} {size} in the catalogue", f"Known are {known}", "device")


def mitral_plane(annulus_mm: npt.ArrayLike, ventricle_mm: npt.ArrayLike) -> tuple[Vector, Vector]:
    """(centre, axis into the ventricle) of the plane that fits points (N, 3) of the mitral annulus best.

    ventricle_mm: (3,) any point in the ventricle. The centre is the middle of the outline they span, not their mean:
    unevenly placed points do not pull it. Raises MeasurementError for fewer than six points or points on a line.
    """
    points = np.asarray(annulus_mm, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 3 or len(points) < LEAST_POINTS or not np.isfinite(points).all():
        raise MeasurementError("The mitral annulus needs six points or more", "Place more points round it", "annulus")
    middle = points.mean(axis=0)
    _, size, axes = np.linalg.svd(points - middle, full_matrices=False)
    if size[1] < 0.2 * size[0]:
        raise MeasurementError("The points of the mitral annulus lie on a line", "Place them all round it", "annulus")
    normal = axes[2] if (np.asarray(ventricle_mm, dtype=np.float64) - middle) @ axes[2] > 0 else -axes[2]
    frame = Frame.of(middle, normal)
    plane = frame.to_plane(points)
    plane = plane[np.argsort(np.arctan2(plane[:, 1], plane[:, 0]))]
    following = np.roll(plane, -1, axis=0)
    cross = plane[:, 0] * following[:, 1] - following[:, 0] * plane[:, 1]
    centroid = ((plane + following) * cross[:, None]).sum(axis=0) / (3.0 * cross.sum())
    return frozen_array(frame.to_world(centroid)), frozen_array(normal)


def place_mitral(
    device: MitralDevice, center_mm: npt.ArrayLike, axis: npt.ArrayLike, ventricular_share: float | None = None
) -> PlacedDevice:
    """The device coaxial with the mitral annulus, this part of its height in the ventricle (None: the catalogue's)."""
    share = device.ventricular_share if ventricular_share is None else ventricular_share
    into = unit(axis)
    center = np.asarray(center_mm, dtype=np.float64)
    atrial = center - (1.0 - share) * device.frame_height_mm * into
    return PlacedDevice(device, frozen_array(atrial), frozen_array(into))


def tract_sections(
    sampler: Sampler, centerline_mm: npt.ArrayLike, step_mm: float = STEP_MM
) -> tuple[list[TractSection], FloatArray]:
    """The lumen's outline on planes across the outflow tract, each `step_mm` along its centreline (N, 3).

    Also (M, 3) where a plane's lumen is not closed because the tract opens into the ventricle; those are left out.
    """
    at, tangents, along = _stations(np.asarray(centerline_mm, dtype=np.float64), step_mm)
    found: list[TractSection] = []
    open_at = []
    # one blur and wall for the whole tract, as the first closed section from above shows them
    model: EdgeModel | None = None
    for place, tangent, s in reversed(list(zip(at, tangents, along, strict=True))):
        try:
            contour = find_contour(sampler, Frame.of(place, tangent), REACH_MM, model=model, rounds=1)
        except MeasurementError:
            open_at.append(place)
            continue
        model = contour.model
        found.append(TractSection(float(s), contour.frame, contour.plane_mm))
    found.reverse()
    return found, np.array(open_at).reshape(-1, 3)


@dataclass(frozen=True, slots=True, eq=False)
class Tract:
    """The outflow tract of a phase, cut once: any device in it costs next to nothing then.

    open_mm: (M, 3) middles of the planes whose lumen is not closed.
    """

    sections: tuple[TractSection, ...]
    open_mm: FloatArray


def read_tract(volume: Volume, centerline_mm: npt.ArrayLike) -> Tract:
    """The tract from an image along its centreline (N, 3). Raises MeasurementError for a line that cannot be used."""
    line = np.asarray(centerline_mm, dtype=np.float64)
    sampler = Sampler.around(volume, np.atleast_2d(line), REACH_MM + 2.0)
    sections, open_at = tract_sections(sampler, line)
    return Tract(tuple(sections), open_at)


def neo_lvot_in(
    tract: Tract,
    device: MitralDevice,
    *,
    annulus_mm: npt.ArrayLike,
    ventricle_mm: npt.ArrayLike,
    septum_mm: npt.ArrayLike | None = None,
    ventricular_share: float | None = None,
    phase: str = "",
) -> dict[str, Any]:
    """`neo_lvot` of a device coaxial with mitral annulus points (N, 3), given a point in the ventricle.

    "warnings" say which planes were not closed, and loudly when the device stands there: the least may then be missed.
    Raises MeasurementError where annulus or lumen cannot be used.
    """
    center, axis = mitral_plane(annulus_mm, ventricle_mm)
    placed = place_mitral(device, center, axis, ventricular_share)
    found = neo_lvot(tract.sections, placed, septum_mm, phase=phase)
    count = len(tract.open_mm)
    warnings = []
    if count:
        text = f"The outflow tract is not closed on {count} of {count + len(tract.sections)} planes."
        if (placed.outside_mm(tract.open_mm) < TRACT_MM).any():
            text += " The device stands there: less may be left than is said. Check it by hand."
        warnings.append(Finding("tract_open", text).as_json())
    if not found["touched"]:
        text = (
            "The valve stands in no plane of the outflow tract: the area is the tract's own. Check the mitral points."
        )
        warnings.append(Finding("not_met", text).as_json())
    return {**found, "warnings": warnings}


def _stations(line: FloatArray, step_mm: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(S, 3) places, (S, 3) unit tangents and (S,) lengths along a polyline (N, 3)."""
    if line.ndim != 2 or line.shape[1] != 3 or len(line) < 2 or not np.isfinite(line).all():
        raise MeasurementError("The outflow tract needs a centreline", "Give two points or more", "centerline")
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    if length[-1] < step_mm:
        raise MeasurementError("The outflow tract's centreline is too short", "Give more of it", "centerline")
    along = np.arange(0.0, length[-1] + 1e-9, step_mm)

    def at(s: FloatArray) -> FloatArray:
        return np.stack([np.interp(s, length, line[:, axis]) for axis in range(3)], axis=-1)

    half = min(2.0, length[-1] / 4.0)
    ahead = at(np.minimum(along + half, length[-1])) - at(np.maximum(along - half, 0.0))
    return at(along), ahead / np.linalg.norm(ahead, axis=1)[:, None], along


def neo_section(
    section: TractSection, placed: PlacedDevice, septum_mm: npt.ArrayLike | None = None, widened_mm: float = 0.0
) -> NeoSection:
    """What the device leaves of a section, mm², on a grid of 0.25 mm with partial cells at the edges.

    septum_mm: (3,) a point on the septal side; the part that reaches nearest to it counts. Without it the greatest part.
    """
    left = _left_of(section, placed, septum_mm, widened_mm)
    whole = measure_contour(section.outline_mm, 90.0).area_mm2
    # the share is scaled to the outline's exact area, so that an untouched section keeps it
    scale = whole / max(left.lumen_cells, 1e-9)
    return NeoSection(section.s_mm, float(left.kept.sum()) * scale, whole, left.pieces, section.frame.origin_mm)


@dataclass(frozen=True, slots=True, eq=False)
class _Left:
    """x (X,), y (Y,): the grid's axes in the section. kept (X, Y): each cell's share in the part that counts."""

    x: FloatArray
    y: FloatArray
    kept: FloatArray
    lumen_cells: float
    pieces: int


def _left_of(
    section: TractSection, placed: PlacedDevice, septum_mm: npt.ArrayLike | None, widened_mm: float = 0.0
) -> _Left:
    from scipy import ndimage

    outline = section.outline_mm
    low, high = outline.min(axis=0) - GRID_MM, outline.max(axis=0) + GRID_MM
    x = np.arange(low[0], high[0] + GRID_MM, GRID_MM)
    y = np.arange(low[1], high[1] + GRID_MM, GRID_MM)
    plane = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1)
    lumen = _share(_outline_distance(outline, plane))
    left = lumen * _share(placed.outside_mm(section.frame.to_world(plane), widened_mm))
    parts, count = ndimage.label(left > 0.5)
    if not count:
        return _Left(x, y, np.zeros_like(left), float(lumen.sum()), 0)
    sizes = ndimage.sum_labels(left, parts, np.arange(1, count + 1))
    kept = 1 + int(np.argmax(sizes))
    if septum_mm is not None and count > 1:
        septal = section.frame.to_plane(np.asarray(septum_mm, dtype=np.float64))
        distance = np.linalg.norm(plane - septal, axis=-1)
        worth = [part for part in range(1, count + 1) if sizes[part - 1] > LEAST_CELLS] or [kept]
        kept = min(worth, key=lambda part: float(distance[parts == part].min()))
    near = ndimage.binary_dilation(parts == kept, np.ones((3, 3), dtype=bool)) & ((parts == kept) | (parts == 0))
    return _Left(x, y, np.where(near, left, 0.0), float(lumen.sum()), count)


def left_outline_mm(
    section: TractSection, placed: PlacedDevice, septum_mm: npt.ArrayLike | None = None
) -> FloatArray | None:
    """(N, 3) LPS outline of the part that counts, for drawing; None where nothing is left."""
    from skimage.measure import find_contours

    left = _left_of(section, placed, septum_mm)
    lines = find_contours(np.pad(left.kept, 1), 0.5)
    if not lines:
        return None
    longest = max(lines, key=len) - 1.0
    plane = np.stack([left.x[0] + GRID_MM * longest[:, 0], left.y[0] + GRID_MM * longest[:, 1]], axis=-1)
    # the last point repeats the first
    return frozen_array(section.frame.to_world(plane[:-1]))


def _share(inside_mm: FloatArray) -> FloatArray:
    """Part of a cell inside an edge `inside_mm` away from its middle."""
    return np.asarray(np.clip(inside_mm / GRID_MM + 0.5, 0.0, 1.0))


def _outline_distance(outline: FloatArray, plane: FloatArray) -> FloatArray:
    """(X, Y) distance to a closed outline that is star-shaped about the frame's origin, positive inside."""
    angles, radii = np.arctan2(outline[:, 1], outline[:, 0]), np.hypot(outline[:, 0], outline[:, 1])
    order = np.argsort(angles)
    angles, radii = angles[order], radii[order]
    at, far = np.arctan2(plane[..., 1], plane[..., 0]), np.hypot(plane[..., 0], plane[..., 1])
    return np.asarray(np.interp(at, angles, radii, period=2.0 * np.pi) - far)


def neo_lvot(
    sections: Sequence[TractSection],
    placed: PlacedDevice,
    septum_mm: npt.ArrayLike | None = None,
    *,
    phase: str = "",
) -> dict[str, Any]:
    """Least area that the device leaves, where it is, its 95 % half-width, and what the thresholds say of it.

    "touched" is false where the device stands in no plane; the tract's own least area is given then.
    The half-width is what an edge 0.2 mm (1 SD) further in or out all round makes, and 1 mm of the device towards or
    away from the tract. Raises MeasurementError without sections.
    """
    if not sections:
        raise MeasurementError("The outflow tract shows no closed lumen", "Check centreline and contrast", "tract_open")
    rows = [neo_section(section, placed, septum_mm) for section in sections]
    # the tract's own narrow places, where the device does not stand, are not of its making
    touched = [n for n, row in enumerate(rows) if row.whole_mm2 - row.area_mm2 > TOUCHED_SHARE * row.whole_mm2]
    least = min(touched or range(len(rows)), key=lambda n: rows[n].area_mm2)
    row, section = rows[least], sections[least]
    wider = neo_section(section, placed, septum_mm, EDGE_SIGMA_MM).area_mm2
    edge = np.hypot(row.area_mm2 - wider, EDGE_SIGMA_MM * 2.0 * np.sqrt(np.pi * row.area_mm2))
    away = section.frame.origin_mm - placed.atrial_mm
    across = away - (away @ placed.axis) * placed.axis
    moves = []
    for sign in (-1.0, 1.0):
        moved = placed.atrial_mm + sign * MOVES_MM * across / max(float(np.linalg.norm(across)), 1e-9)
        moves.append(neo_section(section, replace(placed, atrial_mm=frozen_array(moved)), septum_mm).area_mm2)
    spread = float(np.hypot(2.0 * edge, (moves[0] - moves[1]) / 2.0))
    outline = left_outline_mm(section, placed, septum_mm)
    return {
        "phase": phase,
        "model": placed.device.model,
        "size": placed.device.size,
        "area_mm2": row.area_mm2,
        "uncertainty_mm2": spread,
        "at_mm": row.s_mm,
        "position_mm": row.origin_mm.tolist(),
        "normal": section.frame.normal.tolist(),
        "lumen_mm": section.frame.to_world(section.outline_mm[::2]).round(2).tolist(),
        "left_mm": [] if outline is None else outline[::2].round(2).tolist(),
        "lvot_mm2": row.whole_mm2,
        "touched": bool(touched),
        "left_percent": 100.0 * row.area_mm2 / row.whole_mm2,
        "thresholds": [_against(row.area_mm2, spread, threshold) for threshold in catalogue()["mitral_thresholds"]],
        "sections": [
            {"s_mm": each.s_mm, "area_mm2": each.area_mm2, "lvot_mm2": each.whole_mm2, "pieces": each.pieces}
            for each in rows
        ],
        "frame": placed.as_json(),
        "checked": placed.device.checked,
        "source": placed.device.source,
    }


def _against(area_mm2: float, spread_mm2: float, threshold: Mapping[str, Any]) -> dict[str, Any]:
    limit = float(threshold["area_mm2"])
    state = "bad" if area_mm2 <= limit else "warn" if area_mm2 - spread_mm2 <= limit else "ok"
    words = "not over" if state == "bad" else "over"
    return {
        "limit_mm2": limit,
        "state": state,
        "text": f"{area_mm2:.0f} mm² is {words} {limit:g} mm² ({threshold['source']})",
        "source": threshold["source"],
    }


def neo_lvot_of_phases(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The least of all phases, and their mean: end-systole alone overestimates the risk.

    rows: one a phase with "label" and "area_mm2"; None where the phase shows no closed tract, which is said.
    """
    known = [row for row in rows if row["area_mm2"] is not None]
    lost = [str(row["label"]) for row in rows if row["area_mm2"] is None]
    least = min(known, key=lambda row: float(row["area_mm2"]), default=None)
    text = f"Phases without a closed outflow tract: {', '.join(lost)}."
    return {
        "rows": [dict(row) for row in rows],
        "least": None if least is None else {"label": least["label"], "area_mm2": least["area_mm2"]},
        "mean_mm2": float(np.mean([row["area_mm2"] for row in known])) if known else None,
        "warnings": [Finding("tract_open", text).as_json()] if lost else [],
    }
