"""Pictures of a TAVR report: the annulus, a long axis, the root in 3D, other levels, calcium and fluoroscopy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from app.i18n import local, said, text_value, tr
from app.report.content import Picture
from app.report.pictures import (
    HEIGHT,
    WIDTH,
    WINDOWS,
    View,
    ball_surface,
    feret_ends,
    resliced,
    surface_item,
    surfaces_picture,
    tube_surface,
    windowed,
)
from app.report.plate import Plate
from app.theme.tokens import DARK, HINGES, LIGHT, PLANS
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.plans import planning_image
from planning.errors import MeasurementError
from planning.geometry import FloatArray, detector_direction, plane_basis, unit
from planning.mesh import SurfaceMesh
from planning.registry import structure_style
from planning.units import MINUS, text_carm
from planning.volume import Mask, Volume
from viewers.overlay import SurfaceItem

if TYPE_CHECKING:
    from planning.tavr.fluoroscopy import CArm

Results = Mapping[str, Any]
# what the 3D picture of a root shows, with its opacity
HEART = {"aorta": 0.55, "left_ventricle": 0.38, "coronaries": 1.0, "calcium": 1.0}
ROOT_VIEW = (-35.0, -2.0)
ROOT_REACH_MM, ROOT_MIDDLE_MM = 36.0, 14.0
ANNULUS_FIELD_MM, LONG_FIELD_MM, LEVEL_FIELD_MM = 56.0, 78.0, 60.0
SLAB_MM = (-4.0, 16.0)
SLAB_STEP_MM, SLAB_REACH_MM = 1.0, 21.0
FLUORO_FIELD_MM, FLUORO_VOXEL_MM = 96.0, 1.0
# side by side over the page's width
MOST_VIEWS = 3
STRUT_MM, POST_MM = 0.24, 0.42
CUSPS = (("hinge_ncc", "NCC"), ("hinge_rcc", "RCC"), ("hinge_lcc", "LCC"))


@dataclass(frozen=True, slots=True)
class TavrPictures:
    """The pictures of page 1 and those of the details."""

    annulus: Picture
    long_axis: Picture
    root: Picture
    levels: Sequence[Picture] = field(default_factory=tuple)
    calcium: Sequence[Picture] = field(default_factory=tuple)
    fluoroscopy: Sequence[Picture] = field(default_factory=tuple)

    def all(self) -> list[Picture]:
        """Every picture, those of page 1 first."""
        return [self.annulus, self.long_axis, self.root, *self.levels, *self.calcium, *self.fluoroscopy]


def tavr_pictures(document: Document, plan: PlanRecord) -> TavrPictures:
    """All pictures of this plan; what was not measured is left out."""
    results = plan.results
    volume = document.volume(planning_image(document.case).name, int(plan.inputs.get("phase") or 0))
    annulus = results["annulus"]
    normal, origin = np.array(annulus["normal"]), np.array(annulus["centroid_mm"])
    return TavrPictures(
        annulus=_annulus(volume, results, origin, normal),
        long_axis=_long_axis(volume, results, origin, normal),
        root=_root(document, volume, results, origin, normal),
        levels=_levels(volume, results, origin, normal),
        calcium=_calcium(volume, results, origin, normal),
        fluoroscopy=_fluoroscopy(volume, results, origin, normal),
    )


def _plate(volume: Volume, view: View) -> Plate:
    return Plate(windowed(resliced(volume, view), *WINDOWS["tavr"]), view)


def _annulus(volume: Volume, results: Results, origin: FloatArray, normal: FloatArray) -> Picture:
    right, down = plane_basis(normal)
    contour = np.array(results["annulus"]["contour_mm"])
    plate = _plate(volume, View(origin, right, down, ANNULUS_FIELD_MM / WIDTH))
    plate.widths(feret_ends(contour, origin, right, down))
    plate.line(contour, PLANS["a"], closed=True)
    for key, label in CUSPS:
        plate.point(results["landmarks"][key]["position_mm"], HINGES[key[-3:]], label)
    plate.letters()
    return plate.picture(tr("Annulus plane, seen from above"))


def _long_axis(volume: Volume, results: Results, origin: FloatArray, normal: FloatArray) -> Picture:
    """A section along the normal through the left ostium, with the valve and its distances or the plan's heights."""
    right = _side_of_left_ostium(results, origin, normal)
    view = View(origin + 9.0 * normal, right, -normal, LONG_FIELD_MM / WIDTH)
    plate = _plate(volume, view)
    contour = np.array(results["annulus"]["contour_mm"])
    spread = (contour - origin) @ right
    valve = results.get("valve")
    if valve:
        _draw_struts(plate, valve)
    plate.line([origin + spread.min() * right, origin + spread.max() * right], PLANS["a"], width=9.0)
    heights = _valve_marks(results, valve) if valve else _height_marks(results)
    for height, words, side in heights:
        at = origin + height * normal
        inner, outer = at + side * 16.0 * right, at + side * 20.5 * right
        plate.line([inner, outer], DARK["t1"], width=5.0)
        x, y = (float(v) for v in view.pixels(outer))
        plate.text(x + side * 10, y, words, "left" if side > 0 else "right")
    plate.letters()
    if not valve:
        return plate.picture(tr("Long axis: heights over the annulus, mm"))
    return plate.picture(tr("Long axis: depth, VTC, VTSTJ, mm"))


def _side_of_left_ostium(results: Results, origin: FloatArray, normal: FloatArray) -> FloatArray:
    """The in-plane direction nearest patient left that holds the left ostium; without one, patient left itself."""
    right = plane_basis(normal)[0]
    found = results["landmarks"].get("ostium_left")
    if not found:
        return right
    away = np.array(found["position_mm"]) - origin
    flat = away - (away @ normal) * normal
    return right if np.linalg.norm(flat) < 3.0 else unit(flat)


def _valve_marks(results: Results, valve: Results) -> list[tuple[float, str, float]]:
    """(height over the annulus, words, side) of what says how the valve sits; each at its own place."""
    stj = (results.get("stj") or {}).get("height_mm")
    left = (results.get("coronaries") or {}).get("left_height_mm")
    marks = [(-float(valve["depth_mm"]), tr("depth {depth:.1f}", depth=valve["depth_mm"]), -1.0)]
    if valve.get("vtstj_mm") is not None and stj is not None:
        marks.append((float(stj), local(f"VTSTJ {valve['vtstj_mm']:.1f}"), -1.0))
    if valve.get("vtc_left_mm") is not None and left is not None:
        marks.append((float(left), local(f"VTC {valve['vtc_left_mm']:.1f}"), 1.0))
    return marks


def _height_marks(results: Results) -> list[tuple[float, str, float]]:
    coronaries, stj = results.get("coronaries") or {}, results.get("stj") or {}
    marks = (
        (coronaries.get("left_height_mm"), "LCA", 1.0),
        (coronaries.get("right_height_mm"), "RCA", -1.0),
        (stj.get("height_mm"), "STJ", 1.0),
    )
    return [(float(height), local(f"{name} {height:.1f}"), side) for height, name, side in marks if height is not None]


def _draw_struts(plate: Plate, valve: Results) -> None:
    from planning.tavr.stent import frame_lines_mm

    struts, posts = frame_lines_mm(valve)
    for strut in struts:
        plate.line(strut, DARK["t1"], width=2.0, halo=False)
    for post in posts:
        plate.line(post, DARK["t1"], width=7.0, halo=False)


def _root(document: Document, volume: Volume, results: Results, origin: FloatArray, normal: FloatArray) -> Picture:
    """The root seen through, with annulus, hinges and valve."""
    contour = np.array(results["annulus"]["contour_mm"])
    items = [surface_item("annulus", tube_surface(contour, 0.55, closed=True), PLANS["a"])]
    for key, _ in CUSPS:
        place = np.array(results["landmarks"][key]["position_mm"])
        items.append(surface_item(key, ball_surface(place, 1.5), HINGES[key[-3:]]))
    valve = results.get("valve")
    items += _valve_items(valve) if valve else []
    middle = origin + ROOT_MIDDLE_MM * normal
    structures = _structure_items(document, middle) or _lumen_items(volume, results, origin, normal)
    words = tr("Valve in the root") if valve else tr("Root")
    return surfaces_picture(
        [*structures, *items],
        f"{words}, {text_carm(*ROOT_VIEW)}",
        detector_direction(*ROOT_VIEW),
        (middle, ROOT_REACH_MM),
    )


def _valve_items(valve: Results) -> list[SurfaceItem]:
    from planning.tavr.stent import frame_lines_mm

    struts, posts = frame_lines_mm(valve)
    metal = LIGHT["t2"]
    items = [surface_item(f"strut_{n}", tube_surface(_dense(line), STRUT_MM), metal) for n, line in enumerate(struts)]
    return items + [surface_item(f"post_{n}", tube_surface(line, POST_MM), metal) for n, line in enumerate(posts)]


def _dense(line_mm: FloatArray, step_mm: float = 0.6) -> FloatArray:
    """Points no further apart than the step, so that a tube bends round its corners."""
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line_mm, axis=0), axis=1))])
    at = np.linspace(0.0, along[-1], max(2, int(along[-1] / step_mm)))
    return np.stack([np.interp(at, along, line_mm[:, axis]) for axis in range(3)], axis=1)


def _structure_items(document: Document, middle_mm: FloatArray) -> list[SurfaceItem]:
    from planning.surface import surface_from_mask

    case = document.case
    items = []
    for name, opacity in HEART.items():
        near = _near(document.mask(name), middle_mm) if name in case.structures else None
        if near is not None:
            mesh = surface_from_mask(near, kind="picture")
            items.append(surface_item(name, mesh, case.structures[name].color, opacity))
    return items


def _near(mask: Mask, middle_mm: FloatArray) -> Mask | None:
    """What of a structure the picture can show; None when that is nothing."""
    reach = 1.35 * ROOT_REACH_MM * WIDTH / HEIGHT
    corners = mask.grid.to_index(middle_mm + reach * np.array(np.meshgrid(*[(-1, 1)] * 3)).reshape(3, -1).T)
    start = np.array(mask.start_ijk)
    size = np.array(mask.voxels.shape[::-1])
    low = np.clip(np.floor(corners.min(axis=0)).astype(int) - start, 0, size)
    high = np.clip(np.ceil(corners.max(axis=0)).astype(int) - start + 1, 0, size)
    voxels = mask.voxels[low[2] : high[2], low[1] : high[1], low[0] : high[0]]
    if not voxels.any():
        return None
    i, j, k = (int(v) for v in start + low)
    return Mask(mask.grid, (i, j, k), np.ascontiguousarray(voxels))


def _lumen_items(volume: Volume, results: Results, origin: FloatArray, normal: FloatArray) -> list[SurfaceItem]:
    """The contrast-filled lumen round the root's axis, where nobody has segmented the aorta."""
    mesh = _lumen_surface(volume, float(results["annulus"]["lumen_hu"]), origin, normal)
    return [] if mesh is None else [surface_item("lumen", mesh, structure_style("aorta").color, HEART["aorta"])]


def _lumen_surface(volume: Volume, lumen_hu: float, origin: FloatArray, normal: FloatArray) -> SurfaceMesh | None:
    from scipy import ndimage

    from planning.surface import surface_from_mask

    grid = volume.grid
    middle = origin + ROOT_MIDDLE_MM * normal
    corners = grid.to_index(middle + (ROOT_REACH_MM + 4.0) * np.array(np.meshgrid(*[(-1, 1)] * 3)).reshape(3, -1).T)
    low = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, np.array(grid.size_ijk) - 1)
    high = np.clip(np.ceil(corners.max(axis=0)).astype(int) + 1, low + 1, np.array(grid.size_ijk))
    box = volume.voxels[low[2] : high[2], low[1] : high[1], low[0] : high[0]].astype(np.float32)
    bright = ndimage.gaussian_filter(box, 0.6) > 0.55 * lumen_hu
    k, j, i = np.indices(box.shape, dtype=np.float32)
    points = grid.to_world(np.stack([i + low[0], j + low[1], k + low[2]], axis=-1))
    height = (points - origin) @ normal
    away = np.linalg.norm(points - origin - height[..., None] * normal, axis=-1)
    bright &= (height > -14.0) & (away < np.clip(17.0 + 0.35 * np.maximum(height, 0.0), 17.0, 26.0))
    # walls thinner than the blur leak: open them before keeping what hangs together with the axis
    core = ndimage.binary_opening(bright, iterations=max(1, round(1.6 / float(grid.spacing_mm.min()))))
    labels, count = ndimage.label(core)
    if not count:
        return None
    near = labels[(away < 6.0) & (np.abs(height) < 4.0) & (labels > 0)]
    if not near.size:
        return None
    kept = labels == int(np.bincount(near).argmax())
    mask = Mask(grid, (int(low[0]), int(low[1]), int(low[2])), kept)
    return surface_from_mask(mask, kind="picture")


def _levels(volume: Volume, results: Results, origin: FloatArray, normal: FloatArray) -> list[Picture]:
    """LVOT, sinuses and sinotubular junction, each in its own plane with its contour."""
    pictures = []
    report = results.get("lvot_report") or {}
    depth = float(report.get("depth_mm") or 4.0)
    lvot = min(results.get("lvot") or (), key=lambda row: abs(abs(row["depth_mm"]) - depth), default=None)
    if lvot is not None and lvot.get("contour_mm"):
        below = abs(float(lvot["depth_mm"]))
        caption = f"LVOT, {MINUS}{text_value(below, 0)} mm"
        pictures.append(_level(volume, lvot["contour_mm"], origin - below * normal, normal, caption))
    sinuses = results.get("sinuses") or {}
    if sinuses.get("contour_mm") and sinuses.get("level_mm") is not None:
        height = float(sinuses["level_mm"])
        caption = tr("Sinuses, {height} mm above", height=text_value(height, 1))
        pictures.append(_level(volume, sinuses["contour_mm"], origin + height * normal, normal, caption))
    stj = results.get("stj") or {}
    if stj.get("contour_mm") and stj.get("position_mm") is not None and stj.get("normal") is not None:
        caption = tr("Sinotubular junction, {height} mm above", height=text_value(float(stj["height_mm"]), 1))
        pictures.append(
            _level(volume, stj["contour_mm"], np.array(stj["position_mm"]), np.array(stj["normal"]), caption)
        )
    return pictures


def _level(
    volume: Volume, contour_mm: Sequence[Sequence[float]], at: FloatArray, normal: FloatArray, caption: str
) -> Picture:
    right, down = plane_basis(normal)
    contour = np.array(contour_mm)
    middle = contour.mean(axis=0) - ((contour.mean(axis=0) - at) @ normal) * normal
    plate = _plate(volume, View(middle, right, down, LEVEL_FIELD_MM / WIDTH))
    plate.widths(feret_ends(contour, middle, right, down))
    plate.line(contour, PLANS["a"], closed=True)
    plate.letters()
    return plate.picture(caption)


def _calcium(volume: Volume, results: Results, origin: FloatArray, normal: FloatArray) -> list[Picture]:
    """The brightest of a slab over the annulus with what counts as calcium painted, and the cusps' names."""
    threshold = (results.get("calcium") or {}).get("threshold_hu")
    if threshold is None:
        return []
    right, down = plane_basis(normal)
    view = View(origin, right, down, ANNULUS_FIELD_MM / WIDTH)
    # half the pixels in each direction are enough for a projection
    points = view.points_mm()[::2, ::2]
    brightest = np.full(points.shape[:2], -1024.0, np.float32)
    for height in np.arange(SLAB_MM[0], SLAB_MM[1] + 1e-9, SLAB_STEP_MM):
        np.maximum(brightest, _values(volume, points + height * normal), out=brightest)
    full = np.asarray(brightest.repeat(2, axis=0).repeat(2, axis=1)[:HEIGHT, :WIDTH])
    plate = Plate(windowed(full.astype(np.float64), 1100.0, 400.0), view)
    y, x = np.indices((HEIGHT, WIDTH))
    near = np.hypot(x - WIDTH / 2, y - HEIGHT / 2) * view.mm_per_px < SLAB_REACH_MM
    plate.paint((full > threshold) & near, structure_style("calcium").color)
    plate.line(results["annulus"]["contour_mm"], PLANS["a"], closed=True, width=5.0)
    for key, label in CUSPS:
        plate.point(results["landmarks"][key]["position_mm"], HINGES[key[-3:]], label)
    plate.letters()
    low, high = (text_value(abs(value), 0) for value in SLAB_MM)
    return [
        plate.picture(
            tr(
                "Calcium above {threshold} HU, slab −{low} to {high} mm",
                threshold=text_value(threshold, 0),
                low=low,
                high=high,
            )
        )
    ]


def _values(volume: Volume, points_mm: FloatArray) -> npt.NDArray[np.float32]:
    from scipy import ndimage

    index = volume.grid.to_index(points_mm)
    values = ndimage.map_coordinates(
        volume.voxels, np.moveaxis(index[..., ::-1], -1, 0), order=1, output=np.float32, mode="constant", cval=-1024.0
    )
    return np.asarray(values)


def _fluoroscopy(volume: Volume, results: Results, origin: FloatArray, normal: FloatArray) -> list[Picture]:
    """The plan's first named views as the room would show them, with plan and valve drawn in."""
    from planning.tavr.fluoroscopy import CArm, plan_lines_mm, prepare_fluoroscopy, simulate_fluoroscopy

    try:
        prepared = prepare_fluoroscopy(volume, voxel_mm=FLUORO_VOXEL_MM)
    except MeasurementError:
        return []
    lines = plan_lines_mm(results)
    pictures = []
    for view in results["projections"]["named"][:MOST_VIEWS]:
        name = said(str(view["name"]))
        carm = CArm(
            view["lao_deg"],
            view["cra_deg"],
            origin + 8.0 * normal,
            field_mm=FLUORO_FIELD_MM,
            size_px=(WIDTH // 2, HEIGHT // 2),
        )
        grey = simulate_fluoroscopy(prepared, carm).picture()
        # the plate's view gives the scale only; everything here is in pixels
        plate = Plate(_doubled(grey), View(origin, normal, normal, FLUORO_FIELD_MM / WIDTH))
        # the valve first, so that annulus and cusps lie on top of it
        for line, points in sorted(lines.items(), key=lambda item: not item[0].startswith(("valve", "post"))):
            pixels = _on_picture(carm, points)
            if line.startswith(("valve", "post")):
                plate.stroke(pixels, LIGHT["pane"], width=2.0 if line.startswith("valve") else 6.0, halo=False)
            elif line == "annulus":
                plate.stroke(pixels, PLANS["a"], width=6.0)
            elif f"hinge_{line[-3:]}" in results["landmarks"]:
                plate.stroke(pixels, HINGES[line[-3:]], width=5.0)
        _name_hinges(plate, results, partial(_on_picture, carm))
        plate.ruler(FLUORO_FIELD_MM / WIDTH)
        pictures.append(plate.picture(f"{name}, {text_carm(carm.lao_deg, carm.cra_deg)}"))
    return pictures


def _name_hinges(plate: Plate, results: Results, place: Callable[[Any], FloatArray]) -> None:
    """The hinges with N, R, L under them; those that lie over each other share their words."""
    groups: list[tuple[FloatArray, list[str]]] = []
    for key, label in CUSPS:
        at = place(results["landmarks"][key]["position_mm"])
        plate.dot(float(at[0]), float(at[1]), HINGES[key[-3:]])
        near = next((names for other, names in groups if np.linalg.norm(other - at) < 40.0), None)
        if near is None:
            groups.append((at, [label[0]]))
        else:
            near.append(label[0])
    for at, names in groups:
        plate.text(float(at[0]), float(at[1]) + 48.0, " ".join(names))


def _on_picture(carm: CArm, points_mm: npt.ArrayLike) -> FloatArray:
    """Pixels of the doubled picture."""
    from planning.tavr.fluoroscopy import project_points

    return 2.0 * project_points(points_mm, carm)


def _doubled(grey: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    from PIL import Image

    return np.asarray(Image.fromarray(grey).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC))
