"""What the heart panel says of a TAVR plan: rows, notes and geometry taken from its results, without widgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.panels.quantities import TableRow, number_row, plain
from app.panels.s_curve import NamedView
from planning.case.model import Image
from planning.geometry import FloatArray, unit
from planning.section import Measures
from planning.units import MINUS, THIN_SPACE, text_carm, text_position, text_quantity, text_value

HINGES = ("hinge_ncc", "hinge_rcc", "hinge_lcc")
OSTIA = ("ostium_left", "ostium_right")
POINT_NAMES: Mapping[str, str] = {
    "hinge_ncc": "NCC hinge",
    "hinge_rcc": "RCC hinge",
    "hinge_lcc": "LCC hinge",
    "ostium_left": "Left ostium",
    "ostium_right": "Right ostium",
}
POINT_HELP: Mapping[str, str] = {
    "hinge_ncc": "Click the lowest point of the non-coronary cusp.",
    "hinge_rcc": "Click the lowest point of the right coronary cusp.",
    "hinge_lcc": "Click the lowest point of the left coronary cusp.",
    "ostium_left": "Click the lowest rim point of the left ostium.",
    "ostium_right": "Click the lowest rim point of the right ostium.",
}
LOW_CORONARY_MM = 10.0
# findings of the plan by the step that shows them
STEP_CODES: Mapping[str, int] = {
    "phase_unknown": 0,
    "hinge_order": 1,
    "unclear_edge": 2,
    "lvot_missing": 3,
    "sinus_missing": 3,
    "stj_missing": 3,
    "coronary_missing": 3,
    "coronary_low": 3,
    "access_missing": 7,
}
Results = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Note:
    """A callout: title, sentence, state, and the word of its link."""

    title: str
    text: str = ""
    state: str = "warn"
    link: str = ""


def split_sentences(text: str) -> tuple[str, str]:
    """The first sentence without its full stop, and the rest."""
    first, dot, rest = text.partition(". ")
    return first.rstrip("."), rest if dot else ""


def step_notes(results: Results, step: int) -> list[Note]:
    """The findings that belong to a step; the order of hinges also stands at the annulus."""
    notes = []
    for finding in results.get("warnings", ()):
        at = STEP_CODES.get(finding["code"], 3)
        if at == step or (finding["code"] == "hinge_order" and step == 2):
            notes.append(Note(*split_sentences(finding["text"])))
    if step in (2, 6) and not results["quality"]["ok"]:
        notes = [Note(*split_sentences(reason), state="bad") for reason in results["quality"]["reasons"]] + notes
    return notes


def scan_rows(image: Image, phase: int, results: Results | None) -> list[TableRow]:
    """What decides whether the scan serves: spacing, coverage, contrast, noise."""
    grid = image.grid
    spacing = grid.spacing_mm
    size = np.array(grid.shape_kji[::-1]) * spacing
    along = int(np.argmax(np.abs(grid.direction[2])))
    rows = [
        _fact("spacing", "Voxels", " × ".join(text_value(float(s), 2) for s in spacing), "mm"),
        _fact("slices", "Slices", str(grid.shape_kji[0])),
        _fact("coverage", "Coverage, feet to head", text_value(float(size[along]), 0), "mm"),
    ]
    if "slice_thickness_mm" in image.study:
        rows.append(_fact("thickness", "Slice thickness", str(image.study["slice_thickness_mm"]), "mm"))
    if "kernel" in image.study:
        rows.append(_fact("kernel", "Kernel", str(image.study["kernel"])))
    annulus = results["annulus"] if results is not None else {}
    later = "Measured in the root once the hinges are placed"
    rows.append(
        number_row("lumen", "Contrast in the root", annulus.get("lumen_hu"), "HU", reason=later, clickable=False)
    )
    rows.append(number_row("noise", "Noise in the root", annulus.get("noise_hu"), "HU", reason=later, clickable=False))
    return rows


def _fact(key: str, name: str, value: str, unit_text: str = "") -> TableRow:
    return TableRow(key, name, value, unit_text, clickable=False)


def phase_rows(image: Image) -> list[TableRow]:
    """The phases to choose from; none when there is only one."""
    if len(image.phases) < 2:
        return []
    return [TableRow(f"phase_{n}", phase or f"Phase {n + 1}", "") for n, phase in enumerate(image.phases)]


def point_rows(
    points: Mapping[str, FloatArray], results: Results | None, colors: Mapping[str, str], placing: str
) -> list[TableRow]:
    """Hinges and ostia with their places; ostia that the plan found itself say so."""
    found = results["landmarks"] if results is not None else {}
    rows = []
    for key in (*HINGES, *OSTIA):
        place, status = points.get(key), "by hand"
        if place is None and key in OSTIA and key in found:
            place = np.asarray(found[key]["position_mm"])
            status = "automatic" if found[key]["source"] == "automatic" else "by hand"
        if key == placing:
            status = "click in the image"
        elif place is None:
            status = "not placed" if key in HINGES else "not found" if results is not None else "optional"
        detail = "" if place is None else text_position(place)
        rows.append(TableRow(key, POINT_NAMES[key], "", swatch=colors[key], detail=detail, status=status))
    return rows


def annulus_rows(annulus: Results, angle_deg: float | None) -> list[TableRow]:
    """The annulus but its area, which is the hero."""
    unsure = annulus["uncertainty"]
    return [
        number_row("perimeter", "Perimeter", annulus["perimeter_mm"], "mm", unsure["perimeter_mm"]),
        number_row("longest", "Longest diameter", annulus["max_diameter_mm"], "mm", unsure["max_diameter_mm"]),
        number_row("shortest", "Shortest diameter", annulus["min_diameter_mm"], "mm", unsure["min_diameter_mm"]),
        number_row(
            "area_diameter",
            "Area diameter",
            annulus["area_diameter_mm"],
            "mm",
            # d = 2 √(A / π), so its relative spread is half of the area's
            _scaled(unsure["area_mm2"], annulus["area_diameter_mm"] / (2.0 * annulus["area_mm2"])),
        ),
        number_row(
            "perimeter_diameter",
            "Perimeter diameter",
            annulus["perimeter_diameter_mm"],
            "mm",
            _scaled(unsure["perimeter_mm"], 1.0 / np.pi),
        ),
        number_row("eccentricity", "Eccentricity", annulus["eccentricity"]),
        number_row("angle", "Angle to horizontal", angle_deg, "°", decimals=1),
    ]


def _scaled(plus_minus: float | None, factor: float) -> float | None:
    return None if plus_minus is None else plus_minus * factor


def annulus_of(measures: Measures) -> dict[str, Any]:
    """A preview's numbers in the plan's keys, without uncertainties."""
    keys = ("area_mm2", "perimeter_mm", "min_diameter_mm", "max_diameter_mm")
    return {**measures.as_json(), "eccentricity": measures.eccentricity, "uncertainty": dict.fromkeys(keys)}


def root_rows(results: Results) -> list[TableRow]:
    """LVOT, sinuses, junction, ascending aorta and the other coronary height."""
    lvot = nearest_lvot(results)
    sinuses, stj = results["sinuses"], results["stj"]
    missing = "Not in the scan, or its edge is not closed"
    rows = []
    if lvot is None:
        rows.append(number_row("lvot", "LVOT area", None, reason=missing))
    else:
        depth = f"{MINUS}{lvot['depth_mm']:.0f} mm"
        rows += [
            number_row("lvot", f"LVOT area, {depth}", lvot["area_mm2"], "mm²"),
            number_row("lvot_longest", f"LVOT longest, {depth}", lvot["max_diameter_mm"], "mm"),
            number_row("lvot_shortest", f"LVOT shortest, {depth}", lvot["min_diameter_mm"], "mm"),
        ]
    rows += [
        number_row(f"sinus_{key}", f"Sinus {key.upper()}", sinuses[f"{key}_mm"], "mm", reason=missing)
        for key in ("ncc", "rcc", "lcc")
    ]
    heights = results["coronaries"]
    rows += [
        number_row("stj", "STJ diameter", stj["mean_diameter_mm"], "mm", reason=missing),
        number_row("stj_height", "STJ height", stj["height_mm"], "mm", reason=missing),
        number_row(
            "ascending", "Ascending aorta, 40 mm", results["ascending_aorta"]["mean_diameter_mm"], "mm", reason=missing
        ),
    ]
    for side, key in (("left", "LCA height"), ("right", "RCA height")):
        value = heights[f"{side}_height_mm"]
        state = "warn" if value is not None and value < LOW_CORONARY_MM else ""
        reason = "The ostium was not found. Place it by hand"
        rows.append(number_row(f"ostium_{side}", key, value, "mm", state=state, reason=reason))
    return rows


def nearest_lvot(results: Results) -> Results | None:
    """The section nearest 4 mm below the annulus."""
    return min(results["lvot"], key=lambda row: abs(row["depth_mm"] - 4.0), default=None)


def root_place(results: Results, key: str) -> tuple[FloatArray, float | None] | None:
    """Where a number of the root lies: (position, None), or (annulus origin, height along the normal)."""
    origin = np.asarray(results["annulus"]["origin_mm"])
    if key.startswith("lvot"):
        lvot = nearest_lvot(results)
        return None if lvot is None else (origin, -float(lvot["depth_mm"]))
    if key.startswith("ostium"):
        found = results["landmarks"].get(key)
        return None if found is None else (np.asarray(found["position_mm"]), None)
    if key.startswith("sinus"):
        found = results["landmarks"].get("commissure_nr")
        if found is None:
            return None
        return origin, float((np.asarray(found["position_mm"]) - origin) @ np.asarray(results["annulus"]["normal"]))
    section = results["ascending_aorta" if key == "ascending" else "stj"]
    return None if "position_mm" not in section else (np.asarray(section["position_mm"]), None)


def calcium_rows(calcium: Results) -> list[TableRow]:
    """By cusp and LVOT, and what was counted."""
    regions = calcium["by_region"]
    rows = [
        number_row(key, name, regions[f"{key}_mm3"], "mm³", clickable=False)
        for key, name in (("ncc", "NCC"), ("rcc", "RCC"), ("lcc", "LCC"), ("lvot", "LVOT"))
    ]
    rows.append(number_row("above_850", "Above 850 HU", calcium["above_850_mm3"], "mm³", clickable=False))
    rows.append(number_row("lumen", "Lumen", calcium["lumen_hu"], "HU", calcium["noise_hu"], clickable=False))
    return rows


def calcium_notes(calcium: Results) -> list[Note]:
    """A bright lumen hides calcium."""
    if calcium["threshold_hu"] < 850.0 or calcium["method"] == "fixed":
        return []
    return [
        Note(
            f"The lumen is bright, {text_quantity(calcium['lumen_hu'], 'HU')}",
            f"Calcium below {text_quantity(calcium['threshold_hu'], 'HU')} is not counted.",
        )
    ]


def reach_of(view: Mapping[str, float], limits_deg: tuple[float, float]) -> str:
    """ "" when the room reaches this view, else what is beyond: "CAU 38° is beyond this room's limit of 30°." """
    lao, cra = view["lao_deg"], view["cra_deg"]
    if abs(cra) > limits_deg[1]:
        side = "CRA" if cra > 0 else "CAU"
        return f"{side} {abs(cra):.0f}° is beyond this room’s limit of {limits_deg[1]:.0f}°."
    if abs(lao) > limits_deg[0]:
        side = "LAO" if lao > 0 else "RAO"
        return f"{side} {abs(lao):.0f}° is beyond this room’s limit of {limits_deg[0]:.0f}°."
    return ""


def carm_words(view: Mapping[str, float]) -> str:
    """ "LAO 13°  CAU 5°"."""
    parts = text_carm(view["lao_deg"], view["cra_deg"]).split(" ")
    return f"{parts[0]} {parts[1]}  {parts[2]} {parts[3]}"


def oversizing(device: Results) -> tuple[float | None, str]:
    """Percent and what it is by: area where the maker gives one, else perimeter."""
    by_area = device["oversizing_area_percent"]
    return (by_area, "area") if by_area is not None else (device["oversizing_perimeter_percent"], "perimeter")


def signed_percent(value: float | None) -> str:
    """ "+9.0 %"; "–" for none."""
    if value is None:
        return "–"
    return f"{'+' if value >= 0 else ''}{text_value(value, 1)}{THIN_SPACE}%"


def probability_words(value: float) -> str:
    """ "> 99 %", "< 1 %" or whole percent."""
    if value > 0.99:
        return f"> 99{THIN_SPACE}%"
    return f"< 1{THIN_SPACE}%" if value < 0.01 else f"{100 * value:.0f}{THIN_SPACE}%"


def device_name(device: Results) -> str:
    """ "SAPIEN 3, 26 mm"; sizes that are no number stay as the maker writes them."""
    size = str(device["size"])
    return f"{device['model']}, {size} mm" if size.replace(".", "", 1).isdigit() else f"{device['model']}, {size}"


def ranked_devices(results: Results) -> list[Results]:
    """Fitting ones by whole percent of probability, then the others by how near they come.

    What differs by less keeps the catalogue's order: no maker comes first by a digit that is not shown.
    """
    return sorted(
        results["devices"],
        key=lambda device: (
            not device["fits"],
            -round(100.0 * device["probability"]) if device["fits"] else abs(oversizing(device)[0] or 99.0),
        ),
    )


def fitting_devices(results: Results) -> list[Results]:
    """The sizes that fit, in the catalogue's order; which of them is implanted is not the program's to say."""
    return [device for device in results["devices"] if device["fits"]]


def fitting_words(results: Results) -> str:
    """ "6 sizes", "1 size", "none"."""
    count = len(fitting_devices(results))
    return "none" if count == 0 else f"{count} size" + ("" if count == 1 else "s")


def fitting_row(results: Results) -> TableRow:
    """How many sizes fit, and which."""
    names = " · ".join(device_name(device) for device in fitting_devices(results))
    if not results["quality"]["ok"]:
        reason = "The scan is not good enough to choose a size"
        return TableRow("valve", "Valves that fit", "–", reason=reason, clickable=False)
    return TableRow("valve", "Valves that fit", fitting_words(results), detail=names, clickable=False)


def device_rows(results: Results, count: int) -> list[TableRow]:
    """The first `count` of the ranking: oversizing, how probable a fit is, and why."""
    rows = []
    quality = results["quality"]["ok"]
    for n, device in enumerate(ranked_devices(results)[:count]):
        value, basis = oversizing(device)
        state = ("ok" if device["probability"] >= 0.8 else "warn") if device["fits"] else "bad"
        status = "fits, " + probability_words(device["probability"]) if device["fits"] else "does not fit"
        rows.append(
            TableRow(
                f"device_{n}",
                device_name(device),
                signed_percent(value),
                state=state if quality else "",
                detail=str(device["reason"]),
                status=status if quality else "not chosen",
                reason=f"By {basis}. Source: {device['source']}",
                clickable=False,
            )
        )
    return rows


def summary_rows(results: Results) -> list[TableRow]:
    """What the report will lead with."""
    annulus, heights = results["annulus"], results["coronaries"]
    return [
        number_row(
            "annulus", "Annulus area", annulus["area_mm2"], "mm²", annulus["uncertainty"]["area_mm2"], clickable=False
        ),
        number_row("lca", "LCA height", heights["left_height_mm"], "mm", clickable=False),
        number_row("rca", "RCA height", heights["right_height_mm"], "mm", clickable=False),
        number_row("calcium", "Calcium", results["calcium"]["total_mm3"], "mm³", clickable=False),
        TableRow("view", "Three-cusp view", carm_words(results["projections"]["three_cusp"]), clickable=False),
        fitting_row(results),
        TableRow("notes", "Things to look at", plain(float(len(results["warnings"])), "", 0), clickable=False),
    ]


def caliper_ends(points_mm: FloatArray, normal: FloatArray, *, longest: bool) -> FloatArray:
    """(2, 3) ends of the greatest or least caliper width of a closed planar curve (N, 3), drawn through its middle."""
    points = np.asarray(points_mm, dtype=np.float64)
    center = points.mean(axis=0)
    flat = points - center
    right = flat[0] - (flat[0] @ normal) * normal
    right = unit(right)
    down = np.cross(normal, right)
    angles = np.radians(np.arange(0.0, 180.0, 1.0))
    directions = np.cos(angles)[:, None] * right + np.sin(angles)[:, None] * down
    along = flat @ directions.T
    widths = along.max(axis=0) - along.min(axis=0)
    chosen = int(np.argmax(widths) if longest else np.argmin(widths))
    direction = directions[chosen]
    first, last = flat[int(np.argmin(along[:, chosen]))], flat[int(np.argmax(along[:, chosen]))]
    # a caliper's jaws touch at two points that need not lie opposite: the line runs between the jaws
    middle = (first + last) / 2.0
    half = float(widths[chosen]) / 2.0
    middle = middle - (middle @ direction) * direction + direction * (along[:, chosen].min() + half)
    return np.stack([center + middle - half * direction, center + middle + half * direction])


def view_rows(named: Sequence[NamedView], beyond: Mapping[str, str]) -> list[TableRow]:
    """The named views with what the room says to them."""
    return [
        TableRow(
            view.key,
            view.name,
            carm_words({"lao_deg": view.lao_deg, "cra_deg": view.cra_deg}),
            swatch=view.color,
            state="warn" if beyond[view.key] else "ok",
            detail="annulus edge on",
            status="out of reach" if beyond[view.key] else "in reach",
        )
        for view in named
    ]


def carm_rows(
    angle_deg: tuple[float, float] | None, foreshortened_percent: float | None, limits_deg: tuple[float, float]
) -> list[TableRow]:
    """Where the C-arm stands and how far the annulus is off its edge there."""
    now = "–" if angle_deg is None else carm_words({"lao_deg": angle_deg[0], "cra_deg": angle_deg[1]})
    limits = f"LAO, RAO {limits_deg[0]:.0f}° · CRA, CAU {limits_deg[1]:.0f}°"
    return [
        TableRow("now", "C-arm now", now, clickable=False),
        number_row("foreshortening", "Foreshortening now", foreshortened_percent, "%", clickable=False),
        TableRow("limits", "Limits", limits, clickable=False),
    ]
