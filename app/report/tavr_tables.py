"""Page 1 of a TAVR report: root numbers, views, S-curve, valve sizes and access."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from app.i18n import inside, local, mark, said, text_quantity, text_value, tr
from app.report.content import Beside, Cell, Curve, Line, NumberRow, Numbers, Status, Table
from app.report.describe import bare, quantity, spread_of
from app.report.tavr_words import (
    CUSPS,
    STATES,
    Results,
    at_depth,
    depth_words,
    device_name,
    lvot_depth_mm,
    missing_words,
    number,
    origin,
    oversizing,
    part,
    probability,
    reason_for,
    rows,
    several_row,
    signed,
)
from planning.case.model import PlanRecord
from planning.tavr.projections import RoomLimits, within_room
from planning.tavr.uncertainty import eccentricity_half_width

MOST_SIZES = 5
PUBLISHED_RATIOS = "1.05 · 1.45"
LIMITS_MM: Mapping[str, int] = {"VTC": 4, "VTSTJ": 2, "Septum": 0}
SIDES = (("right_femoral", mark("Right")), ("left_femoral", mark("Left")))


def root_numbers(results: Results, accepted: Sequence[str] = ()) -> Numbers:
    """The root's numbers, each with its ± and where it comes from."""
    annulus, unsure = results["annulus"], part(results, "annulus", "uncertainty")
    lvot = at_depth(rows(results, "lvot"), lvot_depth_mm(results))
    sinuses, stj = part(results, "sinuses"), part(results, "stj")
    coronaries, calcium = part(results, "coronaries"), part(results, "calcium")
    by_region = part(results, "calcium", "by_region")
    contour = "E" if annulus.get("source") == "edited" else "A"
    met: Status = "ok" if "annulus" in accepted else ""
    roots: Status = "ok" if "dimensions" in accepted else ""
    area, perimeter = unsure.get("area_mm2"), unsure.get("perimeter_mm")
    table = [
        number(tr("Annulus area"), annulus, "area_mm2", "mm²", contour, met),
        number(tr("Perimeter"), annulus, "perimeter_mm", "mm", contour, met),
        several_row(
            tr("Longest, shortest"),
            (annulus["max_diameter_mm"], annulus["min_diameter_mm"]),
            "mm",
            (unsure.get("max_diameter_mm"), unsure.get("min_diameter_mm")),
            contour,
            met,
        ),
        several_row(
            tr("Ø from A, from P"),
            (annulus["area_diameter_mm"], annulus["perimeter_diameter_mm"]),
            "mm",
            # d = 2 √(A / π): half the relative spread of the area; P / π: the perimeter's over π
            (
                None if area is None else area * annulus["area_diameter_mm"] / (2.0 * annulus["area_mm2"]),
                None if perimeter is None else perimeter / math.pi,
            ),
            contour,
        ),
        NumberRow(tr("Eccentricity"), annulus["eccentricity"], "", eccentricity_half_width(annulus), contour),
        number(
            tr("LVOT area at −{depth}", depth=depth_words(lvot.get("depth_mm", 4.0))),
            lvot,
            "area_mm2",
            "mm²",
        ),
        several_row(
            tr("Sinus N, R, L"),
            [sinuses.get(f"{key}_mm") for key in CUSPS],
            "mm",
            [spread_of(sinuses, f"{key}_mm") for key in CUSPS if sinuses.get(f"{key}_mm") is not None],
        ),
        several_row(
            tr("STJ diameter, height"),
            (stj.get("mean_diameter_mm"), stj.get("height_mm")),
            "mm",
            [spread_of(stj, key) for key in ("mean_diameter_mm", "height_mm") if stj.get(key) is not None],
        ),
        number(tr("Left coronary height"), coronaries, "left_height_mm", "mm", origin(results, "ostium_left"), roots),
        number(
            tr("Right coronary height"), coronaries, "right_height_mm", "mm", origin(results, "ostium_right"), roots
        ),
        number(
            tr("Septum length"),
            part(results, "septum"),
            "membranous_mm",
            "mm",
            {"edited": "E", "given": "G"}.get(str(part(results, "septum").get("source")), "A"),
        ),
        NumberRow(tr("Aortic angulation"), results["angulation_deg"], "°", spread_of(results, "angulation_deg")),
        several_row(
            tr("Calcium N, R, L"),
            [by_region.get(f"{key}_mm3") for key in CUSPS],
            "mm³",
        ),
        NumberRow(tr("Calcium LVOT"), by_region.get("lvot_mm3"), "mm³"),
    ]
    note = tr("± 95 % half-width. A automatic, E edited, G given.")
    if calcium.get("threshold_hu") is not None:
        note += " " + tr(
            "Calcium above {threshold} ({method}).",
            threshold=text_quantity(calcium["threshold_hu"], "HU"),
            method=_method_words(calcium),
        )
    return Numbers(tr("Root"), table, note)


def _method_words(calcium: Results) -> str:
    lumen, noise, threshold = (calcium.get(key) for key in ("lumen_hu", "noise_hu", "threshold_hu"))
    if calcium.get("method") != "relative" or not lumen:
        return tr("fixed", "a threshold")
    # the greatest of the three rules is the one that holds
    rules = {
        tr("lumen + 100"): lumen + 100.0,
        tr("lumen × 1.25"): 1.25 * lumen,
        tr("lumen + 4 noise"): lumen + 4.0 * (noise or 0.0),
    }
    words = min(rules, key=lambda name: abs(rules[name] - threshold))
    return words if abs(rules[words] - threshold) < 1.0 else tr("relative to the lumen")


def view_numbers(results: Results) -> Numbers:
    """The named views; what the room does not reach says so."""
    table = []
    for place, view in enumerate(_named(results)):
        table.append(
            NumberRow(
                said(str(view["name"])),
                view["lao_deg"],
                "",
                text=_angles(view),
                status="warn" if view.get("reachable") else "ok",
                mark=place,
                spread="" if view.get("spread_deg") is None else text_value(view["spread_deg"], 0),
            )
        )
    beyond_words = [said(str(view["text"])) for view in _named(results) if view.get("reachable")]
    return Numbers(tr("Views"), table, ". ".join(beyond_words) + ("." if beyond_words else ""))


def judged_views(results: Results, room: RoomLimits) -> Results:
    """The same results; its named views say what this room reaches of them."""
    named = within_room(_named(results), results["annulus"]["normal"], room)
    return {**results, "projections": {**results["projections"], "named": named}}


def _named(results: Results) -> Sequence[Results]:
    named = rows(results, "projections", "named")
    if named:
        return named
    words = (("three_cusp", tr("Three-cusp")), ("cusp_overlap", tr("Cusp overlap")))
    return [{"key": key, "name": name, **results["projections"][key]} for key, name in words]


def _angles(view: Results) -> str:
    from planning.units import text_carm

    return text_carm(view["lao_deg"], view["cra_deg"])


def s_curve(results: Results, room: RoomLimits) -> Curve:
    """All views with the annulus edge on, its ± as a band, the room's limits and the named views."""
    projections = results["projections"]
    drawn = rows(results, "projections", "circle") or projections["s_curve"]
    band = [
        (point["lao_deg"], point["cra_deg"] - width, point["cra_deg"] + width)
        for point, width in zip(projections["s_curve"], rows(results, "projections", "band_deg"))
    ]
    return Curve(
        tr("S-curve: views with the annulus edge on"),
        [(point["lao_deg"], point["cra_deg"]) for point in drawn],
        "LAO",
        "CRA",
        (-60, 60),
        (-42, 42),
        [(view["lao_deg"], view["cra_deg"], _angles(view).replace("°", "")) for view in _named(results)],
        window=(-room.lao_deg, room.lao_deg, -room.cra_deg, room.cra_deg),
        angles=True,
        band=band,
    )


def valve_table(results: Results) -> Table:
    """The best sizes of each fitting family and the chosen one's neighbours; none is proposed on a poor scan."""
    title = tr("Valve sizes at this annulus")
    valve, devices = part(results, "valve"), rows(results, "devices")
    header = (
        tr("Valve"),
        tr("Nominal"),
        tr("Oversizing"),
        tr("Probability"),
        tr("Septum − depth"),
        "VTSTJ",
        tr("Result"),
    )
    if not results["quality"]["ok"] and not valve.get("chosen"):
        reasons = " ".join(map(said, results["quality"]["reasons"]))
        return Table(title, header, (), empty=" ".join((tr("No size is proposed."), reasons)))
    shown = _shown_devices(devices, valve)
    if not shown:
        return Table(title, header, (), empty=tr("No catalogue row applies."))
    is_same = [(row["model"], str(row["size"])) == (valve.get("model"), str(valve.get("size"))) for row in shown]
    return Table(
        title,
        header,
        [_device_cells(results, row, same, valve) for row, same in zip(shown, is_same)],
        chosen=is_same.index(True) if any(is_same) else None,
        note=" ".join(words for words in (_catalogue_note(shown, valve), _reader_note(results)) if words),
    )


def _shown_devices(devices: Sequence[Results], valve: Results) -> list[Results]:
    """In the catalogue's order: the best of each family that fits, the drawn one and its neighbours; else the nearest."""
    fitting = [row for row in devices if row["fits"]]
    best: dict[str, Results] = {}
    for row in fitting:
        before = best.get(row["model"])
        if before is None or (row.get("probability") or 0.0) > (before.get("probability") or 0.0):
            best[row["model"]] = row
    family = [row for row in devices if row["model"] == valve.get("model")]
    drawn = next((n for n, row in enumerate(family) if str(row["size"]) == str(valve.get("size"))), None)
    wanted = [] if drawn is None else [family[drawn]]
    wanted += [row for row in best.values() if row["model"] != valve.get("model") or drawn is None]
    if drawn is not None:
        wanted += [family[n] for n in (drawn - 1, drawn + 1) if 0 <= n < len(family)]
    if not wanted:
        wanted = sorted(devices, key=lambda row: abs(oversizing(row)[0] or 99.0))[:4]
    return sorted(wanted[:MOST_SIZES], key=lambda row: list(devices).index(row))


def _cell_of(results: Results, device: Results, depth_mm: float) -> Results:
    """The matrix's cell of a size at the depth nearest to the one wanted."""
    for row in rows(results, "matrix"):
        if row["model"] == device["model"] and str(row["size"]) == str(device["size"]):
            return at_depth(row.get("cells") or (), depth_mm)
    return {}


def _device_cells(results: Results, device: Results, drawn: bool, valve: Results) -> tuple[Cell, ...]:
    value, basis = oversizing(device)
    cell = _cell_of(results, device, float(device.get("depth_target_mm") or valve.get("depth_mm") or 3.0))
    source, spreads = (valve, part(valve, "uncertainty")) if drawn else (cell, {})
    fits = bool(device["fits"])
    state = _result_state(device, part(valve, "states").values() if drawn else (cell.get("state"),))
    return (
        Cell(device_name(device) + (" *" if _is_unchecked(device) else ""), fits),
        Cell(_nominal(device, basis)),
        Cell(signed(value, "%", device.get("oversizing_uncertainty_percent"))),
        Cell(probability(device.get("probability"))),
        Cell(signed(source.get("septum_minus_depth_mm"), "mm", spreads.get("septum_minus_depth_mm")) if fits else "–"),
        Cell(quantity(source.get("vtstj_mm"), "mm", spreads.get("vtstj_mm")) if fits else "–"),
        Cell(_result_words(device, value, drawn, valve, cell), status=state),
    )


def _nominal(device: Results, basis: str) -> str:
    if basis == "area" and device.get("nominal_area_mm2") is not None:
        return text_quantity(device["nominal_area_mm2"], "mm²")
    diameter = device.get("nominal_diameter_mm")
    return "–" if diameter is None else text_quantity(math.pi * diameter, "mm")


def _result_words(device: Results, value: float | None, drawn: bool, valve: Results, cell: Results) -> str:
    if not device["fits"]:
        reason = said(str(device.get("reason") or "")) or tr("does not fit")
        if value is not None and device.get("oversizing_basis"):
            share = text_value(abs(value), 1)
            return tr("{percent} % under", percent=share) if value < 0 else tr("{percent} % over", percent=share)
        return reason
    words = tr("between sizes") if device.get("borderline") else tr("fits")
    if drawn:
        return ", ".join((words, tr("chosen", "a valve") if valve.get("chosen") else tr("drawn", "a valve")))
    if cell.get("state") == "bad" and cell.get("nearest") in LIMITS_MM and cell.get("value_mm") is not None:
        return tr(
            "{result}, {number} {value} under {limit}",
            result=words,
            number=said(cell["nearest"]),
            value=text_value(cell["value_mm"], 1),
            limit=LIMITS_MM[cell["nearest"]],
        )
    depth = cell.get("depth_mm")
    return words if depth is None else f"{words}, " + tr("depth {depth}", depth=depth_words(depth))


def _result_state(device: Results, states: Iterable[str | None]) -> Status:
    """Green only where the size fits for sure and nothing that is known stands under its limit."""
    known = set(states)
    if not device["fits"] or "bad" in known:
        return "bad"
    return "warn" if device.get("borderline") or "warn" in known else "ok"


def _catalogue_note(shown: Sequence[Results], valve: Results) -> str:
    dates = sorted({str(row["date"])[:7] for row in shown if row.get("date")})
    words = [tr("Catalogue of {date}.", date=dates[-1]) if dates else ""]
    words.append(
        tr("Nominal sizes and ranges with * are not checked, verify against the IFU.")
        if any(_is_unchecked(row) for row in shown)
        else tr("Nominal sizes are not checked, verify against the IFU.")
    )
    if valve and not valve.get("chosen"):
        words.append(tr("Drawn is the most probable size; none was chosen."))
    return " ".join(word for word in words if word)


def _reader_note(results: Results) -> str:
    """What the sizes' ± and probability are computed with."""
    spread = part(results, "annulus", "uncertainty_readers").get("area_mm2")
    if spread is None:
        return ""
    return tr("± and probability are between readers: area ± {area}.", area=text_quantity(spread, "mm²"))


def _is_unchecked(device: Results) -> bool:
    return device.get("checked") is False


def access_beside(results: Results) -> Beside | None:
    """Least diameter along both femoral routes with the table beside it; None where the plan holds no routes."""
    routes = {str(row["key"]): row for row in rows(results, "access", "routes")}
    missing = rows(results, "access", "missing")
    if not routes:
        if not missing:
            return None
        asked = missing[0].get("key") != "all"
        return Beside(
            tr("Access"), None, None, (tr("Not in this scan.") + " " if asked else "") + missing_words(results)
        )
    shown = [(key, tr(words), routes[key]) for key, words in SIDES if key in routes]
    if not shown:
        shown = [(key, said(str(row["name"])), row) for key, row in list(routes.items())[:2]]
    return Beside(tr("Access"), _access_curve(results, shown), _access_table(results, shown, missing_words(results)))


def _access_curve(results: Results, shown: Sequence[tuple[str, str, Results]]) -> Curve | None:
    lines, marks, longest, widest = [], [], 1.0, 6.0
    for n, (_, words, route) in enumerate(shown):
        points: list[tuple[float, float] | None] = [
            (row["s_mm"], row["min_diameter_mm"])
            if row.get("closed", True) and row.get("min_diameter_mm") is not None
            else None
            for row in route.get("stations") or ()
        ]
        known = [point for point in points if point is not None]
        if not known:
            continue
        lines.append(Line(inside(words), points, dashed=n > 0, accent=n > 0))
        longest, widest = max(longest, known[-1][0]), max(widest, *(value for _, value in known))
        least = part(route, "minimum")
        if route.get("closed_at_mm") is not None:
            marks.append(
                (
                    known[-1][0],
                    known[-1][1],
                    tr(
                        "{side} closed at {place:.0f} mm",
                        side=inside(words),
                        place=route["closed_at_mm"],
                    ),
                )
            )
        elif least.get("min_diameter_mm") is not None:
            marks.append(
                (least["s_mm"], least["min_diameter_mm"], local(f"{inside(words)} {least['min_diameter_mm']:.1f}"))
            )
    if not lines:
        return None
    wanted = part(results, "access", "sheath").get("least_vessel_mm")
    lowest = min([point[1] for point in marks] + [wanted or 4.0])
    return Curve(
        tr("Least diameter along the routes"),
        (),
        tr("mm from the fork") if all("femoral" in key for key, _, _ in shown) else tr("mm along the route"),
        tr("least diameter, mm"),
        (0.0, longest),
        (max(0.0, float(int(lowest)) - 1.0), min(widest + 1.0, 16.0)),
        marks,
        lines=lines,
        levels=() if wanted is None else ((float(wanted), tr("least vessel {wanted:.1f} mm", wanted=wanted)),),
    )


def _access_table(results: Results, shown: Sequence[tuple[str, str, Results]], absent: str) -> Table:
    sheath = part(results, "access", "sheath")
    ratio = tr("Sheath ratio")
    if sheath.get("outer_mm") is not None:
        ratio = tr("Sheath ratio, outer {width:.1f}", width=sheath["outer_mm"])

    def row(name: str, cells: Sequence[Cell]) -> tuple[Cell, ...]:
        return (Cell(name), *cells)

    routes = [route for _, _, route in shown]
    least = [part(route, "minimum") for route in routes]
    table = [
        row(
            tr("Least diameter, mm"),
            [
                Cell(
                    _least_words(route, of),
                    True,
                    STATES.get(str(route.get("state")), ""),
                )
                for route, of in zip(routes, least)
            ],
        ),
        row(tr("Against least vessel"), [Cell(said(str(route.get("text") or "–"))) for route in routes]),
        row(
            ratio,
            [Cell(text_quantity(route.get("sheath_ratio"), "")) for route in routes],
        ),
        row(tr("Limits published"), [Cell(local(PUBLISHED_RATIOS)) for _ in routes]),
        row(tr("Length, mm"), [Cell(bare(route.get("length_mm"), "mm")) for route in routes]),
        row(tr("Tortuosity"), [Cell(text_quantity(route.get("tortuosity"), "")) for route in routes]),
        row(tr("Sharpest bend"), [Cell(text_quantity(route.get("sharpest_bend_deg"), "°")) for route in routes]),
        row(tr("Calcium arc there"), [Cell(text_quantity(of.get("calcium_arc_deg"), "°")) for of in least]),
    ]
    return Table("", ("", *(words for _, words, _ in shown)), table, note=absent, right_aligned=True)


def _least_words(route: Results, least: Results) -> str:
    if route.get("closed_at_mm") is not None:
        return tr("closed at {place:.0f}", place=route["closed_at_mm"])
    value, spread = least.get("min_diameter_mm"), least.get("uncertainty_mm")
    return bare(value, "mm") + ("" if value is None or spread is None else f" ± {bare(spread, 'mm')}")


def vessel_plans_table(vessels: Sequence[PlanRecord], results: Results) -> Table:
    """The case's vessel plans under "Access", for a plan without routes of its own; the heading stays without any."""
    table = []
    for plan in vessels:
        least = part(plan.results, "minimum")
        table.append(
            (
                Cell(tr("Vessel") if plan.name == "vessel" else plan.name, True),
                Cell(quantity(least.get("min_diameter_mm"), "mm", least.get("uncertainty_mm"))),
                Cell(text_quantity(least.get("s_mm"), "mm")),
                Cell(text_quantity(plan.results.get("length_mm"), "mm")),
                Cell(text_quantity(plan.results.get("tortuosity"), "")),
            )
        )
    return Table(
        tr("Access"),
        (tr("Vessel"), tr("Least diameter"), tr("Found at"), tr("Length"), tr("Tortuosity")),
        table,
        note=missing_words(results),
        empty=reason_for(results, "access", otherwise=tr("Not measured in this plan.")),
    )
