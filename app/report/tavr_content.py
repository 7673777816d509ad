"""The content of a TAVR report, from the plan's results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.report.content import Cell, Curve, Definition, KeyBox, Note, NumberRow, Numbers, Picture, ReportContent, Table
from app.report.describe import (
    edit_rows,
    first_heads,
    foot_line,
    image_line,
    import_line,
    places,
    program_rows,
    quantity,
    several,
    subject_line,
    warning_notes,
    worst,
)
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.plans import planning_image
from planning.units import text_carm, text_position, text_quantity, text_value

ORIGINS = {"given": "G", "automatic": "A", "edited": "E"}
HINGES = ("hinge_ncc", "hinge_rcc", "hinge_lcc")
PART_WORDS = {
    "hinges": "hinge points",
    "edge": "edge",
    "spacing": "spacing",
    "phase": "phase",
    "reader": "differences between readers",
}


def tavr_content(document: Document, plan: PlanRecord, pictures: list[Picture]) -> ReportContent:
    """Everything the report of this TAVR plan says."""
    results = plan.results
    image = planning_image(document.case)
    annulus, unsure = results["annulus"], results["annulus"]["uncertainty"]
    quality = results["quality"]
    notes = [Note("Scan quality", reason, "bad") for reason in quality["reasons"]] + warning_notes(results, image)
    three_cusp = results["projections"]["three_cusp"]
    phase = int(plan.inputs.get("phase", 0))
    return ReportContent(
        title="TAVR plan",
        subject=subject_line(document, image),
        kind="tavr",
        plan=plan.name,
        lines=(f"{image_line(image, phase)} · lumen {text_quantity(annulus['lumen_hu'], 'HU')}", import_line(image)),
        boxes=(
            KeyBox(
                "Annulus area",
                text_quantity(annulus["area_mm2"], "mm²"),
                _plus(unsure["area_mm2"], 0),
                f"perimeter {quantity(annulus['perimeter_mm'], 'mm', unsure['perimeter_mm'])}",
                "ok" if quality["ok"] else "bad",
            ),
            _valve_box(results, quality["ok"]),
            KeyBox(
                "Three-cusp view",
                text_carm(three_cusp["lao_deg"], three_cusp["cra_deg"]),
                "",
                f"cusp overlap {_view(results, 'cusp_overlap')}",
                _reach(three_cusp),
            ),
            KeyBox("Look at", places(len(notes)), "", first_heads(notes), worst(notes)),
        ),
        pictures=[*pictures[:2], _s_curve(results), *pictures[2:]],
        numbers=_numbers(results),
        tables=(_device_table(results), _access_table(document)),
        notes=notes,
        signature_title="Heart team",
        signatures=("Agreed valve and size", "Access", "Views", "Read by, date"),
        definitions=_definitions(results),
        uncertainty_title="What the ± is made of: annulus area",
        uncertainty_unit="mm²",
        uncertainty_note=_uncertainty_note(annulus),
        uncertainty_parts=[(PART_WORDS.get(key, key), value) for key, value in _parts(annulus).items()],
        uncertainty_total=_uncertainty_total(annulus),
        uncertainty_letters="e edge, h hinges, s spacing" + (", r readers" if "reader" in _parts(annulus) else ""),
        program=program_rows(document, plan),
        edits=edit_rows(plan),
        limits=(
            _hinge_limit(results),
            "Valve rows marked “verify” come from general knowledge. Verify them against the maker’s instructions.",
            "Oversizing and coronary rules were published for groups of patients; they do not decide for one.",
            "The scan shows one phase. Diastole reads about 24 mm² less than systole (51 patients, PMC5590871).",
        ),
        foot=foot_line(document, plan, image),
        warnings=[(item["code"], item["text"]) for item in results.get("warnings", [])],
    )


def _plus(value: float | None, decimals: int = 1) -> str:
    return "" if value is None else f"± {text_value(value, decimals)}"


def _view(results: Any, key: str) -> str:
    view = results["projections"][key]
    return text_carm(view["lao_deg"], view["cra_deg"])


def _reach(view: Any) -> Any:
    return "ok" if abs(view["lao_deg"]) <= 60 and abs(view["cra_deg"]) <= 40 else "warn"


def _fitting(results: Any) -> list[Any]:
    """Sizes that fit, in the catalogue's order."""
    return [device for device in results.get("devices", []) if device["fits"]]


def _oversizing(device: Any) -> tuple[float | None, str]:
    by_area = device.get("oversizing_area_percent")
    if by_area is not None:
        return by_area, "area"
    return device.get("oversizing_perimeter_percent"), "perimeter"


def _valve_box(results: Any, quality_ok: bool) -> KeyBox:
    """How many sizes of the catalogue fit; which of them is implanted is not the program's to say."""
    if not quality_ok:
        return KeyBox("Valve", "not proposed", "", "the scan is not good enough for a size", "bad")
    fitting = _fitting(results)
    if not fitting:
        return KeyBox("Valve", "none fits", "", "no size of the catalogue fits this annulus", "warn")
    sure = sum((device.get("probability") or 0.0) >= 0.8 for device in fitting)
    names = " · ".join(f"{device['model']} {device['size']}" for device in fitting)
    value = "1 size" if len(fitting) == 1 else f"{len(fitting)} sizes"
    borderline = "" if sure == len(fitting) else f"{len(fitting) - sure} borderline"
    return KeyBox("Valves that fit", value, borderline, names, "ok" if sure else "warn")


def _signed(value: float | None) -> str:
    if value is None:
        return "–"
    return ("+" if value >= 0 else "") + text_quantity(value, "%")


def _s_curve(results: Any) -> Curve:
    curve = [(item["lao_deg"], item["cra_deg"]) for item in results["projections"]["s_curve"]]
    marks = [
        (results["projections"][key]["lao_deg"], results["projections"][key]["cra_deg"], _view(results, key))
        for key in ("three_cusp", "cusp_overlap")
    ]
    return Curve(
        "S-curve: views with the annulus edge on",
        curve,
        "LAO",
        "CRA",
        (-60, 60),
        (-45, 45),
        marks,
        window=(-60, 60, -40, 40),
        angles=True,
    )


def _origin(results: Any, key: str) -> str:
    landmark = results["landmarks"].get(key)
    return ORIGINS.get(landmark["source"], "A") if landmark else "A"


def _numbers(results: Any) -> list[Numbers]:
    annulus, unsure = results["annulus"], results["annulus"]["uncertainty"]
    lvot = min(results["lvot"], key=lambda item: abs(abs(item["depth_mm"]) - 4.0), default=None)
    sinuses, stj = results.get("sinuses") or {}, results.get("stj") or {}
    ascending, coronaries = results.get("ascending_aorta") or {}, results["coronaries"]
    calcium = results.get("calcium") or {}
    by_region = calcium.get("by_region") or {}
    rows = [
        NumberRow("Annulus area", annulus["area_mm2"], "mm²", unsure["area_mm2"]),
        NumberRow("Perimeter", annulus["perimeter_mm"], "mm", unsure["perimeter_mm"]),
        _several_row(
            "Longest, shortest",
            (annulus["max_diameter_mm"], annulus["min_diameter_mm"]),
            "mm",
            (unsure["max_diameter_mm"], unsure["min_diameter_mm"]),
        ),
        _several_row("Ø from A, from P", (annulus["area_diameter_mm"], annulus["perimeter_diameter_mm"]), "mm"),
        NumberRow("Eccentricity", annulus["eccentricity"], ""),
    ]
    if lvot is not None:
        rows.append(NumberRow(f"LVOT area at −{abs(lvot['depth_mm']):.0f} mm", lvot["area_mm2"], "mm²"))
    rows += [
        _several_row("Sinus N, R, L", [sinuses.get(f"{key}_mm") for key in ("ncc", "rcc", "lcc")], "mm"),
        _several_row("STJ diameter, height", (stj.get("mean_diameter_mm"), stj.get("height_mm")), "mm"),
        NumberRow("Ascending aorta, 40 mm up", ascending.get("mean_diameter_mm"), "mm"),
        NumberRow("Left coronary height", coronaries["left_height_mm"], "mm", origin=_origin(results, "ostium_left")),
        NumberRow(
            "Right coronary height", coronaries["right_height_mm"], "mm", origin=_origin(results, "ostium_right")
        ),
        NumberRow("Aortic angulation", results["angulation_deg"], "°"),
        _several_row("Calcium N, R, L", [by_region.get(f"{key}_mm3") for key in ("ncc", "rcc", "lcc")], "mm³"),
        NumberRow("Calcium LVOT", by_region.get("lvot_mm3"), "mm³"),
    ]
    threshold = calcium.get("threshold_hu")
    note = "± 95 % half-width. A automatic, E edited, G given."
    if threshold is not None:
        note += f" Calcium above {text_quantity(threshold, 'HU')} ({calcium.get('method', 'fixed')})."
    views = [
        NumberRow(
            name,
            results["projections"][key]["lao_deg"],
            "",
            text=_view(results, key),
            status=_reach(results["projections"][key]),
            mark=number,
        )
        for number, (name, key) in enumerate((("Three-cusp", "three_cusp"), ("Cusp overlap", "cusp_overlap")))
    ]
    return [Numbers("Root", rows, note), Numbers("Views", views)]


def _several_row(
    name: str, values: Sequence[float | None], unit: str, spreads: Sequence[float | None] = ()
) -> NumberRow:
    """One row for numbers that belong together, each with its own ±; without any of them it is a dash."""
    known = next((value for value in values if value is not None), None)
    widest = max((spread for spread in spreads if spread is not None), default=None)
    return NumberRow(
        name,
        known,
        unit,
        widest,
        text="" if known is None else several(values, unit),
        spread="" if widest is None else several(spreads, unit),
    )


def _device_table(results: Any) -> Table:
    devices = list(results.get("devices", []))
    near = sorted(devices, key=lambda device: (not device["fits"], abs(_oversizing(device)[0] or 99.0)))[:7]
    near.sort(key=devices.index)
    rows = []
    for device in near:
        probability = device.get("probability")
        sure = (probability or 0.0) >= 0.8
        rows.append(
            (
                Cell(f"{device['model']}, {device['size']}", device["fits"]),
                Cell(_signed(device.get("oversizing_area_percent"))),
                Cell(_signed(device.get("oversizing_perimeter_percent"))),
                Cell("–" if probability is None else _probability(probability)),
                Cell(
                    ("fits, " if device["fits"] else "") + str(device.get("reason", "")),
                    status=("ok" if sure else "warn") if device["fits"] else "bad",
                ),
                Cell(str(device.get("source", ""))),
            )
        )
    return Table(
        "Valve sizes at this annulus",
        ("Valve", "By area", "By perimeter", "Probability", "Result", "Source"),
        rows,
        None,
        "Oversizing in %. Sizes nearest to fitting; the whole catalogue is in the plan’s JSON. The program chooses no "
        "valve.",
        "No catalogue row applies.",
    )


def _probability(value: float) -> str:
    if value > 0.99:
        return "> 99 %"
    return "< 1 %" if value < 0.01 else f"{100 * value:.0f} %"


def _access_table(document: Document) -> Table:
    """The case's vessel plans; without one the heading stays and says so."""
    rows = []
    for plan in document.case.plans.values():
        if plan.kind != "vessel":
            continue
        least = plan.results.get("minimum") or {}
        rows.append(
            (
                Cell(plan.name, True),
                Cell(text_quantity(least.get("min_diameter_mm"), "mm")),
                Cell(text_quantity(least.get("s_mm"), "mm")),
                Cell(text_quantity(plan.results.get("length_mm"), "mm")),
                Cell(text_quantity(plan.results.get("tortuosity"), "")),
            )
        )
    return Table(
        "Access",
        ("Vessel", "Least diameter", "Found at", "Length", "Tortuosity"),
        rows,
        empty="No access vessel was measured in this case: plan one with two points in its lumen.",
    )


def _parts(annulus: Any) -> dict[str, float]:
    """What the area's ± is made of, in mm²: "hinges", "edge", "spacing", and "reader" in plans that hold it."""
    return {key.removesuffix("_mm2"): value for key, value in annulus.get("uncertainty_parts", {}).items()}


def _uncertainty_total(annulus: Any) -> tuple[str, float] | None:
    """The ± itself where it is no plain sum: readers' differences are its floor, not one part more."""
    total = annulus["uncertainty"]["area_mm2"]
    if "reader" not in _parts(annulus) or total is None:
        return None
    return "together, never less than between readers", total


def _uncertainty_note(annulus: Any) -> str:
    if "reader" not in _parts(annulus):
        return "Not in it: differences between readers (3 to 4 % of the area in publications), other phases, motion."
    return (
        "The measured parts add as root of the sum of squares; where that is less than expert readers differ by, the ± "
        "is the readers’. Not in it: other phases, motion."
    )


def _hinge_limit(results: Any) -> str:
    """Who placed the hinge points, and whether they are what the ± mostly comes from."""
    parts = _parts(results["annulus"])
    by_hand = all(results["landmarks"][key]["source"] in ("given", "edited") for key in HINGES)
    who = "Hinge points were given by a person" if by_hand else "Not all hinge points were placed by a person"
    largest = "hinges" in parts and parts["hinges"] >= max(parts.values())
    return f"{who}; their placement is the largest part of the ±." if largest else f"{who}."


def _definitions(results: Any) -> list[Definition]:
    annulus, unsure = results["annulus"], results["annulus"]["uncertainty"]
    at = text_position(annulus["origin_mm"])
    normal = " ".join(text_value(float(value), 2) for value in annulus["normal"])
    coronaries = results["coronaries"]
    from_parts = "e h s r" if "reader" in _parts(annulus) else "e h s"

    def value(key: str, unit: str) -> str:
        return quantity(annulus[key], unit, unsure.get(key))

    rows = [
        Definition(
            "Annulus area", "where the hinge plane meets the blood edge", value("area_mm2", "mm²"), "A", from_parts, at
        ),
        Definition(
            "Perimeter",
            "length of the smooth curve, never of voxels",
            value("perimeter_mm", "mm"),
            "A",
            from_parts,
            "same curve",
        ),
        Definition(
            "Longest diameter",
            "greatest caliper width of the curve",
            value("max_diameter_mm", "mm"),
            "A",
            from_parts,
            "same curve",
        ),
        Definition(
            "Shortest diameter",
            "least caliper width of the curve",
            value("min_diameter_mm", "mm"),
            "A",
            from_parts,
            "same curve",
        ),
        Definition(
            "Area diameter", "2 √(A / π)", text_quantity(annulus["area_diameter_mm"], "mm"), "A", "", "from the area"
        ),
        Definition(
            "Perimeter diameter",
            "P / π",
            text_quantity(annulus["perimeter_diameter_mm"], "mm"),
            "A",
            "",
            "from the perimeter",
        ),
        Definition(
            "Eccentricity",
            "1 − shortest / longest",
            text_quantity(annulus["eccentricity"], ""),
            "A",
            "",
            "from the diameters",
        ),
    ]
    for letter, key in zip("NRL", HINGES):
        landmark = results["landmarks"][key]
        rows.append(
            Definition(
                f"Hinge {letter}",
                "lowest point of the cusp",
                "",
                ORIGINS.get(landmark["source"], "A"),
                "",
                text_position(landmark["position_mm"]),
            )
        )
    lvot = min(results["lvot"], key=lambda item: abs(abs(item["depth_mm"]) - 4.0), default=None)
    if lvot is not None:
        rows.append(
            Definition(
                "LVOT area",
                f"parallel plane {abs(lvot['depth_mm']):.0f} mm below",
                text_quantity(lvot["area_mm2"], "mm²"),
                "A",
                "e h",
                "along the normal",
            )
        )
    for side in ("left", "right"):
        place = results["landmarks"].get(f"ostium_{side}")
        rows.append(
            Definition(
                f"{side.capitalize()} coronary height",
                "lowest rim of the ostium to the plane, along the normal",
                text_quantity(coronaries[f"{side}_height_mm"], "mm"),
                _origin(results, f"ostium_{side}"),
                "e h",
                text_position(place["position_mm"]) if place else "not found",
            )
        )
    rows += [
        Definition(
            "Angulation",
            "coronal: atan2(|nx|, |nz|)",
            text_quantity(results["angulation_deg"], "°"),
            "A",
            "h",
            f"n {normal}",
        ),
        Definition(
            "Three-cusp view",
            "detector over the right cusp, annulus edge on",
            _view(results, "three_cusp"),
            "A",
            "h",
            "LAO and CRA positive",
        ),
        Definition(
            "Cusp overlap",
            "detector along the line of left and right hinge",
            _view(results, "cusp_overlap"),
            "A",
            "h",
            "detector in front",
        ),
    ]
    return rows
