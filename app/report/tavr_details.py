"""Page 3 and on of a TAVR report: everything that stands behind page 1, part by part; a missing part says why."""

from __future__ import annotations

from collections.abc import Sequence

from app.i18n import local, mark, said, text_position, text_quantity, text_value, tr
from app.report.content import Cell, Curve, Line, Picture, Section, Status, Table
from app.report.describe import bare, quantity, spread_of
from app.report.tavr_asides import IN_VALVE_RULE, aside_sections
from app.report.tavr_pictures import TavrPictures
from app.report.tavr_tables import PUBLISHED_RATIOS
from app.report.tavr_words import (
    STATES,
    Results,
    depth_words,
    device_name,
    missing_words,
    part,
    reason_for,
    rows,
    signed,
)

CUSP_NAMES = (("ncc", mark("Non-coronary")), ("rcc", mark("Right")), ("lcc", mark("Left")))
STATION_STEP_MM = 10.0
MOST_STATIONS, MOST_NODULES = 40, 6
NOT_MEASURED = mark("Not measured in this plan.")


def sections(results: Results, pictures: TavrPictures | None) -> list[Section]:
    """All parts in the order of the guided steps."""
    return [
        _pictures(pictures),
        _lvot(results),
        _root(results),
        _calcium(results, pictures),
        _obstruction(results),
        *aside_sections(results),
        _matrix(results),
        _fluoroscopy(results, pictures),
        _phases(results),
        _routes(results),
        _stations(results),
    ]


def _in_rows(items: Sequence[Picture | Curve | Table], columns: int = 3) -> list[tuple[Picture | Curve | Table, ...]]:
    return [tuple(items[n : n + columns]) for n in range(0, len(items), columns)]


def _pictures(pictures: TavrPictures | None) -> Section:
    levels = [] if pictures is None else list(pictures.levels)
    return Section(
        tr("Levels of the root"), _in_rows(levels), empty=tr("No other level of the root could be measured.")
    )


def _lvot(results: Results) -> Section:
    levels = sorted(rows(results, "lvot"), key=lambda row: abs(row["depth_mm"]))
    title = tr("Outflow tract")
    if not levels:
        return Section(title, empty=reason_for(results, "lvot", otherwise=tr(NOT_MEASURED)))
    annulus = results["annulus"]
    table = Table(
        "",
        (
            tr("Below, mm"),
            tr("Area, mm²"),
            tr("Perimeter, mm"),
            tr("Shortest, mm"),
            tr("Longest, mm"),
            tr("Of annulus"),
        ),
        [
            (
                Cell(text_value(abs(row["depth_mm"]), 0)),
                Cell(_pm(row, "area_mm2", "mm²")),
                Cell(_pm(row, "perimeter_mm", "mm")),
                Cell(_pm(row, "min_diameter_mm", "mm")),
                Cell(_pm(row, "max_diameter_mm", "mm")),
                Cell(
                    "–"
                    if row.get("area_mm2") is None
                    else text_quantity(100 * row["area_mm2"] / annulus["area_mm2"], "%")
                ),
            )
            for row in levels
        ],
        right_aligned=True,
    )
    points: list[tuple[float, float] | None] = [(0.0, annulus["area_mm2"])]
    points += [(abs(row["depth_mm"]), row["area_mm2"]) for row in levels if row.get("area_mm2") is not None]
    known = [point[1] for point in points if point is not None]
    spread = part(annulus, "uncertainty").get("area_mm2")
    curve = Curve(
        tr("Area below the annulus"),
        (),
        tr("mm below the annulus"),
        tr("area, mm²"),
        (0.0, max(point[0] for point in points if point is not None)),
        _rounded(min(known), max(known)),
        lines=(Line("", points),),
        marks=((0.0, annulus["area_mm2"], tr("annulus {area}", area=text_value(annulus["area_mm2"], 0))),),
    )
    report = part(results, "lvot_report")
    shape = report.get("shape")
    note = (
        ""
        if shape is None
        else tr(
            "{shape}: area 5 mm below is {ratio} times the annulus.",
            shape=said(str(shape).capitalize()),
            ratio=text_value(report["ratio"], 2),
        )
        if report.get("ratio") is not None
        else f"{said(str(shape).capitalize())}."
    )
    own = "" if spread is None else tr("The annulus itself is ± {area} mm².", area=text_value(spread, 0))
    return Section(title, ((curve, table),), note=f"{note} {own}".strip())


def _rounded(low: float, high: float) -> tuple[float, float]:
    """A range of whole fifties with some room."""
    low, high = 50.0 * int((low - 15.0) // 50.0), 50.0 * -int(-(high + 15.0) // 50.0)
    return max(0.0, low), max(high, low + 50.0)


def _pm(of: Results, key: str, unit: str) -> str:
    value, spread = of.get(key), spread_of(of, key)
    return bare(value, unit) + ("" if value is None or spread is None else f" ± {bare(spread, unit)}")


def _root(results: Results) -> Section:
    """Cusp by cusp, then septum, leaflets and bicuspid measures in words."""
    sinuses, leaflets = part(results, "sinuses"), part(results, "leaflets")
    between = part(results, "sinuses", "cusp_to_cusp_mm")
    pairs = {"ncc": ("nr", "N–R"), "rcc": ("rl", "R–L"), "lcc": ("ln", "L–N")}
    cusps = Table(
        tr("Cusps"),
        ("", tr("Sinus, mm"), tr("Height, mm"), tr("To next cusp"), tr("Leaflet, mm")),
        [
            (
                Cell(tr(name)),
                Cell(_pm(sinuses, f"{key}_mm", "mm")),
                Cell(_pm(sinuses, f"height_{key}_mm", "mm")),
                Cell(f"{pairs[key][1]} {bare(between.get(pairs[key][0]), 'mm')}"),
                Cell(_pm(leaflets, f"{key}_mm", "mm")),
            )
            for key, name in CUSP_NAMES
        ],
        right_aligned=True,
        note="" if leaflets else reason_for(results, "leaflet", otherwise=tr("Leaflets: not measured in this plan.")),
    )
    return Section(tr("Cusps, septum and aorta"), ((cusps, _others(results)),))


def _others(results: Results) -> Table:
    """Numbers of the root that stand alone."""
    septum, bicuspid = part(results, "septum"), part(results, "bicuspid")
    ascending, sinuses = part(results, "ascending_aorta"), part(results, "sinuses")
    body = [
        (Cell(tr("Sinus mean")), Cell(quantity(sinuses.get("mean_mm"), "mm", spread_of(sinuses, "mean_mm")))),
        (
            Cell(tr("Ascending aorta, 40 mm up")),
            Cell(quantity(ascending.get("mean_diameter_mm"), "mm", spread_of(ascending, "mean_diameter_mm"))),
        ),
        (Cell(tr("Ascending aorta, greatest")), Cell(_greatest_words(ascending))),
        (Cell(tr("Septum, front · middle · back")), Cell(_septum_words(septum, results))),
        (Cell(tr("Cusps found")), Cell(_cusps_words(bicuspid))),
    ]
    if bicuspid.get("cusps") == 2:
        body += [
            (Cell(tr("Sievers type, raphe")), Cell(_sievers_words(bicuspid))),
            (Cell(tr("Raphe calcium")), Cell(text_quantity(bicuspid.get("raphe_calcium_mm"), "mm"))),
        ]
    if bicuspid.get("intercommissural_mm") is not None:
        shape = f", {said(str(bicuspid['shape']))}" if bicuspid.get("shape") else ""
        body.append(
            (
                Cell(tr("Between commissures, 4 mm up")),
                Cell(f"{text_quantity(bicuspid['intercommissural_mm'], 'mm')}{shape}"),
            )
        )
    return Table(tr("Septum, aorta, cusps"), ("", ""), body, right_aligned=True)


def _greatest_words(ascending: Results) -> str:
    greatest, at = ascending.get("greatest_diameter_mm"), ascending.get("greatest_at_mm")
    if greatest is None:
        return "–"
    width = text_quantity(greatest, "mm")
    return width if at is None else tr("{width} at {place} mm", width=width, place=text_value(at, 0))


def _septum_words(septum: Results, results: Results) -> str:
    if septum.get("membranous_mm") is None:
        return tr("not measured")
    values = " · ".join(bare(septum.get(f"{key}_mm"), "mm") for key in ("anterior", "membranous", "posterior"))
    spread = spread_of(septum, "membranous_mm")
    return values + ("" if spread is None else f" ± {bare(spread, 'mm')}") + " mm"


def _cusps_words(bicuspid: Results) -> str:
    if bicuspid.get("cusps") is None:
        return tr("not told")
    confidence = bicuspid.get("confidence")
    if confidence is None:
        return str(bicuspid["cusps"])
    return tr("{count}, confidence {percent} %", count=bicuspid["cusps"], percent=text_value(100 * confidence, 0))


def _sievers_words(bicuspid: Results) -> str:
    raphe = said(str(bicuspid["raphe"])) if bicuspid.get("raphe") else tr("no raphe")
    return f"{bicuspid.get('sievers') or '–'}, {raphe}"


def _calcium(results: Results, pictures: TavrPictures | None) -> Section:
    calcium = part(results, "calcium")
    title = tr("Calcium")
    if calcium.get("total_mm3") is None:
        return Section(title, empty=reason_for(results, "calcium", otherwise=tr(NOT_MEASURED)))
    fixed = part(results, "calcium", "by_region_850")
    regions = part(results, "calcium", "by_region")
    threshold = text_quantity(calcium.get("threshold_hu"), "HU")

    def row(name: str, key: str) -> tuple[Cell, ...]:
        return Cell(tr(name)), Cell(bare(regions.get(key), "mm³")), Cell(bare(fixed.get(key), "mm³"))

    body = [row(name, f"{key}_mm3") for key, name in (*CUSP_NAMES, ("lvot", "LVOT"))]
    total = spread_of(calcium, "total_mm3")
    body.append(
        (
            Cell(tr("All"), True),
            Cell(bare(calcium["total_mm3"], "mm³") + ("" if total is None else f" ± {bare(total, 'mm³')}"), True),
            Cell(bare(calcium.get("above_850_mm3"), "mm³"), True),
        )
    )
    table = Table(
        tr("By region, mm³"),
        (
            "",
            tr("Above {threshold}", threshold=threshold),
            tr("Above {threshold}", threshold=text_quantity(850.0, "HU")),
        ),
        body,
        right_aligned=True,
        note=tr(
            "Lumen {lumen}, noise {noise}.",
            lumen=text_quantity(calcium.get("lumen_hu"), "HU"),
            noise=text_quantity(calcium.get("noise_hu"), "HU"),
        ),
    )
    nodules = sorted(calcium.get("nodules") or (), key=lambda item: -item["volume_mm3"])[:MOST_NODULES]
    listed = Table(
        tr("Largest nodules"),
        (tr("Region"), "mm³", tr("Into lumen, mm"), tr("Most HU")),
        [
            (
                Cell(str(item["region"]).upper()),
                Cell(bare(item["volume_mm3"], "mm³")),
                Cell(bare(item.get("protrusion_mm"), "mm")),
                Cell(bare(item.get("hu_max"), "HU")),
            )
            for item in nodules
        ],
        empty=tr("No nodules are listed in this plan."),
        right_aligned=True,
    )
    picture = [] if pictures is None else list(pictures.calcium)
    return Section(title, ((*picture, table, listed),))


def _obstruction(results: Results) -> Section:
    title = tr("Coronary obstruction")
    sides = part(results, "obstruction")
    if not sides:
        return Section(title, empty=reason_for(results, "obstruction", otherwise=tr("Not judged without a valve.")))
    body = []
    for side in ("left", "right"):
        of = part(results, "obstruction", side)
        predicted = of.get("predicted")
        state: Status = STATES.get(str(of.get("state")), "bad" if predicted else "warn" if predicted is None else "ok")
        words = {True: tr("predicted"), False: tr("not predicted"), None: tr("not known")}[predicted]
        body.append(
            (
                Cell(tr("Left") if side == "left" else tr("Right"), True),
                Cell(text_quantity(of.get("cusp_mm"), "mm")),
                Cell(text_quantity(of.get("coronary_mm"), "mm")),
                Cell(text_quantity(of.get("vtc_mm"), "mm")),
                Cell(text_quantity(of.get("calcium_mm3"), "mm³")),
                Cell(words, status=state),
            )
        )
    texts = dict.fromkeys(str(part(results, "obstruction", side).get("text") or "") for side in ("left", "right"))
    reasons = " ".join(said(text) for text in texts if text)
    rule = tr(
        "Predicted when the cusp is longer than the coronary is high, and VTC ≤ 4 mm or "
        "leaflet calcium > 600 mm³ (PMC9991077)."
    )
    if part(results, "in_valve"):
        rule = tr(IN_VALVE_RULE)
    table = Table("", ("", tr("Cusp"), tr("Coronary height"), "VTC", tr("Leaflet calcium"), tr("Obstruction")), body)
    return Section(title, ((table,),), note=f"{reasons} {rule}".strip())


def _matrix(results: Results) -> Section:
    """Every fitting size at every depth."""
    fitting = [row for row in rows(results, "matrix") if row.get("fits")]
    title = tr("Size and depth")
    if not fitting:
        empty = (
            tr("No size is proposed on this scan.")
            if not results["quality"]["ok"]
            else tr("No size of the catalogue fits.")
        )
        return Section(title, empty=empty)
    depths = [cell["depth_mm"] for cell in fitting[0]["cells"]]
    body = [
        (
            Cell(device_name(row), True),
            Cell(signed(row.get("oversizing_percent"), "%")),
            *(Cell(_cell_words(cell), status=STATES.get(str(cell["state"]), "")) for cell in row["cells"]),
        )
        for row in fitting
    ]
    header = (
        tr("Valve"),
        tr("Oversizing"),
        *(tr("depth {depth}", depth=depth_words(depth)) for depth in depths),
    )
    note = tr(
        "Each cell: the quantity nearest to its limit and its value in mm. Limits: VTC 4, VTSTJ 2, septum − depth 0."
    )
    return Section(title, ((Table("", header, body),),), note=note)


def _cell_words(cell: Results) -> str:
    if cell.get("nearest") is None:
        return "–"
    value = cell.get("value_mm")
    return f"{said(cell['nearest'])} {'–' if value is None else text_value(value, 1)}"


def _fluoroscopy(results: Results, pictures: TavrPictures | None) -> Section:
    shown = [] if pictures is None else list(pictures.fluoroscopy)
    named = list(rows(results, "projections", "named"))
    body = [
        (
            Cell(said(str(view["name"]))),
            Cell(_angle(view)),
            Cell("–" if view.get("spread_deg") is None else f"± {text_value(view['spread_deg'], 0)}°"),
            Cell(_reach_words(view), status="warn" if view.get("reachable") else "ok"),
        )
        for view in named
    ]
    views = Table(tr("Views"), ("", tr("Annulus edge on"), "", tr("Room")), body)
    return Section(
        tr("Fluoroscopy, simulated from the CT"),
        (*_in_rows(shown), *(((views,),) if body else ())),
        empty=tr("Needs a CT in HU."),
    )


def _angle(view: Results) -> str:
    from planning.units import text_carm

    return text_carm(view["lao_deg"], view["cra_deg"])


def _reach_words(view: Results) -> str:
    instead = view.get("reachable")
    return (
        tr("in reach")
        if not instead
        else tr("{reason}; nearest {angle}", reason=said(str(view["text"])), angle=_angle(instead))
    )


def _phases(results: Results) -> Section:
    title = tr("Through the heartbeat")
    phases = part(results, "phases")
    curve = [row for row in phases.get("curve") or () if row.get("area_mm2") is not None]
    if len(curve) < 2:
        return Section(title, empty=reason_for(results, "phase", otherwise=tr("The scan shows one phase.")))
    areas = [row["area_mm2"] for row in curve]
    labels = [(float(n), said(str(row.get("label") or row["phase"]))) for n, row in enumerate(curve)]
    marks: list[tuple[float, float, str]] = []
    for key, words in (("proposed", tr("proposed")), ("systole", tr("systole"))):
        at = next((n for n, row in enumerate(curve) if row["phase"] == phases.get(key)), None)
        if at is not None and not any(point[0] == at for point in marks):
            marks.append((float(at), areas[at], f"{words} {text_value(areas[at], 0)}"))
    low, high = _rounded(min(areas), max(areas))
    chart = Curve(
        tr("Annulus area through the heartbeat"),
        (),
        "",
        tr("area, mm²"),
        (0.0, float(len(curve) - 1)),
        (low, high),
        marks,
        lines=(Line("", [(float(n), area) for n, area in enumerate(areas)]),),
        band=[
            (float(n), row["area_mm2"] - row["uncertainty_mm2"], row["area_mm2"] + row["uncertainty_mm2"])
            for n, row in enumerate(curve)
            if row.get("uncertainty_mm2") is not None
        ],
        tick_labels=labels,
    )
    table = Table(
        "",
        (tr("Phase"), tr("Area, mm²"), tr("Perimeter"), tr("Shortest"), tr("Longest")),
        [
            (
                Cell(said(str(row.get("label") or row["phase"])), row["phase"] == phases.get("proposed")),
                Cell(_pm({**row, "uncertainty": {"area_mm2": row.get("uncertainty_mm2")}}, "area_mm2", "mm²")),
                Cell(bare(row.get("perimeter_mm"), "mm")),
                Cell(bare(row.get("min_diameter_mm"), "mm")),
                Cell(bare(row.get("max_diameter_mm"), "mm")),
            )
            for row in curve
        ],
        right_aligned=True,
    )
    return Section(title, ((chart, table),), note=said(str(phases.get("text") or "")))


def _routes(results: Results) -> Section:
    routes = sorted(rows(results, "access", "routes"), key=lambda row: (row.get("rank") is None, row.get("rank") or 0))
    missing = missing_words(results)
    if not routes:
        return Section(tr("All routes"), empty=missing or reason_for(results, "access", otherwise=tr(NOT_MEASURED)))
    body = [
        (
            Cell(said(str(row["name"])), row.get("rank") == 1, STATES.get(str(row.get("state")), "")),
            Cell(_route_least(row)),
            Cell(text_quantity(row.get("sheath_ratio"), "")),
            Cell(text_quantity(row.get("length_mm"), "mm")),
            Cell(text_quantity(row.get("tortuosity"), "")),
            Cell(" ".join(text_quantity(bend, "°") for bend in (row.get("bends_deg") or ())[:4]) or tr("none")),
            Cell(text_quantity(part(row, "calcium").get("greatest_arc_deg"), "°")),
            Cell(said(str(row.get("text") or row.get("reason") or ""))),
        )
        for row in routes
    ]
    table = Table(
        "",
        (
            tr("Route"),
            tr("Least"),
            tr("Ratio"),
            tr("Length"),
            tr("Tortuosity"),
            tr("Bends > 30°"),
            tr("Calcium"),
            tr("Result"),
        ),
        body,
    )
    sheaths = rows(results, "access", "sheath_table")
    keys = [str(row["key"]) for row in routes]
    names = {str(row["key"]): said(str(row["name"])) for row in routes}
    catalogue = Table(
        tr(
            "Sheath ratio by sheath, published limits {limits}, verify against the IFU",
            limits=local(PUBLISHED_RATIOS),
        ),
        (tr("Sheath"), tr("Outer"), tr("Least vessel"), *(names[key] for key in keys)),
        [
            (
                Cell(str(row["name"])),
                Cell(text_quantity(row.get("outer_mm"), "mm")),
                Cell(text_quantity(row.get("least_vessel_mm"), "mm")),
                *(Cell(text_quantity(part(row, "ratio").get(key), "")) for key in keys),
            )
            for row in sheaths
        ],
    )
    shown: list[tuple[Picture | Curve | Table, ...]] = [(table,)]
    if sheaths:
        shown.append((catalogue,))
    reasons = [f"{said(str(row['name']))}: {said(str(row['reason']))}" for row in routes if row.get("reason")]
    return Section(
        tr("All routes"), shown, note=" ".join([missing, *(words.rstrip(".") + "." for words in reasons)]).strip()
    )


def _route_least(route: Results) -> str:
    if route.get("closed_at_mm") is not None:
        return tr("closed at {place:.0f} mm", place=route["closed_at_mm"])
    least = part(route, "minimum")
    return quantity(least.get("min_diameter_mm"), "mm", least.get("uncertainty_mm"))


def _stations(results: Results) -> Section:
    """A station each centimetre along the routes."""
    tables: list[Picture | Curve | Table] = []
    for route in rows(results, "access", "routes"):
        stations = _thinned(route.get("stations") or ())
        if stations:
            tables.append(_station_table(said(str(route["name"])), stations))
    if not tables:
        return Section(tr("Stations along the routes"), empty=tr("No route was measured."))
    note = tr(
        "A station each {step} mm; every one is in the plan’s CSV.",
        step=text_value(STATION_STEP_MM, 0),
    )
    return Section(tr("Stations along the routes"), _in_rows(tables, 2), note=note)


def _thinned(stations: Sequence[Results]) -> list[Results]:
    kept: list[Results] = []
    for station in stations:
        if not kept or station["s_mm"] >= kept[-1]["s_mm"] + STATION_STEP_MM - 1e-6:
            kept.append(station)
    return kept[:MOST_STATIONS]


def _station_table(name: str, stations: Sequence[Results]) -> Table:
    return Table(
        name,
        ("mm", tr("Least"), tr("Greatest"), tr("Area"), tr("Calcium"), tr("Place")),
        [
            (
                Cell(text_value(row["s_mm"], 0)),
                Cell(bare(row.get("min_diameter_mm"), "mm") if row.get("closed", True) else tr("not closed")),
                Cell(bare(row.get("max_diameter_mm"), "mm") if row.get("closed", True) else "–"),
                Cell(bare(row.get("area_mm2"), "mm²") if row.get("closed", True) else "–"),
                Cell(text_quantity(row.get("calcium_arc_deg"), "°")),
                Cell("" if row.get("position_mm") is None else text_position(row["position_mm"])),
            )
            for row in stations
        ],
        right_aligned=True,
    )
