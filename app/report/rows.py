"""Plans as CSV: one line a number, plain decimal points, so that any table program reads it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from app.report.content import DISCLAIMER
from planning.case.model import PlanRecord

UNITS = {"mm": "mm", "mm2": "mm²", "mm3": "mm³", "ml": "ml", "deg": "°", "hu": "HU", "percent": "%"}


def write_csv(plans: Sequence[PlanRecord], path: Path) -> None:
    """Columns plan, kind, number, value, unit, uncertainty (95 % half-width). Contours and centrelines stay in the JSON."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("plan", "kind", "number", "value", "unit", "uncertainty_95"))
        for plan in plans:
            unsure = plan.results.get("annulus", {}).get("uncertainty", {})
            for name, value in _leaves(plan.results):
                unit = UNITS.get(name.rsplit("_", 1)[-1], "")
                key = name.rsplit(".", 1)[-1]
                spread = unsure.get(key) if name == f"annulus.{key}" else None
                writer.writerow((plan.name, plan.kind, name, _plain(value), unit, _plain(spread)))
        writer.writerow(("", "", DISCLAIMER, "", "", ""))


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return repr(float(value)) if isinstance(value, float) else str(value)


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if hasattr(value, "items"):
        for key, item in value.items():
            if key.startswith(("contour", "centerline", "s_curve", "uncertainty")) and not isinstance(item, float):
                continue
            yield from _leaves(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            yield from _leaves(item, f"{path}.{number}")
    else:
        yield path, value
