"""What an installed Theatrum carries of others, by the bill of materials that lies beside it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

BILL = "theatrum.cdx.json"
TEXTS = "licences"


def installed_folder() -> Path | None:
    """Where the installed program lies; None where it runs from its sources."""
    return Path(sys.executable).parent if getattr(sys, "frozen", False) else None


def inner_parts(folder: Path) -> list[tuple[str, str, str]]:
    """(part: what is linked into it, version where it is told, licence), by name; empty without a bill that can be read."""
    try:
        told = json.loads((folder / BILL).read_text(encoding="utf-8"))
        rows = [
            (f"{part['name']}: {one['name']}", str(one.get("version", "")), _licence(one["licenses"][0]))
            for part in told["components"]
            for one in part.get("components", ())
        ]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return []
    return sorted(rows, key=lambda row: row[0].lower())


def carried_parts(folder: Path) -> list[tuple[str, str, str]]:
    """(name, version, licence) of every part of others in an installation, by name; empty without a bill that can be read."""
    try:
        told = json.loads((folder / BILL).read_text(encoding="utf-8"))
        rows = [(part["name"], part["version"], _licence(part["licenses"][0])) for part in told["components"]]
    except (OSError, ValueError, LookupError, TypeError):
        return []
    return sorted(rows, key=lambda row: row[0].lower())


def _licence(entry: dict[str, object]) -> str:
    """An SPDX expression, or the id or name of one licence (CycloneDX 1.6, licenseChoice)."""
    inside = entry.get("license")
    if isinstance(inside, dict):
        return str(inside.get("id") or inside["name"])
    return str(entry["expression"])
