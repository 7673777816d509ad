"""Actions on what the panes show: planes, slabs, the view's history, probe and magnifier. Nothing here changes the case."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from app.i18n import mark, tr
from viewers.overlay import ContourItem, CurvedCutItem, CutItem
from viewers.slice_pane import SlicePane
from viewers.view_state import FIRST_SLAB_MM, SLAB_KINDS, SLICES, ViewState

if TYPE_CHECKING:
    from app.case_page import CasePage
    from app.workstation import Workstation

Run = Callable[["CasePage"], object]
# words of a slab's kinds in menus and in the strip
SLAB_NAMES = {
    "max": mark("Brightest in the slab (MIP)"),
    "min": mark("Darkest in the slab (MinIP)"),
    "mean": mark("Mean of the slab"),
}
SLAB_CHOICES_MM = (5.0, 10.0, 20.0)
CHECKABLE = ("slab", "free_planes", "probe", "magnifier")
# a held key must not switch back and forth
HELD = ("overlays", "probe", "magnifier")


class ViewActions:
    """Connects the actions of the view to a window."""

    def __init__(self, window: Workstation) -> None:
        self._window = window

    def connect_all(self, on_page: Callable[[Run], Callable[[], None]]) -> None:
        """Make them. on_page: wraps what needs an open case."""
        book = self._window.actions_
        runs: tuple[tuple[str, Run], ...] = (
            ("align", self._align),
            ("slab", self._toggle_slab),
            ("slab_kind", self._next_slab_kind),
            ("free_planes", self._toggle_free),
            ("view_back", self._back),
            ("view_forward", self._forward),
            ("probe", partial(self._toggle, "probe")),
            ("magnifier", partial(self._toggle, "magnifier")),
            ("type_number", self._type_number),
        )
        for identifier, run in runs:
            book.connect(identifier, on_page(run), checkable=identifier in CHECKABLE)
        for identifier in HELD:
            book[identifier].setAutoRepeat(False)

    def show_view(self, state: ViewState) -> None:
        """Check what is on."""
        book = self._window.actions_
        for identifier, on in (
            ("slab", state.slab_mm(state.active) > 0),
            ("free_planes", state.is_free),
            ("probe", state.probe),
            ("magnifier", state.magnifier),
        ):
            book[identifier].setChecked(on)

    def _say(self, words: str) -> None:
        self._window.strip.say(words)

    @staticmethod
    def _slice(page: CasePage) -> str:
        """The slice pane that is meant: the active one, else the first."""
        active = page.session.view.state.active
        return active if active in SLICES else SLICES[0]

    def _align(self, page: CasePage) -> None:
        """The planes onto what the open step shows: its own plane, a ring, a cut."""
        view, planner = page.session.view, page.planner
        if planner is not None and planner.look_at_plane():
            return
        for item in planner.items() if planner is not None else ():
            if isinstance(item, ContourItem):
                middle, normal = _flat_plane(item.points_mm)
                view.align("annulus", middle, normal)
                return
            if isinstance(item, CutItem):
                view.align("cut", item.plane.project(view.state.cross_mm), item.plane.normal)
                return
            if isinstance(item, CurvedCutItem) and item.mesh is not None and len(item.mesh.points_mm):
                middle, normal = _flat_plane(item.mesh.points_mm)
                view.align("cut", middle, normal)
                return
        self._say(tr("There is no plan's plane here yet."))

    def _toggle_slab(self, page: CasePage) -> None:
        page.session.view.toggle_slab(self._slice(page))

    def _next_slab_kind(self, page: CasePage) -> None:
        view = page.session.view
        kind = SLAB_KINDS[(SLAB_KINDS.index(view.state.slab_kind) + 1) % len(SLAB_KINDS)]
        self._set_slab_kind(kind, page)

    def _set_slab_kind(self, kind: str, page: CasePage) -> None:
        view, name = page.session.view, self._slice(page)
        view.set(slab_kind=kind)
        if view.state.slab_mm(name) <= 0:
            view.toggle_slab(name)
        self._say(tr(SLAB_NAMES[kind]))

    @staticmethod
    def _set_slab(name: str, thickness_mm: float, page: CasePage) -> None:
        page.session.view.become(page.session.view.state.with_slab(name, thickness_mm))

    def _toggle_free(self, page: CasePage) -> None:
        view = page.session.view
        view.set_free(not view.state.is_free)
        self._say(tr("Each plane turns by itself") if view.state.is_free else tr("The planes keep their right angles"))

    def _back(self, page: CasePage) -> None:
        if not page.session.view.back():
            self._say(tr("There is no earlier view."))

    def _forward(self, page: CasePage) -> None:
        if not page.session.view.forward():
            self._say(tr("There is no later view."))

    @staticmethod
    def _toggle(name: str, page: CasePage) -> None:
        view = page.session.view
        view.set(**{name: not getattr(view.state, name)})

    def _type_number(self, page: CasePage) -> None:
        pane = page.pane(self._slice(page))
        if not isinstance(pane, SlicePane) or not pane.isVisible() or not pane.numbers.open():
            self._say(tr("No slice pane is shown here."))

    def slab_menu(self, page: CasePage, parent: QMenu) -> QMenu:
        """Thickness and kind of the active pane's slab."""
        book, name, state = self._window.actions_, self._slice(page), page.session.view.state
        menu = parent.addMenu(tr("Slab"))
        menu.addAction(book["slab"])
        for thickness in sorted({*SLAB_CHOICES_MM, FIRST_SLAB_MM}):
            action = QAction(tr("{thickness} mm", thickness=f"{thickness:g}"), menu)
            action.setCheckable(True)
            action.setChecked(abs(state.slab_mm(name) - thickness) < 1e-6)
            action.triggered.connect(lambda _=False, mm=thickness: self._set_slab(name, mm, page))
            menu.addAction(action)
        menu.addSeparator()
        for kind in SLAB_KINDS:
            action = QAction(tr(SLAB_NAMES[kind]), menu)
            action.setCheckable(True)
            action.setChecked(state.slab_kind == kind)
            action.triggered.connect(lambda _=False, kind=kind: self._set_slab_kind(kind, page))
            menu.addAction(action)
        return menu


def _flat_plane(points_mm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Middle and normal of the plane nearest to points, the normal towards the head."""
    points = np.asarray(points_mm, dtype=np.float64)
    middle = points.mean(axis=0)
    rest = points - middle
    normal = np.linalg.eigh(rest.T @ rest)[1][:, 0]
    return middle, normal if normal[2] >= 0 else -normal
