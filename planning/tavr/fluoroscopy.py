"""Simulated fluoroscopy: what a C-arm would show of this patient, computed from the CT.

Every pixel is the integral of the attenuation along its ray from the X-ray source (or along parallel rays), by
Beer–Lambert's law. The volume is walked slice by slice along the axis nearest to the beam: seen from a point, a slice
lies on a plane parallel to it scaled and shifted, so that each slice is added by resampling rows and columns, and one
warp at the end brings the sum onto the detector (shear-warp factorisation, Lacroute and Levoy 1994).

Detector picture as on a monitor: seen from the detector, so patient left is on the right in the frontal view and the
head is up. Pixel coordinates are (x to the right, y down) with a pixel's centre at +0.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError, UsageError
from planning.geometry import FloatArray, Grid, Vector, detector_direction, frozen_array
from planning.progress import CancelToken
from planning.tavr.stent import frame_lines_mm
from planning.volume import Mask, Volume

# water at about 65 keV effective, per mm: NIST XCOM 0.0200
WATER_PER_MM = 0.020
BLOOD_HU = 45.0
AIR_HU = -1000.0
PREVIEW_MM, FINE_MM = 1.6, 0.8
SID_MM, SOD_MM, FIELD_MM = 1100.0, 750.0, 180.0
BRIGHTEST_PERCENT, DARKEST_PERCENT = 0.5, 99.5
MIDDLE_SHARE = 0.35
LEAST_WINDOW = 0.2
NOTHING_GREY = 235

FloatPicture = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class CArm:
    """A view: angles (LAO and CRA positive), isocentre in LPS mm, and the detector.

    sid_mm, sod_mm: source to detector and source to isocentre; sod_mm None has parallel rays. field_mm: width of the
    picture at the isocentre. size_px: (width, height). Raises UsageError for what no C-arm can be.
    """

    lao_deg: float
    cra_deg: float
    isocenter_mm: Vector
    sid_mm: float = SID_MM
    sod_mm: float | None = SOD_MM
    field_mm: float = FIELD_MM
    size_px: tuple[int, int] = (400, 400)

    def __post_init__(self) -> None:
        object.__setattr__(self, "isocenter_mm", frozen_array(self.isocenter_mm))
        if not (np.isfinite((self.lao_deg, self.cra_deg)).all() and np.isfinite(self.isocenter_mm).all()):
            raise UsageError("The C-arm's angles and isocentre must be numbers", "Type LAO and CRA in degrees")
        if self.sod_mm is not None and not 100.0 < self.sod_mm < self.sid_mm:
            raise UsageError("The source must be nearer to the patient than to the detector", "Check SID and SOD")
        if self.field_mm <= 0 or min(self.size_px) < 2:
            raise UsageError("The picture needs a field and at least two pixels", "Check field and size")

    @property
    def direction(self) -> Vector:
        """(3,) unit, from patient to detector."""
        return detector_direction(self.lao_deg, self.cra_deg)

    @property
    def right(self) -> Vector:
        """(3,) unit, to the right in the picture; patient left in the frontal view."""
        a = np.radians(self.lao_deg)
        return np.array((np.cos(a), np.sin(a), 0.0))

    @property
    def up(self) -> Vector:
        """(3,) unit, up in the picture."""
        return np.cross(self.direction, self.right)

    @property
    def pixel_mm(self) -> float:
        """Size of a pixel at the isocentre."""
        return self.field_mm / self.size_px[0]

    @property
    def source_mm(self) -> Vector | None:
        """(3,) the X-ray source; None for parallel rays."""
        return None if self.sod_mm is None else np.asarray(self.isocenter_mm - self.sod_mm * self.direction)


def project_points(points_mm: npt.ArrayLike, carm: CArm) -> FloatArray:
    """(…, 2) pixel coordinates of (…, 3) LPS points; NaN for points at or behind the source."""
    rest = np.asarray(points_mm, dtype=np.float64) - carm.isocenter_mm
    across = np.stack([rest @ carm.right, -(rest @ carm.up)], axis=-1)
    scale = np.ones(rest.shape[:-1])
    if carm.sod_mm is not None:
        distance = carm.sod_mm + rest @ carm.direction
        with np.errstate(divide="ignore"):
            scale = np.where(distance > 1.0, carm.sod_mm / distance, np.nan)
    middle = np.array(carm.size_px, dtype=np.float64) / 2.0
    return np.asarray(middle + across * scale[..., None] / carm.pixel_mm)


@dataclass(frozen=True, slots=True, eq=False)
class Attenuation:
    """A CT prepared for many views: attenuation per mm on a coarser grid, [k, j, i] float32.

    lumen_per_mm: the part of it that contrast in the given lumen adds, on a crop `lumen_grid`; None without a lumen.
    """

    grid: Grid
    per_mm: FloatPicture
    lumen_grid: Grid | None = None
    lumen_per_mm: FloatPicture | None = None
    _sideways: dict[str, FloatPicture] = field(default_factory=dict, repr=False)

    def along(self, axis: int, *, lumen: bool = False) -> FloatPicture:
        """The same voxels with the slices across this array axis first.

        Columns run along memory for slices across k and j; those across i are copied once and kept.
        """
        voxels = self.lumen_per_mm if lumen else self.per_mm
        assert voxels is not None
        if axis < 2:
            return np.moveaxis(voxels, axis, 0)
        key = "lumen" if lumen else "whole"
        if key not in self._sideways:
            self._sideways[key] = np.ascontiguousarray(np.moveaxis(voxels, axis, 0))
        return self._sideways[key]


def prepare_fluoroscopy(
    volume: Volume, *, voxel_mm: float = PREVIEW_MM, lumen: Mask | None = None, cancel: CancelToken | None = None
) -> Attenuation:
    """The volume averaged to voxels of about `voxel_mm` (never finer than it is), once for all views of it.

    lumen: the contrast-filled root or aorta on the volume's grid; the views can then show it fuller or without contrast.
    PREVIEW_MM follows a hand, FINE_MM is for a picture that stays. Raises MeasurementError for an image without HU.
    """
    if volume.quantity != "HU":
        raise MeasurementError("Fluoroscopy needs a CT in Hounsfield units", "Choose a CT series", "no_hounsfield")
    grid, hounsfield = _averaged(volume.grid, volume.voxels, voxel_mm, cancel)
    per_mm = np.maximum(hounsfield, AIR_HU, out=hounsfield)
    per_mm -= np.float32(AIR_HU)
    per_mm *= np.float32(WATER_PER_MM / 1000.0)
    if lumen is None or not lumen.voxels.any():
        return Attenuation(grid, per_mm)
    values = volume.voxels[lumen.box_kji].astype(np.float32) - BLOOD_HU
    added = np.where(lumen.voxels, np.maximum(values, 0.0), 0.0).astype(np.float32)
    lumen_grid, extra = _averaged(lumen.box_grid, added, voxel_mm, cancel)
    return Attenuation(grid, per_mm, lumen_grid, extra * np.float32(WATER_PER_MM / 1000.0))


def _averaged(
    grid: Grid, voxels: npt.NDArray[Any], voxel_mm: float, cancel: CancelToken | None
) -> tuple[Grid, FloatPicture]:
    """Means over blocks of voxels; what does not fill a block at the far end is left out with its place known."""
    size = np.array(grid.size_ijk)
    factor = np.minimum(np.maximum(1, np.rint(voxel_mm / grid.spacing_mm).astype(int)), size)
    if (factor == 1).all():
        return grid, voxels.astype(np.float32)
    count = size // factor
    cut = voxels[: count[2] * factor[2], : count[1] * factor[1], : count[0] * factor[0]]
    total = np.empty(tuple(count[::-1]), dtype=np.float32)
    for k in range(int(count[2])):
        if cancel is not None:
            cancel.raise_if_set()
        slab = cut[k * factor[2] : (k + 1) * factor[2]]
        plane = slab.sum(axis=0, dtype=np.float32)
        rows = plane.reshape(count[1], factor[1], -1).sum(axis=1)
        total[k] = rows.reshape(count[1], count[0], factor[0]).sum(axis=2)
    total /= np.float32(factor.prod())
    matrix = grid.world_from_index.copy()
    matrix[:3, 3] = grid.to_world((factor - 1) / 2.0)
    matrix[:3, :3] *= factor
    return Grid((int(count[0]), int(count[1]), int(count[2])), matrix), total


@dataclass(frozen=True, slots=True, eq=False)
class Fluoroscopy:
    """A simulated picture. path: (H, W) line integrals of attenuation (no unit); inside: rays that meet the scan."""

    carm: CArm
    path: FloatPicture
    inside: npt.NDArray[np.bool_]

    @property
    def transmission(self) -> FloatPicture:
        """(H, W) share of the X-rays that reach the detector: exp(−path)."""
        return np.exp(-self.path)

    def picture(self, window: tuple[float, float] | None = None) -> npt.NDArray[np.uint8]:
        """(H, W) grey for a screen: dense is dark. window: path of white and of black; None takes the picture's own.

        The grey is linear in the path, as a monitor's logarithmic curve shows it; rays that miss the scan are light grey.
        """
        white, black = self.window() if window is None else window
        grey = 255.0 * (black - self.path) / max(black - white, 1e-6)
        return np.where(self.inside, np.clip(grey, 0.0, 255.0), NOTHING_GREY).astype(np.uint8)

    def window(self) -> tuple[float, float]:
        """Path of white and of black: half way between what suits the whole picture and what suits its middle."""
        height, width = self.path.shape
        y, x = np.ogrid[:height, :width]
        middle = np.hypot((x + 0.5) / width - 0.5, (y + 0.5) / height - 0.5) < MIDDLE_SHARE
        ends = [
            np.percentile(seen, (BRIGHTEST_PERCENT, DARKEST_PERCENT))
            for seen in (self.path[self.inside], self.path[self.inside & middle])
            if seen.size
        ]
        if not ends:
            return 0.0, 1.0
        low, high = np.mean(ends, axis=0)
        half = max((high - low) / 2.0, LEAST_WINDOW / 2.0)
        return float((low + high) / 2.0 - half), float((low + high) / 2.0 + half)


def simulate_fluoroscopy(
    prepared: Attenuation, carm: CArm, *, contrast: float = 0.0, cancel: CancelToken | None = None
) -> Fluoroscopy:
    """What the C-arm shows. contrast: 0 as scanned, −1 without contrast in the lumen, 1 with twice as much; needs a lumen.

    Raises UsageError for contrast without a lumen.
    """
    path, inside = _line_integrals(prepared.grid, prepared.along, carm, lumen=False, cancel=cancel)
    if contrast:
        if prepared.lumen_grid is None:
            raise UsageError("Contrast needs the lumen of root or aorta", "Prepare with a lumen")
        extra, _ = _line_integrals(prepared.lumen_grid, prepared.along, carm, lumen=True, cancel=cancel)
        path = np.maximum(path + np.float32(contrast) * extra, 0.0)
    return Fluoroscopy(carm, path, inside)


def _pixel_points(carm: CArm) -> FloatArray:
    """(H, W, 3) LPS points of the pixels' centres on the plane through the isocentre across the beam."""
    width, height = carm.size_px
    x = (np.arange(width) + 0.5 - width / 2.0) * carm.pixel_mm
    y = (np.arange(height) + 0.5 - height / 2.0) * carm.pixel_mm
    return np.asarray(carm.isocenter_mm + x[None, :, None] * carm.right - y[:, None, None] * carm.up)


def _line_integrals(
    grid: Grid, along: Any, carm: CArm, *, lumen: bool, cancel: CancelToken | None
) -> tuple[FloatPicture, npt.NDArray[np.bool_]]:
    """(H, W) integrals in mm times attenuation, and which rays meet the grid."""
    from scipy import ndimage

    points, source = _pixel_points(carm), carm.source_mm
    ahead_mm = np.broadcast_to(carm.direction, points.shape) if source is None else points - source
    turn = grid.index_from_world[:3, :3]
    through, ahead = grid.to_index(points), ahead_mm @ turn.T
    # the index axis the beam crosses most slices of, in mm
    axis = int(np.argmax(np.abs(turn @ carm.direction) * grid.spacing_mm))
    first, second = [other for other in (2, 1, 0) if other != axis]
    slices = along(2 - axis, lumen=lumen)
    count = len(slices)
    base = (count - 1) / 2.0

    steps = (base - through[..., axis]) / ahead[..., axis]
    on_base = through + steps[..., None] * ahead
    low = np.floor(on_base[..., [first, second]].reshape(-1, 2).min(axis=0)) - 1.0
    high = np.ceil(on_base[..., [first, second]].reshape(-1, 2).max(axis=0)) + 1.0
    sides = [low[n] + np.arange(int(high[n] - low[n]) + 1) for n in (0, 1)]
    source_index = None if source is None else grid.to_index(source)
    lean = turn @ carm.direction

    total = np.zeros((len(sides[0]), len(sides[1])), dtype=np.float32)
    for number in range(count):
        if cancel is not None and number % 16 == 0:
            cancel.raise_if_set()
        if source_index is None:
            shift = (number - base) / lean[axis]
            places = [sides[0] + shift * lean[first], sides[1] + shift * lean[second]]
        else:
            scale = (number - source_index[axis]) / (base - source_index[axis])
            if scale <= 0.0:
                continue
            places = [
                source_index[first] + (sides[0] - source_index[first]) * scale,
                source_index[second] + (sides[1] - source_index[second]) * scale,
            ]
        _add_resampled(total, slices[number], places[0], places[1])
    coordinates = np.stack([on_base[..., first] - low[0], on_base[..., second] - low[1]])
    path = ndimage.map_coordinates(total, coordinates, order=1, mode="constant", output=np.float32)
    # a ray's way through one slice
    length = np.linalg.norm(ahead_mm, axis=-1) / np.abs(ahead[..., axis])
    return path * length.astype(np.float32), _meets(grid, through, ahead)


def _add_resampled(total: FloatPicture, image: FloatPicture, rows: FloatArray, columns: FloatArray) -> None:
    """Adds image values at rows × columns, linear between pixels and zero outside, to the part of total they fall on."""
    row_span, row_at, row_part = _linear(rows, image.shape[0])
    column_span, column_at, column_part = _linear(columns, image.shape[1])
    if row_span.stop <= row_span.start or column_span.stop <= column_span.start:
        return
    # columns first on the rows that are needed, both as gathers of whole lines
    used = image[row_at[0] : row_at[-1] + 2]
    left = used.take(column_at, axis=1)
    left += (used.take(column_at + 1, axis=1) - left) * column_part
    upper = left.take(row_at - row_at[0], axis=0)
    upper += (left.take(row_at - row_at[0] + 1, axis=0) - upper) * row_part[:, None]
    total[row_span, column_span] += upper


def _linear(places: FloatArray, size: int) -> tuple[slice, npt.NDArray[np.intp], FloatPicture]:
    """Which places (rising) lie within 0 … size − 1, the index below each, and the part towards the next."""
    start = int(np.searchsorted(places, 0.0))
    stop = int(np.searchsorted(places, size - 1.0, side="right"))
    inside = places[start:stop]
    below = np.minimum(inside.astype(np.intp), max(size - 2, 0))
    return slice(start, stop), below, (inside - below).astype(np.float32)


def _meets(grid: Grid, through: FloatArray, ahead: FloatArray) -> npt.NDArray[np.bool_]:
    """(H, W) whether each ray passes through the box of the grid's voxels."""
    near, far = np.full(through.shape[:-1], -np.inf), np.full(through.shape[:-1], np.inf)
    for axis, size in enumerate(grid.size_ijk):
        with np.errstate(divide="ignore", invalid="ignore"):
            ends = [(edge - through[..., axis]) / ahead[..., axis] for edge in (-0.5, size - 0.5)]
        near = np.maximum(near, np.fmin(ends[0], ends[1]))
        far = np.minimum(far, np.fmax(ends[0], ends[1]))
    return np.asarray(far > near)


def plan_lines_mm(results: Mapping[str, Any]) -> dict[str, FloatArray]:
    """What of a plan is drawn over fluoroscopy, as (N, 3) LPS polylines by name: annulus, cusp arcs, valve.

    "annulus" is closed. "cusp_ncc", "cusp_rcc", "cusp_lcc" run from commissure to hinge to commissure. The valve's
    struts and posts are "valve_0" … and "post_0" …
    """
    contour = np.asarray(results["annulus"]["contour_mm"], dtype=np.float64)
    lines = {"annulus": np.concatenate([contour, contour[:1]])}
    landmarks = results.get("landmarks") or {}
    for cusp, ends in (("ncc", ("ln", "nr")), ("rcc", ("nr", "rl")), ("lcc", ("rl", "ln"))):
        keys = (f"commissure_{ends[0]}", f"hinge_{cusp}", f"commissure_{ends[1]}")
        if all(key in landmarks for key in keys):
            start, bottom, end = (np.asarray(landmarks[key]["position_mm"], dtype=np.float64) for key in keys)
            lines[f"cusp_{cusp}"] = _arc(start, bottom, end)
    if results.get("valve"):
        struts, posts = frame_lines_mm(results["valve"])
        lines |= {f"valve_{n}": line for n, line in enumerate(struts)}
        lines |= {f"post_{n}": line for n, line in enumerate(posts)}
    return lines


def _arc(start: FloatArray, bottom: FloatArray, end: FloatArray, count: int = 24) -> FloatArray:
    """(count, 3) the parabola through three points at parameters 0, ½ and 1."""
    t = np.linspace(0.0, 1.0, count)[:, None]
    return np.asarray((2 * t - 1) * (t - 1) * start + 4 * t * (1 - t) * bottom + t * (2 * t - 1) * end)
