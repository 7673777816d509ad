"""The content of a TAVR report, from the plan's results."""

from __future__ import annotations

from collections.abc import Sequence

from app.i18n import mark, said, text_quantity, text_value, tr
from app.report.content import Curve, KeyBox, Note, Picture, ReportContent, Status, Table
from app.report.describe import (
    bare,
    first_heads,
    foot_line,
    image_line,
    import_line,
    places,
    program_rows,
    quantity,
    subject_line,
    warning_notes,
    worst,
)
from app.report.tavr_definitions import changes, definitions, second_table
from app.report.tavr_details import sections
from app.report.tavr_pictures import TavrPictures
from app.report.tavr_tables import (
    access_beside,
    judged_views,
    root_numbers,
    s_curve,
    valve_table,
    vessel_plans_table,
    view_numbers,
)
from app.report.tavr_words import (
    HINGES,
    STATES,
    Results,
    device_name,
    first_sentence,
    part,
    plus,
    rows,
    signed,
    size_words,
    view_words,
)
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.plans import planning_image
from planning.tavr.projections import RoomLimits

PART_WORDS = {
    "hinges": mark("hinge points"),
    "edge": mark("edge"),
    "spacing": mark("spacing"),
}
LANDMARK_HEADS = {
    "hinge_ncc": mark("NCC hinge"),
    "hinge_rcc": mark("RCC hinge"),
    "hinge_lcc": mark("LCC hinge"),
    "ostium_left": mark("Left ostium"),
    "ostium_right": mark("Right ostium"),
}
# warnings that another part of the report says better
SAID_ELSEWHERE = ("hinge_disagreement", "look_here")


def tavr_content(
    document: Document, plan: PlanRecord, pictures: TavrPictures | None, room: RoomLimits | None = None
) -> ReportContent:
    """Everything the report of this TAVR plan says. room: what the C-arm reaches there."""
    room = RoomLimits() if room is None else room
    results = judged_views(plan.results, room)
    image = planning_image(document.case)
    phase = int(plan.inputs.get("phase") or 0)
    annulus = results["annulus"]
    notes = _notes(document, results)
    open_notes = [note for note in notes if note.status != "ok"]
    vessels = [other for other in document.case.plans.values() if other.kind == "vessel"]
    # what a person measured along a vessel stands in for routes that the plan does not have
    beside = None if vessels and not rows(results, "access", "routes") else access_beside(results)
    access: tuple[Table, ...] = () if beside is not None else (vessel_plans_table(vessels, results),)
    others = [other for other in document.case.images.values() if other is not image][:1]
    return ReportContent(
        title=tr("TAVR plan"),
        subject=subject_line(document, image),
        kind="tavr",
        plan=plan.name,
        lines=(
            f"{image_line(image, phase)} · " + tr("lumen {value}", value=text_quantity(annulus.get("lumen_hu"), "HU")),
            f"{image_line(others[0])} · {import_line(image)}" if others else import_line(image),
        ),
        boxes=(
            _annulus_box(results),
            _valve_box(results),
            _access_box(results, vessels),
            KeyBox(tr("Look at"), places(len(open_notes)), "", first_heads(open_notes), worst(open_notes)),
        ),
        pictures=_first_pictures(results, pictures, room),
        numbers=(root_numbers(results, plan.inputs.get("accepted") or ()), view_numbers(results)),
        tables=(valve_table(results), *access),
        beside=beside,
        notes=notes,
        signature_title=tr("Heart team"),
        signatures=(tr("Agreed valve and size"), tr("Access"), tr("Views"), tr("Read by, date")),
        definitions=definitions(results),
        uncertainty_title=tr("What the ± is made of: annulus area"),
        uncertainty_unit="mm²",
        uncertainty_note=_uncertainty_note(results),
        uncertainty_parts=[(tr(PART_WORDS.get(key, key)), value) for key, value in _parts(results).items()],
        uncertainty_letters=tr("e edge, h hinges, s spacing, r readers")
        if _reader_spread(results)
        else tr("e edge, h hinges, s spacing"),
        program=_program(document, plan),
        changes=changes(plan),
        second=second_table(results),
        second_estimate=_second_words(results),
        sections=sections(results, pictures),
        limits=_limits(results),
        foot=foot_line(document, plan, image, phase),
        warnings=[(item["code"], said(item["text"])) for item in rows(results, "warnings")],
    )


def _first_pictures(results: Results, pictures: TavrPictures | None, room: RoomLimits) -> list[Picture | Curve]:
    curve = s_curve(results, room)
    return [curve] if pictures is None else [pictures.annulus, pictures.long_axis, curve, pictures.root]


def _annulus_box(results: Results) -> KeyBox:
    annulus, unsure = results["annulus"], part(results, "annulus", "uncertainty")
    return KeyBox(
        tr("Annulus area"),
        text_quantity(annulus["area_mm2"], "mm²"),
        plus(unsure.get("area_mm2"), "mm²"),
        tr("perimeter {length}", length=quantity(annulus["perimeter_mm"], "mm", unsure.get("perimeter_mm"))),
        "ok" if results["quality"]["ok"] else "bad",
    )


def _valve_box(results: Results) -> KeyBox:
    """The valve that is drawn, chosen by a person or proposed; else how many sizes fit."""
    valve, quality_ok = part(results, "valve"), results["quality"]["ok"]
    if not quality_ok and not valve.get("chosen"):
        return KeyBox(tr("Valve"), tr("not proposed"), "", tr("the scan is not good enough"), "bad")
    fitting = [device for device in rows(results, "devices") if device["fits"]]
    if not valve:
        if not fitting:
            return KeyBox(tr("Valve"), tr("none fits"), "", tr("no size of the catalogue fits this annulus"), "warn")
        names = " · ".join(device_name(device, comma=False) for device in fitting)
        value = tr("%n size(s)", "", len(fitting))
        unsure = sum(bool(device.get("borderline")) for device in fitting)
        return KeyBox(
            tr("Sizes for the annulus"),
            value,
            tr("{count} borderline", count=unsure) if unsure else "",
            names,
            "warn" if unsure else "ok",
        )
    device: Results = next(
        (
            row
            for row in rows(results, "devices")
            if (row["model"], str(row["size"])) == (valve["model"], str(valve["size"]))
        ),
        {},
    )
    over = signed(valve.get("oversizing_percent"), "%")
    spread = device.get("oversizing_uncertainty_percent")
    spread_words = "" if spread is None else f" ± {bare(spread, '%')}"
    note = f"{over}{spread_words} · " + tr("depth {depth}", depth=text_quantity(valve["depth_mm"], "mm"))
    title = tr("Valve") if valve.get("chosen") else tr("Valve, proposed")
    return KeyBox(title, size_words(valve), str(valve["model"]), note, _valve_status(valve, device, quality_ok))


def _valve_status(valve: Results, device: Results, quality_ok: bool) -> Status:
    states = set(part(valve, "states").values())
    if not quality_ok or device.get("fits") is False or "bad" in states:
        return "bad"
    # what is not measured is no reason for green
    return "warn" if device.get("borderline") or states & {"warn", "unknown"} else "ok"


def _access_box(results: Results, vessels: Sequence[PlanRecord]) -> KeyBox:
    routes, missing = rows(results, "access", "routes"), rows(results, "access", "missing")
    if not routes:
        if vessels:
            least = part(vessels[0].results, "minimum")
            words = tr(
                "{name}: least {width}",
                name=vessels[0].name,
                width=quantity(least.get("min_diameter_mm"), "mm", least.get("uncertainty_mm")),
            )
            count = tr("%n vessel plan(s)", "", len(vessels))
            return KeyBox(tr("Access"), count, "", words, "")
        # "all" stands for access that nobody asked for, which says nothing of the scan
        if missing and missing[0].get("key") != "all":
            return KeyBox(
                tr("Access"),
                tr("not in this scan"),
                "",
                first_sentence(said(str(missing[0]["text"]))).split(":")[0],
                "warn",
            )
        return KeyBox(
            tr("Access"),
            tr("not measured"),
            "",
            tr("three-cusp view {angles}", angles=view_words(results, "three_cusp")),
            "warn",
        )
    best = min(routes, key=lambda route: (route.get("rank") is None, route.get("rank") or 0))
    least = part(best, "minimum")
    if best.get("state") == "excluded":
        # excluded routes are last: there is no other
        return KeyBox(tr("Access"), tr("none"), "", tr("every route was excluded"), "bad")
    if best.get("closed_at_mm") is not None:
        note = tr("closed at {place} mm", place=text_value(best["closed_at_mm"], 0))
    else:
        note = tr("least {width}", width=quantity(least.get("min_diameter_mm"), "mm", least.get("uncertainty_mm")))
    if best.get("sheath_ratio") is not None:
        note += ", " + tr("ratio {ratio}", ratio=text_quantity(best["sheath_ratio"], ""))
    state = str(best.get("state"))
    # a closed or too narrow best route is no route
    name = said(str(best["name"])) if state != "bad" else tr("none is wide enough")
    return KeyBox(
        tr("Access"), name, "", note if state != "bad" else f"{said(str(best['name']))}: {note}", STATES.get(state, "")
    )


def _notes(document: Document, results: Results) -> list[Note]:
    """What to look at before signing, the gravest first."""
    notes = [Note(tr("Scan quality"), said(reason), "bad") for reason in results["quality"]["reasons"]]
    notes += _look_here(results)
    notes += [note for note in _obstruction_notes(results) if note.status != "ok"]
    pointed = {note.text for note in notes}
    warned = warning_notes(
        {**results, "warnings": [item for item in rows(results, "warnings") if item["code"] not in SAID_ELSEWHERE]},
        planning_image(document.case),
    )
    notes += [note for note in warned if note.text not in pointed]
    notes += _catalogue_notes(results)
    notes += [note for note in _obstruction_notes(results) if note.status == "ok"]
    order: dict[Status, int] = {"bad": 0, "warn": 1, "": 2, "ok": 3}
    return sorted(notes, key=lambda note: order[note.status])


def _look_here(results: Results) -> list[Note]:
    notes = []
    for item in rows(results, "root", "look_here"):
        text = said(str(item["text"]))
        if item.get("area_if_second_mm2") is not None:
            text += " " + tr(
                "If the other one is right, the area is {area}.",
                area=text_quantity(item["area_if_second_mm2"], "mm²"),
            )
        notes.append(Note(tr(LANDMARK_HEADS.get(str(item["landmark"]), str(item["landmark"]))), text))
    return notes


def _obstruction_notes(results: Results) -> list[Note]:
    notes = []
    for side in ("left", "right"):
        of = part(results, "obstruction", side)
        if not of:
            continue
        predicted = of.get("predicted")
        status: Status = STATES.get(str(of.get("state")), "bad" if predicted else "warn" if predicted is None else "ok")
        notes.append(
            Note(
                tr("Left coronary") if side == "left" else tr("Right coronary"), said(str(of.get("text") or "")), status
            )
        )
    if len(notes) == 2 and notes[0].text == notes[1].text and notes[0].status == notes[1].status:
        return [Note(tr("Both coronaries"), notes[0].text, notes[0].status)]
    return notes


def _catalogue_notes(results: Results) -> list[Note]:
    """Data of the drawn valve and the sheath that nobody has checked against the maker's instructions."""
    notes = []
    valve, sheath = part(results, "valve"), part(results, "access", "sheath")
    if valve and valve.get("checked") is False:
        notes.append(
            Note(
                tr("Valve data"),
                tr(
                    "The range of {valve} is not checked. Verify against the IFU.",
                    valve=device_name(valve, comma=False),
                ),
            )
        )
    if sheath and sheath.get("checked") is False:
        outer, least = text_quantity(sheath.get("outer_mm"), "mm"), text_quantity(sheath.get("least_vessel_mm"), "mm")
        notes.append(
            Note(
                tr("Sheath data"),
                tr(
                    "Outer diameter {outer} and least vessel {least} are not checked. Verify against the IFU.",
                    outer=outer,
                    least=least,
                ),
            )
        )
    return notes


def _parts(results: Results) -> dict[str, float | None]:
    """What the area's own ± is made of, in mm²: "hinges", "edge", "spacing"."""
    held = part(results, "annulus", "uncertainty_parts")
    return {key: held[f"{key}_mm2"] for key in PART_WORDS if f"{key}_mm2" in held}


def _reader_spread(results: Results) -> float | None:
    """The area's ± with what expert readers differ by, mm²; None in plans that do not hold it."""
    spread: float | None = part(results, "annulus", "uncertainty_readers").get("area_mm2")
    return spread


def _uncertainty_note(results: Results) -> str:
    """What is not in the ±, and what sizes are held against."""
    with_readers, apart = _reader_spread(results), part(results, "annulus", "uncertainty_parts").get("reader_mm2")
    if with_readers is None or apart is None:
        return tr(
            "Not in it: differences between readers (3 to 4 % of the area in publications), other phases, motion."
        )
    return tr(
        "Not in it: expert readers differ by {apart} (3 %), other phases, motion. Sizes are "
        "held against ± {with_readers}, readers included.",
        apart=text_quantity(apart, "mm²"),
        with_readers=text_quantity(with_readers, "mm²"),
    )


def _second_words(results: Results) -> str:
    if part(results, "root", "second"):
        return tr("The second estimate agrees.")
    if part(results, "root").get("found") == "given":
        return tr("Not made: a person gave the hinge points.")
    return tr("Not made in this plan.")


def _program(document: Document, plan: PlanRecord) -> list[tuple[str, str]]:
    """Program, data and state, with the catalogue's date."""
    found = program_rows(document, plan)
    dates = sorted({str(row["date"]) for row in rows(plan.results, "devices") if row.get("date")})
    root = part(plan.results, "root")
    more = []
    if root.get("found") == "automatic" and root.get("confidence") is not None:
        more.append(
            (
                tr("Root"),
                tr("found automatically, confidence {percent} %", percent=text_value(100 * root["confidence"], 0)),
            )
        )
    if dates:
        more.append((tr("Catalogue"), tr("valves {date}", date=dates[-1])))
    return [*found[:1], *more, *found[1:]]


def _limits(results: Results) -> tuple[str, ...]:
    limits = [
        _hinge_limit(results),
        tr(
            "Valve and sheath rows that are not checked come from general knowledge. Verify them "
            "against the maker’s instructions."
        ),
        tr("Oversizing and coronary rules were published for groups of patients; they do not decide for one."),
    ]
    if len(rows(results, "phases", "curve")) < 2:
        limits.append(
            tr("The scan shows one phase. Diastole reads about 24 mm² less than systole (51 patients, PMC5590871).")
        )
    return tuple(limits)


def _hinge_limit(results: Results) -> str:
    """Who placed the hinge points, and whether they are what the ± mostly comes from."""
    parts: dict[str, float] = {key: value for key, value in _parts(results).items() if value is not None}
    by_hand = all(results["landmarks"][key]["source"] in ("given", "edited") for key in HINGES)
    who = tr("Hinge points were given by a person.") if by_hand else tr("Not all hinge points were placed by a person.")
    largest = "hinges" in parts and parts["hinges"] >= max(parts.values())
    return " ".join((who, tr("Their placement is the largest part of the ±."))) if largest else who
