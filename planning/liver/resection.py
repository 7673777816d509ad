"""What a person decides about one resection; each kind is kept as it was asked for and becomes a region when measured."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.errors import UsageError
from planning.geometry import FloatArray, Plane, Vector, frozen_array, unit
from planning.mesh import SurfaceMesh

SIDES = ("side", "tumor")
MOST_SURFACE_BYTES = 1 << 28


def _checked_side(remove: str) -> None:
    if remove not in SIDES:
        raise UsageError(f"A cut removes 'side' or 'tumor', got '{remove}'")


@dataclass(frozen=True, slots=True, eq=False)
class PlaneResection:
    """A cut along a plane.

    remove: "side" takes the side the normal points to, "tumor" the side that holds most of the tumours.
    """

    plane: Plane
    remove: str = "side"
    kind = "plane"

    def __post_init__(self) -> None:
        _checked_side(self.remove)

    def as_json(self) -> dict[str, Any]:
        """As the plan's inputs keep it."""
        return {
            "kind": self.kind,
            "origin_mm": self.plane.origin_mm.tolist(),
            "normal": self.plane.normal.tolist(),
            "remove": self.remove,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> PlaneResection:
        """Of `as_json`."""
        return cls(Plane(row["origin_mm"], row["normal"]), row.get("remove", "side"))


@dataclass(frozen=True, slots=True, eq=False)
class SheetResection:
    """A cut along a deformable surface: a height field of uniform cubic B-splines over a base plane.

    base: its origin is the net's middle. right: (3,) unit, in the base. half_mm: (2,) half lengths of the net along
    right and down (normal × right). heights_mm: (m, n) control heights along the normal, m and n at least 4.
    """

    base: Plane
    right: Vector
    half_mm: tuple[float, float]
    heights_mm: FloatArray
    remove: str = "side"
    kind = "sheet"

    def __post_init__(self) -> None:
        _checked_side(self.remove)
        heights = frozen_array(self.heights_mm)
        if heights.ndim != 2 or min(heights.shape) < 4 or not np.isfinite(heights).all():
            raise UsageError("A deformable cut needs a net of at least 4 × 4 finite heights")
        if not min(self.half_mm) > 0.0:
            raise UsageError("A deformable cut needs a net that is larger than nothing")
        across = np.asarray(self.right, dtype=np.float64)
        object.__setattr__(self, "heights_mm", heights)
        object.__setattr__(self, "right", frozen_array(unit(across - (across @ self.base.normal) * self.base.normal)))

    @property
    def down(self) -> Vector:
        """(3,) the base's other axis; right × down is the normal."""
        return np.asarray(np.cross(self.base.normal, self.right))

    def as_json(self) -> dict[str, Any]:
        """As the plan's inputs keep it."""
        return {
            "kind": self.kind,
            "origin_mm": self.base.origin_mm.tolist(),
            "normal": self.base.normal.tolist(),
            "right": self.right.tolist(),
            "half_mm": list(self.half_mm),
            "heights_mm": self.heights_mm.tolist(),
            "remove": self.remove,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> SheetResection:
        """Of `as_json`."""
        across, along = row["half_mm"]
        return cls(
            Plane(row["origin_mm"], row["normal"]),
            np.asarray(row["right"], dtype=np.float64),
            (float(across), float(along)),
            np.asarray(row["heights_mm"], dtype=np.float64),
            row.get("remove", "side"),
        )


@dataclass(frozen=True, slots=True, eq=False)
class WedgeResection:
    """The least that removes one tumour with a margin and reaches the capsule in one direction.

    tumor: its number. margin_mm: asked for, kept even at the measurement's ±. direction: (3,) unit way out; None looks
    for the one that removes least. spare: names of branches that must stay whole.
    """

    tumor: int
    margin_mm: float
    direction: Vector | None = None
    spare: tuple[str, ...] = ()
    kind = "wedge"

    def __post_init__(self) -> None:
        if not (np.isfinite(self.margin_mm) and 0.0 <= self.margin_mm <= 50.0):
            raise UsageError(f"A margin of {self.margin_mm:g} mm cannot be used", "Give 0 to 50 mm")
        if self.direction is not None:
            object.__setattr__(self, "direction", frozen_array(unit(self.direction)))

    def as_json(self) -> dict[str, Any]:
        """As the plan's inputs keep it."""
        return {
            "kind": self.kind,
            "tumor": self.tumor,
            "margin_mm": self.margin_mm,
            "direction": None if self.direction is None else self.direction.tolist(),
            "spare": list(self.spare),
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> WedgeResection:
        """Of `as_json`."""
        way = row.get("direction")
        direction = None if way is None else np.asarray(way, dtype=np.float64)
        return cls(int(row["tumor"]), float(row["margin_mm"]), direction, tuple(row.get("spare", ())))


@dataclass(frozen=True, slots=True, eq=False)
class TerritoryResection:
    """All of the organ that named branches or segments own."""

    names: tuple[str, ...]
    kind = "territory"

    def __post_init__(self) -> None:
        if not self.names:
            raise UsageError("A resection by territory names at least one", "Name a branch or a segment")

    def as_json(self) -> dict[str, Any]:
        """As the plan's inputs keep it."""
        return {"kind": self.kind, "names": list(self.names)}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> TerritoryResection:
        """Of `as_json`."""
        return cls(tuple(str(name) for name in row["names"]))


@dataclass(frozen=True, slots=True, eq=False)
class SurfaceResection:
    """A cut along a surface from a file: the inside of a closed one, the side that an open one faces.

    remove: "side", or "tumor" for the side of an open surface that holds most of the tumours.
    """

    mesh: SurfaceMesh
    remove: str = "side"
    kind = "surface"

    def __post_init__(self) -> None:
        _checked_side(self.remove)

    def as_json(self) -> dict[str, Any]:
        """As the plan's inputs keep it: float32 points and int32 triangles, packed."""
        return {
            "kind": self.kind,
            "points": _packed(self.mesh.points_mm.astype("<f4")),
            "triangles": _packed(self.mesh.triangles.astype("<i4")),
            "remove": self.remove,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> SurfaceResection:
        """Of `as_json`."""
        points = np.frombuffer(_unpacked(row["points"]), dtype="<f4").reshape(-1, 3).astype(np.float64)
        triangles = np.frombuffer(_unpacked(row["triangles"]), dtype="<i4").reshape(-1, 3)
        return cls(SurfaceMesh(points, triangles.astype(np.int32)), row.get("remove", "side"))


@dataclass(frozen=True, slots=True, eq=False)
class AblationResection:
    """Tissue that an ablation destroys: an ellipsoid of revolution about the needle.

    target_mm: the zone's middle. entry_mm: where the needle enters the skin. device: name in the catalogue, or "".
    long_mm, short_mm: semi-axes along and across the needle.
    """

    target_mm: Vector
    entry_mm: Vector
    long_mm: float
    short_mm: float
    device: str = ""
    kind = "ablation"

    def __post_init__(self) -> None:
        if not (2.0 <= self.short_mm <= 60.0 and 2.0 <= self.long_mm <= 60.0):
            raise UsageError("An ablation zone has semi-axes of 2 to 60 mm")
        if float(np.linalg.norm(np.subtract(self.target_mm, self.entry_mm))) < 1.0:
            raise UsageError("The needle's entry and target are the same place", "Move one of them")
        object.__setattr__(self, "target_mm", frozen_array(self.target_mm))
        object.__setattr__(self, "entry_mm", frozen_array(self.entry_mm))

    @property
    def axis(self) -> Vector:
        """(3,) unit, from entry to target."""
        return unit(self.target_mm - self.entry_mm)

    def as_json(self) -> dict[str, Any]:
        """As the plan's inputs keep it."""
        return {
            "kind": self.kind,
            "target_mm": self.target_mm.tolist(),
            "entry_mm": self.entry_mm.tolist(),
            "long_mm": self.long_mm,
            "short_mm": self.short_mm,
            "device": self.device,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> AblationResection:
        """Of `as_json`."""
        target, entry = (np.asarray(row[key], dtype=np.float64) for key in ("target_mm", "entry_mm"))
        return cls(target, entry, float(row["long_mm"]), float(row["short_mm"]), str(row.get("device", "")))


Resection = PlaneResection | SheetResection | WedgeResection | TerritoryResection | SurfaceResection | AblationResection
_KINDS: dict[str, Any] = {
    one.kind: one
    for one in (
        PlaneResection,
        SheetResection,
        WedgeResection,
        TerritoryResection,
        SurfaceResection,
        AblationResection,
    )
}


def resection_from_json(row: Mapping[str, Any]) -> Resection:
    """A resection as a plan's inputs keep it. Raises UsageError for a kind that this version does not know."""
    kind = str(row.get("kind", "plane"))
    if kind not in _KINDS:
        raise UsageError(f"A resection of the kind '{kind}' is not known here", "Open the case with a newer version")
    found: Resection = _KINDS[kind].from_json(row)
    return found


def _packed(values: np.ndarray[Any, Any]) -> str:
    return base64.b64encode(zlib.compress(np.ascontiguousarray(values).tobytes())).decode("ascii")


def _unpacked(text: str) -> bytes:
    unpacking = zlib.decompressobj()
    raw = unpacking.decompress(base64.b64decode(text), MOST_SURFACE_BYTES)
    if not unpacking.eof:
        raise UsageError("A resection surface of this plan is cut off or larger than any is", "Make the plan again")
    return raw
