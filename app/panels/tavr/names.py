"""Names of steps and points of the TAVR plan."""

from __future__ import annotations

from collections.abc import Mapping

from app.i18n import mark

NAMES = (
    mark("Scan and phase"),
    mark("Aortic root"),
    mark("Annulus"),
    mark("Root dimensions"),
    mark("Calcium"),
    mark("Projections"),
    mark("Valve"),
    mark("Access and report"),
)
SCAN, ROOT, ANNULUS, DIMENSIONS, CALCIUM, VIEWS, VALVE, REPORT = range(8)
# steps whose acceptance stays with the plan; valve and route have their own
ACCEPTED_NAMES: Mapping[int, str] = {ANNULUS: "annulus", DIMENSIONS: "dimensions", CALCIUM: "calcium", VIEWS: "views"}
HINGES = ("hinge_ncc", "hinge_rcc", "hinge_lcc")
OSTIA = ("ostium_left", "ostium_right")
POINT_NAMES: Mapping[str, str] = {
    "hinge_ncc": mark("NCC hinge"),
    "hinge_rcc": mark("RCC hinge"),
    "hinge_lcc": mark("LCC hinge"),
    "ostium_left": mark("Left ostium"),
    "ostium_right": mark("Right ostium"),
}
POINT_HELP: Mapping[str, str] = {
    "hinge_ncc": mark("Click the lowest point of the non-coronary cusp."),
    "hinge_rcc": mark("Click the lowest point of the right coronary cusp."),
    "hinge_lcc": mark("Click the lowest point of the left coronary cusp."),
    "ostium_left": mark("Click the lowest rim point of the left ostium."),
    "ostium_right": mark("Click the lowest rim point of the right ostium."),
}
POINT_LABELS: Mapping[str, str] = {
    "hinge_ncc": "NCC",
    "hinge_rcc": "RCC",
    "hinge_lcc": "LCC",
    "ostium_left": "LCA",
    "ostium_right": "RCA",
}
