"""Valve sizes of the catalogue against an annulus. The catalogue is data with source and date, never code."""

from __future__ import annotations

import functools
import importlib.resources
import itertools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.errors import InputError
from planning.geometry import FloatArray
from planning.section import Measures

VERIFY = "verify against the IFU"
BORDERLINE = 0.8
DEPTHS_MM = (2.0, 3.0, 4.0, 5.0, 6.0)
UNITS = {"area_mm2": "mm²", "perimeter_mm": "mm", "perimeter_diameter_mm": "mm"}
KINDS = ("balloon_expandable", "self_expanding")
NEEDS = {"sinus_mean": "mean sinus diameter", "sinus_height": "sinus height"}


@dataclass(frozen=True, slots=True)
class Depths:
    """Implantation depth below the annulus that the source advises, mm."""

    low_mm: float
    target_mm: float
    high_mm: float
    source: str


@dataclass(frozen=True, slots=True)
class Device:
    """One size of a valve, as its row of the catalogue states it.

    by: what the range limits ("area_mm2", "perimeter_mm", "perimeter_diameter_mm"). outer_diameter_mm: (height above the
    frame's inflow end, outer diameter) pairs, rising; a cylinder of the nominal diameter where none is stated.
    posts_mm: heights between which the commissure posts stand. needs: (what, at least mm). checked: range and frame
    height were read in `source`; `unchecked` lists what still has to be verified against the IFU.
    """

    model: str
    size: str
    maker: str
    kind: str
    by: str
    low: float
    high: float
    nominal_area_mm2: float | None
    nominal_diameter_mm: float
    frame_height_mm: float
    outer_diameter_mm: tuple[tuple[float, float], ...]
    posts_mm: tuple[float, float] | None
    depth: Depths | None
    needs: tuple[tuple[str, float], ...]
    checked: bool
    unchecked: tuple[str, ...]
    source: str
    date: str

    @property
    def basis(self) -> str:
        """ "area" or "perimeter": what its oversizing is stated by."""
        return "area" if self.by == "area_mm2" else "perimeter"

    def outer_radius_mm(self, above_inflow_mm: FloatArray | float) -> FloatArray:
        """Outer radius at heights above the inflow end, held constant beyond both ends."""
        heights, diameters = np.array(self.outer_diameter_mm).T
        return np.asarray(np.interp(above_inflow_mm, heights, diameters) / 2.0)

    def value_of(self, annulus: Measures) -> float:
        """What of the annulus the range limits."""
        return float(getattr(annulus, self.by))

    def oversizing_percent(self, annulus: Measures) -> float:
        """By area, or by perimeter with π · nominal diameter: 100 · (device / annulus − 1)."""
        if self.basis == "area" and self.nominal_area_mm2 is not None:
            return 100.0 * (self.nominal_area_mm2 / annulus.area_mm2 - 1.0)
        return 100.0 * (math.pi * self.nominal_diameter_mm / annulus.perimeter_mm - 1.0)


@functools.cache
def catalogue() -> dict[str, Any]:
    """The versioned valve catalogue as data."""
    text = importlib.resources.files("assets").joinpath("devices.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


@functools.cache
def devices() -> tuple[Device, ...]:
    """All sizes for a native valve, in the catalogue's order. Sizes for a valve in a valve are none of them."""
    return tuple(parse_device(row) for row in catalogue()["valves"])


def find_device(model: str, size: str) -> Device:
    """The row of this model and size. Raises InputError naming what there is."""
    found = next((device for device in devices() if (device.model, device.size) == (model, size)), None)
    if found is None:
        sizes = sorted({f"{device.model} {device.size}" for device in devices()})
        raise InputError(
            f"There is no valve {model} {size} in the catalogue", f"Known are {', '.join(sizes)}", "device"
        )
    return found


def parse_device(row: Mapping[str, Any]) -> Device:
    """A row of the catalogue, checked. Raises InputError that names the row and what is wrong with it."""
    name = f"{row.get('model')} {row.get('size')}"

    def demand(holds: bool, what: str) -> None:
        if not holds:
            raise InputError(
                f"The row {name} of the valve catalogue is wrong: {what}", "Correct devices.json", "device"
            )

    missing = {"model", "size", "maker", "kind", "by", "range", "nominal_diameter_mm", "frame_height_mm"} - set(row)
    missing |= {"checked", "source", "date"} - set(row)
    demand(not missing, f"{', '.join(sorted(missing))} missing")
    demand(row["by"] in UNITS, f"by {row['by']}")
    demand(row["kind"] in KINDS, f"kind {row['kind']}")
    low, high = (float(v) for v in row["range"])
    height, nominal = float(row["frame_height_mm"]), float(row["nominal_diameter_mm"])
    demand(0 < low < high, "its range does not rise")
    demand(5 <= height <= 80 and 15 <= nominal <= 50, "its frame has an impossible size")
    demand(bool(str(row["source"]).strip()) and len(str(row["date"])) == 10, "source or date missing")
    levels = [(float(h), float(d)) for h, d in row.get("outer_diameter_mm") or [[0.0, nominal], [height, nominal]]]
    rising = all(a[0] < b[0] for a, b in itertools.pairwise(levels))
    demand(rising and levels[0][0] == 0.0 and levels[-1][0] == height, "its levels do not run over the frame")
    needs = tuple((str(need["what"]), float(need["at_least_mm"])) for need in row.get("needs", ()))
    demand(all(what in NEEDS for what, _ in needs), "an unknown need")
    unchecked = tuple(row.get("unchecked", ()))
    demand(bool(row["checked"]) or VERIFY in row["source"], f'unchecked but its source does not say "{VERIFY}"')
    posts, depth, area = row.get("posts_mm"), row.get("depth_mm"), row.get("nominal_area_mm2")
    return Device(
        model=str(row["model"]),
        size=str(row["size"]),
        maker=str(row["maker"]),
        kind=str(row["kind"]),
        by=str(row["by"]),
        low=low,
        high=high,
        nominal_area_mm2=None if area is None else float(area),
        nominal_diameter_mm=nominal,
        frame_height_mm=height,
        outer_diameter_mm=tuple(levels),
        posts_mm=None if posts is None else (float(posts[0]), float(posts[1])),
        depth=None
        if depth is None
        else Depths(float(depth["low"]), float(depth["target"]), float(depth["high"]), str(depth["source"])),
        needs=needs,
        checked=bool(row["checked"]),
        unchecked=unchecked,
        source=str(row["source"]),
        date=str(row["date"]),
    )


def _share(value: float, half_width: float | None, low: float, high: float) -> float:
    """Share of a normal distribution (95 % half-width given) inside the range."""
    if not half_width:
        return 1.0 if low <= value <= high else 0.0
    scale = half_width / 1.96 * math.sqrt(2.0)
    return min(1.0, max(0.0, 0.5 * (math.erf((high - value) / scale) - math.erf((low - value) / scale))))


def size_devices(
    annulus: Measures,
    uncertainty: Mapping[str, float | None],
    quality_ok: bool,
    sinuses: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Every native row of the catalogue with its oversizing, whether it fits, how probable that is, and why.

    Ranges are by area, perimeter or diameter as the maker states them. uncertainty: 95 % half-widths of the annulus.
    Probability: share of N(annulus, u²) in the size's range, made to add up to 1 within the family while the annulus
    lies in the family's span. A best size below 0.8 and the one next to it are "borderline". sinuses: the plan's, for
    the sinus sizes that some makers ask for. Nothing fits while the scan's quality is not ok.
    """
    rows = []
    for model in dict.fromkeys(device.model for device in devices()):
        family = [device for device in devices() if device.model == model]
        shares = _family_shares(family, annulus, uncertainty) if quality_ok else [0.0] * len(family)
        best = sorted(range(len(family)), key=lambda n: -shares[n])[:2]
        close = {n for n in best if shares[best[0]] < BORDERLINE and shares[n] > 0.05}
        for number, (device, probability) in enumerate(zip(family, shares, strict=True)):
            rows.append(_row(device, annulus, uncertainty, quality_ok, sinuses, probability, number in close))
    return rows


def _spread(device: Device, uncertainty: Mapping[str, float | None]) -> float | None:
    spread = uncertainty.get("area_mm2" if device.by == "area_mm2" else "perimeter_mm")
    return spread / math.pi if spread is not None and device.by == "perimeter_diameter_mm" else spread


def _family_shares(family: Sequence[Device], annulus: Measures, uncertainty: Mapping[str, float | None]) -> list[float]:
    value = family[0].value_of(annulus)
    shares = [_share(value, _spread(device, uncertainty), device.low, device.high) for device in family]
    total = sum(shares)
    within = min(device.low for device in family) <= value <= max(device.high for device in family)
    return [share / total for share in shares] if within and total > 0 else shares


def _row(
    device: Device,
    annulus: Measures,
    uncertainty: Mapping[str, float | None],
    quality_ok: bool,
    sinuses: Mapping[str, Any] | None,
    probability: float,
    borderline: bool,
) -> dict[str, Any]:
    value = device.value_of(annulus)
    unmet = _unmet(device, sinuses)
    reason = _reason(value, device, quality_ok)
    if quality_ok and device.low <= value <= device.high and unmet:
        reason += "; " + "; ".join(unmet)
    area = device.nominal_area_mm2
    spread = _spread(device, uncertainty)
    relative = None if spread is None else spread / value * (1.0 + device.oversizing_percent(annulus) / 100.0)
    return {
        "model": device.model,
        "size": device.size,
        "maker": device.maker,
        "kind": device.kind,
        "by": device.by,
        "low": device.low,
        "high": device.high,
        "oversizing_area_percent": None if area is None else 100.0 * (area / annulus.area_mm2 - 1.0),
        "oversizing_perimeter_percent": 100.0 * (math.pi * device.nominal_diameter_mm / annulus.perimeter_mm - 1.0),
        "oversizing_basis": device.basis,
        "oversizing_uncertainty_percent": None if relative is None else 100.0 * relative,
        "nominal_area_mm2": area,
        "nominal_diameter_mm": device.nominal_diameter_mm,
        "frame_height_mm": device.frame_height_mm,
        "depth_mm": list(DEPTHS_MM),
        "depth_target_mm": None if device.depth is None else device.depth.target_mm,
        "fits": bool(device.low <= value <= device.high) and quality_ok,
        "probability": probability,
        "borderline": borderline and quality_ok,
        "unmet": unmet,
        "reason": reason,
        "checked": device.checked,
        "unchecked": list(device.unchecked),
        "source": device.source if device.checked or VERIFY in device.source else f"{device.source}; {VERIFY}",
        "date": device.date,
    }


def _unmet(device: Device, sinuses: Mapping[str, Any] | None) -> list[str]:
    """What the maker asks of the sinuses and this root does not have; nothing is said about what was not measured."""
    if sinuses is None:
        return []
    mean = _mean([sinuses.get(f"{key}_mm") for key in ("ncc", "rcc", "lcc")])
    height = _mean([sinuses.get(f"height_{key}_mm") for key in ("ncc", "rcc", "lcc")])
    known = {"sinus_mean": mean, "sinus_height": height}
    words = []
    for what, least in device.needs:
        value = known[what]
        if value is not None and value < least:
            words.append(f"{NEEDS[what]} {value:.1f} mm under {least:g} mm")
    return words


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if len(known) == len(values) else None


def _reason(value: float, device: Device, quality_ok: bool) -> str:
    low, high, unit = device.low, device.high, UNITS[device.by]
    if value < low:
        return f"annulus {low - value:.1f} {unit} under {low:g} {unit}"
    if value > high:
        return f"annulus {value - high:.1f} {unit} over {high:g} {unit}"
    return f"within {low:g} to {high:g} {unit}" if quality_ok else "in range, scan too poor"
