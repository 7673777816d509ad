"""The section shown as rows of a table, what a hand changed beside what the image told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.i18n import mark, tr
from app.panels.parts import TableRow, number_row, plain
from planning.vessel.edits import HELD_MM, REACH_MM, is_edited, unsure_mm

EDIT_HELP = mark(
    "Drag a handle to pull the edge; Delete lets it go. A pull holds for {held:g} mm along the vessel and fades out "
    "at {reach:g} mm."
)


def edit_help() -> str:
    """What a hand does with a section, in the window's language."""
    return tr(EDIT_HELP, held=HELD_MM, reach=REACH_MM)


NOT_CLOSED = mark("The lumen is not closed here: branch or edge of the scan")
WIDTHS = (
    ("here_least", mark("Least"), "min_diameter_mm", "mm"),
    ("here_greatest", mark("Greatest"), "max_diameter_mm", "mm"),
    ("here_area", mark("Area"), "area_mm2", "mm²"),
)


def station_rows(station: Mapping[str, Any] | None) -> list[TableRow]:
    """The numbers of one section; an edited one has the automatic value beside."""
    if station is None:
        return []
    how = {"here": "edited", "near": tr("near an edit")}.get(str(station.get("edited")), "")
    rows = [replace(number_row("here", "Section at", station["s_mm"], "mm", clickable=False), share=how)]
    for key, name, width, unit in WIDTHS:
        spread = unsure_mm(station) if unit == "mm" else None
        row = number_row(key, name, station[width], unit, spread, reason=NOT_CLOSED, clickable=False)
        if is_edited(station):
            row = replace(row, share=f"automatic {plain(station['automatic'][width], unit)}")
        rows.append(row)
    if station["calcium_arc_deg"] is not None:
        rows.append(number_row("here_calcium", tr("Calcium arc"), station["calcium_arc_deg"], "°", clickable=False))
    return rows


def edited_words(count: int) -> str:
    """ "2 sections edited"."""
    return tr("%n section(s) edited", "", count)
