"""The page of an open case: rail, structures, panes and the guided panel, and the wires between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from app.actions import ActionBook
from app.at_rest import AtRest
from app.called_so import called_so, is_called_so
from app.cine import Cine
from app.compare_panes import ComparePanes
from app.i18n import mark, said, tr
from app.measuring import Measuring
from app.navigation.navigator import Navigator
from app.page_sides import PageSides
from app.pane_grid import PaneGrid
from app.pane_window import PaneWindows
from app.panels.base import Planner
from app.panes.compare_bar import CompareBar
from app.panes.look import pane_look, panel_look
from app.panes.phase_bar import PhaseBar
from app.presets import PRESETS, automatic_window, find_preset
from app.rail import Rail
from app.rendering import SceneRendering
from app.scene_content import ContentBuilder, first_hidden
from app.second_card import SecondCard
from app.second_image import SecondImage
from app.session import Session
from app.structures_panel import StructuresPanel
from app.theme.tokens import DARK
from planning.case.commands import RenameMeasurement, RenameStructure
from planning.geometry import FloatArray, Plane
from viewers.measure_drags import OPEN_ENDED
from viewers.pane_chrome import pane_title
from viewers.plan_pane import PlanPane
from viewers.pointing import Pointing
from viewers.scene_pane import ScenePane
from viewers.slice_pane import SlicePane
from viewers.view_state import SLICES, ViewState

if TYPE_CHECKING:
    from app.panels.render import RenderPanel

GROUPS_FIRST = {
    "heart": (mark("Heart"),),
    "liver": (mark("Liver"), mark("Tumours")),
    "kidney": (mark("Organs"), mark("Tumours")),
    "vessel": (mark("Vessels"), mark("Heart")),
}


class CasePage(QWidget):
    """One open case on screen. `picture_asked`: a pane's picture is to be saved."""

    picture_asked = Signal(str, QImage)
    # of 3D: how many times larger and whether without a ground; height in pixels and seconds of a turn
    large_picture_asked = Signal(int, bool)
    film_asked = Signal(int, int)
    structure_menu_asked = Signal(str, str, QPoint)
    pane_menu_asked = Signal(QPoint)
    add_asked = Signal(QPoint)
    module_changed = Signal(str)
    # what undo would take back before the case's own steps is another thing
    draft_changed = Signal()

    def __init__(
        self,
        session: Session,
        actions: ActionBook,
        panels: dict[str, Callable[[], Planner]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.session, self._actions, self._makers = session, actions, panels
        self.setObjectName("case_page")
        self._panels: dict[str, Planner] = {}
        # panes of plans' steps, by name
        self.plan_panes: dict[str, PlanPane | ScenePane] = {}
        self.module = ""
        self._draft = ("", "")
        # whose step each undo took back, the last of them last: True for the panel's
        self._undone: list[bool] = []
        self._closed = False
        view = session.view
        view.set(hidden=first_hidden(session))
        self.second = SecondImage(session, self)
        AtRest(session, self)
        self.measuring = Measuring(session, self.second, self._seen_panes, DARK["t1"], self)
        self._builder = ContentBuilder(session, self.measuring.items, self.measuring.space_items)
        look = pane_look()
        self.slices = {name: SlicePane(name, view, look) for name in SLICES}
        self.scene = ScenePane(view, look)
        self.compare = ComparePanes(session, self.second, self.measuring, self.slices, self.scene, look)
        self.grid = PaneGrid(view, {**self.slices, "3d": self.scene, **self.compare.panes})
        self.compare_bar = CompareBar(self.second, self.grid)
        self.rendering = SceneRendering(session, lambda: self.planner, lambda: self.scene.is_slow, self)
        self._render_panel: RenderPanel | None = None
        self.windows = PaneWindows(self.grid, self._pane_title, actions.all, self.leave)
        for name, pane in {**self.slices, "3d": self.scene}.items():
            self.windows.watch(name, pane)
        # other panes may show another image, whose place under the tool is not known
        self.navigator = Navigator(session, {**self.slices, "3d": self.scene}, self)
        self.cine = Cine(session.phases, view, self, waits=self._is_drawing)
        self.phase_bar = PhaseBar(session.phases, self.cine, view)
        self.structures = StructuresPanel(session)
        self.structures.add_card(SecondCard(self.second, session))
        self._lay_out(Rail(actions))
        # measurements that 3D shows now: those of planes come and go with their planes
        self._in_space: frozenset[str] = frozenset()
        self._dirty = QTimer(self)
        self._dirty.setSingleShot(True)
        self._dirty.setInterval(0)
        self._dirty.timeout.connect(self._show_content)
        self._wire()
        self.mark_dirty()

    def _lay_out(self, rail: Rail) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.rail = rail
        row.addWidget(rail)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.grid, 1)
        column.addWidget(self.phase_bar)
        self.phase_bar.refresh()
        self.sides = PageSides(self, rail, self.structures, middle, self._focus_panes)
        self.left, self.right = self.sides.left, self.sides.right
        row.addWidget(self.sides.splitter, 1)

    def _focus_panes(self) -> None:
        self.pane(self.session.view.state.active).setFocus(Qt.FocusReason.OtherFocusReason)

    def _wire(self) -> None:
        session, view = self.session, self.session.view
        self.sides.said.connect(session.said)
        session.changed.connect(self._on_change)
        session.surfaces_changed.connect(self.mark_dirty)
        view.changed.connect(self._on_view)
        for pane in (*self.slices.values(), self.scene):
            pane.point_moved.connect(self._point_moved)
            pane.plane_moved.connect(self._plane_moved)
            pane.point_placed.connect(self._point_placed)
            pane.maximise_asked.connect(self.toggle_maximised)
            pane.activated.connect(lambda name: view.set(active=name))
            pane.picture_asked.connect(self.save_picture)
            pane.menu_asked.connect(lambda place, _=None: self.pane_menu_asked.emit(place))
            pane.pointed.connect(self._pointed)
        for name, beside in self.compare.panes.items():
            beside.maximise_asked.connect(lambda _, name=name: self.toggle_maximised(name))
            beside.activated.connect(lambda _, name=name: view.set(active=name))
            beside.picture_asked.connect(lambda _, name=name: self.save_picture(name))
            beside.menu_asked.connect(lambda place, _=None: self.pane_menu_asked.emit(place))
            # a plan is changed on its own image only
            beside.point_moved.connect(partial(self.measuring.moved, second=True))
        self.grid.placed.connect(self.compare.follow)
        self.grid.placed.connect(self.compare_bar.place)
        self.second.changed.connect(self.mark_dirty)
        self.rendering.changed.connect(self._show_scene)
        self.scene.rendering_asked.connect(self.toggle_rendering)
        for pane in self.slices.values():
            pane.measured.connect(partial(self._measured, pane))
            pane.stroke_drawn.connect(self._stroke_drawn)
        for pane in self.compare.slices.values():
            pane.measured.connect(partial(self._measured, pane, second=True))
        self.scene.measured.connect(self.measuring.take_in_space)
        self.compare.scene.measured.connect(partial(self.measuring.take_in_space, second=True))
        for scene in (self.scene, self.compare.scene):
            scene.said.connect(self.session.said)
        self.measuring.changed.connect(self.mark_dirty)
        panel = self.structures
        panel.eye_clicked.connect(view.toggle_hidden)
        panel.row_chosen.connect(lambda kind, key: view.set(selected=key, selected_point=""))
        panel.row_opened.connect(self._row_opened)
        panel.menu_asked.connect(self.structure_menu_asked)
        panel.add_asked.connect(self.add_asked)
        panel.find_asked.connect(lambda: self._actions["add_structures"].trigger())
        panel.filter_asked.connect(self._toggle_filter)
        panel.models_asked.connect(partial(self._segment, "open_models"))
        panel.paint_asked.connect(partial(self._segment, "leave_models"))
        panel.renamed.connect(self._renamed)
        panel.hide_asked.connect(self.hide_all)
        for asked, action in ((panel.solo_asked, "solo"), (panel.lock_asked, "lock"), (panel.delete_asked, "delete")):
            asked.connect(lambda action=action: self._actions[action].trigger())

    @property
    def planner(self) -> Planner | None:
        """The guided panel shown."""
        return self._panels.get(self.module)

    def start_scene(self) -> None:
        """Bring up 3D; after the first frame, so that slices never wait for it."""
        if self._closed:
            return
        self.scene.start()
        self._request_surfaces()
        self.mark_dirty()

    def _request_surfaces(self) -> None:
        """What the plan is made of is meshed first."""
        self.session.request_surfaces(first=() if self.planner is None else self.planner.used_structures())

    def show_module(self, module: str) -> None:
        """Go to a place of work; its panel is made at the first visit."""
        if module == self.module:
            return
        focused = QApplication.focusWidget()
        led = focused is not None and self.right.isAncestorOf(focused)
        if self.planner is not None:
            self.planner.left()
        if module not in self._panels:
            planner = self._makers[module]()
            planner.scene_changed.connect(partial(self._scene_changed, module))
            planner.fly_asked.connect(self.fly_to)
            self.right.addWidget(planner)
            self._panels[module] = planner
        self.module = module
        planner = self._panels[module]
        self.right.setCurrentWidget(planner)
        if planner.preset:
            self.set_preset(planner.preset)
        self.session.view.set(tool="cross", placing="", selected_point="")
        planner.entered()
        self._arrange()
        # the camera of another place may look past what this one plans
        self.scene.bring_into_view(planner.looked_at_mm())
        self._plan_rows()
        self.mark_dirty()
        self._tell_draft()
        self.rail.show_places(self.session.case, module)
        if led:
            # who was led here by the panel's own button goes on at the next one
            planner.take_keyboard()
        self.module_changed.emit(module)

    @property
    def draft(self) -> str:
        """What the shown panel holds that is not in the case yet, "" when nothing."""
        return self._draft[0]

    @property
    def undrafted(self) -> str:
        """What redo would bring again in the shown panel, "" when it would go on with the case."""
        words, can_redo = self._draft[1], self.session.document.can_redo
        return words if not can_redo or self._undone[-1:] == [True] else ""

    def unkept(self) -> str:
        """What closing the case now would lose of the hand's work, in any of its places; "" when nothing."""
        begun = any(pane.hands.begun for pane in (*self.slices.values(), *self.compare.slices.values()))
        begun = begun or any(scene.hand.begun for scene in (self.scene, self.compare.scene))
        if begun:
            return tr("what is being drawn")
        return next((words for planner in self._panels.values() if (words := planner.unkept())), "")

    def _tell_draft(self) -> None:
        planner = self.planner
        draft = (planner.drafted(), planner.undrafted()) if planner is not None else ("", "")
        if draft != self._draft:
            self._draft = draft
            self.draft_changed.emit()

    def undo(self) -> None:
        """Take back what the hand did last: in the panel first, then in the case."""
        draft = self.planner.drafted() if self.planner is not None else ""
        self._undone.append(bool(draft))
        if self.planner is None or not draft:
            self.session.undo()
            return
        self.planner.take_back()
        self.session.said.emit(tr("Undone: {draft}", draft=said(draft)))

    def redo(self) -> None:
        """Do again what was undone last: in the panel, or in the case."""
        undrafted = self.undrafted
        del self._undone[-1:]
        if self.planner is None or not undrafted:
            self.session.redo()
            self._tell_draft()
            return
        self.planner.bring_again()
        self.session.said.emit(tr("Done again: {undrafted}", undrafted=said(undrafted)))

    def panel(self, module: str) -> Planner:
        """The guided panel of a module, shown."""
        self.show_module(module)
        return self._panels[module]

    def mark_dirty(self) -> None:
        """Something the panes draw is different; told to them once per turn of the event loop."""
        if not self._closed:
            self._dirty.start()

    def _show_content(self) -> None:
        plain = self._builder.panes(self.planner)
        content = replace(self.compare.first_content(plain), over=self.second.item())
        for pane in self.slices.values():
            pane.set_content(content)
        self.compare.show(plain)
        self._show_scene()

    def _seen_panes(self) -> tuple[str, ...]:
        """Names of the panes that are seen: those with a place in the grid, and those in windows of their own."""
        return (*self.grid.shown, *self.windows.out)

    def _show_scene(self) -> None:
        self._in_space = self.measuring.in_space()
        self.scene.set_content(self.rendering.decorated(self._builder.scene(self.planner)))

    @property
    def is_settled(self) -> bool:
        """True when every visible pane has drawn what it knows."""
        known = (*self.slices.values(), self.scene, *self.plan_panes.values(), *self.compare.panes.values())
        panes = [pane for pane in known if pane.isVisible()]
        return not self._dirty.isActive() and all(pane.is_settled() for pane in panes)

    def _plan_rows(self) -> None:
        if self.planner is not None:
            self.structures.show_plan(*self.planner.rows(), GROUPS_FIRST.get(self.module, ()))

    def _arrange(self) -> None:
        """The panes that the open step wants; the person's own layout is kept through it."""
        planner = self.planner
        if planner is None:
            return
        for name, pane in planner.panes().items():
            if name not in self.plan_panes:
                self.plan_panes[name] = pane
                self.grid.add({name: pane})
                pane.set_look(panel_look() if pane.on_panel else pane_look())
                pane.maximise_asked.connect(self.toggle_maximised)
                pane.activated.connect(lambda name: self.session.view.set(active=name))
                pane.said.connect(self.session.said)
                if isinstance(pane, ScenePane):
                    pane.picture_asked.connect(self.save_picture)
                    pane.menu_asked.connect(lambda place, _=None: self.pane_menu_asked.emit(place))
        self.sides.make_room(planner.needs_room())
        self.sides.show_left(planner.left_column())
        self.grid.arrange(planner.arrangement())
        state = self.session.view.state
        shown = self.grid.shown
        if state.maximised and state.maximised not in shown:
            self.session.view.set(maximised="")
        if shown and state.active not in shown:
            self.session.view.set(active=shown[0])

    def pane(self, name: str) -> SlicePane | ScenePane | PlanPane:
        """A pane by name."""
        if name == "3d":
            return self.scene
        if name in self.compare.panes:
            return self.compare.panes[name]
        return self.slices[name] if name in self.slices else self.plan_panes[name]

    def _scene_changed(self, module: str) -> None:
        if module == self.module:
            self._arrange()
            self._plan_rows()
            self._tell_draft()
            self.mark_dirty()

    def _on_change(self, change: object) -> None:
        for planner in self._panels.values():
            planner.case_changed()
        self._request_surfaces()
        self.phase_bar.refresh()
        self.rail.show_places(self.session.case, self.module)
        self._plan_rows()
        self.structures.refresh()
        self.mark_dirty()

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        if old.hidden != new.hidden:
            self._request_surfaces()
            self.mark_dirty()
        drawn = [(state.phase, state.label_style, state.opacities, state.layout) for state in (old, new)]
        if drawn[0] != drawn[1] or self.measuring.in_space() != self._in_space:
            self.mark_dirty()
        if new.layout == "compare" and old.layout != "compare":
            self.second.choose(new.second.image)
        listed = [(state.hidden, state.selected, state.opacities) for state in (old, new)]
        if listed[0] != listed[1]:
            self.structures.refresh()

    def _point_moved(self, key: str, position: FloatArray, finished: bool) -> None:
        self._expect_movement(finished)
        place = np.asarray(position, dtype=np.float64)
        if not self.measuring.moved(key, place, finished) and self.planner is not None:
            self.planner.point_moved(key, place, finished)

    def _plane_moved(self, key: str, plane: Plane, finished: bool) -> None:
        self._expect_movement(finished)
        if self.planner is not None:
            self.planner.plane_moved(key, plane, finished)

    def _expect_movement(self, finished: bool) -> None:
        """3D is told of a drag before what follows from it is drawn."""
        for pane in (self.scene, *self.plan_panes.values()):
            if isinstance(pane, ScenePane) and not finished:
                pane.stage.expect_movement()

    def _point_placed(self, key: str, position: FloatArray) -> None:
        if self.planner is not None:
            self.planner.point_placed(key, np.asarray(position, dtype=np.float64))

    def _pointed(self, pointing: Pointing | None) -> None:
        if self.planner is not None:
            self.planner.pointed(pointing)

    def _stroke_drawn(self, key: str, places: FloatArray, turned: bool) -> None:
        if self.planner is not None:
            self.planner.stroke_drawn(key, places, turned)

    def _measured(self, pane: SlicePane, kind: str, places: FloatArray, *, second: bool = False) -> None:
        slab_mm = pane.model.state.slab_mm(pane.pane_name)
        taken = self.measuring.take(pane.geometry_px(), kind, places, second=second, slab_mm=slab_mm)
        if not taken and kind in OPEN_ENDED:
            # what was clicked is not lost: a place can be taken back
            pane.hands.begun = tuple(places)

    def toggle_rendering(self) -> None:
        """The 3D view's settings in the guided panel's place, or that panel again."""
        from app.panels.render import RenderPanel

        if self._render_panel is None:
            self._render_panel = RenderPanel(self.session, self.scene, self.rendering)
            self._render_panel.left.connect(self.toggle_rendering)
            self._render_panel.picture_asked.connect(self.large_picture_asked)
            self._render_panel.film_asked.connect(self.film_asked)
            self.right.addWidget(self._render_panel)
        planner, is_open = self.planner, self.right.currentWidget() is self._render_panel
        self._render_panel.module = self.module
        if is_open and planner is not None:
            self.right.setCurrentWidget(planner)
            self.scene.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.sides.show_right()
        self.right.setCurrentWidget(self._render_panel)
        self._render_panel.image.shows.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle_links(self) -> None:
        """Panes beside each other move together, or each by itself."""
        if self.compare.is_shown:
            linked = not self.compare.linked
            self.session.view.set_second(linked=linked)
            self.compare.follow()
            self.session.said.emit(tr("Views move together") if linked else tr("Each view moves by itself"))
            return
        panes = [pane for pane in self.plan_panes.values() if isinstance(pane, ScenePane) and pane.isVisible()]
        if len(panes) < 2:
            self.session.said.emit(tr("One 3D view is shown"))
            return
        linked = not panes[0].is_linked
        for pane in panes:
            pane.is_linked = linked
        for pane in panes[1:] if linked else ():
            pane.follow(panes[0].camera())
        self.session.said.emit(tr("Views move together") if linked else tr("Each view moves by itself"))

    def _is_drawing(self) -> bool:
        return any(pane.hands.is_drawing for pane in self.slices.values())

    def toggle_maximised(self, name: str) -> None:
        """One pane alone, or all again."""
        if name in self.grid.away:
            # a pane in a window of its own is as large as that window
            window = self.windows.window_of(name)
            if window is not None:
                window.setWindowState(window.windowState() ^ Qt.WindowState.WindowMaximized)
            return
        state = self.session.view.state
        self.session.view.set(maximised="" if state.maximised else name, active=name)

    def leave(self) -> bool:
        """Put the tool down, else what is chosen; False when there was neither."""
        view = self.session.view
        state = view.state
        if state.tool != "cross":
            view.set(tool="cross", placing="")
        elif state.selected_point or state.selected:
            view.set(selected_point="", selected="")
        else:
            return False
        return True

    def toggle_window(self, name: str) -> None:
        """A pane into a window of its own, or back among the others."""
        if name in self.slices or name == "3d":
            self.windows.toggle(name)
        else:
            self.session.said.emit(tr("Only slices and 3D can have a window of their own"))

    def _pane_title(self, name: str) -> str:
        return "3D" if name == "3d" else pane_title(self.session.view.state, name)[0]

    def fly_to(self, position_mm: FloatArray) -> None:
        """The crosshair to a place; panes that were moved away from it follow."""
        self.session.view.fly_to(position_mm)

    def _segment(self, way: str) -> None:
        """The place where structures are made, at its models or its tools."""
        getattr(self.panel("segment"), way)()

    def _renamed(self, kind: str, key: str, name: str) -> None:
        structures = self.session.case.structures
        if kind == "structure" and is_called_so(name, structures, but=key):
            self.session.failed.emit(called_so(name))
            return
        rename = RenameStructure if kind == "structure" else RenameMeasurement
        if self.session.do(rename(key, name)):
            self.session.view.set(selected=name)

    def hide_all(self, keys: tuple[str, ...]) -> None:
        """Hide these, or show them when all are hidden."""
        view, given = self.session.view, frozenset(keys)
        view.set(hidden=view.state.hidden - given if given <= view.state.hidden else view.state.hidden | given)

    def _row_opened(self, kind: str, key: str) -> None:
        if kind == "structure":
            self.fly_to(self.session.mask(key).centroid_mm())
        elif kind == "measurement":
            self.measuring.fly_to(key)

    def _toggle_filter(self, place: QPoint) -> None:
        self.structures.only_visible = not self.structures.only_visible
        self.structures.refresh()
        words = (
            tr("Only visible structures are listed")
            if self.structures.only_visible
            else tr("All structures are listed")
        )
        self.session.said.emit(words)

    def save_picture(self, name: str) -> None:
        """A pane's picture, for the window to save."""
        self.picture_asked.emit(name, self.pane(name).grab_picture())

    def set_preset(self, identifier: str) -> None:
        """A named window, or "automatic"."""
        if identifier == "automatic":
            volume = self.session.volume()
            if volume is not None:
                window, level = automatic_window(volume)
                self.session.view.set(window=window, level=level, preset="Automatic")
            return
        preset = find_preset(identifier)
        self.session.view.set(window=preset.window_hu, level=preset.level_hu, preset=preset.name)

    @staticmethod
    def preset_name(state: ViewState) -> str:
        """What the preset button says: the preset's name while its values stand."""
        for preset in PRESETS:
            if (preset.window_hu, preset.level_hu) == (state.window, state.level):
                return tr(preset.name)
        return tr("Automatic") if state.preset == "Automatic" else tr("Window", "of grey values")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.sides.fit()

    def relook(self) -> None:
        """Theme or text scale changed."""
        look = pane_look()
        for pane in (*self.slices.values(), self.scene, *self.compare.panes.values()):
            pane.set_look(look)
        for extra in self.plan_panes.values():
            extra.set_look(panel_look() if extra.on_panel else look)
        self.navigator.relook()
        self.rail.fit()
        self.phase_bar.fit()
        self.sides.fit()
        self.structures.refresh()
        self.update()

    def close_case(self) -> None:
        """Let go of the case; 3D first, while its window still lives."""
        self._closed = True
        self.navigator.stop()
        self.cine.pause()
        self._dirty.stop()
        self.windows.close_all()
        for state in self.session.jobs.active:
            # what looks for or opens the next case goes on, and so do archives and files that are no case's
            if state.job.of_case:
                state.cancel.set()
        self.scene.close()
        self.compare.close()
        for pane in self.plan_panes.values():
            pane.close()
        for planner in self._panels.values():
            planner.closed()
        self.session.close()
