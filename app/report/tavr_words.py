"""Words and small look-ups that every part of a TAVR report shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.i18n import inside, mark, said, text_quantity, text_value
from app.report.content import NumberRow, Status
from app.report.describe import bare, several, spread_of
from planning.units import THIN_SPACE, text_carm

Results = Mapping[str, Any]
ORIGINS = {"given": "G", "automatic": "A", "edited": "E", "measured": "A"}
HINGES = ("hinge_ncc", "hinge_rcc", "hinge_lcc")
CUSPS = ("ncc", "rcc", "lcc")
STATES: Mapping[str, Status] = {"ok": "ok", "warn": "warn", "bad": "bad"}
VERIFY = mark("verify against the IFU")


def part(results: Results, *keys: str) -> Results:
    """A part of the results by its path; empty where it was not measured."""
    found: Any = results
    for key in keys:
        found = found.get(key) if hasattr(found, "get") else None
    return found if hasattr(found, "get") else {}


def rows(results: Results, *keys: str) -> Sequence[Results]:
    """A list of the results by its path; empty where it was not measured."""
    found = part(results, *keys[:-1]).get(keys[-1])
    return found if isinstance(found, (list, tuple)) else ()


def origin(results: Results, key: str) -> str:
    """ "A", "E" or "G" of a landmark."""
    return ORIGINS.get(str(part(results, "landmarks", key).get("source")), "A")


def plus(value: float | None, unit: str) -> str:
    """ "± 9"; "" where it was not estimated."""
    return "" if value is None else f"± {bare(value, unit)}"


def signed(value: float | None, unit: str, spread: float | None = None) -> str:
    """ "+9.0 ± 2.1 %"; "–" for none."""
    if value is None:
        return "–"
    more = "" if spread is None else f" ± {bare(spread, unit)}"
    return (
        ("+" if value >= 0 else "")
        + bare(value, unit)
        + more
        + text_quantity(value, unit).removeprefix(bare(value, unit))
    )


def probability(value: float | None) -> str:
    """ "> 99 %", "< 1 %" or whole percent."""
    if value is None:
        return "–"
    if value > 0.99:
        return f"> 99{THIN_SPACE}%"
    return f"< 1{THIN_SPACE}%" if value < 0.01 else f"{100 * value:.0f}{THIN_SPACE}%"


def device_name(device: Results, comma: bool = True) -> str:
    """ "SAPIEN 3, 26 mm"; sizes that are no number stay as the maker writes them."""
    return f"{device['model']}{',' if comma else ''} {size_words(device)}"


def size_words(device: Results) -> str:
    """ "26 mm"."""
    size = str(device["size"])
    return f"{size}{THIN_SPACE}mm" if size.replace(".", "", 1).isdigit() else size


def oversizing(device: Results) -> tuple[float | None, str]:
    """Percent and what it is by: area where the maker sizes by area, else perimeter."""
    basis = device.get("oversizing_basis")
    by_area, by_perimeter = device.get("oversizing_area_percent"), device.get("oversizing_perimeter_percent")
    if basis == "perimeter" or (basis is None and by_area is None):
        return by_perimeter, mark("perimeter")
    return by_area, mark("area")


def view_words(results: Results, key: str) -> str:
    """ "LAO 13° CAU 5°"; "–" without it."""
    view = part(results, "projections", key)
    return text_carm(view["lao_deg"], view["cra_deg"]) if view else "–"


def at_depth(items: Sequence[Results], depth_mm: float) -> Results:
    """The row nearest to a depth below the annulus; empty without rows."""
    return min(items, key=lambda row: abs(abs(row["depth_mm"]) - depth_mm), default={})


def lvot_depth_mm(results: Results) -> float:
    """The depth at which "the" LVOT is reported."""
    return float(part(results, "lvot_report").get("depth_mm") or 4.0)


def number(name: str, of: Results, key: str, unit: str, origin_letter: str = "A", status: Status = "") -> NumberRow:
    """A row for one number of a part, with the ± the part holds for it."""
    return NumberRow(name, of.get(key), unit, spread_of(of, key), origin_letter, status)


def several_row(
    name: str,
    values: Sequence[float | None],
    unit: str,
    spreads: Sequence[float | None] = (),
    origin_letter: str = "A",
    status: Status = "",
) -> NumberRow:
    """One row for numbers that belong together; their ± once where it is the same, else one each; none: a dash."""
    known = next((value for value in values if value is not None), None)
    widest = max((spread for spread in spreads if spread is not None), default=None)
    written = {bare(spread, unit) for spread in spreads if spread is not None}
    text = "" if widest is None else bare(widest, unit) if len(written) == 1 else several(spreads, unit)
    return NumberRow(
        name, known, unit, widest, origin_letter, status, "" if known is None else several(values, unit), text
    )


def depth_words(depth_mm: float) -> str:
    """ "4 mm", "3.5 mm"."""
    return f"{text_value(depth_mm, 0 if float(depth_mm).is_integer() else 1)}{THIN_SPACE}mm"


def first_sentence(text: str) -> str:
    """The first sentence of a text, without its full stop."""
    return text.split(". ")[0].rstrip(".")


def missing_words(results: Results) -> str:
    """Which routes the scan does not hold and why, each reason once."""
    by_text: dict[str, list[str]] = {}
    for item in rows(results, "access", "missing"):
        name = said(str(item.get("key", "")).replace("_", " ").capitalize())
        by_text.setdefault(str(item["text"]), []).append(inside(name))
    sentences = []
    for text, names in by_text.items():
        if text.endswith("."):
            sentences.append(said(text))
        else:
            sentences.append(f"{said(text.capitalize())}: {', '.join(name for name in names if name)}.")
    return " ".join(sentences)


def reason_for(results: Results, *beginnings: str, otherwise: str) -> str:
    """Why a part is missing: the plan's own warning whose code begins so, else the words given."""
    for warning in results.get("warnings") or ():
        if str(warning["code"]).startswith(beginnings):
            return said(str(warning["text"]))
    return otherwise
