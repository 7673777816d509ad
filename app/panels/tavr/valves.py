"""Valve sizes of a TAVR plan in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.panels.quantities import TableRow
from planning.units import THIN_SPACE, text_value

Results = Mapping[str, Any]


def oversizing(device: Results) -> tuple[float | None, str]:
    """Percent and what it is by: area where the maker gives one, else perimeter."""
    by_area = device["oversizing_area_percent"]
    return (by_area, "area") if by_area is not None else (device["oversizing_perimeter_percent"], "perimeter")


def signed_percent(value: float | None) -> str:
    """ "+9.0 %"; "–" for none."""
    if value is None:
        return "–"
    return f"{'+' if value >= 0 else ''}{text_value(value, 1)}{THIN_SPACE}%"


def probability_words(value: float) -> str:
    """ "> 99 %", "< 1 %" or whole percent."""
    if value > 0.99:
        return f"> 99{THIN_SPACE}%"
    return f"< 1{THIN_SPACE}%" if value < 0.01 else f"{100 * value:.0f}{THIN_SPACE}%"


def device_name(device: Results) -> str:
    """ "SAPIEN 3, 26 mm"; sizes that are no number stay as the maker writes them."""
    size = str(device["size"])
    return f"{device['model']}, {size} mm" if size.replace(".", "", 1).isdigit() else f"{device['model']}, {size}"


def ranked_devices(results: Results) -> list[Results]:
    """Fitting ones by whole percent of probability, then the others by how near they come.

    What differs by less keeps the catalogue's order: no maker comes first by a digit that is not shown.
    """
    return sorted(
        results["devices"],
        key=lambda device: (
            not device["fits"],
            -round(100.0 * device["probability"]) if device["fits"] else abs(oversizing(device)[0] or 99.0),
        ),
    )


def fitting_devices(results: Results) -> list[Results]:
    """The sizes that fit, in the catalogue's order; which of them is implanted is not the program's to say."""
    return [device for device in results["devices"] if device["fits"]]


def fitting_words(results: Results) -> str:
    """ "6 sizes", "1 size", "none"."""
    count = len(fitting_devices(results))
    return "none" if count == 0 else f"{count} size" + ("" if count == 1 else "s")


def fitting_row(results: Results) -> TableRow:
    """How many sizes fit, and which."""
    names = " · ".join(device_name(device) for device in fitting_devices(results))
    if not results["quality"]["ok"]:
        reason = "The scan is not good enough to choose a size"
        return TableRow("valve", "Valves that fit", "–", reason=reason, clickable=False)
    return TableRow("valve", "Valves that fit", fitting_words(results), detail=names, clickable=False)


def device_rows(results: Results, count: int) -> list[TableRow]:
    """The first `count` of the ranking: oversizing, how probable a fit is, and why."""
    rows = []
    quality = results["quality"]["ok"]
    for n, device in enumerate(ranked_devices(results)[:count]):
        value, basis = oversizing(device)
        state = ("ok" if device["probability"] >= 0.8 else "warn") if device["fits"] else "bad"
        status = "fits, " + probability_words(device["probability"]) if device["fits"] else "does not fit"
        rows.append(
            TableRow(
                f"device_{n}",
                device_name(device),
                signed_percent(value),
                state=state if quality else "",
                detail=str(device["reason"]),
                status=status if quality else "not chosen",
                reason=f"By {basis}. Source: {device['source']}",
                clickable=False,
            )
        )
    return rows
