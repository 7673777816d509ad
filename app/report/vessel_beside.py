"""What a vessel report says beside the lumen: branches, an aneurysm's neck and landing zones, growth since another study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.report.content import Cell, Curve, Definition, KeyBox, Line, Note, NumberRow, Numbers, Section, Table
from planning.units import text_position, text_quantity
from planning.vessel.branches import others
from planning.vessel.evar import DIAMETERS_AT_MM

SIDES = ("right", "left")
GROWTH_LETTERS = "e both edges, s scatter, p place along the vessel"
NOT_TOLD = "no change that the measurement can tell"
LIMIT_WORDS = {None: "not measured", True: "within", False: "outside"}
LIMIT_NAMES = {
    "length": "Neck length",
    "infrarenal": "Infrarenal angle",
    "suprarenal": "Suprarenal angle",
    "diameter": "Neck diameter",
}
Results = Mapping[str, Any]


def beside_numbers(results: Results) -> list[Numbers]:
    """Tables of numbers for the first page."""
    found = []
    evar, comparison = results.get("evar"), results.get("comparison")
    if evar is not None:
        neck, sac = evar["neck"], evar["aneurysm"]
        rows = [
            NumberRow("Neck length", neck["length_mm"], "mm"),
            *(NumberRow(f"Neck at {at:.0f} mm", neck[f"d{at:.0f}_mm"], "mm") for at in DIAMETERS_AT_MM),
            NumberRow("Conicity", neck["conicity_percent"], "%"),
            NumberRow("Suprarenal angle", evar["suprarenal_deg"], "°"),
            NumberRow("Infrarenal angle", evar["infrarenal_deg"], "°"),
            NumberRow("Greatest diameter", None if sac is None else sac["max_diameter_mm"], "mm"),
        ]
        for side in SIDES:
            rows.append(NumberRow(f"{side.capitalize()} landing", evar["iliac"][side]["mean_diameter_mm"], "mm"))
        found.append(Numbers("Aneurysm", rows, "Lumen, inner to inner: thrombus and wall are not measured."))
    if comparison is not None:
        grown = comparison["greatest_growth"]
        rows = [
            NumberRow("Greatest growth", grown["growth_mm"], "mm", grown["uncertainty_mm"]),
            NumberRow("Mean growth", comparison["mean_growth_mm"], "mm"),
        ]
        if grown["per_year_mm"] is not None:
            rows.insert(1, NumberRow("Growth a year", grown["per_year_mm"], "mm", _yearly(comparison)))
        note = "" if grown["is_certain"] else f"It lies within the uncertainty: {NOT_TOLD}."
        found.append(Numbers(f"Growth since “{comparison['with']}”", rows, note))
    return found


def beside_boxes(results: Results) -> tuple[KeyBox, ...]:
    """The key numbers of an aneurysm, none without one."""
    evar = results.get("evar")
    if evar is None or evar["aneurysm"] is None:
        return ()
    sac, neck = evar["aneurysm"], evar["neck"]
    return (
        KeyBox(
            "Greatest diameter",
            text_quantity(sac["max_diameter_mm"], "mm"),
            "",
            f"lumen, {text_quantity(sac['s_mm'], 'mm')} along",
        ),
        KeyBox(
            "Neck",
            text_quantity(neck["length_mm"], "mm"),
            "",
            f"{text_quantity(neck['d0_mm'], 'mm')} wide at the renal artery",
        ),
        KeyBox(
            "Infrarenal angle",
            text_quantity(evar["infrarenal_deg"], "°"),
            "",
            f"suprarenal {text_quantity(evar['suprarenal_deg'], '°')}",
        ),
    )


def beside_notes(results: Results) -> list[Note]:
    """What has to be looked at before signing."""
    notes = []
    evar, comparison, tree = results.get("evar"), results.get("comparison"), results.get("tree")
    if evar is not None:
        notes += [Note("Aneurysm", one["text"]) for one in evar["warnings"]]
        reasons: dict[str, list[str]] = {}
        for side in SIDES:
            if evar["iliac"][side]["reason"]:
                reasons.setdefault(evar["iliac"][side]["reason"], []).append(side)
        notes += [Note("Landing zone", f"{' and '.join(sides)}: {reason}.") for reason, sides in reasons.items()]
    if comparison is not None:
        notes += [Note("Growth", one["text"]) for one in comparison["warnings"]]
    if tree is not None:
        notes += [Note("Branches", one["text"]) for one in tree["warnings"]]
    return notes


def beside_sections(results: Results) -> list[Section]:
    """Parts of the details."""
    found = []
    evar, comparison, tree = results.get("evar"), results.get("comparison"), results.get("tree")
    if evar is not None:
        found.append(Section("Neck and landing zones", [(_neck(evar),), (_landing(evar), _limits(evar))]))
    if comparison is not None:
        found.append(
            Section(f"Growth since “{comparison['with']}”", [(_widths(results, comparison), _grown(comparison))])
        )
    if tree is not None:
        found.append(Section("Branches", [(_branches(tree),)]))
    return found


def beside_definitions(results: Results) -> list[Definition]:
    """Where these numbers come from."""
    found = []
    evar, comparison = results.get("evar"), results.get("comparison")
    if evar is not None:
        neck, sac = evar["neck"], evar["aneurysm"]
        found += [
            Definition(
                "Neck length",
                "lowest renal artery to where the mean diameter stays 10 % above that at the artery",
                text_quantity(neck["length_mm"], "mm"),
                place=_place(neck["to_mm"]),
                keys=("evar.neck.length_mm",),
            ),
            Definition(
                "Neck diameters",
                "mean of least and greatest width 0, 5, 10 and 15 mm below the lowest renal artery, lumen",
                text_quantity(neck["d0_mm"], "mm"),
                place=_place(evar["lowest_renal"]["position_mm"]),
                keys=tuple(f"evar.neck.d{at:.0f}_mm" for at in DIAMETERS_AT_MM),
            ),
            Definition(
                "Neck angles",
                "between the axes of the aorta 25 mm above, of the neck, and of the sac’s first 45 mm",
                f"{text_quantity(evar['suprarenal_deg'], '°')}, {text_quantity(evar['infrarenal_deg'], '°')}",
                keys=("evar.suprarenal_deg", "evar.infrarenal_deg"),
            ),
            Definition(
                "Greatest diameter",
                "greatest width of a section below the lowest renal artery, lumen",
                "–" if sac is None else text_quantity(sac["max_diameter_mm"], "mm"),
                place="" if sac is None else _place(sac["position_mm"]),
                keys=("evar.aneurysm.max_diameter_mm",),
            ),
            Definition(
                "Landing zone",
                "mean diameter of the last 15 mm of the common iliac artery before the internal iliac artery",
                ", ".join(text_quantity(evar["iliac"][side]["mean_diameter_mm"], "mm") for side in SIDES),
                keys=tuple(f"evar.iliac.{side}.mean_diameter_mm" for side in SIDES),
            ),
        ]
    if comparison is not None:
        grown = comparison["greatest_growth"]
        found.append(
            Definition(
                "Growth",
                "difference of the area diameters at one place of the vessel in both studies",
                text_quantity(grown["growth_mm"], "mm"),
                "A",
                "e s p",
                _place(grown["position_mm"]),
                ("comparison.greatest_growth.growth_mm",),
            )
        )
    return found


def beside_edits(inputs: Mapping[str, Any], results: Results) -> list[tuple[str, str]]:
    """What a person gave: the renal artery, and changes of the branches."""
    found = []
    renal = (inputs.get("evar") or {}).get("lowest_renal_mm")
    if renal is not None:
        found.append(("Renal artery", text_position(renal)))
    names = {row["id"]: row["name"] for row in others(results.get("tree"))}
    for edit in (inputs.get("tree") or {}).get("edits", ()):
        name = names.get(edit["branch"], f"branch {edit['branch']}")
        words = {"add": "added by a click", "name": f"named {edit.get('name')}", "remove": "removed"}[edit["kind"]]
        found.append(("Branch", words if edit["kind"] == "name" else f"{name} {words}"))
    return found


def _yearly(comparison: Results) -> float | None:
    spread: float = comparison["greatest_growth"]["uncertainty_mm"]
    return None if not comparison["years"] else spread / float(comparison["years"])


def _place(place: Sequence[float] | None) -> str:
    return "" if place is None else text_position(place)


def _neck(evar: Results) -> Table:
    neck, sac = evar["neck"], evar["aneurysm"]
    rows = [("Lowest renal artery", "", evar["lowest_renal"]["position_mm"])]
    rows += [
        (f"Neck at {at:.0f} mm", text_quantity(neck[f"d{at:.0f}_mm"], "mm"), place)
        for at, place in zip(DIAMETERS_AT_MM, evar["neck_places_mm"], strict=True)
    ]
    rows.append(("Neck ends", text_quantity(neck["length_mm"], "mm"), neck["to_mm"]))
    if sac is not None:
        words = f"{text_quantity(sac['max_diameter_mm'], 'mm')}, least {text_quantity(sac['min_diameter_mm'], 'mm')}"
        rows.append(("Greatest section", words, sac["position_mm"]))
    graft = evar["graft_mm"]
    return Table(
        "",
        ("What", "Value", "Place, patient mm"),
        [(Cell(name, strong=True), Cell(value or "–"), Cell(_place(place) or "–")) for name, value, place in rows],
        note=f"10–20 % over the widest of the neck: {graft['low_mm']:.1f}–{graft['high_mm']:.1f} mm. "
        f"Calcium about the neck up to {text_quantity(neck['calcium_arc_deg'], '°')}.",
    )


def _landing(evar: Results) -> Table:
    rows = []
    for side in SIDES:
        found = evar["iliac"][side]
        if found["reason"]:
            rows.append((Cell(side.capitalize(), strong=True), Cell("–"), Cell("–"), Cell(found["reason"]), Cell("–")))
            continue
        width = f"{found['mean_diameter_mm']:.1f} ({found['min_diameter_mm']:.1f}–{found['max_diameter_mm']:.1f}) mm"
        rows.append(
            (
                Cell(side.capitalize(), strong=True),
                Cell(width),
                Cell(text_quantity(found["length_mm"], "mm")),
                Cell(text_quantity(found["greatest_mm"], "mm")),
                Cell(_place(found["landing_mm"])),
            )
        )
    header = ("Side", "Landing zone", "Common iliac", "Greatest there", "Place, patient mm")
    return Table("Landing zones", header, rows, note="Verify against the instructions for use.")


def _limits(evar: Results) -> Table:
    usual, extended = evar["limits"]["usual"]["held"], evar["limits"]["extended"]["held"]
    rows = [
        (Cell(name, strong=True), Cell(LIMIT_WORDS[usual[key]]), Cell(LIMIT_WORDS[extended[key]]))
        for key, name in LIMIT_NAMES.items()
    ]
    source = str(evar["limits_source"])
    return Table("Limits", ("What", "Usual", "Extended"), rows, note=f"{source[0].upper()}{source[1:]}.")


def _widths(results: Results, comparison: Results) -> Curve:
    """Area diameters of both studies along this one's vessel."""
    rows = comparison["stations"]
    lines = []
    for name, key, dashed in (("now", "after", False), ("before", "before", True)):
        points: list[tuple[float, float] | None] = []
        for n, row in enumerate(rows):
            if n and row["s_mm"] - rows[n - 1]["s_mm"] > 3.0:
                points.append(None)
            points.append((row["s_mm"], row[key]["area_diameter_mm"]))
        lines.append(Line(name, points, dashed=dashed, accent=dashed))
    top = max(row[key]["area_diameter_mm"] for row in rows for key in ("before", "after"))
    grown = comparison["greatest_growth"]
    return Curve(
        "Diameter of the same area, mm",
        (),
        "mm from the first point",
        "mm",
        (0.0, max(results["length_mm"], 1.0)),
        (0.0, 1.15 * top),
        [(grown["s_mm"], grown["after_mm"], text_quantity(grown["growth_mm"], "mm"))],
        lines=lines,
    )


def _grown(comparison: Results) -> Table:
    rows = []
    for key, name in (("greatest_growth", "Greatest growth"), ("greatest_shrinkage", "Least growth")):
        one = comparison[key]
        change = f"{one['growth_mm']:+.1f} ± {one['uncertainty_mm']:.1f} mm".replace("-", "−")
        told = "sure" if one["is_certain"] else "within ±"
        rows.append(
            (
                Cell(name, strong=True),
                Cell(f"{one['before_mm']:.1f} → {one['after_mm']:.1f} mm"),
                Cell(change),
                Cell(told),
                Cell(_place(one["position_mm"])),
            )
        )
    lengths = f"{comparison['length_before_mm']:.1f} → {comparison['length_after_mm']:.1f} mm"
    years = "" if not comparison["years"] else f" {comparison['years']:.2f} years lie between the studies."
    within = f" Within ±: {NOT_TOLD}."
    note = f"Length {lengths}.{years}{within}"
    return Table("", ("What", "Diameter", "Change", "Told", "Place, patient mm"), rows, note=note)


def _branches(tree: Results) -> Table:
    rows = []
    names = {row["id"]: row["name"] for row in others(tree)}
    for row in others(tree):
        measured = row["measured"]
        least, greatest = (
            ("–", "–")
            if measured is None
            else (
                text_quantity(measured["minimum"]["min_diameter_mm"], "mm"),
                text_quantity(measured["maximum"]["max_diameter_mm"], "mm"),
            )
        )
        width = row["mean_diameter_mm"]
        about = "–" if width is None else f"about {text_quantity(width, 'mm')}"
        rows.append(
            (
                Cell(row["name"], strong=True),
                Cell(names.get(row["parent"], "the vessel")),
                Cell(text_quantity(row["length_mm"], "mm")),
                Cell(about if measured is None else least),
                Cell(greatest),
                Cell(row["source"]),
                Cell(text_position(row["fork_mm"])),
            )
        )
    header = ("Branch", "Leaves", "Length", "Least", "Greatest", "Found", "Fork, patient mm")
    return Table(
        "",
        header,
        rows,
        note="“About” is a half-level estimate of a branch whose sections were not measured.",
        empty="No branch was found.",
    )
