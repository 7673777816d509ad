"""Plans of one liver beside each other: what each costs and gains, and which are beaten in both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SAME_MM, SAME_PERCENT = 0.05, 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One plan of a comparison. margin_mm: least of the tumours it removes or divides; remnant_percent: viable where it
    is known.

    sure_mm: least of these tumours' margins less its ±. left: numbers of tumours that stay, wholly or in part.
    beaten_by: names of plans at least as good in both and better in one. cut_names: branches cut, thickest first.
    to_standard: what makes a remnant one of the standard liver volume, where the plan's limit is of that; else None.
    """

    name: str
    margin_mm: float | None
    margin_uncertainty_mm: float | None
    remnant_percent: float | None
    is_viable: bool
    removed_ml: float
    left: tuple[int, ...]
    cut_names: tuple[str, ...]
    sure_mm: float | None = None
    to_standard: float | None = None
    beaten_by: tuple[str, ...] = ()

    @property
    def held_percent(self) -> float | None:
        """The remnant that a limit is held against, of the limit's own denominator."""
        if self.remnant_percent is None or self.to_standard is None:
            return self.remnant_percent
        return self.remnant_percent * self.to_standard


@dataclass(frozen=True, slots=True)
class Limits:
    """What plans are held against: least margin, mm, and least remnant, %."""

    margin_mm: float
    remnant_percent: float


def compare_plans(plans: Sequence[tuple[str, Mapping[str, Any]]]) -> tuple[PlanRow, ...]:
    """The rows of (name, results), in their order, each with the plans that beat it.

    The margin counts tumours that the plan removes or divides: one that stays has no margin. A plan that leaves a
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


def say_difference(row: PlanRow, best: PlanRow, *, than: bool = False) -> str:
    """One sentence on how a plan differs from another. than: without its own name, and naming the other."""
    words = []
    if row.remnant_percent is not None and best.remnant_percent is not None:
        change = row.remnant_percent - best.remnant_percent
        if abs(change) >= 0.5:
            # shares of the liver, not of the other plan's remnant
            words.append(f"keeps {abs(change):.0f} % {'more' if change > 0 else 'less'} of the liver")
    if row.margin_mm is not None and best.margin_mm is not None:
        change = row.margin_mm - best.margin_mm
        if abs(change) >= 0.1:
            words.append(f"has {abs(change):.1f} mm {'more' if change > 0 else 'less'} margin")
    only = [name for name in row.cut_names if name not in best.cut_names]
    if only:
        words.append(f"crosses {', '.join(only[:3])}")
    more = [number for number in row.left if number not in best.left]
    if more:
        words.append(f"leaves {_tumors(more)}")
    if not words:
        return f"Like plan {best.name}." if than else f"Plan {row.name} is like plan {best.name}."
    said = ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1]
    if than:
        return f"Beside plan {best.name} it {said}."
    return f"Plan {row.name} {said}."


def judge_plan(row: PlanRow, limits: Limits) -> tuple[str, str]:
    """States of margin and remnant: "ok", "warn" (only without its ±), "bad", "" where there is no number.

    A tumour that stays makes the margin bad, whatever the others have.
    """
    margin = ""
    if row.margin_mm is not None and row.sure_mm is not None:
        margin = "bad" if row.margin_mm < limits.margin_mm else "ok" if row.sure_mm >= limits.margin_mm else "warn"
    if row.left:
        margin = "bad"
    held = row.held_percent
    if held is None:
        return margin, ""
    return margin, "ok" if held >= limits.remnant_percent else "bad"


def rank_plans(rows: Sequence[PlanRow], limits: Limits) -> tuple[PlanRow, ...]:
    """Best first: limits met with their ±, then tumours left, then remnant, then margin."""
    worth = {"ok": 0, "warn": 1, "": 2, "bad": 3}

    def key(row: PlanRow) -> tuple[int, int, int, float, float]:
        states = [worth[state] for state in judge_plan(row, limits)]
        return (
            max(states),
            sum(states),
            len(row.left),
            -(row.remnant_percent if row.remnant_percent is not None else -1.0),
            -(row.margin_mm if row.margin_mm is not None else -1.0),
        )

    return tuple(sorted(rows, key=key))


def say_place(row: PlanRow, ranked: Sequence[PlanRow], limits: Limits) -> str:
    """Why a plan stands where it does: how it meets what is asked, and what sets it apart from the best or the next."""
    margin, remnant = judge_plan(row, limits)
    what = "Viable remnant" if row.is_viable else "Remnant"
    words = []
    if row.left:
        words.append(f"{_tumors(row.left)} {'stays' if len(row.left) == 1 else 'stay'}.")
    elif margin == "bad":
        assert row.margin_mm is not None
        words.append(f"Margin {row.margin_mm:.1f} mm, {limits.margin_mm:g} mm asked.")
    elif margin == "warn":
        words.append(f"Margin meets {limits.margin_mm:g} mm only without its ±.")
    if remnant == "bad":
        assert row.held_percent is not None
        of = " of the standard volume" if row.to_standard is not None else ""
        words.append(f"{what} {row.held_percent:.1f} %{of}, {limits.remnant_percent:g} % asked.")
    if not words and margin == "ok" and remnant == "ok":
        words.append("Meets both limits.")
    if row.beaten_by:
        words.append(
            f"Plan {row.beaten_by[0]} is no worse in margin, remnant and tumours left, and better in at least one of them."
        )
    elif len(ranked) > 1:
        other = ranked[1] if row is ranked[0] else ranked[0]
        words.append(say_difference(row, other, than=True))
    return " ".join(words)


def _tumors(numbers: Sequence[int]) -> str:
    """ "T2", "T1 and T3"."""
    names = [f"T{number}" for number in numbers]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def met_margins(margin: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Of a plan's or a step's "margin" the rows of tumours that are removed or divided, the least first: one that stays
    has a distance to the cut and no margin."""
    met = [one for one in margin["by_tumor"] if one.get("side") != "kept" and one["minimum_mm"] is not None]
    return sorted(met, key=lambda one: float(one["minimum_mm"]))


def least_margin(margin: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """(mm, ±) of the least of `met_margins`, both None where no cut comes near a tumour that goes."""
    met = met_margins(margin)
    return (met[0]["minimum_mm"], met[0].get("uncertainty_mm")) if met else (None, None)


def _row(name: str, results: Mapping[str, Any]) -> PlanRow:
    by_tumor = results["margin"]["by_tumor"]
    met = met_margins(results["margin"])
    least = met[0] if met else None
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
        to_standard=_to_standard(results),
        sure_mm=min((one["minimum_mm"] - (one.get("uncertainty_mm") or 0.0) for one in met), default=None),
    )


def _to_standard(results: Mapping[str, Any]) -> float | None:
    limit, whole = results.get("remnant_limit") or {}, results.get("flr_percent")
    if limit.get("of") != "sflr_percent" or not whole:
        return None
    return float(results["sflr_percent"]) / float(whole)


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
