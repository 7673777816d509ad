"""Two TAVR plans as the comparison's table shows them: names of its rows, both plans' cells and what lies between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.i18n import mark, tr
from app.panels.quantities import plain
from app.panels.tavr.views import carm_words
from app.panes.compare_pane import PlanCell, PlanColumn
from planning.case.model import PlanRecord
from planning.tavr.beside import Difference, Number, differences
from planning.units import MINUS

NAMES: Mapping[str, str] = {
    "area": mark("Annulus area, mm²"),
    "perimeter": mark("Perimeter, mm"),
    "longest": mark("Longest diameter, mm"),
    "shortest": mark("Shortest diameter, mm"),
    "lvot": mark("LVOT area, mm²"),
    "sinus_ncc": mark("Sinus NCC, mm"),
    "sinus_rcc": mark("Sinus RCC, mm"),
    "sinus_lcc": mark("Sinus LCC, mm"),
    "stj": mark("STJ diameter, mm"),
    "stj_height": mark("STJ height, mm"),
    "ascending": mark("Ascending aorta, mm"),
    "ostium_left": mark("LCA height, mm"),
    "ostium_right": mark("RCA height, mm"),
    "septum": mark("Membranous septum, mm"),
    "calcium": mark("Calcium, mm³"),
    "calcium_lvot": mark("Calcium in the LVOT, mm³"),
    "oversizing": mark("Oversizing, %"),
    "depth": mark("Depth, mm"),
}
# what is no number: told side by side
VALVE, VIEW = mark("Valve"), mark("Three cusps in line")
NOT_MEASURED = mark("Not measured in this plan")
NO_SPREAD = mark("No ± of both plans is known, so nobody can say whether this is more than the measurement's own")
WITHIN = mark("Within the ± of both measurements")
BEYOND = mark("More than the ± of both measurements")


def valve_words(results: Mapping[str, Any]) -> str:
    """ "Evolut FX 29", "–" where none is chosen."""
    valve = results.get("valve")
    return f"{valve['model']} {valve['size']}" if valve else "–"


def _view_words(results: Mapping[str, Any]) -> str:
    view = (results.get("projections") or {}).get("three_cusp")
    return carm_words(view) if view else "–"


def signed(value: float, unit: str) -> str:
    """ "+14", "−3.2", "0.0": with its sign, in the unit's decimals."""
    text = plain(abs(value), unit)
    return text if not any(figure in "123456789" for figure in text) else f"{MINUS if value < 0 else '+'}{text}"


def compared(first: PlanRecord, second: PlanRecord) -> tuple[Difference, ...]:
    """The numbers of both plans."""
    return differences(first.results, second.results)


def row_names(rows: Sequence[Difference]) -> tuple[str, ...]:
    """Names of the table's rows: numbers, then the valve and the view."""
    return (*(tr(NAMES[row.key]) for row in rows), tr(VALVE), tr(VIEW))


def columns(
    plans: tuple[PlanRecord, PlanRecord], colors: tuple[str, str], rows: Sequence[Difference]
) -> tuple[PlanColumn, PlanColumn, PlanColumn]:
    """Both plans, and the second less the first."""
    made = []
    for number, (plan, color) in enumerate(zip(plans, colors, strict=True)):
        cells = [_cell((row.first, row.second)[number], row.unit) for row in rows]
        cells += [PlanCell(valve_words(plan.results)), PlanCell(_view_words(plan.results))]
        made.append(PlanColumn(plan.name, color, tuple(cells)))
    words = [(read(plans[0].results), read(plans[1].results)) for read in (valve_words, _view_words)]
    between = [_between(row) for row in rows]
    between += [PlanCell(tr("the same") if one == other else tr("another")) for one, other in words]
    return made[0], made[1], PlanColumn(tr("Difference"), "", tuple(between), is_plan=False)


def _cell(number: Number, unit: str) -> PlanCell:
    spread = "" if number.plus_minus is None or number.value is None else plain(number.plus_minus, unit)
    return PlanCell(plain(number.value, unit), spread, reason=tr(NOT_MEASURED) if number.value is None else "")


def _between(row: Difference) -> PlanCell:
    if row.value is None:
        return PlanCell("–", reason=tr(NOT_MEASURED))
    spread = "" if row.plus_minus is None else plain(row.plus_minus, row.unit)
    reason = NO_SPREAD if row.is_told is None else BEYOND if row.is_told else WITHIN
    return PlanCell(signed(row.value, row.unit), spread, "warn" if row.is_told else "", tr(reason))


def told(rows: Sequence[Difference]) -> tuple[int, int]:
    """How many rows differ by more than their ±, and of how many that can be said."""
    known = [row.is_told for row in rows if row.is_told is not None]
    return sum(known), len(known)
