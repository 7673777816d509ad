"""What a person or the program decided for a TAVR plan; every number follows from this and the image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.geometry import FloatArray, Grid, frozen_array

SOURCES = ("given", "automatic", "edited")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TavrInputs:
    """Points are LPS mm.

    hinges_mm: (3, 3) non-coronary, right, left; hinge_sources: "given", "automatic" or "edited" for each.
    ostia_mm: left and right lowest rim point, None where it is searched. annulus_pins_mm: (N, 3) places that the contour
    was pulled through by hand. septum_mm: (2, 3) upper and lower end of the membranous septum, set by hand.
    valve: {"model", "size", "depth_mm", "rotation_deg"} of the valve that is drawn. sheath: name in the catalogue.
    access: {route: {"from_mm", "to_mm", "via_mm"}} ends set by hand and places that the way is led through.
    lumen_edits: {route: sections pulled by hand}, see `planning.vessel.edits`. excluded: {route: why}.
    automatic: what the program found at first (`RootEstimate.as_json`), kept beside what was edited.
    views: {"name", "lao_deg", "cra_deg"} that a person added.
    mitral: {"model", "size", "annulus_mm" (N, 3), "ventricular_share"} of a mitral valve whose neo-LVOT is told.
    in_valve: {"inner_diameter_mm"} of a prosthesis that the new valve goes into, None in a native valve.
    agatston: {"image", "phase", "center_mm"} of a series without contrast that the calcium is scored in.
    route: key of the access route that a person accepted. accepted: "annulus", "dimensions", "calcium", "views" that a
    person has looked at and accepted as they are.
    """

    hinges_mm: FloatArray
    hinge_sources: tuple[str, str, str] = ("given", "given", "given")
    ostia_mm: tuple[FloatArray | None, FloatArray | None] = (None, None)
    ostia_sources: tuple[str, str] = ("given", "given")
    calcium_hu: float | None = None
    phase: int = 0
    annulus_pins_mm: FloatArray | None = None
    septum_mm: FloatArray | None = None
    valve: Mapping[str, Any] | None = None
    sheath: str | None = None
    access: Mapping[str, Any] | None = None
    lumen_edits: Mapping[str, Any] | None = None
    excluded: Mapping[str, str] | None = None
    automatic: Mapping[str, Any] | None = None
    views: tuple[Mapping[str, Any], ...] = ()
    mitral: Mapping[str, Any] | None = None
    in_valve: Mapping[str, Any] | None = None
    agatston: Mapping[str, Any] | None = None
    route: str | None = None
    accepted: tuple[str, ...] = ()

    @property
    def is_edited(self) -> bool:
        """Whether a person changed what the program found."""
        sources = (*self.hinge_sources, *self.ostia_sources)
        return (
            "edited" in sources
            or any(bool(decided) for decided in (self.access, self.lumen_edits, self.excluded))
            or self.annulus_pins_mm is not None
        )

    def as_json(self) -> dict[str, Any]:
        """Plain numbers and lists, as a plan's inputs are kept."""
        has_ostia = any(point is not None for point in self.ostia_mm)
        return {
            "hinges_mm": np.asarray(self.hinges_mm, dtype=np.float64).tolist(),
            "hinge_sources": list(self.hinge_sources),
            "ostia_mm": [_listed(point) for point in self.ostia_mm] if has_ostia else None,
            "ostia_sources": list(self.ostia_sources),
            "calcium_hu": self.calcium_hu,
            "phase": self.phase,
            "annulus_pins_mm": _listed(self.annulus_pins_mm),
            "septum_mm": _listed(self.septum_mm),
            "valve": _plain(self.valve),
            "sheath": self.sheath,
            "access": None if self.access is None else {key: dict(ends) for key, ends in self.access.items()},
            "lumen_edits": _plain(self.lumen_edits),
            "excluded": _plain(self.excluded),
            "automatic": _plain(self.automatic),
            "views": [dict(view) for view in self.views],
            "mitral": _plain(self.mitral),
            "in_valve": _plain(self.in_valve),
            "agatston": _plain(self.agatston),
            "route": self.route,
            "accepted": list(self.accepted),
        }

    def check_ostia(self, grid: Grid) -> None:
        """Raises MeasurementError for ostia that are no points or lie outside the scan."""
        for point in self.ostia_mm:
            if point is None:
                continue
            if point.shape != (3,) or not np.isfinite(point).all():
                raise MeasurementError("An ostium point is not three numbers", "Give x, y and z in mm", "ostia")
            if not grid.contains(point[None]).all():
                raise MeasurementError("An ostium point is outside the scan", "Move it into the scan", "outside_scan")

    @classmethod
    def from_json(cls, inputs: Mapping[str, Any]) -> TavrInputs:
        """Of a plan's inputs; what an older plan does not have is as if nobody had decided it."""
        left, right = inputs.get("ostia_mm") or (None, None)
        first, second, third = inputs.get("hinge_sources") or ("given",) * 3
        of_left, of_right = inputs.get("ostia_sources") or ("given",) * 2
        access = inputs.get("access")
        return cls(
            hinges_mm=frozen_array(np.asarray(inputs["hinges_mm"], dtype=np.float64)),
            hinge_sources=(first, second, third),
            ostia_mm=(_array(left), _array(right)),
            ostia_sources=(of_left, of_right),
            calcium_hu=inputs.get("calcium_hu"),
            phase=int(inputs.get("phase") or 0),
            annulus_pins_mm=_pins(inputs.get("annulus_pins_mm")),
            septum_mm=_array(inputs.get("septum_mm")),
            valve=_kept(inputs.get("valve")),
            sheath=inputs.get("sheath"),
            access=None if access is None else MappingProxyType(dict(access)),
            lumen_edits=_kept(inputs.get("lumen_edits")),
            excluded=_kept(inputs.get("excluded")),
            automatic=_kept(inputs.get("automatic")),
            views=tuple(MappingProxyType(dict(view)) for view in inputs.get("views") or ()),
            mitral=_kept(inputs.get("mitral")),
            in_valve=_kept(inputs.get("in_valve")),
            agatston=_kept(inputs.get("agatston")),
            route=inputs.get("route"),
            accepted=tuple(str(name) for name in inputs.get("accepted") or ()),
        )


def _array(values: npt.ArrayLike | None) -> FloatArray | None:
    return None if values is None else frozen_array(np.asarray(values, dtype=np.float64))


def _plain(decided: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if decided is None else dict(decided)


def _kept(decided: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return None if decided is None else MappingProxyType(dict(decided))


def _pins(values: npt.ArrayLike | None) -> FloatArray | None:
    """None where the contour was not pulled at all."""
    pins = _array(values)
    return pins if pins is not None and pins.size else None


def _listed(values: FloatArray | None) -> list[Any] | None:
    return None if values is None else np.asarray(values, dtype=np.float64).tolist()
