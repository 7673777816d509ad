"""The steps of a vessel plan and what its points are called."""

from __future__ import annotations

from collections.abc import Mapping

from app.i18n import mark

NAMES = (mark("Ends"), mark("Lumen"), mark("Branches"), mark("Aneurysm"), mark("Growth"))
ENDS, LUMEN, BRANCHES, ANEURYSM, GROWTH = range(5)
POINTS = ("vessel_start", "vessel_end")
RENAL, BRANCH_END, VIA = "vessel_renal", "vessel_branch", "vessel_via"
POINT_NAMES: Mapping[str, str] = {"vessel_start": mark("First point"), "vessel_end": mark("Second point")}
POINT_HELP: Mapping[str, str] = {
    "vessel_start": mark("Click inside the vessel where it shall begin, or let both ends be found."),
    "vessel_end": mark("Click inside the same vessel where it shall end, or let both ends be found."),
}
POINT_LABELS: Mapping[str, str] = {"vessel_start": "A", "vessel_end": "B"}
