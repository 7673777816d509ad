"""Page 2 of a TAVR report: what each number is, where it was taken, what its ± holds, and what a person changed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from app.report.content import Cell, Change, Definition, Status, Table
from app.report.describe import LANDMARK_WORDS, bare, quantity, several, spread_of
from app.report.edited_lumen import route_changes
from app.report.tavr_asides import aside_changes, aside_definitions
from app.report.tavr_words import (
    CUSPS,
    HINGES,
    Results,
    at_depth,
    depth_words,
    device_name,
    lvot_depth_mm,
    origin,
    oversizing,
    part,
    rows,
    signed,
    view_words,
)
from planning.case.model import PlanRecord
from planning.units import MINUS, text_position, text_quantity, text_value

# what two estimates may differ by before a person is asked to look
HINGE_LIMIT_MM, PLANE_LIMIT_DEG, AREA_LIMIT_PERCENT = 1.5, 5.0, 3.0


def definitions(results: Results) -> list[Definition]:
    """One row a number, in the order of page 1."""
    return [
        *_annulus_rows(results),
        *_root_rows(results),
        *_valve_rows(results),
        *_calcium_rows(results),
        *aside_definitions(results),
        *_access_rows(results),
        *_landmark_rows(results),
    ]


def _annulus_rows(results: Results) -> list[Definition]:
    annulus, unsure = results["annulus"], part(results, "annulus", "uncertainty")
    parts = part(annulus, "uncertainty_parts")
    letters = " ".join(
        letter
        for letter, key in (("e", "edge"), ("h", "hinges"), ("s", "spacing"))
        if not parts or parts.get(f"{key}_mm2") is not None
    )
    letter = "E" if annulus.get("source") == "edited" else "A"
    at = text_position(annulus["origin_mm"])
    both = several((annulus["max_diameter_mm"], annulus["min_diameter_mm"]), "mm").replace(" · ", ", ")
    spread = max((unsure.get(f"{key}_diameter_mm") or 0.0 for key in ("min", "max")), default=0.0)
    area, perimeter = unsure.get("area_mm2"), unsure.get("perimeter_mm")
    of_area = None if area is None else area * annulus["area_diameter_mm"] / (2.0 * annulus["area_mm2"])
    of_perimeter = None if perimeter is None else perimeter / math.pi

    def row(name: str, words: str, value: str, place: str, *keys: str, u: str = letters) -> Definition:
        return Definition(name, words, value, letter, u, place, tuple(f"annulus.{key}" for key in keys))

    return [
        row(
            "Annulus area",
            "where the hinge plane meets the blood edge",
            quantity(annulus["area_mm2"], "mm²", area),
            f"{at}, pict. 1",
            "area_mm2",
        ),
        row(
            "Perimeter",
            "length of the smooth curve, never of voxels",
            quantity(annulus["perimeter_mm"], "mm", perimeter),
            "same curve",
            "perimeter_mm",
        ),
        row(
            "Longest, shortest",
            "greatest and least caliper width, steps 0.5°",
            f"{both} ± {bare(spread, 'mm')} mm" if spread else f"{both} mm",
            "same curve, pict. 1",
            "max_diameter_mm",
            "min_diameter_mm",
            "mean_diameter_mm",
        ),
        row(
            "Area diameter",
            "2 √(A / π)",
            quantity(annulus["area_diameter_mm"], "mm", of_area),
            "from the area",
            "area_diameter_mm",
        ),
        row(
            "Perimeter diameter",
            "P / π",
            quantity(annulus["perimeter_diameter_mm"], "mm", of_perimeter),
            "from the perimeter",
            "perimeter_diameter_mm",
        ),
        row(
            "Eccentricity",
            "1 − shortest / longest",
            text_quantity(annulus["eccentricity"], ""),
            "from the diameters",
            "eccentricity",
            u="",
        ),
    ]


def _root_rows(results: Results) -> list[Definition]:
    lvot = at_depth(rows(results, "lvot"), lvot_depth_mm(results))
    sinuses, stj, ascending = part(results, "sinuses"), part(results, "stj"), part(results, "ascending_aorta")
    septum, coronaries = part(results, "septum"), part(results, "coronaries")
    found = []
    if lvot:
        depth = depth_words(lvot["depth_mm"])
        number = rows(results, "lvot").index(lvot)
        found.append(
            Definition(
                "LVOT area",
                f"parallel plane {depth} below",
                quantity(lvot.get("area_mm2"), "mm²", spread_of(lvot, "area_mm2")),
                "A",
                "e h",
                _along(results, -float(lvot["depth_mm"])),
                (f"lvot.{number}.area_mm2",),
            )
        )
    if sinuses.get("ncc_mm") is not None:
        widths = several([sinuses.get(f"{key}_mm") for key in CUSPS], "mm").replace(" · ", ", ")
        spread = spread_of(sinuses, "ncc_mm")
        level = sinuses.get("level_mm")
        found.append(
            Definition(
                "Sinus N, R, L",
                "widest plane, sinus to opposite commissure",
                widths + (f" ± {bare(spread, 'mm')} mm" if spread else " mm"),
                "A",
                "e h",
                "" if level is None else f"{text_value(level, 1)} mm above",
                tuple(f"sinuses.{key}_mm" for key in CUSPS),
            )
        )
    if stj.get("mean_diameter_mm") is not None:
        found.append(
            Definition(
                "STJ",
                "least area between sinuses and tube",
                quantity(stj["mean_diameter_mm"], "mm", spread_of(stj, "mean_diameter_mm")),
                "A",
                "e",
                f"{bare(stj.get('height_mm'), 'mm')} mm above",
                ("stj.mean_diameter_mm", "stj.height_mm"),
            )
        )
    if ascending.get("mean_diameter_mm") is not None:
        found.append(
            Definition(
                "Ascending aorta",
                "across its centreline, 40 mm along it",
                quantity(ascending["mean_diameter_mm"], "mm", spread_of(ascending, "mean_diameter_mm")),
                "A",
                "e",
                "" if not ascending.get("position_mm") else text_position(ascending["position_mm"]),
                ("ascending_aorta.mean_diameter_mm",),
            )
        )
    for side, words in (("left", "lowest rim of the ostium to the plane, along n"), ("right", "the same")):
        place = part(results, "landmarks", f"ostium_{side}")
        key = f"{side}_height_mm"
        found.append(
            Definition(
                f"{side.capitalize()} coronary height",
                words,
                quantity(coronaries.get(key), "mm", spread_of(coronaries, key)),
                origin(results, f"ostium_{side}"),
                "e h",
                text_position(place["position_mm"]) if place else "not found",
                (f"coronaries.{key}",),
                _automatic_height(results, f"ostium_{side}"),
            )
        )
    if septum.get("membranous_mm") is not None:
        found.append(
            Definition(
                "Septum length",
                "plane to the muscular crest, R–N commissure",
                quantity(septum["membranous_mm"], "mm", spread_of(septum, "membranous_mm")),
                {"edited": "E", "given": "G"}.get(str(septum.get("source")), "A"),
                "e h",
                "" if not septum.get("line_mm") else text_position(septum["line_mm"][-1]),
                ("septum.membranous_mm",),
            )
        )
    normal = " ".join(text_value(float(value), 2) for value in results["annulus"]["normal"])
    found.append(
        Definition(
            "Angulation",
            "coronal: atan2(|nx|, |nz|)",
            quantity(results["angulation_deg"], "°", spread_of(results, "angulation_deg")),
            "A",
            "h",
            f"n {normal}",
            ("angulation_deg",),
        )
    )
    found += [
        Definition(
            name,
            words,
            view_words(results, key),
            "A",
            "h",
            "annulus edge on",
            (f"projections.{key}.lao_deg", f"projections.{key}.cra_deg"),
        )
        for name, key, words in (
            ("Three-cusp view", "three_cusp", "detector over the right cusp"),
            ("Cusp overlap", "cusp_overlap", "along the line of left and right hinge"),
        )
    ]
    return found


def _along(results: Results, height_mm: float) -> str:
    annulus = results["annulus"]
    return text_position(np.array(annulus["origin_mm"]) + height_mm * np.array(annulus["normal"]))


def _automatic_height(results: Results, key: str) -> str:
    """The automatic coronary height beside an edited one; "" where nothing was edited."""
    landmark = part(results, "landmarks", key)
    if landmark.get("source") != "edited" or landmark.get("automatic_mm") is None:
        return ""
    annulus = results["annulus"]
    away = np.array(landmark["automatic_mm"]) - np.array(annulus["origin_mm"])
    return f"automatic {text_quantity(float(away @ np.array(annulus['normal'])), 'mm')}"


def _valve_rows(results: Results) -> list[Definition]:
    valve = part(results, "valve")
    if not valve:
        return []
    unsure = part(valve, "uncertainty")
    device: Results = next(
        (
            row
            for row in rows(results, "devices")
            if row["model"] == valve["model"] and str(row["size"]) == str(valve["size"])
        ),
        {},
    )
    basis = valve.get("oversizing_basis") or "area"
    nominal = device.get("nominal_area_mm2") if basis == "area" else device.get("nominal_diameter_mm")
    over = bare(nominal, "mm²") if basis == "area" else f"π · {bare(nominal, 'mm')}"
    spread = device.get("oversizing_uncertainty_percent")
    chosen = "G" if valve.get("chosen") else "A"
    found = [
        Definition(
            "Oversizing",
            f"100 · ({over} / {basis} − 1)",
            signed(valve.get("oversizing_percent", oversizing(device)[0] if device else None), "%", spread),
            "A",
            "e h s r" if part(results, "annulus", "uncertainty_readers") else "e h s",
            f"catalogue row {device_name(valve, comma=False)}",
            ("valve.oversizing_percent",),
        ),
        Definition(
            "Implantation depth",
            "annulus plane to the frame's inflow, along n",
            text_quantity(valve["depth_mm"], "mm"),
            chosen,
            "",
            "chosen by hand" if valve.get("chosen") else "catalogue's advice",
            ("valve.depth_mm",),
        ),
    ]
    names = (
        ("VTSTJ", "vtstj_mm", "mm", "valve cylinder to the STJ wall, least", "e h", "all round the STJ"),
        ("Septum − depth", "septum_minus_depth_mm", "mm", "membranous septum less depth", "e h", "R–N commissure"),
        ("Calcium contact", "calcium_contact_mm3", "mm³", "calcium that the frame reaches", "s", "along the frame"),
    )
    sides = [valve.get(f"vtc_{side}_mm") for side in ("left", "right")]
    if any(value is not None for value in sides):
        widest = max((unsure.get(f"vtc_{side}_mm") or 0.0 for side in ("left", "right")), default=0.0)
        value = several(sides, "mm").replace(" · ", ", ") + (f" ± {bare(widest, 'mm')} mm" if widest else " mm")
        keys = ("valve.vtc_left_mm", "valve.vtc_right_mm")
        words = "valve cylinder to the ostium plane"
        found.append(Definition("VTC left, right", words, value, "A", "e h", "at the ostia, pict. 2", keys))
    found += [
        Definition(name, words, quantity(valve[key], unit, unsure.get(key)), "A", u, place, (f"valve.{key}",))
        for name, key, unit, words, u, place in names
        if valve.get(key) is not None
    ]
    return found


def _calcium_rows(results: Results) -> list[Definition]:
    calcium = part(results, "calcium")
    if calcium.get("total_mm3") is None:
        return []
    return [
        Definition(
            "Calcium",
            f"volume above {text_quantity(calcium.get('threshold_hu'), 'HU')}, by cusp between commissures",
            quantity(calcium["total_mm3"], "mm³", _total_spread(calcium)),
            "G" if calcium.get("method") == "fixed" else "A",
            "s",
            f"{MINUS}10 mm to the STJ",
            ("calcium.total_mm3", *(f"calcium.by_region.{key}_mm3" for key in (*CUSPS, "lvot"))),
        ),
    ]


def _total_spread(calcium: Results) -> float | None:
    spreads: Any = calcium.get("uncertainty_mm3")
    return spreads.get("total_mm3") if hasattr(spreads, "get") else spread_of(calcium, "total_mm3")


def _access_rows(results: Results) -> list[Definition]:
    routes = rows(results, "access", "routes")
    best = next((n for n, route in enumerate(routes) if route.get("rank") == 1), 0 if routes else None)
    if best is None or not part(routes[best], "minimum"):
        return []
    route, least = routes[best], routes[best]["minimum"]
    base = f"access.routes.{best}"
    name = str(route["name"])
    found = [
        Definition(
            "Least diameter",
            "least caliper width, running median of 3 stations",
            quantity(least.get("min_diameter_mm"), "mm", least.get("uncertainty_mm")),
            "E" if least.get("edited") else "A",
            "e s",
            f"{bare(least.get('s_mm'), 'mm')} mm, {name.lower()}",
            (f"{base}.minimum.min_diameter_mm",),
            automatic=_automatic_least(route),
        )
    ]
    if route.get("sheath_ratio") is not None:
        found.append(
            Definition(
                "Sheath ratio",
                "sheath outer diameter / least diameter",
                text_quantity(route["sheath_ratio"], ""),
                "A",
                "e s",
                f"sheath row {part(results, 'access', 'sheath').get('name', '')}",
                (f"{base}.sheath_ratio",),
            )
        )
    if route.get("tortuosity") is not None:
        found.append(
            Definition(
                "Tortuosity",
                "length / chord",
                text_quantity(route["tortuosity"], ""),
                "A",
                "",
                f"{bare(route.get('length_mm'), 'mm')} / {bare(route.get('chord_mm'), 'mm')} mm",
                (f"{base}.tortuosity",),
            )
        )
    return found


def _landmark_rows(results: Results) -> list[Definition]:
    found = []
    for letter, key in zip("NRL", HINGES):
        landmark = results["landmarks"][key]
        moved = _moved_mm(landmark)
        found.append(
            Definition(
                f"Hinge {letter}",
                "lowest point of the cusp" if letter == "N" else "the same",
                text_position(landmark["position_mm"]),
                origin(results, key),
                "",
                "" if moved is None else f"moved {text_value(moved, 1)} mm",
                (f"landmarks.{key}.position_mm",),
                "" if moved is None else f"automatic {text_position(landmark['automatic_mm'])}",
            )
        )
    return found


def _moved_mm(landmark: Results) -> float | None:
    if landmark.get("source") != "edited" or landmark.get("automatic_mm") is None:
        return None
    return float(np.linalg.norm(np.array(landmark["position_mm"]) - np.array(landmark["automatic_mm"])))


def changes(plan: PlanRecord) -> list[Change]:
    """What a person placed, moved or chose, with the number it changed before and after."""
    results = plan.results
    found = []
    for key, words in LANDMARK_WORDS.items():
        landmark = part(results, "landmarks", key)
        moved = _moved_mm(landmark)
        if moved is not None:
            before = _automatic_height(results, key).removeprefix("automatic ")
            now = part(results, "coronaries").get(f"{key.removeprefix('ostium_')}_height_mm")
            effect = f"height {before} to {text_quantity(now, 'mm')}" if before and now is not None else ""
            found.append(Change(words, f"moved {text_value(moved, 1)} mm", effect))
        elif landmark.get("source") == "edited":
            found.append(Change(words, "placed by hand"))
    landmarks = part(results, "landmarks")
    given = [words for key, words in LANDMARK_WORDS.items() if part(landmarks, key).get("source") == "given"]
    if given:
        found.append(Change("given", ", ".join(given)))
    pins = plan.inputs.get("annulus_pins_mm")
    if pins:
        found.append(Change("annulus", f"contour pulled at {len(pins)} place" + ("s" if len(pins) > 1 else "")))
    if plan.inputs.get("septum_mm"):
        found.append(Change("septum", "ends placed by hand"))
    if plan.inputs.get("calcium_hu") is not None:
        found.append(Change("calcium", f"threshold set to {text_quantity(plan.inputs['calcium_hu'], 'HU')}"))
    valve = part(results, "valve")
    if valve.get("chosen"):
        chosen = f"{device_name(valve, comma=False)}, depth {text_quantity(valve['depth_mm'], 'mm')}"
        found.append(Change("valve", f"{chosen}, turned {text_quantity(valve.get('rotation_deg'), '°')}"))
    if plan.inputs.get("sheath"):
        found.append(Change("sheath", str(plan.inputs["sheath"])))
    return [*found, *aside_changes(plan), *route_changes(plan)]


def _automatic_least(route: Results) -> str:
    """The least diameter as the image alone told it, where a hand drew sections."""
    told = part(route, "automatic", "minimum")
    return f"automatic {text_quantity(told['min_diameter_mm'], 'mm')}" if told else ""


def second_table(results: Results) -> Table | None:
    """The two estimates of the root beside each other; None where only one was made."""
    second = part(results, "root", "second")
    if not second:
        return None
    body = []
    for key in HINGES:
        landmark = results["landmarks"][key]
        away = landmark.get("disagreement_mm")
        if away is not None:
            body.append(_second_row(LANDMARK_WORDS[key], "0.0 mm", "", away, "mm", HINGE_LIMIT_MM, 1))
    tilt = second.get("tilt_deg")
    if tilt is not None:
        body.append(
            _second_row(
                "Plane",
                view_words(results, "three_cusp").replace("°", ""),
                _normal_words(second.get("normal")),
                tilt,
                "°",
                PLANE_LIMIT_DEG,
                1,
            )
        )
    area = second.get("area_mm2")
    if area is not None:
        own = results["annulus"]["area_mm2"]
        away = 100.0 * (area / own - 1.0)
        body.append(
            _second_row(
                "Area",
                text_quantity(own, "mm²"),
                text_quantity(area, "mm²"),
                away,
                "%",
                AREA_LIMIT_PERCENT,
                1,
            )
        )
    if not body:
        return None
    disagrees = any(row[-1].status == "warn" for row in body)
    title = "Second estimate, shown because it disagrees" if disagrees else "Second estimate"
    header = ("", "Hinges by crown fit (used)", "Level by least area", "Difference", "Limit", "")
    return Table(title, header, body)


def _second_row(
    name: str, used: str, other: str, away: float, unit: str, limit: float, decimals: int
) -> tuple[Cell, ...]:
    state: Status = "ok" if abs(away) <= limit else "warn"

    def words(value: float) -> str:
        return text_value(value, decimals) + ("°" if unit == "°" else f" {unit}")

    sign = "+" if away > 0 and unit != "°" else ""
    return (
        Cell(name, True),
        Cell(used),
        Cell(other or f"{sign}{words(away)}"),
        Cell(f"{sign}{words(away)}"),
        Cell(words(limit)),
        Cell("agrees" if state == "ok" else "look", status=state),
    )


def _normal_words(normal: Sequence[float] | None) -> str:
    return "" if normal is None else "n " + " ".join(text_value(float(value), 2) for value in normal)
