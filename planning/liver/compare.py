"""Plans of one liver beside each other: what each costs and gains, and which are beaten in both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SAME_MM, SAME_PERCENT = 0.05, 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One plan of a comparison. margin_mm: least of the tumours it removes; remnant_percent: viable where it is known.

    left: numbers of tumours that stay, wholly or in part. beaten_by: names of plans at least as good in both and
    better in one. cut_names: branches cut, thickest first.
    """

    name: str
    margin_mm: float | None
    margin_uncertainty_mm: float | None
    remnant_percent: float | None
    is_viable: bool
    removed_ml: float
    left: tuple[int, ...]
    cut_names: tuple[str, ...]
    beaten_by: tuple[str, ...] = ()


def compare_plans(plans: Sequence[tuple[str, Mapping[str, Any]]]) -> tuple[PlanRow, ...]:
    """The rows of (name, results), in their order, each with the plans that beat it.

    The margin counts only tumours that the plan removes wholly: one that stays has no margin. A plan that leaves a
    tumour is beaten by any that leaves fewer and is no worse in the rest.
    """
    rows = [_row(name, results) for name, results in plans]
    return tuple(
        PlanRow(
            **{field: getattr(row, field) for field in PlanRow.__slots__ if field != "beaten_by"},
            beaten_by=tuple(other.name for other in rows if other is not row and _beats(other, row)),
        )
        for row in rows
    )


def say_difference(row: PlanRow, best: PlanRow) -> str:
    """One sentence on how a plan differs from another."""
    words = []
    if row.remnant_percent is not None and best.remnant_percent is not None:
        change = row.remnant_percent - best.remnant_percent
        if abs(change) >= 0.5:
            words.append(f"keeps {abs(change):.0f} % {'more' if change > 0 else 'less'}")
    if row.margin_mm is not None and best.margin_mm is not None:
        change = row.margin_mm - best.margin_mm
        if abs(change) >= 0.1:
            words.append(f"has {abs(change):.1f} mm {'more' if change > 0 else 'less'} margin")
    only = [name for name in row.cut_names if name not in best.cut_names]
    if only:
        words.append(f"crosses {', '.join(only[:3])}")
    if len(row.left) > len(best.left):
        words.append(f"leaves tumour {', '.join(map(str, row.left))}")
    if not words:
        return f"Plan {row.name} is like plan {best.name}."
    return f"Plan {row.name} " + ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1] + "."


def _row(name: str, results: Mapping[str, Any]) -> PlanRow:
    by_tumor = results["margin"]["by_tumor"]
    whole = [one for one in by_tumor if one.get("side") == "removed" and one["minimum_mm"] is not None]
    least = min(whole, key=lambda one: one["minimum_mm"], default=None)
    viable = results.get("viable_flr_percent")
    names = list(dict.fromkeys(cut["name"] for cut in results["vessels_cut"]))
    return PlanRow(
        name=name,
        margin_mm=None if least is None else float(least["minimum_mm"]),
        margin_uncertainty_mm=None if least is None else least.get("uncertainty_mm"),
        remnant_percent=results.get("flr_percent") if viable is None else viable,
        is_viable=viable is not None,
        removed_ml=float(results["removed_ml"]),
        left=tuple(int(one["id"]) for one in by_tumor if one.get("side") != "removed"),
        cut_names=tuple(names),
    )


def _beats(first: PlanRow, second: PlanRow) -> bool:
    """At least as good in margin, remnant and tumours left, and better in one; unknown numbers beat nothing."""
    if None in (first.margin_mm, second.margin_mm, first.remnant_percent, second.remnant_percent):
        return False
    assert first.margin_mm is not None
    assert second.margin_mm is not None
    assert first.remnant_percent is not None
    assert second.remnant_percent is not None
    margin = first.margin_mm - second.margin_mm
    remnant = first.remnant_percent - second.remnant_percent
    left = len(second.left) - len(first.left)
    no_worse = margin >= -SAME_MM and remnant >= -SAME_PERCENT and left >= 0
    return no_worse and (margin > SAME_MM or remnant > SAME_PERCENT or left > 0)
