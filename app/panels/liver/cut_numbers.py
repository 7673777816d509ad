"""What the resection step shows, from the numbers of a draft: volumes, shares, words against a limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.i18n import mark, text_quantity, text_value, tr
from app.panels.labels import judge_least
from app.panels.parts import TableRow, number_row, plain
from planning.geometry import Vector
from planning.liver.growth import CONDITIONS
from planning.liver.limit import OWN, STANDARD, RemnantLimit
from planning.liver.volumetry import BODY_SURFACE_RANGE_M2, SURFACE_NAMES, SizeFormulas, measure_remnant_ratios

if TYPE_CHECKING:
    from app.panels.liver.draft import LiverDraft
    from planning.liver.model import LiverModel, LiverNumbers

NOT_DESCRIBED, OWN_LIMIT = mark("40 % not described"), mark("Own limit")
CONDITION_WORDS: Mapping[str, str] = MappingProxyType(
    {"normal": mark("normal liver"), "chemotherapy": mark("chemotherapy"), "cirrhosis": mark("cirrhosis, hepatitis")}
)
SURFACE_M2 = "m²"
# formulas of the standard liver volume, the plan's own first
FORMULAS: Mapping[str, str] = MappingProxyType(
    {"vauthey": mark("sFLR, Vauthey"), "urata": mark("sFLR, Urata"), "vauthey_weight": mark("sFLR, by weight")}
)


def limit_entries() -> dict[str, RemnantLimit | None]:
    """What a person chooses from; not described asks for the most, None is a percentage of one's own."""
    entries: dict[str, RemnantLimit | None] = {NOT_DESCRIBED: RemnantLimit(40.0)}
    for one in CONDITIONS:
        # the percentage first: a narrow box cuts the end
        entries[f"{one.least_percent:g}\u202f% {tr(CONDITION_WORDS[one.name])}"] = RemnantLimit.of_condition(one.name)
    return {**entries, OWN_LIMIT: None}


def entry_of(limit: RemnantLimit, entries: Mapping[str, RemnantLimit | None]) -> int:
    """The number of the entry that says this limit; of a plan that names no condition, the one of its percentage."""
    known = list(entries.values())
    if limit in known:
        return known.index(limit)
    same = [n for n, one in enumerate(known) if one is not None and one.least_percent == limit.least_percent]
    return same[0] if same and limit.condition != OWN else len(known) - 1


def limit_words_of(limit: RemnantLimit) -> str:
    """ "Of the standard liver volume. Kishi et al., …"."""
    described = limit.described
    return tr("Of the {denominator}.", denominator=limit.denominator) + (
        "" if described is None else f" {described.source}."
    )


@dataclass(frozen=True, slots=True)
class CutNumbers:
    """What the cards and the table show, from the numbers of a draft."""

    removed_ml: float
    kept_ml: float
    kept_tumor_ml: float
    removed_percent: float
    kept_percent: float
    flr_ml: float
    flr_percent: float | None
    viable_percent: float | None
    congested_ml: float | None
    without_inflow_ml: float | None


def cut_numbers(model: LiverModel, numbers: LiverNumbers) -> CutNumbers:
    """Volumes and shares; the same formulas as the plan's results."""
    ml, organ = model.voxel_ml, model.voxels.count
    tissue = organ - model.tumor_voxels
    remnant = numbers.kept_voxels - numbers.kept_tumor_voxels
    perfusion = numbers.perfusion
    return CutNumbers(
        removed_ml=numbers.removed_voxels * ml,
        kept_ml=numbers.kept_voxels * ml,
        kept_tumor_ml=numbers.kept_tumor_voxels * ml,
        removed_percent=100.0 * numbers.removed_voxels / organ,
        kept_percent=100.0 * numbers.kept_voxels / organ,
        flr_ml=remnant * ml,
        flr_percent=100.0 * remnant / tissue if tissue else None,
        viable_percent=100.0 * perfusion.viable_ml / (tissue * ml) if tissue and perfusion is not None else None,
        congested_ml=None if perfusion is None else perfusion.congested_ml,
        without_inflow_ml=None if perfusion is None else perfusion.devascularised_ml,
    )


def limit_words(value: float, state: str, limit: float) -> str:
    """ "0.3 short of 5", "close to 40", "above 40"."""
    if state == "bad":
        return tr("{plain} short of {limit:g}", plain=plain(limit - value, "mm"), limit=limit)
    return tr("close to {limit:g}", limit=limit) if state == "warn" else tr("above {limit:g}", limit=limit)


def standard_factor(model: LiverModel, draft: LiverDraft) -> float | None:
    """By what a share of the liver without tumour becomes one of the standard volume, where the limit is of that one;
    None where it is not, or the standard volume is not known."""
    if draft.limit.denominator != STANDARD:
        return None
    tissue_ml = (model.voxels.count - model.tumor_voxels) * model.voxel_ml
    percent = measure_remnant_ratios(tissue_ml, draft.weight_kg, draft.height_cm, draft.formulas).sflr_percent
    return None if percent is None else percent / 100.0


def judge_remnant(value: float, factor: float | None, limit: float) -> tuple[str, str]:
    """State and words of a remnant in percent of the liver without tumour. factor: see `standard_factor`; where the limit's
    own denominator says otherwise, it decides and is named."""
    state = judge_least(value, None, limit)
    if factor is not None and judge_least(value * factor, None, limit) != state:
        state = judge_least(value * factor, None, limit)
        return state, (
            tr("sFLR {plain}, under {limit:g}", plain=plain(value * factor, "%"), limit=limit)
            if state == "bad"
            else tr("sFLR {plain}, above {limit:g}", plain=plain(value * factor, "%"), limit=limit)
        )
    return state, limit_words(value, state, limit)


def share(percent: float) -> str:
    """ "46.5 %"."""
    return text_quantity(percent, "%")


def volume_rows(cut: CutNumbers) -> list[TableRow]:
    """What goes and what stays."""
    rows = [
        TableRow(
            "removed",
            tr("Removed"),
            plain(cut.removed_ml, "ml"),
            "ml",
            share=share(cut.removed_percent),
            clickable=False,
        ),
        TableRow("kept", tr("Kept"), plain(cut.kept_ml, "ml"), "ml", share=share(cut.kept_percent), clickable=False),
    ]
    if cut.kept_tumor_ml > 0.0:
        rows.append(number_row("tumor_kept", tr("Tumour kept"), cut.kept_tumor_ml, "ml", state="bad", clickable=False))
    return rows


def place_row(at_mm: Vector | None) -> list[TableRow]:
    """Where the least margin is; a click goes there."""
    if at_mm is None:
        return []
    names = (("L", "R"), ("P", "A"), ("H", "F"))
    words = [f"{two[value < 0.0]} {abs(value):.0f}" for two, value in zip(names, at_mm.tolist(), strict=True)]
    return [TableRow("place", tr("Least margin at"), "  ".join(words))]


def body_rows(
    flr_ml: float, weight_kg: float | None, height_cm: float | None, formulas: SizeFormulas, limit: float
) -> list[TableRow]:
    """The remnant against the body; the chosen formula's is held against the limit. A missing size keeps its row."""
    if weight_kg is None:
        return [
            TableRow("weight", tr("Remnant / body weight"), "–", share="Enter", reason=tr("Body weight is missing"))
        ]
    ratios = measure_remnant_ratios(flr_ml, weight_kg, height_cm, formulas)
    rows = [number_row("weight", tr("Remnant / body weight"), ratios.remnant_to_body_weight_percent, "%", decimals=2)]
    for key, name in FORMULAS.items():
        standard_ml, percent = ratios.standard_liver_ml.get(key), ratios.sflr_by_formula_percent.get(key)
        if standard_ml is None or percent is None:
            reason = (
                tr("Body height is missing")
                if standard_ml is None
                else tr("The formula has no volume for so small a body")
            )
            rows.append(TableRow(f"sflr_{key}", name, "–", share="Enter", reason=reason))
            continue
        rows.append(
            TableRow(
                f"sflr_{key}",
                name,
                plain(percent, "%"),
                "%",
                reason=tr(
                    "Of a standard liver of {standard_ml}; click to hold this one to the limit",
                    standard_ml=text_quantity(standard_ml, "ml"),
                ),
                state=judge_least(percent, None, limit) if key == formulas.standard else "",
            )
        )
    if ratios.body_surface_m2 is not None:
        low, high = BODY_SURFACE_RANGE_M2
        fits = low <= ratios.body_surface_m2 <= high
        rows.append(
            TableRow(
                "surface",
                tr("BSA, {SURFACE_NAMES}", SURFACE_NAMES=SURFACE_NAMES[formulas.surface]),
                text_value(ratios.body_surface_m2, 2),
                SURFACE_M2,
                state="" if fits else "warn",
                status="" if fits else tr("fitted for {low:g} to {high:g}", low=low, high=high),
                reason=tr("Body surface area; click for the other formula"),
            )
        )
    return rows


def perfusion_rows(cut: CutNumbers) -> list[TableRow]:
    """What is kept without inflow or drainage."""
    if cut.congested_ml is None:
        return []
    return [
        number_row("congested", tr("Congested"), cut.congested_ml, "ml", clickable=False),
        number_row("inflow", tr("Without inflow"), cut.without_inflow_ml, "ml", clickable=False),
    ]
