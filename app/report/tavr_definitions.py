"""Page 2 of a TAVR report: what each number is, where it was taken, what its ± holds, and what a person changed."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from app.i18n import inside, local, said, text_position, text_quantity, text_value, tr
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
from planning.tavr.uncertainty import eccentricity_half_width

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
            tr("Annulus area"),
            tr("where the hinge plane meets the blood edge"),
            quantity(annulus["area_mm2"], "mm²", area),
            tr("{place}, pict. 1", place=at),
            "area_mm2",
        ),
        row(
            tr("Perimeter"),
            tr("length of the smooth curve, never of voxels"),
            quantity(annulus["perimeter_mm"], "mm", perimeter),
            tr("same curve"),
            "perimeter_mm",
        ),
        row(
            tr("Longest, shortest"),
            tr("greatest and least caliper width, steps 0.5°"),
            f"{both} ± {bare(spread, 'mm')} mm" if spread else f"{both} mm",
            tr("same curve, pict. 1"),
            "max_diameter_mm",
            "min_diameter_mm",
            "mean_diameter_mm",
        ),
        row(
            tr("Area diameter"),
            "2 √(A / π)",
            quantity(annulus["area_diameter_mm"], "mm", of_area),
            tr("from the area"),
            "area_diameter_mm",
        ),
        row(
            tr("Perimeter diameter"),
            "P / π",
            quantity(annulus["perimeter_diameter_mm"], "mm", of_perimeter),
            tr("from the perimeter"),
            "perimeter_diameter_mm",
        ),
        row(
            tr("Eccentricity"),
            tr("1 − shortest / longest"),
            quantity(annulus["eccentricity"], "", eccentricity_half_width(annulus)),
            tr("from the diameters"),
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
                tr("LVOT area"),
                tr("parallel plane {depth} below", depth=depth),
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
                tr("Sinus N, R, L"),
                tr("widest plane, sinus to opposite commissure"),
                widths + (f" ± {bare(spread, 'mm')} mm" if spread else " mm"),
                "A",
                "e h",
                "" if level is None else tr("{height} mm above", height=text_value(level, 1)),
                tuple(f"sinuses.{key}_mm" for key in CUSPS),
            )
        )
    if stj.get("mean_diameter_mm") is not None:
        found.append(
            Definition(
                "STJ",
                tr("least area between sinuses and tube"),
                quantity(stj["mean_diameter_mm"], "mm", spread_of(stj, "mean_diameter_mm")),
                "A",
                "e",
                tr("{height} mm above", height=bare(stj.get("height_mm"), "mm")),
                ("stj.mean_diameter_mm", "stj.height_mm"),
            )
        )
    if ascending.get("mean_diameter_mm") is not None:
        found.append(
            Definition(
                tr("Ascending aorta"),
                tr("across its centreline, 40 mm along it"),
                quantity(ascending["mean_diameter_mm"], "mm", spread_of(ascending, "mean_diameter_mm")),
                "A",
                "e",
                "" if not ascending.get("position_mm") else text_position(ascending["position_mm"]),
                ("ascending_aorta.mean_diameter_mm",),
            )
        )
    for side, words in (("left", tr("lowest rim of the ostium to the plane, along n")), ("right", tr("the same"))):
        place = part(results, "landmarks", f"ostium_{side}")
        key = f"{side}_height_mm"
        found.append(
            Definition(
                tr("Left coronary height") if side == "left" else tr("Right coronary height"),
                words,
                quantity(coronaries.get(key), "mm", spread_of(coronaries, key)),
                origin(results, f"ostium_{side}"),
                "e h",
                text_position(place["position_mm"]) if place else tr("not found"),
                (f"coronaries.{key}",),
                _automatic_height(results, f"ostium_{side}"),
            )
        )
    if septum.get("membranous_mm") is not None:
        found.append(
            Definition(
                tr("Septum length"),
                tr("plane to the muscular crest, R–N commissure"),
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
            tr("Angulation"),
            tr("coronal: atan2(|nx|, |nz|)"),
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
            tr("annulus edge on"),
            (f"projections.{key}.lao_deg", f"projections.{key}.cra_deg"),
        )
        for name, key, words in (
            (tr("Three-cusp view"), "three_cusp", tr("detector over the right cusp")),
            (tr("Cusp overlap"), "cusp_overlap", tr("along the line of left and right hinge")),
        )
    ]
    return found


def _along(results: Results, height_mm: float) -> str:
    annulus = results["annulus"]
    return text_position(np.array(annulus["origin_mm"]) + height_mm * np.array(annulus["normal"]))


def _automatic_height(results: Results, key: str) -> str:
    """ "automatic 12.1 mm" beside an edited coronary height; "" where nothing was edited."""
    before = _height_before(results, key)
    return tr("automatic {value}", value=before) if before else ""


def _height_before(results: Results, key: str) -> str:
    """The automatic coronary height of an ostium that was moved, "" of another."""
    landmark = part(results, "landmarks", key)
    if landmark.get("source") != "edited" or landmark.get("automatic_mm") is None:
        return ""
    annulus = results["annulus"]
    away = np.array(landmark["automatic_mm"]) - np.array(annulus["origin_mm"])
    return text_quantity(float(away @ np.array(annulus["normal"])), "mm")


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
            tr("Oversizing"),
            f"100 · ({over} / {tr(basis)} − 1)",
            signed(valve.get("oversizing_percent", oversizing(device)[0] if device else None), "%", spread),
            "A",
            "e h s r" if part(results, "annulus", "uncertainty_readers") else "e h s",
            tr("catalogue row {valve}", valve=device_name(valve, comma=False)),
            ("valve.oversizing_percent",),
        ),
        Definition(
            tr("Implantation depth"),
            tr("annulus plane to the frame's inflow, along n"),
            text_quantity(valve["depth_mm"], "mm"),
            chosen,
            "",
            tr("chosen by hand") if valve.get("chosen") else tr("catalogue's advice"),
            ("valve.depth_mm",),
        ),
    ]
    names = (
        ("VTSTJ", "vtstj_mm", "mm", tr("valve cylinder to the STJ wall, least"), "e h", tr("all round the STJ")),
        (
            tr("Septum − depth"),
            "septum_minus_depth_mm",
            "mm",
            tr("membranous septum less depth"),
            "e h",
            tr("R–N commissure"),
        ),
        (
            tr("Calcium contact"),
            "calcium_contact_mm3",
            "mm³",
            tr("calcium that the frame reaches"),
            "s",
            tr("along the frame"),
        ),
    )
    sides = [valve.get(f"vtc_{side}_mm") for side in ("left", "right")]
    if any(value is not None for value in sides):
        widest = max((unsure.get(f"vtc_{side}_mm") or 0.0 for side in ("left", "right")), default=0.0)
        value = several(sides, "mm").replace(" · ", ", ") + (f" ± {bare(widest, 'mm')} mm" if widest else " mm")
        keys = ("valve.vtc_left_mm", "valve.vtc_right_mm")
        words = tr("valve cylinder to the ostium plane")
        found.append(Definition(tr("VTC left, right"), words, value, "A", "e h", tr("at the ostia, pict. 2"), keys))
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
            tr("Calcium"),
            tr(
                "volume above {threshold}, by cusp between commissures",
                threshold=text_quantity(calcium.get("threshold_hu"), "HU"),
            ),
            quantity(calcium["total_mm3"], "mm³", spread_of(calcium, "total_mm3")),
            "G" if calcium.get("method") == "fixed" else "A",
            "s",
            tr("−10 mm to the STJ"),
            ("calcium.total_mm3", *(f"calcium.by_region.{key}_mm3" for key in (*CUSPS, "lvot"))),
        ),
    ]


def _access_rows(results: Results) -> list[Definition]:
    routes = rows(results, "access", "routes")
    best = next((n for n, route in enumerate(routes) if route.get("rank") == 1), 0 if routes else None)
    if best is None or not part(routes[best], "minimum"):
        return []
    route, least = routes[best], routes[best]["minimum"]
    base = f"access.routes.{best}"
    name = said(str(route["name"]))
    found = [
        Definition(
            tr("Least diameter"),
            tr("least caliper width, running median of 3 stations"),
            quantity(least.get("min_diameter_mm"), "mm", least.get("uncertainty_mm")),
            "E" if least.get("edited") else "A",
            "e s",
            f"{bare(least.get('s_mm'), 'mm')} mm, {inside(name)}",
            (f"{base}.minimum.min_diameter_mm",),
            automatic=_automatic_least(route),
        )
    ]
    if route.get("sheath_ratio") is not None:
        found.append(
            Definition(
                tr("Sheath ratio"),
                tr("sheath outer diameter / least diameter"),
                text_quantity(route["sheath_ratio"], ""),
                "A",
                "e s",
                tr("sheath row {sheath}", sheath=part(results, "access", "sheath").get("name", "")),
                (f"{base}.sheath_ratio",),
            )
        )
    if route.get("tortuosity") is not None:
        found.append(
            Definition(
                tr("Tortuosity"),
                tr("length / chord"),
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
                tr("Hinge {letter}", letter=letter),
                tr("lowest point of the cusp") if letter == "N" else tr("the same"),
                text_position(landmark["position_mm"]),
                origin(results, key),
                "",
                "" if moved is None else tr("moved {distance} mm", distance=text_value(moved, 1)),
                (f"landmarks.{key}.position_mm",),
                "" if moved is None else tr("automatic {value}", value=text_position(landmark["automatic_mm"])),
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
            before = _height_before(results, key)
            now = part(results, "coronaries").get(f"{key.removeprefix('ostium_')}_height_mm")
            effect = (
                tr("height {before} to {now}", before=before, now=text_quantity(now, "mm"))
                if before and now is not None
                else ""
            )
            found.append(Change(tr(words), tr("moved {distance} mm", distance=text_value(moved, 1)), effect))
        elif landmark.get("source") == "edited":
            found.append(Change(tr(words), tr("placed by hand")))
    landmarks = part(results, "landmarks")
    given = [tr(words) for key, words in LANDMARK_WORDS.items() if part(landmarks, key).get("source") == "given"]
    if given:
        found.append(Change(tr("given"), ", ".join(given)))
    pins = plan.inputs.get("annulus_pins_mm")
    if pins:
        found.append(Change(tr("annulus"), tr("contour pulled at %n place(s)", "", len(pins))))
    if plan.inputs.get("septum_mm"):
        found.append(Change(tr("septum"), tr("ends placed by hand")))
    if plan.inputs.get("calcium_hu") is not None:
        found.append(
            Change(
                tr("calcium"),
                tr("threshold set to {value}", value=text_quantity(plan.inputs["calcium_hu"], "HU")),
            )
        )
    valve = part(results, "valve")
    if valve.get("chosen"):
        chosen = tr(
            "{valve}, depth {depth}, turned {angle}",
            valve=device_name(valve, comma=False),
            depth=text_quantity(valve["depth_mm"], "mm"),
            angle=text_quantity(valve.get("rotation_deg"), "°"),
        )
        found.append(Change(tr("valve"), chosen))
    if plan.inputs.get("sheath"):
        found.append(Change(tr("sheath"), str(plan.inputs["sheath"])))
    return [*found, *aside_changes(plan), *route_changes(plan)]


def _automatic_least(route: Results) -> str:
    """The least diameter as the image alone told it, where a hand drew sections."""
    told = part(route, "automatic", "minimum")
    return tr("automatic {value}", value=text_quantity(told["min_diameter_mm"], "mm")) if told else ""


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
            body.append(_second_row(tr(LANDMARK_WORDS[key]), local("0.0 mm"), "", away, "mm", HINGE_LIMIT_MM, 1))
    tilt = second.get("tilt_deg")
    if tilt is not None:
        body.append(
            _second_row(
                tr("Plane"),
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
                tr("Area"),
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
    title = tr("Second estimate, shown because it disagrees") if disagrees else tr("Second estimate")
    header = ("", tr("Hinges by crown fit (used)"), tr("Level by least area"), tr("Difference"), tr("Limit"), "")
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
        Cell(tr("agrees") if state == "ok" else tr("look"), status=state),
    )


def _normal_words(normal: Sequence[float] | None) -> str:
    return "" if normal is None else "n " + " ".join(text_value(float(value), 2) for value in normal)
