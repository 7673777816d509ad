"""Pictures for the operating room drawn: a view with its names and numbers, and the page for the theatre's screen."""

from __future__ import annotations

import functools
import importlib.resources
import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from app.i18n import local, mark, said, text_quantity, text_value, tr
from app.report.content import RESEARCH_LINE
from app.report.letters import spelled
from app.report.liver_content import remnant_verdict, stays
from app.report.surfaces import render_surfaces
from app.report.theatre_scene import CutVessel, Mark, TheatreScene, TheatreView
from app.theme.tokens import DARK, PLANS
from planning.case.standing import CODE as STORED
from planning.geometry import FloatArray, orientation_letters, unit
from planning.liver.describe import say_resections
from planning.liver.limit import UNSAID_PERCENT

SIZE = (2560, 1600)
# letters that the depths' column takes
DEEP_LETTERS = 4.3
PANEL, HEAD_PX, FOOT_PX, EDGE = 760, 150, 84, 56
PAGE = (3840, 2160)
# a small wedge is shown with the liver about it
LEAST_MM = 90.0
STATUS_WORDS = {"ok": mark("met"), "warn": mark("met, but not with its ±"), "bad": mark("not met")}


@functools.cache
def font(size: int, weight: str = "SemiBold") -> Any:
    """The report's typeface at a size in pixels."""
    from PIL import ImageFont

    data = importlib.resources.files("assets").joinpath(f"fonts/InterReport-{weight}.ttf").read_bytes()
    return ImageFont.truetype(io.BytesIO(data), size)


def view_picture(scene: TheatreScene, view: TheatreView) -> Any:
    """One view with its names, numbers, ruler and directions, as a PIL image."""
    from PIL import Image, ImageDraw

    width, height = SIZE
    image = Image.new("RGB", SIZE, DARK["pane"])
    room = (width - PANEL, height - HEAD_PX - FOOT_PX)
    pixels, place, mm_per_px = rendered(view, room)
    image.paste(Image.fromarray(pixels), (0, HEAD_PX))
    draw = ImageDraw.Draw(image)
    draw_directions(draw, view, (0, HEAD_PX), room, 40)
    draw_marks(draw, view.marks, place, (0, HEAD_PX), room)
    draw_ruler(draw, (room[0] - 50, HEAD_PX + room[1] - 40), mm_per_px, 34)
    _head(draw, view.title, view.words, scene)
    _panel(draw, scene, view, (width - PANEL, HEAD_PX))
    foot = height - FOOT_PX / 2
    draw.text((EDGE, foot), tr(RESEARCH_LINE), fill=DARK["t2"], font=font(30, "Medium"), anchor="lm")
    _foot_words(draw, scene, tr("Parallel view, true to scale"), (width - EDGE, foot), 30)
    return image


def _foot_words(draw: Any, scene: TheatreScene, words: str, corner: tuple[float, float], size: int) -> None:
    """Words at the right of the foot; that the numbers were stored earlier goes before them."""
    stored = [said(item["text"]) for item in scene.plan.results.get("warnings", ()) if item["code"] == STORED]
    text, ink = (spelled(". ".join(stored)), "warn") if stored else (words, "t3")
    used = font(size, "Medium" if stored else "Regular")
    draw.text(corner, elided(text, used, 0.6 * corner[0]), fill=DARK[ink], font=used, anchor="rm")


def rendered(view: TheatreView, room: tuple[int, int]) -> tuple[Any, Any, float]:
    """(pixels, places → pixels, mm a pixel) of a view that fills the room with what must be in sight."""
    towards = unit(view.direction)
    right = unit(np.cross(view.up, towards))
    axes = np.stack([right, np.cross(towards, right)])
    seen = np.concatenate([mesh.points_mm for mesh in view.around]) @ axes.T
    low, high = seen.min(axis=0), seen.max(axis=0)
    half = 0.5 * view.room * max(float(high[1] - low[1]), float(high[0] - low[0]) * room[1] / room[0], LEAST_MM)
    depth = float(np.mean([mesh.points_mm.mean(axis=0) @ towards for mesh in view.around]))
    middle = (low + high) / 2.0
    center = middle[0] * axes[0] + middle[1] * axes[1] + depth * towards
    pixels = render_surfaces(
        view.items,
        size_px=room,
        background=DARK["pane"],
        from_direction=view.direction,
        up=view.up,
        within_mm=(center, half),
    )
    scale = room[1] / (2.0 * half)

    def place(points_mm: FloatArray) -> FloatArray:
        flat = (np.asarray(points_mm) @ axes.T - middle) * scale
        return np.stack([room[0] / 2.0 + flat[..., 0], room[1] / 2.0 - flat[..., 1]], axis=-1)

    return pixels, place, 1.0 / scale


def draw_marks(
    draw: Any, marks: Sequence[Mark], place: Any, corner: tuple[int, int], room: tuple[int, int], size: int = 40
) -> None:
    """Rings with numbers, and words with a halo; words that would lie on others go lower or higher."""
    taken: list[tuple[float, float, float, float]] = []
    for shown in sorted(marks, key=lambda one: not one.ring):
        x, y = (float(v) for v in place(shown.at_mm))
        if not (0 <= x <= room[0] and 0 <= y <= room[1]):
            continue
        x, y = x + corner[0], y + corner[1]
        if shown.ring:
            _ring(draw, x, y, shown, size, taken)
            continue
        wide = float(font(size).getlength(shown.text))
        spots = [(x - wide / 2, y)] if shown.text.startswith("T") else [(x + 26, y), (x - 26 - wide, y)]
        spots = [(sx, sy + step * size) for step in (0, -1.1, 1.1, -2.2, 2.2) for sx, sy in spots]
        low, high = corner[0] + 10.0, corner[0] + room[0] - wide - 10.0
        spots = [(float(np.clip(sx, low, max(high, low))), sy) for sx, sy in spots]
        free = [spot for spot in spots if not any(_meets((*spot, wide, size), box) for box in taken)]
        left, middle = (free or spots)[0]
        taken.append((left, middle, wide, float(size)))
        draw.text(
            (left, middle),
            shown.text,
            fill=shown.color,
            font=font(size),
            anchor="lm",
            stroke_width=6,
            stroke_fill=DARK["pane"],
        )


def _ring(draw: Any, x: float, y: float, mark: Mark, size: int, taken: list[tuple[float, float, float, float]]) -> None:
    """A small ring at the place, its number beside it in a disc, moved where others are."""
    radius = 0.62 * size
    angles = np.radians([-45, 45, -135, 135, 0, 180, -90, 90, -20, 20, -160, 160])
    spots = [(x + reach * np.cos(a), y + reach * np.sin(a)) for reach in (1.7 * size, 2.8 * size) for a in angles]
    boxes = [(sx - radius, sy, 2 * radius, 2 * radius) for sx, sy in spots]
    free = [n for n, box in enumerate(boxes) if not any(_meets(box, other) for other in taken)]
    number = free[0] if free else 0
    sx, sy = (float(v) for v in spots[number])
    taken += [boxes[number], (x - 14, y, 28.0, 28.0)]
    for color, width in ((DARK["pane"], 9), (DARK["t1"], 4)):
        draw.line([(x, y), (sx, sy)], fill=color, width=width)
    draw.ellipse((x - 11, y - 11, x + 11, y + 11), outline=DARK["t1"], fill=DARK["pane"], width=4)
    draw.ellipse((sx - radius, sy - radius, sx + radius, sy + radius), fill=DARK["t1"], outline=DARK["pane"], width=4)
    draw.text((sx, sy), mark.text, fill=DARK["pane"], font=font(round(0.78 * size)), anchor="mm")


def _meets(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    """Boxes by left, middle height, width and height."""
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and abs(a[1] - b[1]) < (a[3] + b[3]) / 2


def draw_directions(draw: Any, view: TheatreView, corner: tuple[int, int], room: tuple[int, int], size: int) -> None:
    """Letters at the four edges of the picture."""
    towards = unit(view.direction)
    right = unit(np.cross(view.up, towards))
    down = -np.cross(towards, right)
    x, y = corner
    for direction, at, anchor in (
        (-right, (x + 34, y + room[1] / 2), "lm"),
        (right, (x + room[0] - 34, y + room[1] / 2), "rm"),
        (-down, (x + room[0] / 2, y + 26), "ma"),
        (down, (x + room[0] / 2, y + room[1] - 26), "md"),
    ):
        # a vessel may reach the edge: the halo parts letters from it
        draw.text(
            at,
            orientation_letters(direction),
            fill=DARK["t2"],
            font=font(size, "Medium"),
            anchor=anchor,
            stroke_width=6,
            stroke_fill=DARK["pane"],
        )


def draw_ruler(draw: Any, end: tuple[float, float], mm_per_px: float, size: int) -> None:
    """A round number of millimetres."""
    length = next(mm for mm in (100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0) if mm / mm_per_px < 9.0 * size)
    x, y = end
    start = x - length / mm_per_px
    draw.line([(start, y), (x, y)], fill=DARK["t1"], width=5)
    for at in (start, x):
        draw.line([(at, y - 9), (at, y + 9)], fill=DARK["t1"], width=5)
    draw.text((x, y - 18), f"{length:g} mm", fill=DARK["t1"], font=font(size, "Medium"), anchor="rd")


def plan_color(name: str) -> str:
    """The plan's own colour."""
    return PLANS.get(name.lower(), DARK["acc"])


def _plan_title(scene: TheatreScene) -> str:
    """The plan's name as the typeface of pictures can write it."""
    return tr("Plan {name}", name=spelled(scene.plan.name))


def _head(draw: Any, title: str, words: str, scene: TheatreScene) -> None:
    width = SIZE[0]
    draw.rectangle((0, 0, width, 8), fill=plan_color(scene.plan.name))
    draw.text((EDGE, 66), title, fill=DARK["t1"], font=font(62), anchor="lm")
    draw.text((EDGE, 122), words, fill=DARK["t2"], font=font(32, "Regular"), anchor="lm")
    draw.text((width - EDGE, 66), _plan_title(scene), fill=plan_color(scene.plan.name), font=font(50), anchor="rm")
    draw.text(
        (width - EDGE, 122),
        elided(spelled(scene.label), font(32, "Regular"), 900),
        fill=DARK["t2"],
        font=font(32, "Regular"),
        anchor="rm",
    )


def elided(text: str, used: Any, room: float) -> str:
    """The text as far as it fits."""
    if used.getlength(text) <= room:
        return text
    while text and used.getlength(f"{text}…") > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _panel(draw: Any, scene: TheatreScene, view: TheatreView, corner: tuple[int, int]) -> None:
    left, y = corner[0] + 24, float(corner[1] + 26)
    right = SIZE[0] - EDGE
    for name, value, minus, words, status in key_numbers(scene):
        color = DARK.get(status, DARK["t1"])
        draw.rounded_rectangle((left, y, right, y + 196), 20, fill=DARK["s1"])
        draw.rounded_rectangle((left, y, left + 10, y + 196), 5, fill=color)
        draw.text((left + 40, y + 40), name, fill=DARK["t2"], font=font(32, "Medium"), anchor="lm")
        draw.text((left + 40, y + 102), value, fill=DARK["t1"], font=font(66), anchor="lm")
        wide = font(66).getlength(value)
        draw.text((left + 58 + wide, y + 112), minus, fill=DARK["t2"], font=font(38, "Regular"), anchor="lm")
        draw.text(
            (left + 40, y + 160), words, fill=color if status else DARK["t2"], font=font(30, "Medium"), anchor="lm"
        )
        y += 216
    numbers = {int(shown.text) for shown in view.marks if shown.ring}
    own = [vessel for vessel in scene.vessels if vessel.number in numbers]
    y += 24
    if view.shows_margins and scene.tumors:
        y = draw_bands(draw, scene.asked_mm, (left, y), right - left, 30) + 34
    if own:
        bottom = SIZE[1] - FOOT_PX - 10
        size = min(34, int((bottom - y) / (2.2 + 1.75 * len(own))))
        draw_vessels(draw, scene, own, (left, y), right - left, size, bottom)


def key_numbers(scene: TheatreScene) -> list[tuple[str, str, str, str, str]]:
    """(name, value, ±, words, status) of margin, remnant and what is removed."""
    results, least = scene.plan.results, scene.least
    asked = float(scene.plan.inputs.get("least_remnant_percent") or UNSAID_PERCENT)
    viable = results["viable_flr_percent"]
    percent = results["flr_percent"] if viable is None else viable
    remnant, remnant_words = remnant_verdict(results, asked)
    status = scene.margin_status
    left = [f"T{item['id']}" for item in results["margin"]["by_tumor"] if stays(item)]
    words = (
        tr("{limit:g} mm asked: {result}", limit=scene.asked_mm, result=tr(STATUS_WORDS[status]))
        if status
        else tr("no tumour near the cut")
    )
    if left:
        names = f"{', '.join(left[:4])}{'…' if len(left) > 4 else ''}"
        words = (
            tr("{tumors} stays in the liver", tumors=names)
            if len(left) == 1
            else tr("{tumors} stay in the liver", tumors=names)
        )
    share = (
        tr("{share} of the organ", share=text_quantity(100.0 * results["removed_ml"] / results["organ_ml"], "%"))
        if results["organ_ml"]
        else ""
    )
    return [
        (
            tr("Least margin") if least["id"] is None else tr("Least margin, T{id}", id=least["id"]),
            text_quantity(least["minimum_mm"], "mm"),
            spread_words(least["uncertainty_mm"]),
            words,
            status,
        ),
        (
            tr("Future liver remnant") if viable is None else tr("Viable remnant"),
            text_quantity(percent, "%"),
            "",
            f"{remnant_words}: {tr(STATUS_WORDS[remnant])}" if remnant else "",
            remnant,
        ),
        (tr("Removed"), text_quantity(results["removed_ml"], "ml"), "", share, ""),
    ]


def spread_words(value: float | None) -> str:
    """ "± 0.3"; a small one with two decimals, for "± 0.0" would say that there is none."""
    if value is None:
        return ""
    return local(f"± {value:.1f}" if value >= 0.05 else f"± {value:.2f}")


def draw_bands(draw: Any, asked_mm: float, corner: tuple[float, float], width: float, size: int) -> float:
    """The legend of the margin's colours; its lower edge."""
    left, y = corner
    draw.text((left, y + size / 2), tr("Margin on the cut"), fill=DARK["t2"], font=font(size, "Medium"), anchor="lm")
    y += 1.6 * size
    third = width / 3
    words = (
        tr("under {limit:g} mm", limit=asked_mm),
        tr("{low:g} to {high:g}", low=asked_mm, high=2 * asked_mm),
        tr("over {limit:g}", limit=2 * asked_mm),
    )
    for n, (name, text) in enumerate(zip(("bad", "warn", "ok"), words, strict=True)):
        draw.rectangle((left + n * third, y, left + (n + 1) * third - 6, y + 0.5 * size), fill=DARK[name])
        draw.text((left + n * third, y + 1.2 * size), text, fill=DARK["t1"], font=font(size, "Regular"), anchor="lm")
    return y + 1.8 * size


def _with_number(name: str, letters: Any, room: float) -> str:
    """A vessel's name as short as the room is; its number, which tells it from the others, stays."""
    stem, _, number = name.rpartition(" ")
    if letters.getlength(name) <= room or not number.isdigit():
        return elided(name, letters, room)
    return f"{elided(stem, letters, room - letters.getlength(' ' + number))} {number}"


def draw_vessels(
    draw: Any,
    scene: TheatreScene,
    vessels: Sequence[CutVessel],
    corner: tuple[float, float],
    width: float,
    size: int,
    bottom: float,
) -> None:
    """The numbered list: vessel, diameter, depth below the capsule."""
    left, y = corner
    draw.text(
        (left, y + size / 2),
        tr("Vessels divided"),
        fill=DARK["t2"],
        font=font(round(0.88 * size), "Medium"),
        anchor="lm",
    )
    # the columns take what their figures need, the names have the rest
    wide_at = left + width - DEEP_LETTERS * size
    figures = max((font(size).getlength(text_value(one.diameter_mm, 1)) for one in vessels), default=0.0)
    # where all are of one cut the picture's title says which
    has_cuts = len(scene.apart.faces) > 1 and len({one.part for one in vessels}) > 1
    for at, text in ((wide_at, tr("wide")), (left + width, tr("deep"))):
        draw.text((at, y + size / 2), text, fill=DARK["t3"], font=font(round(0.8 * size), "Regular"), anchor="rm")
    y += 1.9 * size
    radius = 0.62 * size
    for vessel in vessels:
        if y + size > bottom:
            break
        middle = y + 0.4 * size
        draw.ellipse((left, middle - radius, left + 2 * radius, middle + radius), fill=DARK["t1"])
        draw.text(
            (left + radius, middle), str(vessel.number), fill=DARK["pane"], font=font(round(0.78 * size)), anchor="mm"
        )
        color = scene.colors.get(vessel.tree, DARK["t1"])
        x = left + 2 * radius + 0.45 * size
        draw.rounded_rectangle((x, middle - 0.3 * size, x + 0.6 * size, middle + 0.3 * size), 5, fill=color)
        after = " · " + tr("cut {number}", number=vessel.part) if has_cuts else ""
        taken = font(size, "Medium").getlength(after)
        room = wide_at - figures - 0.6 * size - (x + 0.95 * size) - taken
        name = _with_number(vessel.name, font(size, "Medium"), room)
        draw.text((x + 0.95 * size, middle), name + after, fill=DARK["t1"], font=font(size, "Medium"), anchor="lm")
        draw.text(
            (wide_at, middle),
            text_value(vessel.diameter_mm, 1),
            fill=DARK["t1"],
            font=font(size),
            anchor="rm",
        )
        draw.text(
            (left + width, middle),
            f"{vessel.depth_mm:.0f} mm",
            fill=DARK["t2"],
            font=font(size, "Medium"),
            anchor="rm",
        )
        y += 1.75 * size


def theatre_page(scene: TheatreScene, cut: TheatreView, front: TheatreView) -> Any:
    """The page for the screen in the theatre: what must be known in huge type, the cut, the vessels in it, the front."""
    from PIL import Image, ImageDraw

    width, height = PAGE
    image = Image.new("RGB", PAGE, DARK["pane"])
    draw = ImageDraw.Draw(image)
    color = plan_color(scene.plan.name)
    draw.rectangle((0, 0, width, 14), fill=color)
    draw.text((80, 128), _plan_title(scene), fill=color, font=font(128), anchor="lm")
    after = 80 + font(128).getlength(_plan_title(scene)) + 60
    words = elided(said(say_resections(scene.plan.inputs["resections"])), font(64, "Medium"), width - after - 1000)
    draw.text((after, 140), words, fill=DARK["t1"], font=font(64, "Medium"), anchor="lm")
    draw.text(
        (width - 80, 128),
        elided(spelled(scene.label), font(52, "Medium"), 860),
        fill=DARK["t2"],
        font=font(52, "Medium"),
        anchor="rm",
    )
    _huge_numbers(draw, scene, (80, 250), 1010, height - 150)
    draw.text((1150, 280), cut.title, fill=DARK["t1"], font=font(58), anchor="lm")
    middle = (1150, 326)
    room = (1500, height - 326 - 150)
    pixels, place, mm_per_px = rendered(cut, room)
    image.paste(Image.fromarray(pixels), middle)
    draw_directions(draw, cut, middle, room, 54)
    draw_marks(draw, cut.marks, place, middle, room, 58)
    draw_ruler(draw, (middle[0] + room[0] - 60, middle[1] + room[1] - 40), mm_per_px, 48)
    right = (2720, 250)
    wide = width - 80 - right[0]
    small = (wide, 620)
    pixels, place, mm_per_px = rendered(front, small)
    draw.text((right[0], right[1] + 30), front.title, fill=DARK["t1"], font=font(58), anchor="lm")
    right = (right[0], right[1] + 76)
    image.paste(Image.fromarray(pixels), right)
    draw_marks(draw, front.marks, place, right, small, 46)
    draw_directions(draw, front, right, small, 44)
    y = right[1] + small[1] + 50.0
    if cut.shows_margins and scene.tumors:
        y = draw_bands(draw, scene.asked_mm, (right[0], y), wide, 46) + 50
    if scene.vessels:
        size = min(46, int((height - 160 - y) / (2.2 + 1.75 * len(scene.vessels))))
        draw_vessels(draw, scene, scene.vessels, (right[0], y), wide, size, height - 150)
    draw.text((80, height - 70), tr(RESEARCH_LINE), fill=DARK["t2"], font=font(44, "Medium"), anchor="lm")
    words = tr("Numbered from the capsule inwards · every number must be checked by a physician")
    _foot_words(draw, scene, words, (width - 80, height - 70), 44)
    return image


def _huge_numbers(draw: Any, scene: TheatreScene, corner: tuple[int, int], width: int, bottom: int) -> None:
    left, y = corner
    rows = key_numbers(scene)
    each = (bottom - y - 40 * (len(rows) - 1)) // len(rows)
    for name, value, minus, words, status in rows:
        color = DARK.get(status, DARK["t1"])
        draw.rounded_rectangle((left, y, left + width, y + each), 36, fill=DARK["s1"])
        draw.rounded_rectangle((left, y, left + 18, y + each), 9, fill=DARK.get(status, DARK["line2"]))
        draw.text((left + 70, y + 90), name, fill=DARK["t2"], font=font(64, "Medium"), anchor="lm")
        size = 210
        while font(size).getlength(value) + font(size // 3, "Regular").getlength(minus) > width - 190 and size > 90:
            size -= 6
        draw.text(
            (left + 64, y + each / 2 + 16), value, fill=color if status else DARK["t1"], font=font(size), anchor="lm"
        )
        after = left + 64 + font(size).getlength(value) + 36
        draw.text(
            (after, y + each / 2 + 16 + size / 5),
            minus,
            fill=DARK["t2"],
            font=font(size // 3, "Regular"),
            anchor="lm",
        )
        draw.text(
            (left + 70, y + each - 76),
            elided(words, font(54, "Medium"), width - 130),
            fill=DARK["t1"],
            font=font(54, "Medium"),
            anchor="lm",
        )
        y += each + 40


def png_bytes(image: Any) -> bytes:
    """The image as PNG without metadata."""
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()
