"""Printers, processes and materials, and what a model will take of a material. All are data with source, never code."""

from __future__ import annotations

import functools
import importlib.resources
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from planning.errors import InputError
from planning.mesh import SurfaceMesh
from planning.naming import known_names
from planning.surface import surface_area_mm2


@dataclass(frozen=True, slots=True)
class Process:
    """How a kind of printer builds. clearance_mm: between peg and socket on each side. drain_holes: so many of drain_mm for
    each hollow, to let resin or powder out; least_wall_mm: of a wall held at its sides, least_free_wall_mm: of one that
    stands alone, least_hollow_mm: round a hollow."""

    name: str
    title: str
    least_wall_mm: float
    least_free_wall_mm: float
    least_hollow_mm: float
    clearance_mm: float
    drain_holes: int
    drain_mm: float
    source: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer's room and process."""

    name: str
    title: str
    process: Process
    bed_mm: tuple[float, float, float]
    source: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Material:
    """A material. shell_mm, infill_share: the outside is solid to this depth, of the rest this share; support_share: what is
    used beside the model, of its own; ml_per_hour: 0 where only height counts, then hours_per_mm."""

    name: str
    title: str
    process: str
    density_g_ml: float
    price_per_kg: float
    shell_mm: float
    infill_share: float
    support_share: float
    ml_per_hour: float
    hours_per_mm: float
    source: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything in the data file, in its order."""

    currency: str
    processes: tuple[Process, ...]
    printers: tuple[Printer, ...]
    materials: tuple[Material, ...]


@functools.cache
def catalogue() -> Catalogue:
    """The data file."""
    text = importlib.resources.files("assets").joinpath("printers.json").read_text(encoding="utf-8")
    content = json.loads(text)
    processes = tuple(Process(**row) for row in content["processes"])
    by_name = {process.name: process for process in processes}
    printers = tuple(
        Printer(row["name"], row["title"], by_name[row["process"]], tuple(row["bed_mm"]), row["source"], row["checked"])
        for row in content["printers"]
    )
    materials = tuple(Material(**row) for row in content["materials"])
    return Catalogue(content["currency"], processes, printers, materials)


class _Named(Protocol):
    @property
    def name(self) -> str: ...


Row = TypeVar("Row", bound=_Named)


def printer_named(name: str) -> Printer:
    """The printer of this name. Raises InputError for one that is not in the data file."""
    return _named(name, catalogue().printers, "printer")


def material_named(name: str) -> Material:
    """The material of this name. Raises InputError for one that is not in the data file."""
    return _named(name, catalogue().materials, "material")


def _named(name: str, rows: Sequence[Row], what: str) -> Row:
    for row in rows:
        if row.name == name.strip().casefold():
            return row
    raise InputError(f"There is no {what} named '{name}'", known_names(name, [row.name for row in rows]), f"no_{what}")


def material_for(process: str) -> Material:
    """The first material of a process."""
    return next(material for material in catalogue().materials if material.process == process)


def estimate(meshes: Sequence[SurfaceMesh], heights_mm: Sequence[float], material: Material) -> dict[str, Any]:
    """What solids (LPS mm) take of a material; heights_mm: of each plate, which are printed one after another.

    The outside is counted as area × shell, as far as the solid has so much; supports as a share. Rough, and told as such.
    """
    own = sum(_used_ml(mesh, material) for mesh in meshes)
    used = own * (1.0 + material.support_share)
    hours = sum(heights_mm) * material.hours_per_mm + (used / material.ml_per_hour if material.ml_per_hour else 0.0)
    grams = used * material.density_g_ml
    return {
        "material": material.name,
        "material_title": material.title,
        "model_ml": own,
        "used_ml": used,
        "mass_g": grams,
        "cost": grams / 1000.0 * material.price_per_kg,
        "currency": catalogue().currency,
        "hours": hours,
        "plates": len(heights_mm),
        "source": material.source,
        "checked": material.checked,
    }


def _used_ml(mesh: SurfaceMesh, material: Material) -> float:
    whole = mesh.volume_ml
    outside = min(whole, surface_area_mm2(mesh) * material.shell_mm / 1000.0)
    return outside + material.infill_share * (whole - outside)
