"""Valve sizes of a TAVR plan in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.i18n import text_value, tr
from app.panels.notes import Note
from app.panels.quantities import TableRow, number_row
from planning.units import THIN_SPACE

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
    return f"{device['model']}, {size_words(device)}"


def size_words(device: Results) -> str:
    """ "26 mm"; sizes that are no number stay as the maker writes them."""
    size = str(device["size"])
    return f"{size} mm" if size.replace(".", "", 1).isdigit() else size


def ranked_devices(results: Results) -> list[Results]:
    """Fitting ones by whole percent of probability, then those in range, then the others by how near they come.

    What differs by less keeps the catalogue's order: no maker comes first by a digit that is not shown.
    """
    return sorted(
        results["devices"],
        key=lambda device: (
            not device["fits"],
            not _in_range(results.get("annulus") or {}, device),
            -round(100.0 * device["probability"]) if device["fits"] else abs(oversizing(device)[0] or 99.0),
        ),
    )


def _in_range(annulus: Results, device: Results) -> bool:
    """Whether the annulus lies in the maker's range, whatever else speaks against the size."""
    value = annulus.get(str(device.get("by")))
    return value is not None and device["low"] <= value <= device["high"]


def fitting_devices(results: Results) -> list[Results]:
    """The sizes that fit, in the catalogue's order; which of them is implanted is not the program's to say."""
    return [device for device in results["devices"] if device["fits"]]


def fitting_words(results: Results) -> str:
    """ "6 sizes", "1 size", "none"."""
    count = len(fitting_devices(results))
    return tr("none") if count == 0 else tr("%n size(s)", "", count)


def fitting_row(results: Results) -> TableRow:
    """How many sizes fit, and which."""
    names = " · ".join(device_name(device) for device in fitting_devices(results))
    if not results["quality"]["ok"]:
        reason = tr("The scan is not good enough to choose a size")
        return TableRow("valve", tr("Sizes for the annulus"), "–", reason=reason, clickable=False)
    return TableRow("valve", tr("Sizes for the annulus"), fitting_words(results), detail=names, clickable=False)


def device_rows(results: Results, count: int) -> list[TableRow]:
    """The first `count` of the ranking: oversizing, how probable a fit is, and why."""
    rows = []
    quality = results["quality"]["ok"]
    for n, device in enumerate(ranked_devices(results)[:count]):
        value, basis = oversizing(device)
        state = ("ok" if device["probability"] >= 0.8 else "warn") if device["fits"] else "bad"
        fits = tr("fits, {probability}", probability=probability_words(device["probability"]))
        status = fits if device["fits"] else tr("does not fit")
        rows.append(
            TableRow(
                f"device_{n}",
                device_name(device),
                signed_percent(value),
                state=state if quality else "",
                detail=str(device["reason"]),
                status=status if quality else tr("not chosen"),
                reason=tr("By {basis}. Source: {source}", basis=basis, source=device["source"]),
                clickable=False,
            )
        )
    return rows


def valve_name(valve: Results) -> str:
    """ "SAPIEN 3, 26 mm" of a plan's "valve"."""
    return device_name(valve)


def placed_rows(valve: Results) -> list[TableRow]:
    """Distances of the valve as it is drawn, each with its ± and state."""
    unsure, states = valve["uncertainty"], valve["states"]
    rows = []
    for key, name, reason in (
        ("septum_minus_depth_mm", tr("Septum minus depth"), tr("The membranous septum was not measured")),
        ("vtc_left_mm", tr("VTC left"), tr("The left ostium was not found")),
        ("vtc_right_mm", tr("VTC right"), tr("The right ostium was not found")),
        ("vtstj_mm", "VTSTJ", tr("The sinotubular junction was not measured")),
    ):
        value = valve[key]
        row = number_row(key, name, value, "mm", unsure[key], reason=reason, state="" if value is None else states[key])
        if value is not None and key.startswith("septum"):
            row = replace(row, value=f"{'+' if value >= 0 else ''}{text_value(value, 1)}")
        rows.append(row)
    touched = valve["calcium_contact_mm3"]
    rows.append(
        number_row("calcium", tr("Calcium touched"), touched, "mm³", unsure["calcium_contact_mm3"], clickable=False)
    )
    turn = valve["commissure_deg"]
    reason = tr("The commissures were not found")
    rows.append(number_row("commissure", tr("Posts off commissures"), turn, "°", reason=reason, clickable=False))
    return rows


def in_valve_rows(inside: Results | None) -> list[TableRow]:
    """The catalogue's sizes for a valve in a surgical one, held against its true inner diameter."""
    if not inside:
        return []
    return [
        TableRow(
            f"inside_{row['size']}",
            device_name(row),
            "fits" if row["fits"] else tr("does not fit"),
            state="ok" if row["fits"] else "bad",
            detail=tr(
                "perimeter {low_mm}–{high_mm} mm",
                low_mm=text_value(row["low_mm"], 1),
                high_mm=text_value(row["high_mm"], 1),
            ),
            reason=str(row["source"]),
            clickable=False,
        )
        for row in inside["sizes"]
    ]


def obstruction_notes(obstruction: Results) -> list[Note]:
    """Both sides as the rule says, the worse one first."""
    order = {"bad": 0, "warn": 1, "unknown": 2, "ok": 3}
    sides = sorted(obstruction.values(), key=lambda side: order[side["state"]])
    if all(side["state"] == "unknown" and side["text"] == sides[0]["text"] for side in sides):
        return [Note(tr("Obstruction not known on either side"), sides[0]["text"])]
    return [
        Note(side["headline"], side["text"], "warn" if side["state"] == "unknown" else side["state"]) for side in sides
    ]


def row_of(numbers: Results, valve: Results | None) -> Results | None:
    """The device row of the valve drawn."""
    if valve is None:
        return None
    wanted = (valve["model"], valve["size"])
    return next((row for row in numbers["devices"] if (row["model"], row["size"]) == wanted), None)


def family_rows(numbers: Results) -> tuple[list[TableRow], str]:
    """The sizes of the valve drawn, or of the first maker: nominal size, state, oversizing; and a note on them."""
    devices, valve = numbers["devices"], numbers.get("valve")
    model = valve["model"] if valve is not None else devices[0]["model"]
    rows = []
    for device in [device for device in devices if device["model"] == model]:
        value, basis = oversizing(device)
        area = device.get("nominal_area_mm2")
        shown = f"{size_words(device)}   {text_value(area, 0)} mm²" if basis == "area" and area else size_words(device)
        state = "bad" if not device["fits"] else "warn" if device.get("borderline") else "ok"
        rows.append(
            TableRow(
                f"size_{device['size']}",
                shown,
                signed_percent(value),
                state=state,
                reason=str(device["reason"]),
                clickable=False,
            )
        )
    _, basis = oversizing(next(device for device in devices if device["model"] == model))
    return rows, tr(
        "{model}, oversizing by {basis}. Verify sizes against the maker’s instructions.", model=model, basis=basis
    )
