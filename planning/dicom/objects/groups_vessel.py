"""The groups of a TAVR plan and of a vessel plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planning.dicom.objects import codes
from planning.dicom.objects.groups import Group, number, outline, section

CUSPS = ("ncc", "rcc", "lcc")
CORONARIES = {"left": codes.LEFT_CORONARY, "right": codes.RIGHT_CORONARY}


def tavr_groups(results: Mapping[str, Any]) -> list[Group]:
    """Annulus, outflow tract, sinuses, junction, ascending aorta, coronary heights, calcium, views, access."""
    annulus = results["annulus"]
    plane = (
        *number(results, "angulation_deg", codes.ANGLE, codes.DEGREE),
        *number(results.get("calcium"), "threshold_hu", codes.CALCIUM_LIMIT, codes.HU),
    )
    groups = [
        Group("annulus", codes.ANNULUS, section(annulus), codes.AORTIC_VALVE, outline(annulus)),
        Group("annulus plane and calcium threshold", codes.ANNULUS, plane, codes.AORTIC_VALVE),
    ]
    for row in results.get("lvot") or ():
        name = f"outflow tract {row['depth_mm']:g} mm below the annulus"
        groups.append(Group(name, codes.OUTFLOW_TRACT, section(row), None, outline(row)))
    return [
        *groups,
        *_root(results),
        *_coronaries(results.get("coronaries") or {}),
        *_calcium(results.get("calcium") or {}),
        *_views(results.get("projections") or {}),
        *_access(results.get("access") or {}),
    ]


def _root(results: Mapping[str, Any]) -> list[Group]:
    sinuses, junction = results.get("sinuses") or {}, results.get("stj") or {}
    ascending = results.get("ascending_aorta") or {}
    groups = [
        Group(
            "sinuses of Valsalva",
            codes.SINUS,
            number(sinuses, "mean_mm", codes.DIAMETER, codes.MM, codes.MEAN),
            None,
            outline(sinuses),
        )
    ]
    for cusp in CUSPS:
        numbers = (
            *number(sinuses, f"{cusp}_mm", codes.DIAMETER, codes.MM),
            *number(sinuses, f"height_{cusp}_mm", codes.HEIGHT, codes.MM),
        )
        groups.append(Group(f"sinus {cusp}", codes.SINUSES[cusp], numbers))
    greatest = number(ascending, "greatest_diameter_mm", codes.DIAMETER, codes.MM, codes.MEAN)
    return [
        *groups,
        Group(
            "sinotubular junction",
            codes.JUNCTION,
            (*section(junction), *number(junction, "height_mm", codes.HEIGHT, codes.MM)),
            None,
            outline(junction),
        ),
        Group("ascending aorta 40 mm above the annulus", codes.ASCENDING, section(ascending), None, outline(ascending)),
        Group(
            "ascending aorta where it is widest",
            codes.ASCENDING,
            greatest,
            None,
            outline(ascending, "greatest_contour_mm"),
        ),
    ]


def _coronaries(rows: Mapping[str, Any]) -> list[Group]:
    found = []
    for side, artery in CORONARIES.items():
        spread = rows.get(f"{side}_uncertainty_mm")
        numbers = (
            *number(rows, f"{side}_height_mm", codes.HEIGHT, codes.MM, None, spread),
            *number(rows, f"{side}_diameter_mm", codes.DIAMETER, codes.MM),
        )
        found.append(Group(f"ostium of the {side} coronary artery above the annulus", artery, numbers))
    return found


def _calcium(rows: Mapping[str, Any]) -> list[Group]:
    spread, parts = rows.get("uncertainty_mm3"), rows.get("by_region") or {}
    total = number(rows, "total_mm3", codes.CALCIUM_VOLUME, codes.MM3, None, spread)
    return [
        Group("calcium of the valve and outflow tract", codes.AORTIC_VALVE, total),
        *(
            Group(f"calcium {key.removesuffix('_mm3')}", site, number(parts, key, codes.CALCIUM_VOLUME, codes.MM3))
            for key, site in (
                *((f"{cusp}_mm3", codes.SINUSES[cusp]) for cusp in CUSPS),
                ("lvot_mm3", codes.OUTFLOW_TRACT),
            )
        ),
    ]


def _views(rows: Mapping[str, Any]) -> list[Group]:
    return [
        Group(
            f"view {key.replace('_', ' ')}",
            codes.AORTIC_VALVE,
            (
                *number(rows.get(key), "lao_deg", codes.LAO, codes.DEGREE),
                *number(rows.get(key), "cra_deg", codes.CRANIAL, codes.DEGREE),
            ),
        )
        for key in ("three_cusp", "cusp_overlap")
    ]


def _access(rows: Mapping[str, Any]) -> list[Group]:
    """The least lumen of each route; what was excluded or is closed says so in its name."""
    found = []
    for route in rows.get("routes") or ():
        least = route.get("minimum") or {}
        numbers = (
            *number(least, "min_diameter_mm", codes.DIAMETER, codes.MM, codes.LEAST, least.get("uncertainty_mm")),
            *number(least, "area_diameter_mm", codes.AREA_DIAMETER, codes.MM),
            *number(route, "length_mm", codes.PATH_LENGTH, codes.MM),
            *number(route, "tortuosity", codes.TORTUOSITY, codes.NO_UNIT),
        )
        words = [f"access {route.get('key', '')}".replace("_", " ").strip()]
        words += ["excluded by a person"] if route.get("excluded") is not None else []
        words += [f"closed at {route['closed_at_mm']:.0f} mm"] if route.get("closed_at_mm") is not None else []
        found.append(Group(", ".join(words), codes.VESSEL, numbers))
    return found


def vessel_groups(results: Mapping[str, Any]) -> list[Group]:
    """The way as a whole, and its narrowest and widest section with their outlines."""
    whole = (
        *number(results, "length_mm", codes.PATH_LENGTH, codes.MM),
        *number(results, "chord_mm", codes.DISTANCE, codes.MM),
        *number(results, "tortuosity", codes.TORTUOSITY, codes.NO_UNIT),
    )
    groups = [Group("vessel between its ends", codes.VESSEL, whole)]
    for key, word in (("minimum", "narrowest"), ("maximum", "widest")):
        told = results.get(key) or {}
        at = next((one for one in results.get("stations") or () if one["s_mm"] == told.get("s_mm")), None)
        if at is not None:
            name = f"{word} section, {at['s_mm']:.1f} mm from the start"
            numbers = section({**at, "uncertainty_mm": told.get("uncertainty_mm")})
            groups.append(Group(name, codes.VESSEL, numbers, None, outline(at)))
    return groups
