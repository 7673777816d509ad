"""The parts of a printed model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from planning.errors import MeasurementError
from planning.geometry import Plane
from planning.mesh import SurfaceMesh
from planning.printing.checks import component_count
from planning.printing.crossing import crossings
from planning.printing.fewer import fewer_triangles
from planning.printing.pegs import Peg, with_joints
from planning.printing.proof import distances_mm
from planning.printing.solids import mesh_of, remade, solid_of
from planning.printing.uncross import uncrossed
from planning.registry import structure_style
from planning.volume import Mask

# SNOMED CT's codes of the heart's four rooms: blood fills them, and their surface is a lumen's, as a vessel's is
BLOOD_POOLS = ("87878005", "82471001", "73829009", "53085002")
# under what a proof allows
LARGEST_LOSS_MM = 0.45
# a tip is longer than that, and has several corners
TIP_MM = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class PrintPart:
    """A structure to print: name without identifiers, mask, colour, and kind (see the registry).

    solid: its closed surface where it was made already, e.g. by a cut; None has it made from the mask. whole: the name of
    what it was cut from, which pegs join again. A part of the kind "guide" is never hollowed or cut.
    """

    name: str
    mask: Mask
    color: str
    kind: str = "other"
    solid: SurfaceMesh | None = None
    whole: str = ""

    @property
    def is_lumen(self) -> bool:
        """Whether its surface is where blood ends, so that it may get a wall round it: vessels and the heart's rooms."""
        code = structure_style(self.name).code
        return self.kind == "vessel" or (code is not None and code[1] in BLOOD_POOLS)


@dataclass(frozen=True, slots=True, eq=False)
class Joints:
    """The pegs of a piece: what it was without them, those whose sockets it has, and those that stand out of it.

    whole: the solid with all of them, to know whether anything was done to it since.
    """

    bare: SurfaceMesh
    sockets: tuple[Peg, ...]
    plugs: tuple[Peg, ...]
    whole: SurfaceMesh


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """What becomes one object of the file.

    planned: the solid as planned, before triangles are saved; the file is compared with it. structure_ml: what the
    structure has there by its voxels. sides: on which side (+1 where the normal points) of which cuts it lies.
    opacity: below 1 for a shell that is seen through. upright: it has a base and stays on it. exact: it has pegs or
    sockets, from which triangles are saved sparingly. joints: its pegs and sockets.
    """

    name: str
    part: PrintPart
    planned: SurfaceMesh
    structure_ml: float
    sides: tuple[tuple[Plane, int], ...] = ()
    opacity: float = 1.0
    upright: bool = False
    exact: bool = False
    joints: Joints | None = None

    def joined(self, sockets: Sequence[Peg], plugs: Sequence[Peg]) -> Piece:
        """The piece with more sockets and pegs."""
        before = self._own_joints or Joints(self.planned, (), (), self.planned)
        whole = with_joints(self.planned, sockets, plugs)
        joints = Joints(before.bare, (*before.sockets, *sockets), (*before.plugs, *plugs), whole)
        return replace(self, planned=whole, exact=True, joints=joints)

    @property
    def _own_joints(self) -> Joints | None:
        """Its joints, None where something else was done to it since."""
        return self.joints if self.joints is not None and self.joints.whole is self.planned else None

    def slim(self, tolerance_mm: float, exact_mm: float) -> SurfaceMesh:
        """Its solid with fewer triangles. Pegs and sockets are cut into the saved surface anew, so that they stay as they
        are; other exact pieces have triangles saved within `exact_mm`."""
        joints = self._own_joints
        if joints is not None:
            made = with_joints(printable(joints.bare, tolerance_mm), joints.sockets, joints.plugs)
            is_whole = made.is_watertight and component_count(made) == component_count(self.planned)
            if is_whole and not len(crossings(made).pairs):
                return made
        return printable(self.planned, min(tolerance_mm, exact_mm) if self.exact else tolerance_mm)


def closed(mesh: SurfaceMesh) -> SurfaceMesh:
    """The same solid with edges shared by more than two triangles taken apart; the mesh itself where it has none, or is no
    solid."""
    return mesh if mesh.is_watertight else remade(mesh)


def simplified(mesh: SurfaceMesh, tolerance_mm: float) -> SurfaceMesh:
    """Fewer triangles, no point moved by more than half the tolerance; the mesh itself where that is not possible."""
    origin = mesh.points_mm.mean(axis=0)
    try:
        solid = solid_of(mesh, origin)
    except MeasurementError:
        return mesh
    return mesh_of(solid.simplify(tolerance_mm / 2.0), origin)


def printable(planned: SurfaceMesh, tolerance_mm: float) -> SurfaceMesh:
    """The solid with fewer triangles, as far as it stays one closed surface that does not cross itself and loses no
    piece; itself where that fails.

    Where it crosses itself in a few places only, its points there are moved by up to the tolerance.
    """
    pieces = component_count(planned)
    for number in range(3):
        slim = (
            fewer_triangles(planned, tolerance_mm)
            if number == 0
            else simplified(planned, tolerance_mm / 4.0 ** (number - 1))
        )
        if slim is None or not slim.is_watertight or component_count(slim) != pieces:
            continue
        if _lost_mm(planned, slim) > LARGEST_LOSS_MM:
            continue
        found = crossings(slim)
        if not len(found.pairs):
            return slim
        for most_mm in (tolerance_mm / 2.0, tolerance_mm):
            apart = uncrossed(slim, found, most_mm)
            if apart is not None:
                return apart
    return remade(planned)


def _lost_mm(planned: SurfaceMesh, slim: SurfaceMesh) -> float:
    """How far the farthest corner of the planned surface lies from the slim one, as far as it is over LARGEST_LOSS_MM: the
    thin tips that a cut leaves fold flat and vanish."""
    from scipy.spatial import cKDTree

    # no farther than from the nearest corner: only few have to be looked at closely
    away, _ = cKDTree(slim.points_mm, balanced_tree=False).query(planned.points_mm)
    near, far = planned.points_mm[(away > LARGEST_LOSS_MM) & (away <= TIP_MM)], planned.points_mm[away > TIP_MM]
    return float(distances_mm(np.concatenate([near[::4], far]), slim).max(initial=0.0))
