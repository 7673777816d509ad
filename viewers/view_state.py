"""What is shown and how: never part of the case, never undone by undo.

`frame` holds three unit vectors (right, down, normal) that turn all slice panes together: the axial-like pane looks
along the normal, the coronal-like one shows right and minus normal, the sagittal-like one down and minus normal.
`turns` keeps pictures still while the other planes are turned in them (double oblique): degrees about the pane's normal
by which its frame has left its picture, so that the crosshair's lines lean instead. With the padlock open (`is_free`) a
plane may leave the frame: `free` then holds its own axes, and it still goes through the crosshair.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from planning.geometry import FloatArray, plane_basis
from viewers.rendering import Rendering
from viewers.turning import turned

Vec = tuple[float, float, float]
Frame = tuple[Vec, Vec, Vec]

SLICES = ("axial", "coronal", "sagittal")
PANES = ("axial", "3d", "coronal", "sagittal")
# "doubt": filled, and hatched where the model that found them is not sure
LABEL_STYLES = ("outline", "fill", "doubt")
LAYOUTS = ("2x2", "1+3", "3d", "compare")
STRAIGHT: Frame = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
# what a slab shows along each line of sight: the greatest, the least or the mean value
SLAB_KINDS = ("max", "min", "mean")
FIRST_SLAB_MM, MOST_SLAB_MM = 10.0, 200.0
# alignments of one kind that follow each other faster than this are one entry of the view history
ENTRY_APART_S, MOST_ENTRIES = 0.5, 64


def vec(values: npt.ArrayLike) -> Vec:
    """Three floats as a tuple."""
    x, y, z = (float(v) for v in np.asarray(values, dtype=np.float64))
    return x, y, z


def aligned_frame(normal: npt.ArrayLike) -> Frame:
    """The frame whose axial-like pane is the plane of this normal, turned as heart and liver teams read it."""
    right, down = plane_basis(normal)
    # right-handed, so that the long axes show the normal upwards
    return vec(right), vec(down), vec(np.cross(right, down))


@dataclass(frozen=True, slots=True)
class PaneView:
    """Zoom and place of one slice pane: LPS mm at its middle (None: the crosshair's slice fitted), mm a logical px.

    reach_mm: what the pane's lesser side shows while no hand has zoomed (mm_per_px None), whatever the pane's size.
    """

    center_mm: Vec | None = None
    mm_per_px: float | None = None
    reach_mm: float | None = None

    @property
    def is_fitted(self) -> bool:
        """True while the pane shows the whole slice."""
        return self.mm_per_px is None and self.reach_mm is None


@dataclass(frozen=True, slots=True)
class Camera:
    """The 3D view: where it looks, from which direction (patient to viewer), what is up, half height in mm."""

    focus_mm: Vec
    direction: Vec
    up: Vec
    half_height_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondView:
    """How another image of the case is shown: over the first one while `is_over`, and beside it in the compare layout.

    image: its name, "" for none. colors: one of `viewers.color_maps.COLOR_MAPS`. window, level: in its own values.
    linked: the compared panes keep the same place, planes and zoom. is_left: it stands on the left there. rows: which
    panes have a row there, of PANES. phase: of a moving image.
    """

    image: str = ""
    is_over: bool = False
    opacity: float = 0.5
    colors: str = "hot"
    smooth: bool = True
    window: float = 400.0
    level: float = 40.0
    linked: bool = True
    is_left: bool = False
    rows: tuple[str, ...] = ("axial", "coronal")
    phase: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedPlane:
    """A slice pane's own plane, which neither crosshair nor the other panes move.

    title: what the pane is called. origin_mm: on the plane at offset 0. offset_mm: how far the hand has scrolled it
    along its normal. height_mm: the number that the pane names at offset 0 ("−4.0 mm"), since: from where it is counted
    (" from the fork"). slab_mm: thickness over which
    the brightest value is shown, 0 for a plain slice.
    """

    title: str
    origin_mm: Vec
    frame: Frame
    height_mm: float = 0.0
    offset_mm: float = 0.0
    slab_mm: float = 0.0
    since: str = ""

    @property
    def through_mm(self) -> FloatArray:
        """A point on the plane now."""
        return np.array(self.origin_mm) + self.offset_mm * np.array(self.frame[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewState:
    """All display state of one case.

    free: axes (right, down, normal) of planes that were turned by themselves, by pane. home: the frame that a reset brings
    back, home_name its name: the last alignment's.
    slabs: thickness in mm over which a slice pane about the crosshair shows one value, by its name; slab_kind says which,
    slab_last_mm is what T brings back. probe, magnifier: whether values and pixels under the hand are read out.
    window, level: HU. preset: name of the window preset, "" when set by hand. tool: "cross", "place" or one of
    `viewers.measures.TOOLS` or of `viewers.stroke_drag.MARK_TOOLS`.
    placing: key of what the next click places or marks. hidden: keys of structures and plan
    items not shown. selected: key of the chosen structure or item; selected_point: key of the chosen landmark.
    label_style: how structures are drawn, one of LABEL_STYLES.
    brush_mm: diameter of the brush that is shown at the hand with a marking tool, 0 for none; refuses: its marks mean
    "not this".
    organ_opacity: of the organ that a plan looks into in 3D. apart_mm: how far a plan's parts are moved apart there.
    rendering: how the image itself is drawn there.
    opacities: of structures that a person made less opaque, by name; their fills in slices follow. second: the
    case's other image.
    """

    cross_mm: Vec = (0.0, 0.0, 0.0)
    frame: Frame = STRAIGHT
    frame_name: str = ""
    frame_origin_mm: Vec = (0.0, 0.0, 0.0)
    turns: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    pinned: Mapping[str, PinnedPlane] = field(default_factory=lambda: MappingProxyType({}))
    slabs: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    slab_kind: str = "max"
    slab_last_mm: float = FIRST_SLAB_MM
    is_free: bool = False
    free: Mapping[str, Frame] = field(default_factory=lambda: MappingProxyType({}))
    home: Frame = STRAIGHT
    home_name: str = ""
    probe: bool = False
    magnifier: bool = False
    window: float = 400.0
    level: float = 40.0
    preset: str = ""
    phase: int = 0
    layout: str = "2x2"
    main_pane: str = "axial"
    maximised: str = ""
    active: str = "axial"
    panes: Mapping[str, PaneView] = field(default_factory=lambda: MappingProxyType({}))
    camera: Camera | None = None
    tool: str = "cross"
    placing: str = ""
    brush_mm: float = 0.0
    refuses: bool = False
    hidden: frozenset[str] = frozenset()
    selected: str = ""
    selected_point: str = ""
    show_crosshair: bool = True
    show_overlays: bool = True
    show_labels: bool = True
    label_style: str = "fill"
    smooth_pixels: bool = True
    mouse_scheme: str = "planning"
    organ_opacity: float = 0.38
    apart_mm: float = 0.0
    rendering: Rendering = field(default_factory=Rendering)
    opacities: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    second: SecondView = SecondView()

    @property
    def fill_overlays(self) -> bool:
        """True while structures are more than outlines."""
        return self.label_style != "outline"

    def slab_mm(self, pane: str) -> float:
        """Thickness over which a slice pane shows one value, 0 for a plain slice."""
        return self.pinned[pane].slab_mm if pane in self.pinned else self.slabs.get(pane, 0.0)

    def slab_kind_of(self, pane: str) -> str:
        """Which value a pane's slab shows; a plan's own slab always the greatest."""
        return "max" if pane in self.pinned else self.slab_kind

    def is_turned(self, pane: str) -> bool:
        """True where a hand turned this pane's plane, or the others in its picture."""
        return pane in self.free or abs(self.turns.get(pane, 0.0)) > 1e-6

    def with_slab(self, pane: str, thickness_mm: float) -> ViewState:
        """The state with another thickness of one pane, 0 for plain slices."""
        thickness = min(max(thickness_mm, 0.0), MOST_SLAB_MM)
        if pane in self.pinned:
            plane = replace(self.pinned[pane], slab_mm=thickness)
            return replace(self, pinned=MappingProxyType({**self.pinned, pane: plane}))
        slabs = {**self.slabs, pane: thickness}
        if thickness <= 0.0:
            del slabs[pane]
        last = thickness or self.slab_mm(pane) or self.slab_last_mm
        return replace(self, slabs=MappingProxyType(slabs), slab_last_mm=last)

    def pane(self, name: str) -> PaneView:
        """Zoom and place of a pane."""
        return self.panes.get(name, PaneView())

    def with_pane(self, name: str, view: PaneView) -> ViewState:
        """The state with another zoom and place of one pane."""
        return replace(self, panes=MappingProxyType({**self.panes, name: view}))

    def axes(self, pane: str) -> tuple[FloatArray, FloatArray, FloatArray]:
        """(right, down, normal) unit vectors of a slice pane's picture; the normal points from the plane's back."""
        if pane in self.pinned:
            right, down, normal = (np.array(axis) for axis in self.pinned[pane].frame)
            return right, down, normal
        if pane in self.free:
            right, down, normal = (np.array(axis) for axis in self.free[pane])
            return right, down, normal
        right, down, normal = self._frame_axes(pane)
        turn = np.radians(self.turns.get(pane, 0.0))
        if turn == 0.0:
            return right, down, normal
        return turned(right, normal, -turn), turned(down, normal, -turn), normal

    def _frame_axes(self, pane: str) -> tuple[FloatArray, FloatArray, FloatArray]:
        right, down, normal = (np.array(axis) for axis in self.frame)
        if pane == "axial":
            return right, down, normal
        if pane == "coronal":
            return right, -normal, down
        return down, -normal, right

    def with_turn(self, pane: str, angle_rad: float) -> ViewState:
        """The other two planes turned about a pane's normal through the crosshair; the pane's picture stays."""
        normal = self.axes(pane)[2]
        right, down, across = (vec(turned(np.array(axis), normal, angle_rad)) for axis in self.frame)
        turns = MappingProxyType({**self.turns, pane: self.turns.get(pane, 0.0) + float(np.degrees(angle_rad))})
        free = {
            name: axes if name == pane else _turned_axes(axes, normal, angle_rad) for name, axes in self.free.items()
        }
        return replace(
            self,
            frame=(right, down, across),
            turns=turns,
            free=MappingProxyType(free),
            # a plan's own plane stays what it is only while it is turned within itself
            frame_name=self.frame_name if pane == "axial" else "",
            frame_origin_mm=self.cross_mm if self._is_untouched else self.frame_origin_mm,
        )

    @property
    def _is_untouched(self) -> bool:
        return self.frame == STRAIGHT and not self.frame_name and not self.free

    def with_plane_turned(self, plane: str, pane: str, angle_rad: float) -> ViewState:
        """One plane alone turned about another pane's normal through the crosshair (the padlock is open)."""
        right, down, normal = self.axes(plane)
        axes = _turned_axes((vec(right), vec(down), vec(normal)), self.axes(pane)[2], angle_rad)
        return replace(
            self,
            free=MappingProxyType({**self.free, plane: axes}),
            frame_origin_mm=self.cross_mm if self._is_untouched else self.frame_origin_mm,
        )

    def with_plane_reset(self, plane: str, pane: str) -> ViewState:
        """A plane back where the last alignment put it, seen in `pane`; with the padlock closed the others go with it."""
        if plane in self.free:
            return replace(self, free=MappingProxyType({n: axes for n, axes in self.free.items() if n != plane}))
        wanted = replace(self, frame=self.home)._frame_axes(plane)[2]
        now = self._frame_axes(plane)[2]
        axis = np.cross(now, wanted)
        sine, cosine = float(np.linalg.norm(axis)), float(now @ wanted)
        state = self
        if sine > 1e-9:
            about = self.axes(pane)[2]
            share = float(axis @ about) / sine
            angle = float(np.arctan2(sine, cosine))
            if abs(share) > 1.0 - 1e-6:
                # turned within this picture: it stays, and the lean of its lines goes
                state = self.with_turn(pane, angle * share)
            else:
                frame = _turned_axes(self.frame, axis / sine, angle)
                state = replace(self, frame=frame, turns=MappingProxyType({}), frame_name="")
        turns = {name: turn for name, turn in state.turns.items() if abs(turn) > 1e-6}
        if not np.allclose(state.frame, self.home, atol=1e-9):
            return replace(state, turns=MappingProxyType(turns))
        return replace(state, frame=self.home, frame_name=self.home_name, turns=MappingProxyType(turns))


def _turned_axes(axes: Frame, about: npt.ArrayLike, angle_rad: float) -> Frame:
    axis = np.asarray(about, dtype=np.float64)
    right, down, normal = (vec(turned(np.array(one), axis, angle_rad)) for one in axes)
    return right, down, normal


# what an entry of the view history brings back
ENTRY_FIELDS = (
    "cross_mm",
    "frame",
    "frame_name",
    "frame_origin_mm",
    "turns",
    "free",
    "home",
    "home_name",
    "pinned",
    "panes",
)


class ViewModel(QObject):
    """Holds the one ViewState of a window and tells of each change (old, new).

    Each alignment and each flight is an entry of the view history, which `back` and `forward` walk; undo knows nothing of it.
    """

    changed = Signal(object, object)

    def __init__(self, state: ViewState | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state or ViewState()
        self._past: list[ViewState] = []
        self._future: list[ViewState] = []
        self._last_entry = ("", 0.0)

    @property
    def state(self) -> ViewState:
        """The state now."""
        return self._state

    def set(self, **changes: Any) -> None:
        """Replace fields; says nothing when all of them are equal already."""
        self.become(replace(self._state, **changes))

    def become(self, state: ViewState) -> None:
        """Replace the whole state."""
        old = self._state
        if state == old:
            return
        self._state = state
        self.changed.emit(old, state)

    def mark_entry(self, kind: str) -> None:
        """The view is about to jump: what it shows now becomes an entry of the history.

        A kind that comes again at once (a hand that drags along a vessel) adds none.
        """
        before, now = self._last_entry, time.monotonic()
        self._last_entry = (kind, now)
        if before[0] == kind and now - before[1] < ENTRY_APART_S:
            return
        self._past = [*self._past, self._state][-MOST_ENTRIES:]
        self._future.clear()

    def back(self) -> bool:
        """To where the view was before its last jump. False when there is nowhere to go."""
        return self._travel(self._past, self._future)

    def forward(self) -> bool:
        """Where `back` came from. False when there is nowhere to go."""
        return self._travel(self._future, self._past)

    def _travel(self, source: list[ViewState], target: list[ViewState]) -> bool:
        here = self._state
        while source:
            entry = source.pop()
            there = replace(here, **{name: getattr(entry, name) for name in ENTRY_FIELDS})
            if there != here:
                target.append(here)
                self._last_entry = ("", 0.0)
                self.become(there)
                return True
        return False

    def set_free(self, on: bool) -> None:
        """Open the padlock, or close it: then all planes stand at right angles again."""
        self.set(is_free=on, free=self._state.free if on else MappingProxyType({}))

    def toggle_slab(self, pane: str) -> None:
        """A pane's slab of the last thickness, or plain slices."""
        state = self._state
        self.become(state.with_slab(pane, 0.0 if state.slab_mm(pane) > 0 else state.slab_last_mm))

    def set_pane(self, name: str, view: PaneView) -> None:
        """Another zoom or place of one pane."""
        self.become(self._state.with_pane(name, view))

    def set_opacity(self, names: Iterable[str], opacity: float) -> None:
        """Another opacity of some structures; 1 forgets it."""
        given = frozenset(names)
        kept = {name: value for name, value in self._state.opacities.items() if name not in given}
        if opacity < 1.0:
            kept |= dict.fromkeys(given, max(opacity, 0.0))
        self.set(opacities=MappingProxyType(kept))

    def set_second(self, **changes: Any) -> None:
        """Show the case's other image in another way."""
        self.set(second=replace(self._state.second, **changes))

    def follow_name(self, old: str, new: str) -> None:
        """What was called otherwise is seen as before: hidden, less opaque, selected."""
        state = self._state
        opacities = {new if name == old else name: value for name, value in state.opacities.items()}
        self.set(
            hidden=(state.hidden - {old}) | {new} if old in state.hidden else state.hidden,
            opacities=MappingProxyType(opacities) if old in state.opacities else state.opacities,
            selected=new if state.selected == old else state.selected,
        )

    def toggle_hidden(self, key: str) -> None:
        """Show or hide a structure or plan item."""
        hidden = self._state.hidden
        self.set(hidden=hidden - {key} if key in hidden else hidden | {key})

    def align(self, name: str, origin_mm: npt.ArrayLike, normal: npt.ArrayLike, reach_mm: float = 0.0) -> None:
        """Turn all slice panes to a plan's plane and put the crosshair on it.

        reach_mm: how much of the plane a pane shows; the long axes show twice as much. 0 keeps zooms.
        """
        origin = vec(origin_mm)
        self.mark_entry(f"align {name}")
        frame = aligned_frame(normal)
        panes = {
            name: view if view.is_fitted else replace(view, center_mm=origin)
            for name, view in self._state.panes.items()
        }
        if reach_mm > 0:
            reaches = {pane: reach_mm if pane == "axial" else 2.0 * reach_mm for pane in SLICES}
            panes = {pane: PaneView(origin, reach_mm=reach) for pane, reach in reaches.items()}
        self.set(
            frame=frame,
            frame_name=name,
            frame_origin_mm=origin,
            home=frame,
            home_name=name,
            cross_mm=origin,
            turns=MappingProxyType({}),
            free=MappingProxyType({}),
            pinned=MappingProxyType({}),
            panes=MappingProxyType(dict(panes)),
        )

    def straighten(self) -> None:
        """Back to axial, coronal and sagittal planes, each fitted."""
        nothing = MappingProxyType({})
        self.mark_entry("straighten")
        self.set(
            frame=STRAIGHT,
            frame_name="",
            frame_origin_mm=(0.0, 0.0, 0.0),
            home=STRAIGHT,
            home_name="",
            free=nothing,
            turns=nothing,
            pinned=nothing,
            panes=nothing,
        )

    def pin(self, planes: Mapping[str, PinnedPlane], reach_mm: float = 0.0) -> None:
        """Give slice panes planes of their own; panes that are not named follow the crosshair again.

        reach_mm: how much of its plane a pane shows, in its middle the plane's origin. 0 keeps zooms.
        """
        panes = dict(self._state.panes)
        if reach_mm > 0:
            panes |= {name: PaneView(plane.origin_mm, reach_mm=reach_mm) for name, plane in planes.items()}
        self.set(pinned=MappingProxyType(dict(planes)), panes=MappingProxyType(panes))

    def scroll_pinned(self, pane: str, by_mm: float) -> None:
        """Move a pane's own plane along its normal."""
        plane = self._state.pinned[pane]
        moved = replace(plane, offset_mm=plane.offset_mm + by_mm)
        self.set(pinned=MappingProxyType({**self._state.pinned, pane: moved}))

    def fly_to(self, position_mm: npt.ArrayLike) -> None:
        """The crosshair to a place; panes that were zoomed or moved show it in their middle."""
        place = vec(position_mm)
        self.mark_entry("fly")
        state = self._state
        moved = {
            name: view if name in state.pinned else replace(view, center_mm=place)
            for name, view in state.panes.items()
            if not view.is_fitted
        }
        self.set(cross_mm=place, panes=MappingProxyType(moved))
