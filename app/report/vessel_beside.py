"""What a vessel report says beside the lumen: branches, an aneurysm's neck and landing zones, growth since another study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.i18n import local, mark, said, text_position, text_quantity, tr
from app.report.content import Cell, Curve, Definition, KeyBox, Line, Note, NumberRow, Numbers, Section, Table
from app.report.describe import quantity
from planning.vessel.branches import others
from planning.vessel.evar import DIAMETERS_AT_MM

SIDES = ("right", "left")
GROWTH_LETTERS = mark("e both edges, s scatter, p place along the vessel")
NOT_TOLD = mark("no change that the measurement can tell")
LIMIT_NAMES = {
    "length": mark("Neck length"),
    "infrarenal": mark("Infrarenal angle"),
    "suprarenal": mark("Suprarenal angle"),
    "diameter": mark("Neck diameter"),
}
Results = Mapping[str, Any]


def beside_numbers(results: Results) -> list[Numbers]:
    """Tables of numbers for the first page."""
    found = []
    evar, comparison = results.get("evar"), results.get("comparison")
    if evar is not None:
        neck, sac = evar["neck"], evar["aneurysm"]
        rows = [
            NumberRow(tr("Neck length"), neck["length_mm"], "mm"),
            *(NumberRow(tr("Neck at {at:.0f} mm", at=at), neck[f"d{at:.0f}_mm"], "mm") for at in DIAMETERS_AT_MM),
            NumberRow(tr("Conicity"), neck["conicity_percent"], "%"),
            NumberRow(tr("Suprarenal angle"), evar["suprarenal_deg"], "°"),
            NumberRow(tr("Infrarenal angle"), evar["infrarenal_deg"], "°"),
            NumberRow(tr("Greatest diameter"), None if sac is None else sac["max_diameter_mm"], "mm"),
        ]
        for side in SIDES:
            rows.append(
                NumberRow(
                    tr("Right landing") if side == "right" else tr("Left landing"),
                    evar["iliac"][side]["mean_diameter_mm"],
                    "mm",
                )
            )
        found.append(Numbers(tr("Aneurysm"), rows, tr("Lumen, inner to inner: thrombus and wall are not measured.")))
    if comparison is not None:
        grown = comparison["greatest_growth"]
        rows = [
            NumberRow(tr("Greatest growth"), grown["growth_mm"], "mm", grown["uncertainty_mm"]),
            NumberRow(tr("Mean growth"), comparison["mean_growth_mm"], "mm"),
        ]
        if grown["per_year_mm"] is not None:
            rows.insert(1, NumberRow(tr("Growth a year"), grown["per_year_mm"], "mm", _yearly(comparison)))
        note = "" if grown["is_certain"] else tr("It lies within the uncertainty: {words}.", words=tr(NOT_TOLD))
        since = said(comparison["with"])
        found.append(Numbers(tr("Growth since “{since}”", since=since), rows, note))
    return found


def beside_boxes(results: Results) -> tuple[KeyBox, ...]:
    """The key numbers of an aneurysm, none without one."""
    evar = results.get("evar")
    if evar is None or evar["aneurysm"] is None:
        return ()
    sac, neck = evar["aneurysm"], evar["neck"]
    return (
        KeyBox(
            tr("Greatest diameter"),
            text_quantity(sac["max_diameter_mm"], "mm"),
            "",
            tr("lumen, {place} along", place=text_quantity(sac["s_mm"], "mm")),
        ),
        KeyBox(
            tr("Neck"),
            text_quantity(neck["length_mm"], "mm"),
            "",
            tr("{width} wide at the renal artery", width=text_quantity(neck["d0_mm"], "mm")),
        ),
        KeyBox(
            tr("Infrarenal angle"),
            text_quantity(evar["infrarenal_deg"], "°"),
            "",
            tr("suprarenal {angle}", angle=text_quantity(evar["suprarenal_deg"], "°")),
        ),
    )


def beside_notes(results: Results) -> list[Note]:
    """What has to be looked at before signing."""
    notes = []
    evar, comparison, tree = results.get("evar"), results.get("comparison"), results.get("tree")
    if evar is not None:
        notes += [Note(tr("Aneurysm"), said(one["text"])) for one in evar["warnings"]]
        reasons: dict[str, list[str]] = {}
        for side in SIDES:
            if evar["iliac"][side]["reason"]:
                reasons.setdefault(evar["iliac"][side]["reason"], []).append(side)
        notes += [Note(tr("Landing zone"), f"{_sides(sides)}: {said(reason)}.") for reason, sides in reasons.items()]
    if comparison is not None:
        notes += [Note(tr("Growth"), said(one["text"])) for one in comparison["warnings"]]
    if tree is not None:
        notes += [Note(tr("Branches"), said(one["text"])) for one in tree["warnings"]]
    return notes


def beside_sections(results: Results) -> list[Section]:
    """Parts of the details."""
    found = []
    evar, comparison, tree = results.get("evar"), results.get("comparison"), results.get("tree")
    if evar is not None:
        found.append(Section(tr("Neck and landing zones"), [(_neck(evar),), (_landing(evar), _limits(evar))]))
    if comparison is not None:
        since = said(comparison["with"])
        found.append(
            Section(tr("Growth since “{since}”", since=since), [(_widths(results, comparison), _grown(comparison))])
        )
    if tree is not None:
        found.append(Section(tr("Branches"), [(_branches(tree),)]))
    return found


def beside_definitions(results: Results) -> list[Definition]:
    """Where these numbers come from."""
    found = []
    evar, comparison = results.get("evar"), results.get("comparison")
    if evar is not None:
        neck, sac = evar["neck"], evar["aneurysm"]
        found += [
            Definition(
                tr("Neck length"),
                tr("lowest renal artery to where the mean diameter stays 10 % above that at the artery"),
                text_quantity(neck["length_mm"], "mm"),
                place=_place(neck["to_mm"]),
                keys=("evar.neck.length_mm",),
            ),
            Definition(
                tr("Neck diameters"),
                tr("mean of least and greatest width 0, 5, 10 and 15 mm below the lowest renal artery, lumen"),
                text_quantity(neck["d0_mm"], "mm"),
                place=_place(evar["lowest_renal"]["position_mm"]),
                keys=tuple(f"evar.neck.d{at:.0f}_mm" for at in DIAMETERS_AT_MM),
            ),
            Definition(
                tr("Neck angles"),
                tr("between the axes of the aorta 25 mm above, of the neck, and of the sac’s first 45 mm"),
                f"{text_quantity(evar['suprarenal_deg'], '°')}, {text_quantity(evar['infrarenal_deg'], '°')}",
                keys=("evar.suprarenal_deg", "evar.infrarenal_deg"),
            ),
            Definition(
                tr("Greatest diameter"),
                tr("greatest width of a section below the lowest renal artery, lumen"),
                "–" if sac is None else text_quantity(sac["max_diameter_mm"], "mm"),
                place="" if sac is None else _place(sac["position_mm"]),
                keys=("evar.aneurysm.max_diameter_mm",),
            ),
            Definition(
                tr("Landing zone"),
                tr("mean diameter of the last 15 mm of the common iliac artery before the internal iliac artery"),
                ", ".join(text_quantity(evar["iliac"][side]["mean_diameter_mm"], "mm") for side in SIDES),
                keys=tuple(f"evar.iliac.{side}.mean_diameter_mm" for side in SIDES),
            ),
        ]
    if comparison is not None:
        grown = comparison["greatest_growth"]
        found.append(
            Definition(
                tr("Growth"),
                tr("difference of the area diameters at one place of the vessel in both studies"),
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
        found.append((tr("Renal artery"), text_position(renal)))
    names = {row["id"]: row["name"] for row in others(results.get("tree"))}
    for edit in (inputs.get("tree") or {}).get("edits", ()):
        name = names.get(edit["branch"], tr("branch {number}", number=edit["branch"]))
        words = {
            "add": tr("{branch} added by a click", branch=name),
            "name": tr("named {name}", name=edit.get("name")),
            "remove": tr("{branch} removed", branch=name),
        }[edit["kind"]]
        found.append((tr("Branch"), words))
    return found


def limit_words(is_held: bool | None) -> str:
    """Whether a limit is kept."""
    if is_held is None:
        return tr("not measured")
    return tr("within", "a limit") if is_held else tr("outside", "a limit")


def _sides(sides: Sequence[str]) -> str:
    """ "Right", "Right and left"."""
    if len(sides) > 1:
        return tr("Right and left")
    return tr("Right") if sides[0] == "right" else tr("Left")


def _yearly(comparison: Results) -> float | None:
    spread: float = comparison["greatest_growth"]["uncertainty_mm"]
    return None if not comparison["years"] else spread / float(comparison["years"])


def _place(place: Sequence[float] | None) -> str:
    return "" if place is None else text_position(place)


def _neck(evar: Results) -> Table:
    neck, sac = evar["neck"], evar["aneurysm"]
    rows = [(tr("Lowest renal artery"), "", evar["lowest_renal"]["position_mm"])]
    rows += [
        (tr("Neck at {at:.0f} mm", at=at), text_quantity(neck[f"d{at:.0f}_mm"], "mm"), place)
        for at, place in zip(DIAMETERS_AT_MM, evar["neck_places_mm"], strict=True)
    ]
    rows.append((tr("Neck ends"), text_quantity(neck["length_mm"], "mm"), neck["to_mm"]))
    if sac is not None:
        words = tr(
            "{greatest}, least {least}",
            greatest=text_quantity(sac["max_diameter_mm"], "mm"),
            least=text_quantity(sac["min_diameter_mm"], "mm"),
        )
        rows.append((tr("Greatest section"), words, sac["position_mm"]))
    graft = evar["graft_mm"]
    return Table(
        "",
        (tr("What"), tr("Value"), tr("Place, patient mm")),
        [(Cell(name, strong=True), Cell(value or "–"), Cell(_place(place) or "–")) for name, value, place in rows],
        note=tr(
            "10–20 % over the widest of the neck: {low:.1f}–{high:.1f} mm. Calcium about the neck up to {angle}.",
            low=graft["low_mm"],
            high=graft["high_mm"],
            angle=text_quantity(neck["calcium_arc_deg"], "°"),
        ),
    )


def _landing(evar: Results) -> Table:
    rows = []
    for side in SIDES:
        found = evar["iliac"][side]
        if found["reason"]:
            rows.append(
                (Cell(_sides([side]), strong=True), Cell("–"), Cell("–"), Cell(said(found["reason"])), Cell("–"))
            )
            continue
        mean, low, high = (found[key] for key in ("mean_diameter_mm", "min_diameter_mm", "max_diameter_mm"))
        width = local(f"{mean:.1f} ({low:.1f}–{high:.1f}) mm")
        rows.append(
            (
                Cell(_sides([side]), strong=True),
                Cell(width),
                Cell(text_quantity(found["length_mm"], "mm")),
                Cell(text_quantity(found["greatest_mm"], "mm")),
                Cell(_place(found["landing_mm"])),
            )
        )
    header = (tr("Side"), tr("Landing zone"), tr("Common iliac"), tr("Greatest there"), tr("Place, patient mm"))
    return Table(tr("Landing zones"), header, rows, note=tr("Verify against the instructions for use."))


def _limits(evar: Results) -> Table:
    usual, extended = evar["limits"]["usual"]["held"], evar["limits"]["extended"]["held"]
    rows = [
        (Cell(tr(name), strong=True), Cell(limit_words(usual[key])), Cell(limit_words(extended[key])))
        for key, name in LIMIT_NAMES.items()
    ]
    source = said(str(evar["limits_source"]))
    return Table(
        tr("Limits"), (tr("What"), tr("Usual"), tr("Extended")), rows, note=f"{source[0].upper()}{source[1:]}."
    )


def _widths(results: Results, comparison: Results) -> Curve:
    """Area diameters of both studies along this one's vessel."""
    rows = comparison["stations"]
    lines = []
    for name, key, dashed in ((tr("now"), "after", False), (tr("before", "at the earlier study"), "before", True)):
        points: list[tuple[float, float] | None] = []
        for n, row in enumerate(rows):
            if n and row["s_mm"] - rows[n - 1]["s_mm"] > 3.0:
                points.append(None)
            points.append((row["s_mm"], row[key]["area_diameter_mm"]))
        lines.append(Line(name, points, dashed=dashed, accent=dashed))
    top = max(row[key]["area_diameter_mm"] for row in rows for key in ("before", "after"))
    grown = comparison["greatest_growth"]
    return Curve(
        tr("Diameter of the same area, mm"),
        (),
        tr("mm from the first point"),
        "mm",
        (0.0, max(results["length_mm"], 1.0)),
        (0.0, 1.15 * top),
        [(grown["s_mm"], grown["after_mm"], text_quantity(grown["growth_mm"], "mm"))],
        lines=lines,
    )


def _grown(comparison: Results) -> Table:
    rows = []
    for key, name in (("greatest_growth", tr("Greatest growth")), ("greatest_shrinkage", tr("Least growth"))):
        one = comparison[key]
        change = local(f"{one['growth_mm']:+.1f} ± {one['uncertainty_mm']:.1f} mm".replace("-", "−"))
        told = tr("sure") if one["is_certain"] else tr("within ±")
        rows.append(
            (
                Cell(name, strong=True),
                Cell(local(f"{one['before_mm']:.1f} → {one['after_mm']:.1f} mm")),
                Cell(change),
                Cell(told),
                Cell(_place(one["position_mm"])),
            )
        )
    before, after = comparison["length_before_mm"], comparison["length_after_mm"]
    words = [tr("Length {before:.1f} → {after:.1f} mm.", before=before, after=after)]
    if comparison["years"]:
        words.append(tr("{years:.2f} years lie between the studies.", years=comparison["years"]))
    words.append(tr("Within ±: {words}.", words=tr(NOT_TOLD)))
    return Table(
        "", (tr("What"), tr("Diameter"), tr("Change"), tr("Told"), tr("Place, patient mm")), rows, note=" ".join(words)
    )


def _branches(tree: Results) -> Table:
    rows = []
    names = {row["id"]: row["name"] for row in others(tree)}
    for row in others(tree):
        measured = row["measured"]
        least, greatest = (
            ("–", "–")
            if measured is None
            else (
                *(
                    quantity(measured[key][width], "mm", measured[key].get("uncertainty_mm"))
                    for key, width in (("minimum", "min_diameter_mm"), ("maximum", "max_diameter_mm"))
                ),
            )
        )
        width = row["mean_diameter_mm"]
        about = "–" if width is None else tr("about {width}", width=text_quantity(width, "mm"))
        rows.append(
            (
                Cell(row["name"], strong=True),
                Cell(names.get(row["parent"], tr("the vessel"))),
                Cell(text_quantity(row["length_mm"], "mm")),
                Cell(about if measured is None else least),
                Cell(greatest),
                Cell(said(row["source"])),
                Cell(text_position(row["fork_mm"])),
            )
        )
    header = (
        tr("Branch"),
        tr("Leaves"),
        tr("Length"),
        tr("Least"),
        tr("Greatest"),
        tr("Found"),
        tr("Fork, patient mm"),
    )
    return Table(
        "",
        header,
        rows,
        note=tr("“About” is a half-level estimate of a branch whose sections were not measured."),
        empty=tr("No branch was found."),
    )
