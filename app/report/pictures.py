"""Pictures of a report: sections of the image with the plan drawn in, made without a display."""

from __future__ import annotations

import importlib.resources
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from app.i18n import local, text_position, text_value, tr
from app.report.content import RESEARCH_LINE, Picture
from app.report.liver_content import ASKED_MARGIN_MM, stays
from app.theme.tokens import DARK, LIGHT, PLANS
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.plans import planning_image
from planning.geometry import FloatArray, Plane, orientation_letters, plane_basis
from planning.mesh import SurfaceMesh
from planning.registry import structure_style
from planning.volume import Mask, Volume
from viewers.overlay import SurfaceItem

if TYPE_CHECKING:
    from planning.liver.model import LiverModel
    from planning.liver.resection import Resection

WIDTH, HEIGHT = 920, 760
FONT_PX = 38
# margins beyond this are not marked on the flat cut
FAR_MM = 30.0
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
        grey = windowed(resliced(volume, view), *window)
        self.image = Image.fromarray(grey, "L").convert("RGB")
        self.draw = ImageDraw.Draw(self.image)
        self._letters()

    def hatch(self, mask: Mask, color: str, width: int = 3, every: int = 18) -> None:
        """The mask's pixels with thin lines from lower left to upper right, for what is removed."""
        from PIL import Image, ImageDraw

        inside = self._inside(mask)
        rows, columns = np.indices(inside.shape)
        pixels = np.asarray(self.image).copy()
        pixels[inside & ((rows + columns) % every < width)] = rgb(color)
        self.image = Image.fromarray(pixels)
        self.draw = ImageDraw.Draw(self.image)

    def outline(self, mask: Mask, color: str, width: int = 4) -> None:
        """The rim of the mask's pixels over a black one, smooth between voxels."""
        from PIL import Image, ImageDraw
        from scipy import ndimage

        inside = self._inside(mask)
        if not inside.any():
            return
        soft = ndimage.gaussian_filter(inside.astype(np.float32), 2.5)
        slope = np.maximum(np.hypot(*np.gradient(soft)), 1e-4)
        away = np.abs(soft - 0.5) / slope
        near = np.abs(soft - 0.5) < 0.49
        pixels = np.asarray(self.image).astype(np.float32)
        for half, tone in ((width / 2 + 2.0, rgb(DARK["pane"])), (width / 2, rgb(color))):
            share = (np.clip(half + 0.5 - away, 0.0, 1.0) * near)[..., None]
            pixels = pixels * (1 - share) + share * np.array(tone, np.float32)
        self.image = Image.fromarray(np.rint(pixels).astype(np.uint8))
        self.draw = ImageDraw.Draw(self.image)

    def _inside(self, mask: Mask) -> npt.NDArray[np.bool_]:
        from scipy import ndimage

        index = mask.box_grid.to_index(self.view.points_mm())
        values = ndimage.map_coordinates(
            mask.voxels.astype(np.float32), np.moveaxis(index[..., ::-1], -1, 0), order=1, mode="constant"
        )
        return np.asarray(values > 0.5)

    def middle_of(self, mask: Mask) -> tuple[float, float] | None:
        """The middle (x, y) of the mask's pixels, None where the picture does not meet it."""
        rows, columns = np.nonzero(self._inside(mask))
        return (float(columns.mean()), float(rows.mean())) if len(rows) else None

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
        self.draw.ellipse((x - 12, y - 12, x + 12, y + 12), fill=color, outline=DARK["pane"], width=3)
        out = np.array((x - WIDTH / 2, y - HEIGHT / 2))
        step = out / max(float(np.linalg.norm(out)), 1.0) * 64
        self.text(x + float(step[0]), y + float(step[1]), label)

    def text(self, x: float, y: float, text: str, color: str = DARK["t1"], anchor: str = "mm") -> None:
        """Text with a halo."""
        self.draw.text(
            (x, y), text, fill=color, font=picture_font(), anchor=anchor, stroke_width=5, stroke_fill=DARK["pane"]
        )

    def _letters(self) -> None:
        view = self.view
        self.text(WIDTH / 2, 30, orientation_letters(-view.down), anchor="mm")
        self.text(WIDTH / 2, HEIGHT - 30, orientation_letters(view.down), anchor="mm")
        self.text(18, HEIGHT / 2, orientation_letters(-view.right), anchor="lm")
        self.text(WIDTH - 18, HEIGHT / 2, orientation_letters(view.right), anchor="rm")
        length = next(mm for mm in (100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0) if mm / view.mm_per_px < 0.3 * WIDTH)
        end, y = WIDTH - 28.0, HEIGHT - 30.0
        self.draw.line([(end - length / view.mm_per_px, y), (end, y)], fill=DARK["t1"], width=4)
        self.text(end, y - 30, f"{length:g} mm", anchor="rm")

    def picture(self, caption: str) -> Picture:
        """The finished picture as PNG without metadata."""
        data = io.BytesIO()
        self.image.save(data, "PNG")
        return Picture(caption, data.getvalue(), WIDTH, HEIGHT)


def marked_png(png: bytes) -> bytes:
    """The picture for a file of its own: a strip below it says what it is for, over nothing of the picture itself."""
    from PIL import Image, ImageDraw

    with Image.open(io.BytesIO(png)) as opened:
        picture = opened.convert("RGB")
    size = max(11, round(picture.width / 46))
    image = Image.new("RGB", (picture.width, picture.height + 2 * size), DARK["pane"])
    image.paste(picture, (0, 0))
    ImageDraw.Draw(image).text(
        (size, picture.height + size), tr(RESEARCH_LINE), fill=DARK["t1"], font=picture_font(size), anchor="lm"
    )
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def picture_font(size: int = FONT_PX) -> Any:
    """The semi-bold cut for words in a picture."""
    from PIL import ImageFont

    data = importlib.resources.files("assets").joinpath("fonts/InterReport-SemiBold.ttf").read_bytes()
    return ImageFont.truetype(io.BytesIO(data), size)


def rgb(color: str) -> tuple[int, int, int]:
    """ "#RRGGBB" as three numbers of 0 … 255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def resliced(volume: Volume, view: View) -> FloatArray:
    """Values of the volume on the view's pixels, (HEIGHT, WIDTH); −1024 outside the scan."""
    from scipy import ndimage

    index = volume.grid.to_index(view.points_mm())
    values = ndimage.map_coordinates(
        volume.voxels, np.moveaxis(index[..., ::-1], -1, 0), order=1, output=np.float32, mode="constant", cval=-1024.0
    )
    return np.asarray(values, dtype=np.float64)


def windowed(values: FloatArray, width: float, level: float) -> npt.NDArray[np.uint8]:
    """Grey values of a window given by its width and level."""
    return (np.clip((values - level) / width + 0.5, 0.0, 1.0) * 255).astype(np.uint8)


def feret_ends(
    contour_mm: FloatArray, origin_mm: FloatArray, right: FloatArray, down: FloatArray
) -> tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]:
    """The ends of the greatest and of the least caliper width, drawn through the contour's middle, in LPS mm."""
    plane = np.stack([(contour_mm - origin_mm) @ right, (contour_mm - origin_mm) @ down], axis=1)
    angles = np.radians(np.arange(0.0, 180.0, 0.5))
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    heights = plane @ directions.T
    widths = heights.max(axis=0) - heights.min(axis=0)

    def ends(number: int) -> tuple[FloatArray, FloatArray]:
        direction = directions[number]
        low, high = float(heights[:, number].min()), float(heights[:, number].max())
        axis = direction[0] * right + direction[1] * down
        return origin_mm + low * axis, origin_mm + high * axis

    return ends(int(widths.argmax())), ends(int(widths.argmin()))


def tube_surface(points_mm: FloatArray, radius_mm: float, *, closed: bool = False) -> SurfaceMesh:
    """A thin tube along a curve, to draw it in 3D; its ends are open."""
    around = 10
    following = np.roll(points_mm, -1, axis=0) - np.roll(points_mm, 1, axis=0)
    if not closed:
        following[0], following[-1] = points_mm[1] - points_mm[0], points_mm[-1] - points_mm[-2]
    tangent = following / np.maximum(np.linalg.norm(following, axis=1, keepdims=True), 1e-9)
    steady = np.linalg.svd(points_mm - points_mm.mean(axis=0), full_matrices=False)[2][2]
    side = np.cross(tangent, steady)
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
    over = np.cross(tangent, side)
    turn = np.arange(around) * (2.0 * np.pi / around)
    rings = points_mm[:, None] + radius_mm * (
        np.cos(turn)[None, :, None] * side[:, None] + np.sin(turn)[None, :, None] * over[:, None]
    )
    count = len(points_mm)
    ring, spoke = np.meshgrid(np.arange(count if closed else count - 1), np.arange(around), indexing="ij")
    following_ring, following_spoke = (ring + 1) % count, (spoke + 1) % around
    a, b = ring * around + spoke, following_ring * around + spoke
    c, d = following_ring * around + following_spoke, ring * around + following_spoke
    triangles = np.stack([np.stack([a, d, b], -1), np.stack([b, d, c], -1)]).reshape(-1, 3)
    return SurfaceMesh(rings.reshape(-1, 3), triangles.astype(np.int32))


def ball_surface(center_mm: FloatArray, radius_mm: float) -> SurfaceMesh:
    """A small ball, to mark a point in 3D."""
    polar = np.linspace(0.05, np.pi - 0.05, 12)
    line = np.stack([0.0 * polar, 0.0 * polar, -np.cos(polar)], axis=1)
    tube = tube_surface(np.concatenate([line[:, :2], line[:, 2:]], axis=1), 1.0)
    ring = np.repeat(np.sin(polar), 10)[:, None]
    flat = tube.points_mm - np.repeat(line, 10, axis=0)
    return SurfaceMesh(center_mm + radius_mm * (ring * flat + np.repeat(line, 10, axis=0)), tube.triangles)


def surface_item(key: str, mesh: SurfaceMesh, color: str, opacity: float = 1.0) -> SurfaceItem:
    """A surface for the 3D picture."""
    return SurfaceItem(key=key, mesh=mesh, color=color, opacity=opacity)


def surfaces_picture(
    items: Sequence[SurfaceItem],
    caption: str,
    from_direction: npt.ArrayLike,
    within_mm: tuple[FloatArray, float] | None,
) -> Picture:
    """Surfaces on white as seen from a direction; within_mm: middle and half height, None shows everything."""
    from PIL import Image

    from app.report.surfaces import render_surfaces

    pixels = render_surfaces(
        items, size_px=(WIDTH, HEIGHT), background=LIGHT["s1"], from_direction=from_direction, within_mm=within_mm
    )
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG")
    return Picture(caption, data.getvalue(), WIDTH, HEIGHT)


def vessel_pictures(document: Document, plan: PlanRecord) -> list[Picture]:
    """The narrowest section, the vessel laid straight, and its centreline over the image."""
    results = plan.results
    volume = document.volume(planning_image(document.case).name)
    closed = [station for station in results["stations"] if station["closed"]]
    least = min(closed, key=lambda station: abs(station["s_mm"] - results["minimum"]["s_mm"]))
    center, tangent = np.array(least["position_mm"]), np.array(least["tangent"])
    right, down = plane_basis(tangent)
    reach = 6.0 * float(least["max_diameter_mm"])
    sheet = Sheet(volume, View(center, right, down, reach / WIDTH), WINDOWS["vessel"])
    sheet.line(least["contour_mm"], PLANS["a"], closed=True)
    pictures = [sheet.picture(tr("Narrowest section"))]
    line = np.array(results["centerline_mm"])
    pictures.append(_straightened(volume, line, least))
    # the plane that holds most of the way, from the front or from the side
    spread = np.ptp(line, axis=0)
    right_axis = np.array((1.0, 0, 0)) if spread[0] >= spread[1] else np.array((0, 1.0, 0))
    span = 1.25 * max(float(spread[2]) / HEIGHT, float(max(spread[0], spread[1])) / WIDTH, 60.0 / HEIGHT)
    middle = (line.min(axis=0) + line.max(axis=0)) / 2.0
    sheet = Sheet(volume, View(middle, right_axis, np.array((0, 0, -1.0)), span), WINDOWS["vessel"])
    sheet.line(line, PLANS["a"], width=4)
    pictures.append(
        sheet.picture(
            tr("Centreline, dropped onto a coronal plane")
            if right_axis[0]
            else tr("Centreline, dropped onto a sagittal plane")
        )
    )
    return pictures


def _straightened(volume: Volume, line_mm: FloatArray, least: Any) -> Picture:
    """The vessel laid straight, same scale along and across, with the place of the least diameter."""
    from PIL import Image, ImageDraw
    from scipy import ndimage

    steps = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line_mm, axis=0), axis=1))])
    along = np.linspace(0.0, steps[-1], WIDTH)
    centers = np.stack([np.interp(along, steps, line_mm[:, axis]) for axis in range(3)], axis=1)
    tangents = ndimage.gaussian_filter1d(np.gradient(centers, axis=0), 6.0, axis=0)
    tangents /= np.maximum(np.linalg.norm(tangents, axis=1, keepdims=True), 1e-9)
    side = plane_basis(tangents[0])[0]
    sides = np.empty_like(centers)
    for number, tangent in enumerate(tangents):
        # carried along without turning about the vessel
        side = side - (side @ tangent) * tangent
        side = side / max(float(np.linalg.norm(side)), 1e-9)
        sides[number] = side
    mm_per_px = float(steps[-1]) / WIDTH
    across = (np.arange(HEIGHT) + 0.5 - HEIGHT / 2) * mm_per_px
    points = centers[None] + across[:, None, None] * sides[None]
    index = volume.grid.to_index(points)
    values = ndimage.map_coordinates(
        volume.voxels, np.moveaxis(index[..., ::-1], -1, 0), order=1, output=np.float32, mode="constant", cval=-1024.0
    )
    image = Image.fromarray(windowed(np.asarray(values, np.float64), *WINDOWS["vessel"]), "L").convert("RGB")
    draw = ImageDraw.Draw(image)

    def write(x: float, y: float, text: str, anchor: str) -> None:
        draw.text(
            (x, y), text, fill=DARK["t1"], font=picture_font(), anchor=anchor, stroke_width=5, stroke_fill=DARK["pane"]
        )

    x = float(np.clip(least["s_mm"] / mm_per_px, 4, WIDTH - 4))
    half = 0.5 * float(least["max_diameter_mm"]) / mm_per_px + 26
    draw.line([(x, HEIGHT / 2 - half), (x, HEIGHT / 2 + half)], fill=DARK["pane"], width=9)
    draw.line([(x, HEIGHT / 2 - half), (x, HEIGHT / 2 + half)], fill=PLANS["a"], width=4)
    text = local(f"{least['min_diameter_mm']:.1f}")
    write(min(max(x, 50.0), WIDTH - 50.0), HEIGHT / 2 - half - 30, text, "mm")
    length = next(mm for mm in (100.0, 50.0, 20.0, 10.0, 5.0, 2.0) if mm / mm_per_px < 0.3 * WIDTH)
    draw.line([(WIDTH - 28.0 - length / mm_per_px, HEIGHT - 30), (WIDTH - 28.0, HEIGHT - 30)], DARK["t1"], width=4)
    write(WIDTH - 28.0, HEIGHT - 60, f"{length:g} mm", "rm")
    data = io.BytesIO()
    image.save(data, "PNG")
    return Picture(tr("Laid straight, first point at the left"), data.getvalue(), WIDTH, HEIGHT)


def liver_pictures(document: Document, plan: PlanRecord) -> list[Picture]:
    """The plan in 3D, axial and coronal sections through the place of the least margin with the removed part hatched,
    and the cut laid flat."""
    from planning.case.printing import liver_cut, parts_of
    from planning.liver.regions import PlaneRegion

    results = plan.results
    volume = document.volume(planning_image(document.case).name)
    model, resections = liver_cut(document, plan.name)
    removed, kept = parts_of(model, resections)
    place = results["margin"]["tumor_at_mm"] or (results["tumors"][0]["centroid_mm"] if results["tumors"] else None)
    middle = np.mean(model.organ.bounds_mm(), axis=0)
    center = middle if place is None else np.array(place)
    low, high = model.organ.bounds_mm()
    span = 1.12 * float(np.max((high - low) / np.array((WIDTH, HEIGHT, HEIGHT))))
    left, back, feet = np.array((1.0, 0, 0)), np.array((0, 1.0, 0)), np.array((0, 0, -1.0))
    pictures = []
    for name, axis, down in ((tr("Axial"), 2, back), (tr("Coronal"), 1, feet)):
        at = middle.copy()
        at[axis] = center[axis]
        sheet = Sheet(volume, View(at, left, down, span), WINDOWS["liver"])
        sheet.hatch(removed, DARK["t1"])
        sheet.outline(model.organ, DARK["t1"], 3)
        for region in model.regions(resections):
            if isinstance(region, PlaneRegion):
                _draw_cut(sheet, region.plane, model.organ)
        tumor_color = structure_style("tumor").color
        for tumor in model.tumors:
            sheet.outline(tumor.mask, tumor_color, 4)
        for row, tumor in zip(results["tumors"], model.tumors):
            spot = sheet.middle_of(tumor.mask)
            if spot is not None:
                sheet.text(*spot, f"T{row['id']}")
        pictures.append(
            sheet.picture(
                tr("{view} {place}: removed part hatched", view=name, place=text_position(at).split("  ")[axis])
            )
        )
    return [_liver_surfaces(document, plan, removed, kept), *pictures, *_flat_cut(model, resections, plan)]


def _liver_surfaces(document: Document, plan: PlanRecord, removed: Mask, kept: Mask) -> Picture:
    """Both parts, seen through, with tumours and vessels, from the front."""
    from planning.case.printing import KEPT_COLOR, REMOVED_COLOR
    from planning.surface import surface_from_mask

    inputs = plan.inputs
    items = []
    for key, part, color, opacity in (("removed", removed, REMOVED_COLOR, 0.5), ("kept", kept, KEPT_COLOR, 0.36)):
        if part.voxel_count:
            items.append(surface_item(key, surface_from_mask(part, kind="preview"), color, opacity))
    others = [name for name in ("vena_cava", "inferior_vena_cava", "gallbladder") if name in document.case.structures]
    for name in dict.fromkeys([*inputs["tumors"], *inputs["portal"], *inputs["hepatic"], *others]):
        structure = document.case.structures[name]
        if structure.voxel_count:
            mesh = surface_from_mask(document.mask(name), kind="picture")
            items.append(surface_item(name, mesh, structure.color))
    bounds = np.concatenate([part.bounds_mm() for part in (removed, kept) if part.voxel_count])
    low, high = bounds.min(axis=0), bounds.max(axis=0)
    reach = 0.5 * max(float(high[0] - low[0]) * HEIGHT / WIDTH, float(high[2] - low[2]))
    return surfaces_picture(
        items, tr("From the front: removed part grey"), (0.15, -1.0, 0.12), ((low + high) / 2.0, 1.16 * reach)
    )


def _flat_cut(model: LiverModel, resections: Sequence[Resection], plan: PlanRecord) -> list[Picture]:
    """The cut's patches laid flat side by side, in bands of their distance to the nearest tumour."""
    from PIL import Image, ImageDraw

    from planning.liver.cut_map import map_cut
    from planning.liver.resectogram import lay_flat

    regions = model.regions(resections)
    cut = map_cut(model.organ, regions, model.targets, step_mm=1.0)
    if not len(cut.mesh.triangles) or not model.targets:
        return []
    asked = float(plan.inputs.get("asked_margin_mm") or ASKED_MARGIN_MM)
    laid = lay_flat(cut, regions)
    flat = laid.flat_mm
    scale = min(0.86 * WIDTH / np.ptp(flat[:, 0]), 0.78 * HEIGHT / np.ptp(flat[:, 1]))
    shift = np.array((WIDTH, HEIGHT + 12)) / 2.0 - scale * (flat.min(axis=0) + flat.max(axis=0)) / 2.0
    pixels = scale * flat + shift
    values = cut.values_mm[cut.mesh.triangles].mean(axis=1)
    bands = Image.new("L", (WIDTH, HEIGHT), 0)
    draw = ImageDraw.Draw(bands)
    for corners, value in zip(pixels[cut.mesh.triangles].reshape(-1, 6).tolist(), values, strict=True):
        draw.polygon(corners, fill=1 if value < asked else 2 if value < 2 * asked else 3)
    image = Image.fromarray(_banded(np.asarray(bands)))
    draw = ImageDraw.Draw(image)
    margin = plan.results["margin"]
    marked: list[tuple[float, float, str]] = []
    for row in margin["by_tumor"]:
        if row.get("at_mm") is None or row["minimum_mm"] > max(FAR_MM, margin["minimum_mm"]):
            continue
        place = np.array(row["at_mm"])
        owner = int(np.argmin([abs(float(region.signed_mm(place[None])[0])) for region in regions]))
        at = laid.frames[owner].place(place) * scale + shift
        x, y = float(at[0]), float(at[1])
        marked.append((x, y, f"T{row['id']}{' stays,' if stays(row) else ''} {text_value(row['minimum_mm'], 1)}"))
    _name_marks(draw, marked)
    length = next(mm for mm in (100.0, 50.0, 20.0, 10.0, 5.0) if mm * scale < 0.3 * WIDTH)
    end, top = WIDTH - 28.0, 34.0
    draw.line([(end - length * scale, top + 30), (end, top + 30)], fill=LIGHT["t1"], width=4)
    draw.text((end, top), f"{length:g} mm", fill=LIGHT["t2"], font=picture_font(), anchor="rm")
    legend = tr("crossed under {asked:g}, hatched to {twice:g}, plain above", asked=asked, twice=2 * asked)
    draw.text((28, HEIGHT - 34), legend, fill=LIGHT["t2"], font=picture_font(32), anchor="lm")
    data = io.BytesIO()
    image.save(data, "PNG")
    return [Picture(tr("Cut laid flat, margin in mm"), data.getvalue(), WIDTH, HEIGHT)]


def _name_marks(draw: Any, marked: Sequence[tuple[float, float, str]]) -> None:
    """Rings with their words beside them; where others stand, the words go farther off on a line."""
    font = picture_font()
    taken = [(x - 14, y - 14, x + 14, y + 14) for x, y, _ in marked]
    high = float(sum(font.getmetrics()))
    named: list[tuple[tuple[float, float], str]] = []
    for x, y, text in marked:
        wide = float(font.getlength(text))
        sides = (x + 20, x - 20 - wide)
        near = [(left, y - high / 2) for left in (sides if x < 0.8 * WIDTH else sides[::-1])]
        far = [
            (min(max(left, 8.0), WIDTH - 8.0 - wide), y - high / 2 + step * high)
            for step in (-1, 1, -2, 2, -3, 3, -4, 4, -5, 5)
            for left in (x - wide / 2, *sides)
        ]
        boxes = [(left, top, left + wide, top + high) for left, top in (*near, *far)]
        inside = [
            box for box in boxes if box[0] >= 6 and box[2] <= WIDTH - 6 and box[1] >= 60 and box[3] <= HEIGHT - 60
        ]
        free = [box for box in inside if not any(_meet(box, other) for other in taken)]
        box = (free or inside or boxes)[0]
        taken.append(box)
        if abs((box[1] + box[3]) / 2 - y) > 0.6 * high:
            end = (min(max(x, box[0]), box[2]), box[3] - 8 if box[3] < y else box[1] + 8)
            draw.line([(x, y), end], fill=LIGHT["t1"], width=3)
        named.append(((box[0], (box[1] + box[3]) / 2), text))
    for x, y, _ in marked:
        draw.ellipse((x - 10, y - 10, x + 10, y + 10), outline=LIGHT["t1"], fill=LIGHT["s1"], width=4)
    for at, text in named:
        draw.text(at, text, fill=LIGHT["t1"], font=font, anchor="lm", stroke_width=5, stroke_fill=LIGHT["s1"])


def _meet(first: tuple[float, float, float, float], second: tuple[float, float, float, float]) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def _banded(bands: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Bands 1 (under what is asked), 2 and 3 as fill and hatching on white, with lines between them."""
    from scipy import ndimage

    rows, columns = np.indices(bands.shape)
    image = np.empty((*bands.shape, 3), np.uint8)
    image[:] = rgb(LIGHT["s1"])
    rising, falling = (rows + columns) % 22 < 3, (rows - columns) % 22 < 3
    for band, fill, ink, lines in (
        (1, "bads", "bad", rising | falling),
        (2, "warns", "warn", rising),
        (3, "oks", "ok", np.zeros_like(rising)),
    ):
        inside = bands == band
        image[inside] = rgb(LIGHT[fill])
        image[inside & lines] = rgb(LIGHT[ink])
        rim = inside & ~ndimage.binary_erosion(inside, iterations=3)
        image[rim] = rgb(LIGHT[ink])
    return image


def _draw_cut(sheet: Sheet, plane: Plane, organ: Mask) -> None:
    """The line where the cut meets the picture's plane, inside the organ and a little beyond."""
    view = sheet.view
    a, b = float(plane.normal @ view.right), float(plane.normal @ view.down)
    if np.hypot(a, b) < 1e-6:
        return
    offset = float(plane.signed_distance_mm(view.center_mm))
    foot = view.center_mm - offset * (a * view.right + b * view.down) / (a * a + b * b)
    direction = (-b * view.right + a * view.down) / np.hypot(a, b)
    along = np.arange(-WIDTH * view.mm_per_px, WIDTH * view.mm_per_px, 0.5)
    points = foot + along[:, None] * direction
    index = np.rint(organ.box_grid.to_index(points)).astype(np.intp)
    limits = np.array(organ.voxels.shape[::-1])
    valid = np.asarray(((index >= 0) & (index < limits)).all(axis=1))
    valid[valid] = organ.voxels[index[valid][:, 2], index[valid][:, 1], index[valid][:, 0]]
    if valid.any():
        inside = along[valid]
        ends = (inside.min() - 5.0, inside.max() + 5.0)
        sheet.line([foot + ends[0] * direction, foot + ends[1] * direction], PLANS["a"], width=6)
