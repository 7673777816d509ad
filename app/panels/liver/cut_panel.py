"""A panel in which an organ is cut: the plans' menu, the cuts under the hand, the flat map, and what is drawn of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.i18n import text_quantity, tr
from app.out_of_sight import OutOfSight
from app.pane_grid import Arrangement
from app.panels.base import PlanRow
from app.panels.guide import GuidedPlanner, Step
from app.panels.labels import judge_least
from app.panels.liver.cut_numbers import cut_numbers
from app.panels.liver.cuts import cut_key, cut_title, number_of
from app.panels.liver.drawing import glimpse_items, margin_items, resection_items
from app.panels.liver.stored import stored_words
from app.panels.rows import FieldRow, NameField
from app.panels.standing import StandingWords
from app.panes.flat_map_pane import FlatMap, FlatMapPane
from app.panes.look import pane_look
from app.panes.plan_colors import plan_color
from app.plan_titles import titled
from app.session import Session
from app.theme.tokens import DARK, REMOVED
from planning.geometry import FloatArray, Plane
from viewers.overlay import PlanItem, Split
from viewers.plan_pane import PlanPane
from viewers.scene_pane import ScenePane
from viewers.view_state import Vec, vec

if TYPE_CHECKING:
    from app.panels.liver.cut_step import CutStep
    from app.panels.liver.work import LiverWork

WITH_FLAT_MAP = Arrangement(("axial", "3d", "coronal", "flat_map"))


class CutPanel(GuidedPlanner):
    """Base of the panels whose plans cut an organ. Subclasses make `resection` and the steps and call `start_plan`.

    cut_number: which step cuts.
    """

    cut_number = 0
    resection: CutStep

    def __init__(self, session: Session, work: LiverWork, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        work.setParent(self)
        self.work = work
        self.shows_flat_map = False
        self._flat_map: FlatMapPane | None = None

    def start_plan(self, steps: Sequence[Step]) -> None:
        """The steps, the menu of plans; a case that has a plan opens where it is cut."""
        self.start_steps(steps)
        self._name_field = NameField("plan_name", tr("Name of the plan"))
        self._name_row = FieldRow(tr("Plan name"), self._name_field, wide=True)
        self._name_row.setVisible(False)
        self.frame.add_above(self._name_row)
        self._name_field.entered.connect(self._renamed)
        self._name_field.closed.connect(lambda: self._name_row.setVisible(False))
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.frame.set_menu(self._menu)
        self._wants_accept = False
        self._waiting_at: Vec | None = None
        away = OutOfSight(self, (self,), self.work.let_go)
        self.work.changed.connect(away.made)
        self.work.changed.connect(self.work_changed)
        self.work.map_changed.connect(self._rests)
        if self.work.saved is not None:
            self.where.accepted = set(range(self.cut_number))
            self.where.current = self.cut_number
            self.frame.show_page(self.cut_number)
        self.show_title()

    # what the window asks

    def entered(self) -> None:
        """Make the organ ready; nothing waits for it."""
        self.work.prepare()
        super().entered()

    def standing_words(self) -> StandingWords | None:
        """Of the open plan beside what is measured of it now."""
        return stored_words(self.work)

    def take_new_numbers(self) -> None:
        """The plan is measured whole, as it stands."""
        self.work.commit(again=True)

    def case_changed(self) -> None:
        """Undo, redo, or another structure."""
        self.work.case_changed()
        if self.work.saved is None:
            self.where.accepted.discard(self.cut_number)
        if self.where.current > self.cut_number and self.work.saved is None:
            self.go_to(self.cut_number)

    def plane_moved(self, key: str, plane: Plane, finished: bool) -> None:
        """A cut follows the hand."""
        number = number_of(key)
        if number >= 0:
            self.resection.forget_trouble()
            self.work.chosen = number
            self.work.hand.move_plane(number, plane, finished)

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> None:
        """A handle of a cut, the cut's line itself, or an end of a needle follows the hand."""
        self.resection.forget_trouble()
        if self.resection.point_moved(key, position_mm, finished):
            return
        number = number_of(key)
        if number >= 0:
            self.work.chosen = number
            self.work.hand.move_point(number, key.partition(":")[2], position_mm, finished)

    def point_placed(self, key: str, position_mm: FloatArray) -> None:
        """A point that the open form asked for."""
        self.resection.point_placed(key, position_mm)

    def drafted(self) -> str:
        """What the open form holds."""
        return self.resection.drafted()

    def unkept(self) -> str:
        """What a form holds beside what is kept."""
        return self.resection.unkept()

    def take_back(self) -> None:
        """The last thing that the open form holds goes."""
        self.resection.take_back()

    def used_structures(self) -> tuple[str, ...]:
        """All that have a role."""
        return tuple(name for names in self.work.draft.roles.as_mapping().values() for name in names)

    # what is drawn

    @property
    def _at_cut(self) -> bool:
        return self.where.current == self.cut_number

    def cut_items(self) -> tuple[PlanItem, ...]:
        """Cuts, the least margin, and the map of the cut when the hand rests."""
        if self.work.model is None:
            return tuple(glimpse_items(self.work, self.plan_color()))
        return (
            *resection_items(self.work, self.plan_color(), movable=self._at_cut),
            *margin_items(self.work),
            *(self.resection.form_items() if self._at_cut else ()),
        )

    def cut_rows(self) -> tuple[str, tuple[PlanRow, ...]]:
        """The cuts, their map and the part that goes; each can be hidden."""
        heading = tr("Plan {name}", name=self.work.draft.name)
        if self.where.current < self.cut_number or self.work.model is None or self.work.numbers is None:
            return heading, ()
        color = self.plan_color()
        cuts = self.work.draft.resections
        rows = [
            PlanRow(cut_key(n), cut_title(cuts, n) if len(cuts) > 1 else tr("Cut surface"), color)
            for n in range(len(cuts))
        ]
        least = self.work.numbers.decisive
        margin = []
        if least is not None:
            state = judge_least(least.minimum_mm, least.uncertainty_mm, self.work.draft.asked_mm)
            margin = [PlanRow("margin", tr("Margin"), DARK[state], text_quantity(least.minimum_mm, "mm"))]
        mapped = [PlanRow("margin_map", tr("Margin on the cut"), DARK["warn"])] if self.work.model.targets else []
        removed = cut_numbers(self.work.model, self.work.numbers).removed_ml
        gone = PlanRow("removed", tr("Removed"), REMOVED, text_quantity(removed, "ml"))
        return heading, (*rows, *margin, *mapped, gone)

    def splits(self) -> Mapping[str, tuple[Split, ...]]:
        """The organ's removed part is drawn grey."""
        from planning.liver.regions import PlaneRegion

        if self.where.current < self.cut_number or "removed" in self.session.view.state.hidden:
            return {}
        glimpse = self.work.glimpse.shown
        sides: tuple[Split, ...] = tuple(
            region.plane if isinstance(region, PlaneRegion) else region for region in self.work.regions
        )
        if glimpse is not None and glimpse.is_sided:
            sides = tuple(plane for plane in glimpse.planes if plane is not None)
        if not sides:
            return {}
        return {name: sides for name in self.work.draft.roles.organ if name in self.session.case.structures}

    def arrangement(self) -> Arrangement | None:
        """The flat map in the place of the sagittal pane, while it is wanted."""
        return WITH_FLAT_MAP if self.shows_flat_map and self._at_cut else None

    def panes(self) -> Mapping[str, PlanPane | ScenePane]:
        """The flat map, made when it is first wanted."""
        if self._flat_map is None and self.shows_flat_map:
            self._flat_map = FlatMapPane(self.session.view, pane_look())
            self._flat_map.place_asked.connect(lambda place: self.session.view.set(cross_mm=place))
            self._fill_flat_map()
        return {} if self._flat_map is None else {"flat_map": self._flat_map}

    def _fill_flat_map(self) -> None:
        """The map of now; while the hand drags it is not there."""
        if self._flat_map is None:
            return
        rest, numbers, model = self.work.rest, self.work.numbers, self.work.model
        if rest is None or rest.flat is None or numbers is None or model is None:
            self._flat_map.show_map(
                None, tr("The map follows when the hand rests") if numbers is not None else tr("No cut yet")
            )
            return
        if not len(rest.flat.flat_mm):
            self._flat_map.show_map(None, tr("The cut does not meet the {kind}", kind=self.work.kind))
            return
        least = numbers.decisive
        self._flat_map.show_map(
            FlatMap(
                rest.flat,
                self.work.draft.asked_mm,
                tuple(cut_title(self.work.draft.resections, n) for n in range(len(self.work.draft.resections))),
                None if least is None else least.at_mm,
                "" if least is None else text_quantity(least.minimum_mm, "mm"),
            )
        )

    # what the steps ask

    def plan_color(self) -> str:
        """The same as where plans are compared."""
        return plan_color(self.work.draft.name, tuple(self.work.plans()))

    def tree_colors(self) -> dict[str, str]:
        """The colour of each vessel tree, by its kind."""
        return {}

    def toggle_flat_map(self) -> None:
        """The flat map of the cut in the place of the sagittal pane, or not."""
        self.shows_flat_map = not self.shows_flat_map
        self.refresh()
        self.scene_changed.emit()

    def go_to_resection(self) -> None:
        """Open the resection."""
        self.go_to(self.cut_number)

    def show_cut(self) -> None:
        """The crosshair to the least margin, so that all panes show the place that decides.

        Before the numbers are there it is done when they come, unless the hand has moved it meanwhile.
        """
        numbers = self.work.numbers
        self._waiting_at = None
        if numbers is None:
            self._waiting_at = self.session.view.state.cross_mm
        elif numbers.decisive is not None:
            self.session.view.set(cross_mm=vec(numbers.decisive.at_mm))

    def keep_plan(self) -> None:
        """The main action of the resection: the plan is in the case, and the report is next."""
        if self.work.is_saved:
            self.accept_step()
            return
        self._wants_accept = True
        self.work.commit()

    # inside

    def work_changed(self) -> None:
        """Draft, numbers or model are others."""
        self.show_title()
        if self._wants_accept and self.work.is_saved:
            self._wants_accept = False
            if self._at_cut:
                self.accept_step()
        if self._waiting_at is not None and self.work.numbers is not None:
            if self._at_cut and self._waiting_at == self.session.view.state.cross_mm:
                self.show_cut()
            self._waiting_at = None
        self._fill_flat_map()
        self.refresh()
        self.scene_changed.emit()

    def _rests(self) -> None:
        """What is measured at rest is there."""
        if self._at_cut:
            self.resection.cuts.refresh()
            self.resection.chosen_facts.refresh()
        self._fill_flat_map()
        self.scene_changed.emit()

    def title_of(self, name: str) -> str:
        """ "Liver plan A"."""
        return titled(self.work.kind, name)

    def show_title(self) -> None:
        """The plan that is worked on."""
        self.frame.set_title(self.title_of(self.work.draft.name))

    def _fill_menu(self) -> None:
        menu, work = self._menu, self.work
        menu.clear()
        plans = self.work.plans()
        group = QActionGroup(menu)
        for name in plans:
            action = QAction(self.title_of(name), menu)
            action.setObjectName(f"choose_plan_{name}")
            action.setCheckable(True)
            action.setChecked(name == work.draft.name)
            action.triggered.connect(lambda _=False, n=name: work.choose(n))
            group.addAction(action)
            menu.addAction(action)
        if plans:
            menu.addSeparator()
        kept = work.saved is not None
        for identifier, text, run, usable in (
            ("new_plan", tr("New plan"), work.new_plan, work.model is not None and kept),
            ("copy_plan", tr("Copy plan {name}", name=work.draft.name), work.copy_plan, kept),
            ("rename_plan", tr("Rename"), self._rename, True),
            ("delete_plan", tr("Delete plan {name}", name=work.draft.name), work.delete, kept),
        ):
            action = menu.addAction(text)
            action.setObjectName(identifier)
            action.setEnabled(usable)
            action.triggered.connect(lambda _=False, r=run: r())

    def _rename(self) -> None:
        self._name_row.setVisible(True)
        self._name_field.start(self.work.draft.name)
        self._name_field.setFocus()

    def _renamed(self, name: str) -> None:
        self._name_row.setVisible(False)
        self.work.rename(name)
