"""What a draft is worth, in words: the list of checks, what is not met with its places and repair, and the proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.i18n import inside, structure_name, text_quantity, text_value, tr
from app.panels.printing.draft import Draft
from app.panels.printing.wish import PrintWish
from planning.case.accepted import all_covered
from planning.case.model import AcceptedFault

PEG_GAP_OFF_MM = 0.1
TRIES = 2
LEAST_PERCENT = 10
# kinds of faults that are one thing to a person, the gravest first
GROUPS: Mapping[str, tuple[str, ...]] = {
    "closed": ("hole",),
    "edges": ("edge", "bow_tie", "orientation", "zero_area"),
    "crossing": ("crossing",),
    "overlap": ("overlap",),
    "trapped": ("trapped",),
    "narrow": ("narrow",),
    "size": ("bed",),
    "wall": ("thin_wall",),
    "crumbs": (),
    "loose": ("loose",),
    "apart": ("clearance",),
}


@dataclass(frozen=True, slots=True)
class Check:
    """A line of the check list. at: the object it points to, "" for none."""

    key: str
    name: str
    value: str = ""
    state: str = "ok"
    at: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a trouble is. of: the object. value: its measure in words. at_mm: LPS."""

    of: str
    kind: str
    measure: float
    limit: float | None
    value: str
    at_mm: tuple[float, float, float]
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is not met. key: of its check. fixes: (object, fix) of the repair, () where only a person can mend it.
    change: what the repair asks otherwise ("split", "nest", "shell"), "" for nothing. words: what it means. repair, other:
    the buttons' words; other_fixes: those of the second one; other_scale: of the model, that it asks for.
    """

    key: str
    state: str
    title: str
    words: str
    places: tuple[Place, ...] = ()
    fixes: tuple[tuple[str, str], ...] = ()
    change: str = ""
    repair: str = ""
    other: str = ""
    other_fixes: tuple[tuple[str, str], ...] = ()
    other_scale: float | None = None
    is_accepted: bool = False


def spoken_part(name: str) -> str:
    """ "Portal vein" from an object's name in the file."""
    return structure_name(name)


def troubles_of(draft: Draft, accepted: Sequence[AcceptedFault] = ()) -> list[Trouble]:
    """Everything that is not met, the gravest first. accepted: what a person let be as it is."""
    found = []
    places = _places(draft)
    for key, own in places.items():
        if own:
            found.append(_trouble(key, own, draft))
    found += _peg_troubles(draft)
    found = [_untried(one, draft.wish) for one in found]
    return [replace(one, is_accepted=is_accepted(one, accepted)) for one in found]


def _untried(trouble: Trouble, wish: PrintWish) -> Trouble:
    """Without a repair that was done twice and left it: a person decides then."""

    def left(fixes: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        return tuple(fix for fix in fixes if wish.fixes.count(fix) < TRIES)

    fixes, others = left(trouble.fixes), left(trouble.other_fixes)
    return replace(
        trouble,
        fixes=fixes,
        repair=trouble.repair if fixes or trouble.change else "",
        other_fixes=others,
        other=trouble.other if others or trouble.other_scale is not None else "",
    )


def accepted_of(trouble: Trouble) -> tuple[AcceptedFault, ...]:
    """What is kept in the case when a person lets it be."""
    return tuple(
        AcceptedFault(place.of, place.kind, place.measure, place.limit, place.at_mm) for place in trouble.places
    )


def is_accepted(trouble: Trouble, accepted: Sequence[AcceptedFault]) -> bool:
    """Whether each of its places was let be before, and is no worse now."""
    return bool(trouble.places) and all_covered(accepted, accepted_of(trouble))


def _places(draft: Draft) -> dict[str, list[Place]]:
    process = draft.wish.process
    found: dict[str, list[Place]] = {key: [] for key in GROUPS}
    rows = [(row["name"], fault) for row in draft.rows for fault in row["faults"]]
    rows += [(fault.get("of", ""), fault) for fault in draft.told.get("faults", ())]
    for name, fault in rows:
        kind = fault["kind"]
        key = next((key for key, kinds in GROUPS.items() if kind in kinds), "")
        # nothing has to come out of what filament is wound round
        is_harmless = key in ("trapped", "narrow") and process is not None and not process.drain_holes
        if key == "loose" and fault.get("fix") == "drop_crumbs":
            key = "crumbs"
        if key and not is_harmless:
            x, y, z = (float(value) for value in fault["at_mm"])
            found[key].append(
                Place(
                    name,
                    kind,
                    float(fault["measure"]),
                    fault["limit"],
                    measure_words(fault["measure"], fault["unit"]),
                    (x, y, z),
                    fault.get("fix", ""),
                )
            )
    for key in ("wall", "apart"):
        found[key].sort(key=lambda place: place.measure)
    return found


def measure_words(value: float, unit: str) -> str:
    """ "0.62 mm", "3.1 ml", "4"; "< 0.01 mm" for what rounds to nothing."""
    if unit in ("mm", "ml") and 0.0 < value < 0.005:
        return f"< {text_value(0.01, 2)}\u202f{unit}"
    if unit in ("mm", "ml", "mm²"):
        return f"{text_value(value, 2)}\u202f{unit}"
    return text_value(value, 0)


def _trouble(key: str, places: list[Place], draft: Draft) -> Trouble:
    count = len(places)
    fixes = tuple(dict.fromkeys((place.of, place.fix) for place in places if place.fix))
    names = list(dict.fromkeys(spoken_part(place.of) for place in places if place.of and "," not in place.of))
    part = names[0] if names else ""
    if len(names) > 1:
        part = tr("{part} and {more} more", part=part, more=len(names) - 1)
    if key == "wall":
        limit = places[0].limit or 0.0
        return Trouble(
            key,
            "bad" if _is_thin(draft) else "warn",
            tr("Wall thinner than {limit:g} mm", limit=limit),
            tr("%n place(s) may break off", "", count) + f": {part}.",
            tuple(places),
            fixes,
            repair=tr("Thicken %n place(s)", "", count),
        )
    if key == "crumbs":
        words = tr("{part}: pieces under 0.1 ml that fall off.", part=part)
        title, repair = tr("%n crumb(s)", "", count), tr("Drop %n crumb(s)", "", count)
        return Trouble(key, "warn", title, words, tuple(places), fixes, repair=repair)
    if key == "loose":
        volume = text_quantity(sum(place.measure for place in places), "ml")
        # it may be a part of the organ: to leave it out is never what Enter does
        return Trouble(
            key,
            "warn",
            tr("%n loose part(s)", "", count),
            tr("{part}: {volume} not joined to the largest piece.", part=part, volume=volume),
            tuple(places),
            other=tr("Drop %n loose part(s)", "", count),
            other_fixes=fixes,
        )
    if key == "trapped":
        volume = text_quantity(sum(place.measure for place in places), "ml")
        return Trouble(
            key,
            "bad",
            tr("Trapped hollow"),
            tr("{part}: {volume} cannot get out.", part=part, volume=volume),
            tuple(places),
            tuple(dict.fromkeys((place.of, "add_drains") for place in places)),
            repair=tr("Add drain holes"),
            other=tr("Fill hollows"),
            other_fixes=tuple(dict.fromkeys((place.of, "fill_voids") for place in places)),
        )
    if key == "narrow":
        volume = text_quantity(sum(place.measure for place in places), "ml")
        words = tr("{part}: {volume} have no way out that is wide enough.", part=part, volume=volume)
        return Trouble(key, "warn", tr("Narrow way out"), words, tuple(places))
    if key == "size":
        return _too_large(places, part, draft)
    if key == "closed":
        words = tr("{part}: the surface is open.", part=part)
        return Trouble(
            key,
            "bad",
            tr("%n hole(s)", "", count),
            words,
            tuple(places),
            fixes,
            repair=tr("Fill %n hole(s)", "", count),
        )
    if key == "edges":
        words = tr("{part}: its triangles do not fit together.", part=part)
        return Trouble(
            key,
            "bad",
            tr("Not one closed solid"),
            words,
            tuple(places),
            fixes,
            repair=tr("Mend the surface") if fixes else "",
        )
    if key == "crossing":
        words = tr("{part}: a slicer may fill it wrongly.", part=part)
        return Trouble(
            key, "bad", tr("A surface cuts itself"), words, tuple(places), fixes, repair=tr("Make one solid")
        )
    return _between(key, places, draft)


def _between(key: str, places: list[Place], draft: Draft) -> Trouble:
    """Of two objects."""
    pairs = [tr(" and ").join(spoken_part(name) for name in place.of.split(", ")) for place in places]
    more = tr(" and {more} more", more=len(pairs) - 1) if len(pairs) > 1 else ""
    is_organ = not draft.wish.shell
    if key == "overlap":
        return Trouble(
            key,
            "warn",
            tr("Parts stand in each other"),
            tr("{pair}{more}: the slicer decides which one is printed there.", pair=pairs[0], more=more),
            tuple(places),
            change="shell" if is_organ else "",
            repair=tr("Make room inside") if is_organ else "",
        )
    words = tr("{pair}{more}: {value} apart; they may grow together.", pair=pairs[0], more=more, value=places[0].value)
    return Trouble(key, "warn", tr("Parts lie close"), words, tuple(places))


def _too_large(places: list[Place], part: str, draft: Draft) -> Trouble:
    wish, over = draft.wish, max(place.measure for place in places)
    if all(place.fix == "turn_to_fit" for place in places):
        change, repair = "nest", tr("Turn to fit")
        words = tr("{part} fits only when it is turned.", part=part)
    else:
        change, repair = ("", "") if wish.split else ("split", tr("Cut to fit"))
        words = tr("{part} is larger than the printer's space.", part=part)
    title = tr("{over} mm too long", over=text_value(over, 0 if over >= 1 else 1))
    scale = _fitting_scale(places, draft)
    other = "" if scale is None else tr("Scale to {percent} %", percent=round(100 * scale))
    return Trouble(
        "size", "bad", title, words, tuple(places), change=change, repair=repair, other=other, other_scale=scale
    )


def _fitting_scale(places: list[Place], draft: Draft) -> float | None:
    """A scale in whole percent at which everything fits as it lies, None where only another printer helps."""
    room, names = draft.wish.room_mm, {place.of for place in places}
    if room is None or draft.wish.has_guide:
        return None
    least = min(
        float(space) / float(size)
        for row in draft.rows
        if row["name"] in names
        for size, space in zip(row["size_mm"], room, strict=True)
    )
    # what keeps its millimetres, as a base, is not made smaller
    percent = int(100.0 * draft.wish.scale * min(0.99 * least, 1.0))
    return percent / 100.0 if percent >= LEAST_PERCENT else None


def _peg_troubles(draft: Draft) -> list[Trouble]:
    off = []
    for peg in draft.told.get("pegs", ()):
        gap = peg["gap_mm"]
        if gap is None or abs(gap - peg["asked_gap_mm"]) > PEG_GAP_OFF_MM:
            x, y, z = (float(value) for value in peg["at_mm"])
            value = "–" if gap is None else measure_words(gap, "mm")
            off.append(
                Place(peg["socket_in"], "peg", 0.0 if gap is None else gap, peg["asked_gap_mm"], value, (x, y, z))
            )
    if not off:
        return []
    words = tr("Its gap is not the one asked for; the peg may not fit.")
    return [Trouble("pegs", "warn", tr("%n peg(s)", "", len(off)), words, tuple(off))]


def _is_thin(draft: Draft) -> bool:
    """Whether more than a hundredth of a part is too thin."""
    rows = [row for row in draft.rows if row["wall_percentile_mm"] is not None]
    return any(row["wall_percentile_mm"] < row["wall_limit_mm"] for row in rows)


def checks_of(draft: Draft, troubles: Sequence[Trouble] | None = None) -> list[Check]:
    """The list of checks of a draft, worst object first named."""
    found = {one.key: one for one in (troubles_of(draft) if troubles is None else troubles)}
    rows, wish = draft.rows, draft.wish
    count = len(rows)

    def at(key: str) -> str:
        return found[key].places[0].of if key in found else ""

    def state(key: str) -> str:
        one = found.get(key)
        return "ok" if one is None else "accepted" if one.is_accepted else one.state

    whole = count - len({place.of for place in found["closed"].places} if "closed" in found else ())
    checks = [
        Check(
            "closed",
            tr("Closed, {count} of {count2} objects", count=whole, count2=count),
            "",
            state("closed"),
            at("closed"),
        ),
        Check(
            "edges",
            tr("Edges not used twice") if "edges" in found else tr("Every edge used twice"),
            "",
            state("edges"),
            at("edges"),
        ),
        Check(
            "crossing",
            tr("A surface cuts itself") if "crossing" in found else tr("No surface cuts itself"),
            "",
            state("crossing"),
            at("crossing"),
        ),
        *_wall_check(rows, found.get("wall"), state("wall")),
        *_hollow_check(rows, found, state),
        _loose_check(found, state),
        *_between_checks(draft, found, state),
    ]
    if draft.told.get("pegs"):
        gaps = [item["gap_mm"] for item in draft.told["pegs"] if item["gap_mm"] is not None]
        value = measure_words(min(gaps), "mm") if gaps else "–"
        checks.append(Check("pegs", tr("Pegs, gap on each side"), value, state("pegs"), at("pegs")))
    if wish.room_mm is not None and "size" not in found:
        # how large all of it is stands below the plate; one part's size beside these words was read as that
        checks.append(Check("size", tr("Fits the plate"), "", state("size"), ""))
        return checks
    largest = max(rows, key=lambda row: max(row["size_mm"]))
    size = " × ".join(f"{value:.0f}" for value in largest["size_mm"])
    if wish.room_mm is None:
        checks.append(Check("size", tr("Largest part"), f"{size}\u202fmm", "", largest["name"]))
    else:
        checks.append(Check("size", tr("Too large"), f"{size}\u202fmm", state("size"), at("size")))
    return checks


def _wall_check(rows: Sequence[Mapping[str, Any]], trouble: Trouble | None, state: str) -> list[Check]:
    """The least wall: of the thin places where there are any, else anywhere."""
    if trouble is not None:
        least = trouble.places[0]
        return [Check("wall", tr("Thinnest wall"), least.value, state, least.of)]
    walls = [row for row in rows if row["min_wall_mm"] is not None]
    thinnest = min(walls, key=lambda row: float(row["min_wall_mm"]), default=None)
    if thinnest is None:
        return []
    least, limit = float(thinnest["min_wall_mm"]), float(thinnest["wall_limit_mm"])
    # where a rim runs out to nothing no wall is thin
    value = measure_words(least, "mm") if least >= limit else f"≥ {measure_words(limit, 'mm')}"
    return [Check("wall", tr("Thinnest wall"), value, "ok", str(thinnest["name"]))]


def _hollow_check(rows: Sequence[Mapping[str, Any]], found: Mapping[str, Trouble], state: Any) -> list[Check]:
    key = "trapped" if "trapped" in found else "narrow"
    if key in found:
        name = tr("Trapped hollow") if key == "trapped" else tr("Narrow way out")
        return [Check("trapped", name, str(len(found[key].places)), state(key), found[key].places[0].of)]
    closed = sum(fault["kind"] == "trapped" for row in rows for fault in row["faults"])
    if closed:
        return [Check("trapped", tr("Closed hollows, nothing to let out"), str(closed), "ok")]
    return [Check("trapped", tr("No trapped hollow"), "", "ok")]


def _loose_check(found: Mapping[str, Trouble], state: Any) -> Check:
    own = [found[key] for key in ("crumbs", "loose") if key in found]
    if not own:
        return Check("loose", tr("No loose part"))
    shown = next((one for one in own if not one.is_accepted), own[0])
    count = sum(len(one.places) for one in own)
    return Check(shown.key, tr("Loose parts"), str(count), state(shown.key), shown.places[0].of)


def _between_checks(draft: Draft, found: Mapping[str, Trouble], state: Any) -> list[Check]:
    if "faults" not in draft.told or len(draft.rows) < 2:
        return []
    if "overlap" in found:
        one = found["overlap"]
        return [
            Check("overlap", tr("Parts stand in each other"), str(len(one.places)), state("overlap"), one.places[0].of)
        ]
    if "apart" in found:
        one = found["apart"]
        return [Check("apart", tr("Parts lie close"), one.places[0].value, state("apart"), one.places[0].of)]
    return [Check("apart", tr("Parts stand free of each other"), "", "ok")]


@dataclass(frozen=True, slots=True)
class Proof:
    """How far the file as read back lies from what was planned, over all objects. organ, vessels: the largest deviation of
    volume in percent and the least Dice of their objects, None without any."""

    mean_mm: float
    largest_mm: float
    largest_of: str
    volumes: tuple[tuple[str, float], ...]
    dice: float
    dice_of: str
    is_proved: bool

    @property
    def words(self) -> str:
        """ "0.04 mm mean, 0.31 mm largest"."""
        return tr(
            "{mean_mm:.2f} mm mean, {largest_mm:.2f} mm largest", mean_mm=self.mean_mm, largest_mm=self.largest_mm
        )

    @property
    def state(self) -> str:
        """ok within the limits."""
        return "ok" if self.is_proved else "warn"


def proof_of(draft: Draft) -> Proof:
    """The worst of all objects; the volume of the worst organ and the worst of the others."""
    rows = draft.rows

    def off(row: Mapping[str, Any]) -> float:
        planned = row.get("planned_volume_ml") or row["structure_volume_ml"]
        return float(100.0 * (row["volume_ml"] / planned - 1.0)) if planned else 0.0

    worst = sorted(rows, key=lambda row: -abs(off(row)))[:2]
    largest = max(rows, key=lambda row: float(row["deviation_max_mm"]))
    least = min(rows, key=lambda row: float(row["dice"]))
    return Proof(
        max(float(row["deviation_mean_mm"]) for row in rows),
        float(largest["deviation_max_mm"]),
        str(largest["name"]),
        tuple((str(row["name"]), off(row)) for row in worst),
        float(least["dice"]),
        str(least["name"]),
        all(bool(row["is_proved"]) for row in rows),
    )


def volume_words(proof: Proof, number: int) -> tuple[str, str]:
    """("Volume, liver", "−0.02") of one of the proof's volumes."""
    name, percent = proof.volumes[number]
    sign = "+" if percent > 0 else ""
    return tr("Volume, {part}", part=inside(spoken_part(name))), f"{sign}{text_value(percent, 2)}"
