"""The hand on a plan's cuts: planes moved, deformable cuts pulled, needles turned, cuts bent, flipped and set back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from app.panels.liver.cuts import flipped, plane_angles_deg, reach_sheet, with_angles
from planning.errors import TheatrumError
from planning.geometry import FloatArray, Plane

if TYPE_CHECKING:
    from app.panels.liver.work import LiverWork
    from planning.liver.regions import Region
    from planning.liver.resection import SheetResection

# a pull of less is none: the cut stays exactly as it was
NO_PULL_MM = 1e-6


class CutHand:
    """Each gesture puts another resection in the place of one; what is measured and kept is the work's."""

    def __init__(self, work: LiverWork) -> None:
        self._work = work
        # a deformable cut as it was when the hand took it
        self._held: tuple[int, SheetResection, Region] | None = None

    def let_go(self) -> None:
        """The next pull begins from the cut as it is then."""
        self._held = None

    def plane_of(self, number: int) -> Plane | None:
        """The plane of a cut that is one, its normal to what is removed."""
        from planning.liver.resection import PlaneResection

        cuts = self._work.draft.resections
        cut = cuts[number] if 0 <= number < len(cuts) else None
        return cut.plane if isinstance(cut, PlaneResection) else None

    def move_plane(self, number: int, plane: Plane, finished: bool) -> None:
        """The hand moves a plane; on release the plan goes into the case."""
        from planning.liver.resection import PlaneResection

        if self.plane_of(number) is not None:
            self._work.put(number, PlaneResection(plane), finished=finished)

    def set_angles(self, number: int, *, turn_deg: float | None = None, tilt_deg: float | None = None) -> None:
        """A plane stands at these angles, turned about the crosshair where that lies on it, else about its middle."""
        from viewers.drags import cut_pivot

        plane = self.plane_of(number)
        if plane is None:
            return
        turn, tilt = plane_angles_deg(plane)
        pivot = cut_pivot(plane, np.array(self._work.session.view.state.cross_mm))
        turn, tilt = turn if turn_deg is None else turn_deg, tilt if tilt_deg is None else tilt_deg
        self.move_plane(number, with_angles(plane, turn, tilt, pivot), True)

    def pull(self, number: int, place_mm: FloatArray, finished: bool) -> None:
        """The hand pulls a deformable cut: it shall go through this place, as it was when the hand took it."""
        from planning.liver.resection import SheetResection
        from planning.liver.sheet import pull_sheet, sheet_region

        cuts = self._work.draft.resections
        cut = cuts[number] if 0 <= number < len(cuts) else None
        if not isinstance(cut, SheetResection):
            return
        if self._held is None or self._held[0] != number:
            self._held = (number, cut, sheet_region(cut))
        _, start, region = self._held
        by_mm = float(region.signed_mm(place_mm[None])[0])
        self._work.put(
            number, pull_sheet(start, place_mm, by_mm) if abs(by_mm) > NO_PULL_MM else start, finished=finished
        )

    def move_point(self, number: int, part: str, place_mm: FloatArray, finished: bool) -> None:
        """The hand moves a part of a resection: an end of a needle, or a deformable cut's handle or line."""
        from planning.liver.resection import AblationResection

        cuts = self._work.draft.resections
        cut = cuts[number] if 0 <= number < len(cuts) else None
        if not isinstance(cut, AblationResection):
            self.pull(number, place_mm, finished)
            return
        try:
            moved = replace(cut, entry_mm=place_mm) if part == "entry" else replace(cut, target_mm=place_mm)
        except TheatrumError as error:
            self._work.failed.emit(error)
            return
        self._work.put(number, moved, finished=finished)

    def bend(self, number: int) -> None:
        """A plane becomes a cut that can be bent."""
        from planning.liver.resection import PlaneResection
        from planning.liver.sheet import flat_sheet

        plane = self.plane_of(number)
        if plane is not None and self._work.model is not None:
            self._work.put(number, flat_sheet(PlaneResection(plane), self._work.model.corners_mm))

    def set_net(self, number: int, count: int) -> None:
        """Another resolution of a deformable cut's net."""
        from planning.liver.resection import SheetResection
        from planning.liver.sheet import with_net

        cut = self._work.draft.resections[number]
        if isinstance(cut, SheetResection) and cut.heights_mm.shape != (count, count):
            self._work.put(number, with_net(cut, (count, count)))

    def flip(self, number: int) -> None:
        """The other side of a cut is removed."""
        other = flipped(self._work.draft.resections[number])
        if other is not None:
            self._work.put(number, other)

    def reach_margin(self) -> None:
        """Move the cut that is nearest to a tumour until the margin asked for is there."""
        from planning.liver.proposal import reach_margin
        from planning.liver.resection import PlaneResection, SheetResection

        if self._work.model is None or not self._work.draft.resections:
            return
        number, cuts = self.nearest_cut, self._work.draft.resections
        cut = cuts[number]
        try:
            if isinstance(cut, SheetResection):
                self._work.put(number, reach_sheet(self._work.model, cuts, number, self._work.draft.asked_mm))
            elif isinstance(cut, PlaneResection):
                self._work.put(
                    number, PlaneResection(reach_margin(self._work.model, cuts, number, self._work.draft.asked_mm))
                )
        except TheatrumError as error:
            self._work.failed.emit(error)

    @property
    def nearest_cut(self) -> int:
        """Number of the resection that comes nearest to a tumour."""
        least = self._work.numbers.decisive if self._work.numbers is not None else None
        return least.cut_index if least is not None else 0
