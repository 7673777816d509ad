"""What each action of the window does, and when it can be done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QActionGroup, QColor
from PySide6.QtWidgets import QApplication, QColorDialog, QMenu, QWidget

from app.actions import action_text
from app.case_page import CasePage
from app.dialogs.message import TextDialog
from app.doubt_content import has_doubt
from app.i18n import SOURCE, language, mark, said, structure_name, tr
from app.keymap import Keymap
from app.measure_menu import add_entries, copy
from app.measure_words import HINTS
from app.menus import passing_menu
from app.pane_grid import SECOND
from app.panels.guide import GuidedPlanner
from app.presets import PRESETS
from app.rail import MODULES
from app.read_only import is_refused, show_access, writing
from app.scene_content import first_hidden
from app.second_card import BESIDE_WORDS
from app.view_actions import ViewActions
from app.why_off import ONE_SERIES
from planning.case.commands import (
    Batch,
    LockStructure,
    RecolourStructure,
    RemoveStructure,
    RenameMeasurement,
    RenameStructure,
    SetLabel,
)
from viewers.keys import key_hint
from viewers.measures import TOOLS, handle_of
from viewers.view_state import LABEL_STYLES, LAYOUTS, SLICES, PaneView, ViewState

if TYPE_CHECKING:
    from app.workstation import Workstation

STYLE_WORDS = {
    "outline": mark("Structures as outlines"),
    "fill": mark("Structures filled"),
    "doubt": mark("Hatched: where the model is not sure"),
}
# of the liver's steps, counted from 0
# kinds of plans that can stand beside each other, their places and what a menu calls them
COMPARED_PLANS = (("tavr", "heart", mark("TAVR plans")), ("liver", "liver", mark("Liver plans")))
ALWAYS = (
    "open_case",
    "open_folder",
    "open_file",
    "archive",
    "deidentify",
    "quit",
    "palette",
    "shortcuts",
    "about",
    "settings",
    "jobs",
)


class CaseActions:
    """Connects the table of actions to a window."""

    def __init__(self, window: Workstation) -> None:
        self._window = window
        self._page: CasePage | None = None
        self._image_only = False
        # structures that were hidden so that few are alone, and those hidden before
        self._before_solo: tuple[frozenset[str], frozenset[str]] | None = None
        # exclusive as actions, not as buttons of the rail: keys and the program switch places too
        self._modules = QActionGroup(window)
        self._view = ViewActions(window)

    def connect_all(self) -> None:
        """Make every action."""
        window, connect = self._window, self._window.actions_.connect
        files = window.files
        for identifier, run in (
            ("open_case", files.ask_case),
            ("open_folder", files.ask_folder),
            ("open_file", files.ask_file),
            ("archive", window.show_archive),
            ("send_archive", window.send_to_archive),
            ("navigation", self._on_session(self._navigation)),
            ("save", self._save),
            ("save_as", files.save_as),
            ("export", files.export),
            ("patient_page", files.patient_page),
            ("add_series", files.ask_series),
            ("add_series_file", files.ask_series_file),
            ("case_details", self._case_details),
            ("case_history", self._case_history),
            ("deidentify", self._deidentify),
            ("encrypt_case", window.case_lock.change),
            ("decrypt_case", window.case_lock.remove),
            ("close_case", window.ask_close_case),
            ("quit", window.close),
            ("palette", self._palette),
            ("shortcuts", self._shortcuts),
            ("about", self._about),
            ("settings", self._settings),
            ("jobs", self._jobs),
            ("undo", self._on_session(lambda page: page.undo())),
            ("redo", self._on_session(lambda page: page.redo())),
            ("rename", self._rename),
            ("delete", self._delete),
            ("image_only", self._toggle_image_only),
            ("left_panel", self._on_session(lambda page: page.sides.toggle_left())),
            ("right_panel", self._on_session(lambda page: page.sides.toggle_right())),
            ("next_region", self._next_region),
            ("next_pane", self._on_session(self._next_pane)),
            ("accept", self._on_planner("accept")),
            ("next_step", self._on_planner("next_step")),
            ("previous_step", self._on_planner("previous_step")),
            ("edit_step", self._on_planner("edit")),
            ("maximise", self._on_session(lambda page: page.toggle_maximised(page.session.view.state.active))),
            ("pane_window", self._on_session(lambda page: page.toggle_window(page.session.view.state.active))),
            ("second_over", self._on_session(self._second_over)),
            ("lock", self._on_session(self._lock)),
            ("rendering", self._on_session(lambda page: page.toggle_rendering())),
            ("link_views", self._on_session(lambda page: page.toggle_links())),
            ("preset_automatic", self._on_session(lambda page: page.set_preset("automatic"))),
            ("fit", self._on_session(self._fit)),
            ("straighten", self._on_session(lambda page: page.session.view.straighten())),
            ("solo", self._on_session(self._solo)),
            ("previous_structure", self._on_session(partial(self._step_structure, -1))),
            ("next_structure", self._on_session(partial(self._step_structure, 1))),
            ("cine", self._on_session(self._play)),
            ("previous_phase", self._on_session(partial(self._step_phase, -1))),
            ("next_phase", self._on_session(partial(self._step_phase, 1))),
            ("show_all", self._on_session(lambda page: page.session.view.set(hidden=frozenset()))),
            ("add_structures", self._add_structures),
            ("edit_by_hand", self._edit_by_hand),
            ("picture", self._on_session(lambda page: page.save_picture(page.session.view.state.active))),
            ("copy_measurements", self._on_session(copy)),
            ("leave", self._on_session(self._leave)),
        ):
            connect(identifier, run)
        for preset in PRESETS:
            connect(f"preset_{preset.id}", self._on_session(lambda page, name=preset.id: page.set_preset(name)))
        for layout in LAYOUTS:
            connect(f"layout_{layout}", self._on_session(partial(self._lay_out, layout)), checkable=True)
        for module in MODULES:
            connect(f"module_{module}", self._on_session(partial(self._go, module)), checkable=True)
            self._modules.addAction(window.actions_[f"module_{module}"])
        for identifier, name in (
            ("crosshair", "show_crosshair"),
            ("overlays", "show_overlays"),
            ("labels", "show_labels"),
            ("interpolation", "smooth_pixels"),
        ):
            connect(identifier, self._on_session(partial(self._toggle_view, name)), checkable=True)
        connect("fill", self._on_session(self._next_label_style), checkable=True)
        self._view.connect_all(self._on_session)
        for tool in TOOLS:
            connect(tool, self._on_session(partial(self._toggle_measure, tool)), checkable=True)
        self.show_place("start")

    def _on_session(self, run: Callable[[CasePage], object]) -> Callable[[], None]:
        def act() -> None:
            if self._page is not None:
                run(self._page)

        return act

    def _on_planner(self, name: str) -> Callable[[], None]:
        def act() -> None:
            planner = self._page.planner if self._page is not None else None
            if planner is not None:
                getattr(planner, name)()

        return act

    # state

    def show_place(self, place: str) -> None:
        """Enable what can be done on this page."""
        if place != "case" and self._image_only:
            # the bar at the top is the way back
            self._toggle_image_only()
        book = self._window.actions_
        for action in book.all():
            action.setEnabled(place == "case" or action.objectName() in ALWAYS)
        if place == "case" and self._page is not None:
            show_access(self._window.actions_, self._page.session)
            self.show_history()
            self.show_images()
            self.show_view(self._page.session.view.state)

    def show_page(self, page: CasePage | None) -> None:
        """Work on this case from now on."""
        if self._image_only:
            # the next case begins with all that stands round its panes
            self._toggle_image_only()
        self._page = page
        if page is not None:
            page.draft_changed.connect(self.show_history)
            page.second.changed.connect(self.show_images)
            page.grid.arranged.connect(lambda: self.show_view(page.session.view.state))
            page.structure_menu_asked.connect(self._structure_menu)
            page.pane_menu_asked.connect(self._pane_menu)
            page.add_asked.connect(self._add_menu)

    def show_history(self) -> None:
        """Undo and redo say what they would do."""
        if self._page is None:
            return
        session, draft, book = self._page.session, self._page.draft, self._window.actions_
        undrafted = self._page.undrafted
        can_undo = bool(draft) or session.can_undo
        undo_text = draft or (session.document.undo_text if can_undo else "")
        for identifier, can, text in (
            ("undo", can_undo, undo_text),
            ("redo", bool(undrafted) or session.document.can_redo, undrafted or session.document.redo_text),
        ):
            action = book[identifier]
            action.setEnabled(can)
            said_text = said(text)
            # "Plan A" becomes "plan A", "RCC hinge" and German nouns stay
            if language() == SOURCE and not text[1:2].isupper():
                said_text = f"{text[:1].lower()}{text[1:]}"
            verb = tr("Undo {step}", step=said_text) if identifier == "undo" else tr("Redo {step}", step=said_text)
            nothing = tr("Nothing to undo") if identifier == "undo" else tr("Nothing to redo")
            words = verb if text else nothing
            keys = book.key_text(identifier)
            action.setToolTip(f"{words} ({keys})" if keys else words)

    def show_view(self, state: ViewState) -> None:
        """Check what is on."""
        book = self._window.actions_
        shown = "compare" if self._page is not None and self._page.grid.compares_plans else state.layout
        for layout in LAYOUTS:
            book[f"layout_{layout}"].setChecked(layout == shown)
        for identifier, on in (
            ("crosshair", state.show_crosshair),
            ("overlays", state.show_overlays),
            ("fill", state.fill_overlays),
            ("labels", state.show_labels),
            ("interpolation", state.smooth_pixels),
            *((tool, state.tool == tool) for tool in TOOLS),
        ):
            book[identifier].setChecked(on)
        self._view.show_view(state)
        self._window.top.show_tool(state.tool)

    def show_module(self, module: str) -> None:
        """Check the place of work; the group unchecks the other."""
        self._window.actions_[f"module_{module}"].setChecked(True)

    # going about

    def _go(self, module: str, page: CasePage) -> None:
        page.show_module(module)
        self.show_module(module)

    def _lay_out(self, layout: str, page: CasePage) -> None:
        if layout == "compare":
            self._compare(page)
        else:
            self._show_layout(layout, page)
        # the button was pressed, and says what is shown all the same
        self.show_view(page.session.view.state)

    def _show_layout(self, layout: str, page: CasePage) -> None:
        if page.grid.compares_plans and page.planner is not None:
            page.planner.compare_plans(False)
        page.session.view.set(layout=layout, maximised="", main_pane=page.session.view.state.active)

    def _compare(self, page: CasePage) -> None:
        """What the case has two of, beside each other; asked for where there are several kinds."""
        ways = self._ways_to_compare(page)
        if len(ways) == 1:
            ways[0][1]()
            return
        menu = passing_menu(self._window)
        menu.setObjectName("compare_menu")
        for words, run in ways:
            menu.addAction(words, run)
        menu.popup(self._window.top.below_layout("compare"))

    def _ways_to_compare(self, page: CasePage) -> list[tuple[str, Callable[[], None]]]:
        ways: list[tuple[str, Callable[[], None]]] = []
        if page.second.names:
            ways.append((tr("Two series"), partial(self._show_layout, "compare", page)))
        kinds = [plan.kind for plan in page.session.case.plans.values()]
        for kind, module, words in COMPARED_PLANS:
            if kinds.count(kind) > 1:
                ways.append((tr(words), partial(self._compare_plans, module, page)))
        return ways

    def _compare_plans(self, module: str, page: CasePage) -> None:
        page.session.view.set(maximised="")
        page.panel(module).compare_plans(True)
        self.show_module(module)
        self.show_view(page.session.view.state)

    def show_images(self) -> None:
        """What needs a second image says so where there is none."""
        if self._page is None:
            return
        book, has_second = self._window.actions_, bool(self._page.second.names)
        for identifier in ("layout_compare", "second_over"):
            can = has_second or (identifier == "layout_compare" and bool(self._ways_to_compare(self._page)))
            book[identifier].setEnabled(can)
            keys, words = book.key_text(identifier), action_text(book.specs[identifier])
            if not can:
                words = f"{words}. {tr(ONE_SERIES)}"
            book[identifier].setToolTip(f"{words} ({keys})" if keys else words)

    def _second_over(self, page: CasePage) -> None:
        if page.second.is_beside:
            self._window.strip.say(tr(BESIDE_WORDS))
            return
        page.second.show_over(not page.second.state.is_over)
        state = page.second.state
        self._window.strip.say(
            tr("{name} is shown over the first image", name=state.image)
            if state.is_over
            else tr("Only the first image is shown")
        )

    def _lock(self, page: CasePage) -> None:
        names = self._chosen(page)
        if not names:
            self._window.strip.say(tr("Choose a structure in the list first."))
            return
        structures = page.session.case.structures
        lock = not all(structures[name].locked for name in names)
        changed = tuple(LockStructure(name, lock) for name in names if structures[name].locked != lock)
        done = page.session.do(
            changed[0] if len(changed) == 1 else Batch(changed, "Lock structures" if lock else "Unlock structures")
        )
        if done:
            which = structure_name(names[0]) if len(names) == 1 else tr("%n structure(s)", "", len(names))
            self._window.strip.say(
                tr("Locked: {structures}", structures=which) if lock else tr("Unlocked: {structures}", structures=which)
            )

    @staticmethod
    def _chosen(page: CasePage) -> tuple[str, ...]:
        """The structures that an action is for: those chosen in the list, else the one that is selected."""
        chosen, selected = page.structures.chosen, page.session.view.state.selected
        if selected in chosen or not selected:
            return chosen
        return (selected,) if selected in page.session.case.structures else ()

    def _play(self, page: CasePage) -> None:
        if page.session.phases.is_moving:
            page.cine.toggle()
        else:
            self._window.strip.say(tr("This scan has one phase."))

    def _step_phase(self, by: int, page: CasePage) -> None:
        """The phase of the image whose pane the hand is in."""
        if page.session.view.state.active.startswith(SECOND):
            is_moving = page.second.step_phase(by)
        else:
            is_moving = page.session.phases.is_moving
            page.cine.step(by)
        if not is_moving:
            self._window.strip.say(tr("This scan has one phase."))

    def _toggle_view(self, name: str, page: CasePage) -> None:
        page.session.view.set(**{name: not getattr(page.session.view.state, name)})

    def _next_label_style(self, page: CasePage) -> None:
        """Outline, fill, and hatched where a model told that it is not sure."""
        session = page.session
        styles = LABEL_STYLES if has_doubt(session.case) else LABEL_STYLES[:2]
        now = session.view.state.label_style
        style = styles[(styles.index(now) + 1) % len(styles)] if now in styles else styles[0]
        session.view.set(label_style=style)
        session.said.emit(tr(STYLE_WORDS[style]))

    def _toggle_measure(self, tool: str, page: CasePage) -> None:
        on = page.session.view.state.tool == tool
        page.session.view.set(tool="cross" if on else tool)
        if not on:
            self._window.strip.say(tr(HINTS[tool]))

    def _fit(self, page: CasePage) -> None:
        active = page.session.view.state.active
        if active == "3d":
            page.scene.fit()
        elif active in SLICES:
            page.session.view.set_pane(active, PaneView())

    def _solo(self, page: CasePage) -> None:
        view = page.session.view
        chosen, names = frozenset(self._chosen(page)), frozenset(page.session.case.structures)
        if not chosen:
            self._window.strip.say(tr("Choose a structure in the list first."))
            return
        hidden, alone, made = view.state.hidden & names, names - chosen, self._before_solo
        if hidden == alone:
            self._before_solo = None
            hidden = made[1] if made is not None and made[0] == alone else first_hidden(page.session) - chosen
        else:
            # from one alone to another, what was hidden before the first still comes back
            self._before_solo = (alone, made[1] if made is not None and made[0] == hidden else hidden)
            hidden = alone
        view.set(hidden=view.state.hidden - names | (hidden & names))

    def _step_structure(self, step: int, page: CasePage) -> None:
        names = list(page.session.case.structures)
        if not names:
            return
        selected = page.session.view.state.selected
        at = names.index(selected) if selected in names else (-1 if step > 0 else 0)
        page.session.view.set(selected=names[(at + step) % len(names)])

    def _leave(self, page: CasePage) -> None:
        view = page.session.view
        state = view.state
        if state.tool != "cross":
            view.set(tool="cross", placing="")
        elif state.selected_point or state.selected:
            view.set(selected_point="", selected="")
        elif state.maximised:
            view.set(maximised="")
        elif self._image_only:
            self._toggle_image_only()

    def _next_pane(self, page: CasePage) -> None:
        shown = list(page.grid.shown)
        if not shown:
            # all of them have windows of their own
            return
        active = page.session.view.state.active
        following = shown[(shown.index(active) + 1) % len(shown)] if active in shown else shown[0]
        page.session.view.set(active=following)
        self._pane(page, following).setFocus(Qt.FocusReason.TabFocusReason)

    @staticmethod
    def _pane(page: CasePage, name: str) -> QWidget:
        return page.pane(name)

    def _next_region(self) -> None:
        page = self._page
        regions: list[QWidget] = [self._window.top]
        if page is not None:
            regions += [page.rail, page.structures.list, self._pane(page, page.session.view.state.active), page.right]
        regions = [region for region in (*regions, self._window.strip) if region.isVisible()]
        focused = QApplication.focusWidget()
        at = next((n for n, region in enumerate(regions) if region is focused or _holds(region, focused)), -1)
        _focus_into(regions[(at + 1) % len(regions)])

    def _toggle_image_only(self) -> None:
        if self._page is None:
            return
        self._image_only = not self._image_only
        self._window.top.setVisible(not self._image_only)
        self._window.strip.setVisible(not self._image_only)
        self._window.foot.setVisible(self._image_only)
        self._window.foot.show_way_back(key_hint(tr("{key} brings everything back"), "image_only"))
        self._page.sides.set_image_only(self._image_only)

    # the case

    def _save(self) -> None:
        page = self._page
        if page is None or page.session.document.read_only:
            self._window.strip.say(tr("This case is open to read."))
            return
        page.session.document.keep_snapshot()
        self._window.strip.say(tr("Everything is saved. Every step is on the disk as soon as it is done."), state="ok")

    def rename_case(self) -> None:
        """Another label for the case."""
        session = self._window.session
        if session is None or is_refused(session):
            return
        dialog = TextDialog(
            tr("Rename case"), tr("A label, not the patient's name."), session.label, parent=self._window
        )
        text = dialog.ask()
        if text and text != session.label:
            session.do(SetLabel(text))

    def _rename(self) -> None:
        page = self._page
        if page is None or is_refused(page.session):
            return
        key = page.session.view.state.selected
        case = page.session.case
        if key not in case.structures and key not in case.measurements:
            self.rename_case()
            return
        if page.structures.edit_name(key):
            return
        name = structure_name(key) if key in case.structures else key
        text = TextDialog(tr("Rename {key}", key=name), "", name, parent=self._window).ask()
        if text and text not in (key, name):
            rename = RenameStructure if key in case.structures else RenameMeasurement
            if page.session.do(rename(key, text)):
                page.session.view.set(selected=text)

    def _delete(self) -> None:
        page = self._page
        if page is None:
            return
        state, case = page.session.view.state, page.session.case
        handle = handle_of(state.selected_point)
        if state.selected_point and handle is None and page.planner is not None:
            page.planner.reset_point(state.selected_point)
            return
        key = state.selected if handle is None else handle[0]
        if key in case.measurements:
            done = page.measuring.remove(key)
        elif key in case.structures:
            self._delete_structures(page)
            return
        else:
            self._window.strip.say(tr("Choose what to delete first."))
            return
        if done:
            page.session.view.set(selected="")
            self._window.strip.say(tr("Deleted {key}", key=key), action=tr("Undo"), run=page.session.undo)

    def _delete_structures(self, page: CasePage) -> None:
        names, structures = self._chosen(page), page.session.case.structures
        locked = [name for name in names if structures[name].locked]
        if locked:
            self._window.strip.say(tr("{name} is locked. Unlock it to delete it.", name=structure_name(locked[0])))
            return
        removed = tuple(RemoveStructure(name) for name in names)
        if not page.session.do(removed[0] if len(removed) == 1 else Batch(removed, "Remove structures")):
            return
        page.session.view.set(selected="")
        words = names[0] if len(names) == 1 else tr("{count} structures", count=len(names))
        self._window.strip.say(tr("Deleted {key}", key=words), action=tr("Undo"), run=page.session.undo)

    def _recolour(self, name: str) -> None:
        page = self._page
        if page is None:
            return
        chosen = QColorDialog.getColor(QColor(page.session.case.structures[name].color), self._window, tr("Colour"))
        if chosen.isValid():
            page.session.do(RecolourStructure(name, chosen.name().upper()))

    def _add_structures(self) -> None:
        if self._page is not None:
            self._page.show_module("segment")
            self.show_module("segment")
            planner = self._page.planner
            if isinstance(planner, GuidedPlanner):
                planner.go_to(0)
                planner.accept()

    def _edit_by_hand(self) -> None:
        """The segment editor with the chosen structure and a brush."""
        from app.panels.segment import SegmentPanel

        if self._page is None:
            return
        self._go("segment", self._page)
        if isinstance(self._page.planner, SegmentPanel):
            self._page.planner.open_by_hand("paint")

    def _correct(self, name: str) -> None:
        from app.panels.segment import SegmentPanel

        if self._page is None:
            return
        self._go("segment", self._page)
        planner = self._page.planner
        if isinstance(planner, SegmentPanel):
            planner.open_strokes(name)

    # menus

    def _structure_menu(self, kind: str, key: str, place: QPoint) -> None:
        page = self._page
        if page is None:
            return
        menu = passing_menu(self._window)
        menu.setToolTipsVisible(True)
        page.session.view.set(selected=key, selected_point="")
        several = self._chosen(page) if kind == "structure" else ()
        if len(several) > 1:
            hidden = page.session.view.state.hidden
            menu.addAction(tr("Show") if hidden.issuperset(several) else tr("Hide"), partial(page.hide_all, several))
            for identifier in ("solo", "lock"):
                menu.addAction(self._window.actions_[identifier])
            writing(page.session, menu.addAction(tr("Delete"), self._delete))
            menu.exec(place)
            return
        if kind == "measurement":
            add_entries(menu, page, key, self._window)
        if kind == "structure":
            shown = key not in page.session.view.state.hidden
            menu.addAction(tr("Hide") if shown else tr("Show"), partial(page.session.view.toggle_hidden, key))
            menu.addAction(self._window.actions_["solo"])
            menu.addAction(tr("Go there"), lambda: page.fly_to(page.session.mask(key).centroid_mm()))
            menu.addAction(self._window.actions_["edit_by_hand"])
            writing(page.session, menu.addAction(tr("Correct by strokes"), partial(self._correct, key)))
            menu.addSeparator()
            writing(page.session, menu.addAction(tr("Colour…"), partial(self._recolour, key)))
            menu.addAction(self._window.actions_["lock"])
        if kind in ("structure", "measurement"):
            menu.addAction(self._window.actions_["rename"])
            writing(page.session, menu.addAction(tr("Delete"), self._delete))
        if kind == "plan":
            menu.addAction(tr("Show or hide"), partial(page.session.view.toggle_hidden, key))
        menu.exec(place)

    def _pane_menu(self, place: QPoint) -> None:
        menu = passing_menu(self._window)
        if self._page is not None and self._page.session.view.state.active == "3d":
            self._fill_scene_menu(menu, self._page)
            menu.exec(place)
            return
        for identifier in ("fit", "maximise", "pane_window", "align", "straighten"):
            menu.addAction(self._window.actions_[identifier])
        measure = menu.addMenu(tr("Measure"))
        measure.setToolTipsVisible(True)
        for tool in TOOLS:
            measure.addAction(self._window.actions_[tool])
        if self._page is not None:
            self._view.slab_menu(self._page, menu)
        # eight entries at most: overlays have a button in the pane and a key
        menu.addAction(self._window.actions_["picture"])
        menu.exec(place)

    def _fill_scene_menu(self, menu: QMenu, page: CasePage) -> None:
        from app.panels.render_parts import SIDES

        for identifier in ("fit", "maximise", "pane_window"):
            menu.addAction(self._window.actions_[identifier])
        sides = menu.addMenu(tr("View from"))
        for letter, words in SIDES:
            sides.addAction(f"{tr(words)}\tShift+{letter}", partial(page.scene.stand, letter))
        for identifier in ("rendering", "overlays", "picture"):
            menu.addAction(self._window.actions_[identifier])

    def _add_menu(self, place: QPoint) -> None:
        menu = passing_menu(self._window)
        menu.addAction(self._window.actions_["add_structures"])
        menu.addAction(self._window.actions_["show_all"])
        menu.exec(place)

    # sheets and dialogs

    def _palette(self) -> None:
        from app.dialogs.palette import open_palette
        from app.palette_entries import palette_entries

        open_palette(self._window, palette_entries(self._window))

    def _shortcuts(self) -> None:
        from app.dialogs.shortcuts import ShortcutSheet

        sheet = ShortcutSheet(self._window.actions_.keymap, self._window)
        sheet.bound.connect(self._bind)
        sheet.show()

    def _bind(self, keymap: Keymap) -> None:
        settings = self._window.settings
        self._window.apply_settings(settings.model_copy(update={"keys": keymap.differences}))

    def _about(self) -> None:
        from app.dialogs.about import AboutDialog

        AboutDialog(self._window).open()

    def _settings(self) -> None:
        from app.dialogs.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self._window.settings, self._window)
        dialog.applied.connect(self._window.apply_settings)
        dialog.open()

    def _jobs(self) -> None:
        from app.dialogs.jobs_list import JobsList

        JobsList(self._window.jobs, self._window).popup(self._window.strip)
        self._window.strip.failures_read()

    def _case_details(self) -> None:
        from app.dialogs.case_details import CaseDetailsDialog

        if self._page is not None:
            CaseDetailsDialog(self._page.session, self._window).open()

    def _deidentify(self) -> None:
        from app.privacy_job import ask_privacy

        ask_privacy(self._window)

    def _navigation(self, page: CasePage) -> None:
        from app.navigation.dialog import NavigationDialog

        NavigationDialog(page.navigator, self._window).open()

    def _case_history(self) -> None:
        from app.dialogs.case_history import CaseHistoryDialog

        if self._page is not None:
            CaseHistoryDialog(self._page.session, self._window).open()


def _holds(region: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and region.isAncestorOf(widget)


def _focus_into(region: QWidget) -> None:
    if region.focusPolicy() != Qt.FocusPolicy.NoFocus:
        region.setFocus(Qt.FocusReason.TabFocusReason)
        return
    for child in region.findChildren(QWidget):
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisible() and child.isEnabled():
            child.setFocus(Qt.FocusReason.TabFocusReason)
            return
