"""Pictures of a report: sections of the image with the plan drawn in, made without a display."""

from __future__ import annotations

import importlib.resources
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.report.content import Picture
from app.theme.tokens import DARK, HINGES, LIGHT, PLANS
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.plans import planning_image
from planning.geometry import FloatArray, Plane, orientation_letters, plane_basis
from planning.registry import structure_style
from planning.volume import Mask, Volume

WIDTH, HEIGHT = 920, 760
FONT_PX = 30
HEART = ("aorta", "left_ventricle", "coronaries", "calcium")
WINDOWS = {"tavr": (900.0, 260.0), "vessel": (900.0, 260.0), "liver": (360.0, 70.0)}


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A picture's plane: its middle, image right and down (unit, LPS), and millimetres a pixel."""

    center_mm: FloatArray
    right: FloatArray
    down: FloatArray
    mm_per_px: float

    def points_mm(self) -> FloatArray:
        """(HEIGHT, WIDTH, 3) places of the pixels' centres."""
        x = (np.arange(WIDTH) + 0.5 - WIDTH / 2) * self.mm_per_px
        y = (np.arange(HEIGHT) + 0.5 - HEIGHT / 2) * self.mm_per_px
        return np.asarray(self.center_mm + x[None, :, None] * self.right + y[:, None, None] * self.down)

    def pixels(self, points_mm: npt.ArrayLike) -> FloatArray:
        """(…, 2) pixel coordinates of LPS points, dropped onto the plane."""
        rest = np.asarray(points_mm, dtype=np.float64) - self.center_mm
        return np.stack(
            [rest @ self.right / self.mm_per_px + WIDTH / 2, rest @ self.down / self.mm_per_px + HEIGHT / 2], -1
        )


class Sheet:
    """A grey section to draw on; lines are drawn with a dark halo so that they show on any tissue."""

    def __init__(self, volume: Volume, view: View, window: tuple[float, float]) -> None:
        from PIL import Image, ImageDraw

        self.view = view
        grey = _window(_resliced(volume, view), *window)
        self.image = Image.fromarray(grey, "L").convert("RGB")
        self.draw = ImageDraw.Draw(self.image)
        self._letters()

    def tint(self, mask: Mask, color: str, strength: float) -> None:
        """Colour the pixels whose place lies in the mask, and outline them."""
        from PIL import Image, ImageDraw
        from scipy import ndimage

        index = np.rint(mask.box_grid.to_index(self.view.points_mm())).astype(np.intp)
        limits = np.array(mask.voxels.shape[::-1])
        valid = ((index >= 0) & (index < limits)).all(axis=-1)
        inside = np.zeros(valid.shape, dtype=bool)
        picked = index[valid]
        inside[valid] = mask.voxels[picked[:, 2], picked[:, 1], picked[:, 0]]
        if not inside.any():
            return
        pixels = np.asarray(self.image).astype(np.float32)
        tone = np.array(_rgb(color), dtype=np.float32)
        edge = inside & ~ndimage.binary_erosion(inside, iterations=3)
        pixels[inside] = (1 - strength) * pixels[inside] + strength * tone
        pixels[edge] = tone
        self.image = Image.fromarray(pixels.astype(np.uint8))
        self.draw = ImageDraw.Draw(self.image)

    def line(self, points_mm: npt.ArrayLike, color: str, *, closed: bool = False, width: int = 5) -> None:
        """A curve in the plane."""
        points = [tuple(map(float, pixel)) for pixel in self.view.pixels(points_mm)]
        if closed:
            points.append(points[0])
        self.draw.line(points, fill=DARK["pane"], width=width + 5, joint="curve")
        self.draw.line(points, fill=color, width=width, joint="curve")

    def point(self, point_mm: npt.ArrayLike, color: str, label: str) -> None:
        """A disc with its name beside it, away from the middle."""
        x, y = (float(v) for v in self.view.pixels(point_mm))
        self.draw.ellipse((x - 11, y - 11, x + 11, y + 11), fill=color, outline=DARK["pane"], width=3)
        out = np.array((x - WIDTH / 2, y - HEIGHT / 2))
        step = out / max(float(np.linalg.norm(out)), 1.0) * 52
        self.text(x + float(step[0]), y + float(step[1]), label, color)

    def text(self, x: float, y: float, text: str, color: str = DARK["t1"], anchor: str = "mm") -> None:
        """Text with a halo."""
        self.draw.text((x, y), text, fill=color, font=_font(), anchor=anchor, stroke_width=4, stroke_fill=DARK["pane"])

    def _letters(self) -> None:
        view = self.view
        self.text(WIDTH / 2, 24, orientation_letters(-view.down), anchor="mm")
        self.text(WIDTH / 2, HEIGHT - 24, orientation_letters(view.down), anchor="mm")
        self.text(18, HEIGHT / 2, orientation_letters(-view.right), anchor="lm")
        self.text(WIDTH - 18, HEIGHT / 2, orientation_letters(view.right), anchor="rm")
        length = next(mm for mm in (100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0) if mm / view.mm_per_px < 0.3 * WIDTH)
        end, y = WIDTH - 28.0, HEIGHT - 30.0
        self.draw.line([(end - length / view.mm_per_px, y), (end, y)], fill=DARK["t1"], width=4)
        self.text(end, y - 24, f"{length:g} mm", anchor="rm")

    def picture(self, caption: str) -> Picture:
        """The finished picture as PNG without metadata."""
        data = io.BytesIO()
        self.image.save(data, "PNG")
        return Picture(caption, data.getvalue(), WIDTH, HEIGHT)


def _font() -> Any:
    from PIL import ImageFont

    data = importlib.resources.files("assets").joinpath("fonts/InterReport-SemiBold.ttf").read_bytes()
    return ImageFont.truetype(io.BytesIO(data), FONT_PX)


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _resliced(volume: Volume, view: View) -> FloatArray:
    from scipy import ndimage

    index = volume.grid.to_index(view.points_mm())
    values = ndimage.map_coordinates(
        volume.voxels, np.moveaxis(index[..., ::-1], -1, 0), order=1, output=np.float32, mode="constant", cval=-1024.0
    )
    return np.asarray(values, dtype=np.float64)


def _window(values: FloatArray, width: float, level: float) -> npt.NDArray[np.uint8]:
    return (np.clip((values - level) / width + 0.5, 0.0, 1.0) * 255).astype(np.uint8)


def tavr_pictures(document: Document, plan: PlanRecord) -> list[Picture]:
    """The annulus from above, and two long axes through it."""
    annulus = plan.results["annulus"]
    volume = document.volume(planning_image(document.case).name, int(plan.inputs.get("phase", 0)))
    normal, origin = np.array(annulus["normal"]), np.array(annulus["centroid_mm"])
    right, down = plane_basis(normal)
    contour = np.array(annulus["contour_mm"])
    sheet = Sheet(volume, View(origin, right, down, 60.0 / WIDTH), WINDOWS["tavr"])
    sheet.line(contour, PLANS["a"], closed=True)
    for key, label in (("hinge_ncc", "NCC"), ("hinge_rcc", "RCC"), ("hinge_lcc", "LCC")):
        sheet.point(plan.results["landmarks"][key]["position_mm"], HINGES[key[-3:]], label)
    pictures = [sheet.picture("Annulus plane, seen from above")]
    for number, axis in enumerate((right, down), start=1):
        across = View(origin, axis, -normal, 90.0 / WIDTH)
        sheet = Sheet(volume, across, WINDOWS["tavr"])
        spread = (contour - origin) @ axis
        ends = [origin + spread.min() * axis, origin + spread.max() * axis]
        sheet.line(ends, PLANS["a"])
        pictures.append(sheet.picture(f"Long axis {number} through the annulus"))
    heart = _structures_picture(
        document, HEART, "Root and ventricle from the front", {"left_ventricle": 0.5}, (0.25, -1.0, 0.1)
    )
    return [*pictures[:2], *heart, *pictures[2:]]


def _structures_picture(
    document: Document,
    names: Sequence[str],
    caption: str,
    opacities: Mapping[str, float],
    from_direction: Sequence[float],
) -> list[Picture]:
    """The case's structures in 3D on white, those of `names` that it has; none when it has none of them."""
    from PIL import Image

    from planning.surface import surface_from_mask
    from viewers.snapshot import SurfaceItem, render_surfaces

    there = [name for name in names if name in document.case.structures and document.case.structures[name].voxel_count]
    if not there:
        return []
    items = [
        SurfaceItem(
            surface_from_mask(document.mask(name), kind="preview"),
            document.case.structures[name].color,
            opacities.get(name, 1.0),
        )
        for name in there
    ]
    pixels = render_surfaces(items, size_px=(WIDTH, HEIGHT), background=LIGHT["s1"], from_direction=from_direction)
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG")
    return [Picture(caption, data.getvalue(), WIDTH, HEIGHT)]


def vessel_pictures(document: Document, plan: PlanRecord) -> list[Picture]:
    """The narrowest section, across and along the vessel."""
    results = plan.results
    volume = document.volume(planning_image(document.case).name)
    closed = [station for station in results["stations"] if station["closed"]]
    least = min(closed, key=lambda station: abs(station["s_mm"] - results["minimum"]["s_mm"]))
    center, tangent = np.array(least["position_mm"]), np.array(least["tangent"])
    right, down = plane_basis(tangent)
    reach = 6.0 * float(least["max_diameter_mm"])
    sheet = Sheet(volume, View(center, right, down, reach / WIDTH), WINDOWS["vessel"])
    sheet.line(least["contour_mm"], PLANS["a"], closed=True)
    pictures = [sheet.picture("Narrowest section")]
    line = np.array(results["centerline_mm"])
    span = max(60.0, 1.3 * results["chord_mm"])
    along = View(line.mean(axis=0), np.array((1.0, 0, 0)), np.array((0, 0, -1.0)), span / HEIGHT)
    sheet = Sheet(volume, along, WINDOWS["vessel"])
    sheet.line(line, PLANS["a"], width=4)
    pictures.append(sheet.picture("Centreline over the coronal plane"))
    return pictures


def liver_pictures(document: Document, plan: PlanRecord) -> list[Picture]:
    """Axial, coronal and sagittal through the place of the least margin (else the largest tumour): removed part grey."""
    from planning.case.printing import REMOVED_COLOR, liver_parts

    results = plan.results
    volume = document.volume(planning_image(document.case).name)
    removed, kept = liver_parts(document, plan.name)
    place = results["margin"]["tumor_at_mm"] or (results["tumors"][0]["centroid_mm"] if results["tumors"] else None)
    center = np.array(place) if place is not None else removed.centroid_mm()
    low, high = (
        np.minimum(removed.bounds_mm()[0], kept.bounds_mm()[0]),
        np.maximum(removed.bounds_mm()[1], kept.bounds_mm()[1]),
    )
    middle = (low + high) / 2.0
    span = 1.15 * float(np.max((high - low) / np.array((WIDTH, HEIGHT, HEIGHT))))
    planes = [Plane(np.array(row["origin_mm"]), np.array(row["normal"])) for row in plan.inputs["resections"]]
    views = (
        (0, 1, np.array((1.0, 0, 0)), np.array((0, 1.0, 0)), "Axial"),
        (0, 2, np.array((1.0, 0, 0)), np.array((0, 0, -1.0)), "Coronal"),
        (1, 2, np.array((0, 1.0, 0)), np.array((0, 0, -1.0)), "Sagittal"),
    )
    pictures = []
    for across, upright, right, down, name in views:
        at = center.copy()
        at[across], at[upright] = middle[across], middle[upright]
        sheet = Sheet(volume, View(at, right, down, span), WINDOWS["liver"])
        sheet.tint(kept, structure_style("liver").color, 0.15)
        sheet.tint(removed, REMOVED_COLOR, 0.30)
        for tumor in plan.inputs["tumors"]:
            sheet.tint(document.mask(tumor), structure_style("tumor").color, 0.25)
        for plane in planes:
            _draw_cut(sheet, plane)
        pictures.append(sheet.picture(f"{name}, removed part grey"))
    inputs = plan.inputs
    names = [*inputs["portal"], *inputs["hepatic"], *inputs["tumors"], *inputs["organ"]]
    organ = dict.fromkeys(inputs["organ"], 0.35)
    return [*_structures_picture(document, names, "From the front", organ, (0.0, -1.0, 0.0)), *pictures]


def _draw_cut(sheet: Sheet, plane: Plane) -> None:
    """The line where the cut meets the picture's plane, as far as the picture goes."""
    view = sheet.view
    a, b = float(plane.normal @ view.right), float(plane.normal @ view.down)
    if np.hypot(a, b) < 1e-6:
        return
    offset = float(plane.signed_distance_mm(view.center_mm))
    foot = view.center_mm - offset * (a * view.right + b * view.down) / (a * a + b * b)
    direction = (-b * view.right + a * view.down) / np.hypot(a, b)
    reach = WIDTH * view.mm_per_px
    sheet.line([foot - reach * direction, foot + reach * direction], PLANS["a"])
