"""The guided liver plan: which structures, what the cut does, what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.pane_grid import Arrangement
from app.panels.base import PlanRow
from app.panels.guide import GuidedPlanner
from app.panels.liver.cut_numbers import cut_numbers
from app.panels.liver.cuts import cut_key, cut_title, number_of
from app.panels.liver.draft import liver_plans
from app.panels.liver.drawing import margin_items, resection_items
from app.panels.liver.pictures_apart import ApartParts, apart_words
from app.panels.liver.step_compare import CompareStep
from app.panels.liver.step_report import ReportStep
from app.panels.liver.step_resection import ResectionStep
from app.panels.liver.step_scan import ScanStep
from app.panels.liver.step_territories import TerritoryStep
from app.panels.liver.step_tumors import TumorStep
from app.panels.liver.step_vessels import VesselStep
from app.panels.liver.tree_work import PLACING
from app.panels.liver.work import LiverWork
from app.panels.rows import FieldRow, NameField
from app.panes.flat_map_pane import FlatMap, FlatMapPane
from app.panes.look import pane_look
from app.session import Session
from app.theme.tokens import DARK, PLANS, REMOVED
from planning.geometry import FloatArray, Plane
from planning.units import text_quantity
from viewers.overlay import PartsItem, PlanItem, Split, SurfaceItem
from viewers.plan_pane import PlanPane
from viewers.pointing import Pointing
from viewers.scene_pane import ScenePane
from viewers.view_state import Vec, ViewState, vec

if TYPE_CHECKING:
    from planning.liver.apart import PartsApart

VESSELS, TERRITORIES, RESECTION, COMPARE, REPORT = 1, 3, 4, 5, 6
WITH_FLAT_MAP = Arrangement(("axial", "3d", "coronal", "flat_map"))


def title_of(name: str) -> str:
    """ "Liver plan A"."""
    return f"Liver plan {name}"


class LiverPanel(GuidedPlanner):
    """Module "liver"."""

    module = "liver"
    preset = "liver"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.work = LiverWork(session, self)
        self.shows_flat_map = False
        self._flat_map: FlatMapPane | None = None
        self.resection = ResectionStep(self)
        self.compare = CompareStep(self)
        self.apart = ApartParts(self.work, self)
        self.apart.ready.connect(self.scene_changed)
        session.view.changed.connect(self._view_changed)
        self.vessels = VesselStep(self)
        self.territories = TerritoryStep(self)
        before = (ScanStep(self), self.vessels, TumorStep(self), self.territories)
        self.start_steps((*before, self.resection, self.compare, ReportStep(self)))
        self._name_field = NameField("plan_name", "Name of the plan")
        self._name_row = FieldRow("Plan name", self._name_field, wide=True)
        self._name_row.setVisible(False)
        self.frame.add_above(self._name_row)
        self._name_field.entered.connect(self._renamed)
        self._name_field.closed.connect(lambda: self._name_row.setVisible(False))
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.frame.set_menu(self._menu)
        self._wants_accept = False
        self._waiting_at: Vec | None = None
        self.work.changed.connect(self._changed)
        self.work.map_changed.connect(self._rests)
        if self.work.saved is not None:
            self.where.accepted = {0, 1, 2, 3}
            self.where.current = RESECTION
            self.frame.show_page(RESECTION)
        self.show_title()

    # what the window asks

    def entered(self) -> None:
        """Make the liver ready; nothing waits for it."""
        self.work.prepare()
        super().entered()

    def case_changed(self) -> None:
        """Undo, redo, or another structure."""
        self.work.case_changed()
        if self.work.saved is None:
            self.where.accepted.discard(RESECTION)
        if self.where.current > RESECTION and self.work.saved is None:
            self.go_to(RESECTION)

    def plane_moved(self, key: str, plane: Plane, finished: bool) -> None:
        """A cut follows the hand."""
        number = number_of(key)
        if number >= 0:
            self.resection.forget_trouble()
            self.work.chosen = number
            self.work.move_plane(number, plane, finished)

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> None:
        """A handle of a cut, the cut's line itself, or an end of a needle follows the hand."""
        if self.territories.owns(key):
            self.territories.point_moved(key, position_mm, finished)
            return
        self.resection.forget_trouble()
        if self.resection.point_moved(key, position_mm, finished):
            return
        number = number_of(key)
        if number >= 0:
            self.work.chosen = number
            self.work.move_point(number, key.partition(":")[2], position_mm, finished)

    def point_placed(self, key: str, position_mm: FloatArray) -> None:
        """A point that the open form or a tool asked for."""
        if key == PLACING:
            self.vessels.trees.point_placed(position_mm)
        elif self.territories.owns(key):
            self.territories.point_placed(key, position_mm)
        else:
            self.resection.point_placed(key, position_mm)

    def pointed(self, pointing: Pointing | None) -> None:
        """What the tool in the hand would change is marked."""
        self.vessels.trees.pointed(pointing)
        self.territories.pointed(pointing)

    def reset_point(self, key: str) -> None:
        """Delete on a landmark of the segments."""
        if self.territories.owns(key):
            self.territories.reset_point(key)

    def drafted(self) -> str:
        """What the tool in the hand or the open form holds."""
        return self.vessels.trees.drafted() or self.resection.drafted()

    def take_back(self) -> None:
        """The last thing that the tool or the open form holds goes."""
        if self.vessels.trees.drafted():
            self.vessels.trees.take_back()
        else:
            self.resection.take_back()

    def items(self) -> tuple[PlanItem, ...]:
        """Cuts, the least margin, and the map of the cut when the hand rests; in step 2 the vessel trees."""
        if self.where.current == VESSELS:
            return self.vessels.items()
        if self.where.current == TERRITORIES:
            return self.territories.items()
        if self.where.current < RESECTION or self.work.model is None:
            return ()
        at_resection = self.where.current == RESECTION
        return (
            *resection_items(self.work, self.plan_color(), movable=at_resection),
            *margin_items(self.work),
            *(self.resection.form_items() if at_resection else ()),
        )

    def rows(self) -> tuple[str, tuple[PlanRow, ...]]:
        """The cuts, their map and the part that goes; each can be hidden."""
        if self.where.current == VESSELS:
            return "Vessel trees", self.vessels.rows()
        territories = self.territories.row() if self.where.current in (TERRITORIES, RESECTION) else None
        colored = () if territories is None else (territories,)
        if self.where.current == TERRITORIES:
            return "Territories", colored
        heading = f"Plan {self.work.draft.name}"
        if self.where.current < RESECTION or self.work.model is None or self.work.numbers is None:
            return heading, ()
        color = self.plan_color()
        cuts = self.work.draft.resections
        rows = [
            PlanRow(cut_key(n), cut_title(cuts, n) if len(cuts) > 1 else "Cut surface", color) for n in range(len(cuts))
        ]
        least = self.work.numbers.minimum
        margin = (
            [] if least is None else [PlanRow("margin", "Margin", DARK["ok"], text_quantity(least.minimum_mm, "mm"))]
        )
        mapped = [PlanRow("margin_map", "Margin on the cut", DARK["warn"])] if self.work.model.targets else []
        removed = cut_numbers(self.work.model, self.work.numbers).removed_ml
        gone = PlanRow("removed", "Removed", REMOVED, text_quantity(removed, "ml"))
        return heading, (*rows, *margin, *mapped, gone, *colored)

    def parts(self) -> PartsItem | None:
        """The territories in step 4, and under the plan in step 5 where they are wanted."""
        if self.where.current not in (TERRITORIES, RESECTION):
            return None
        return self.territories.parts(faint=self.where.current == RESECTION)

    def parted(self) -> Mapping[str, npt.NDArray[np.uint8]]:
        """In step 4 the liver wears its territories' colours; under a plan it is grey where it goes."""
        return self.territories.parted() if self.where.current == TERRITORIES else {}

    def splits(self) -> Mapping[str, tuple[Split, ...]]:
        """The liver's removed part is drawn grey."""
        from planning.liver.regions import PlaneRegion

        regions = self.work.regions
        if self.where.current < RESECTION or not regions or "removed" in self.session.view.state.hidden:
            return {}
        sides = tuple(region.plane if isinstance(region, PlaneRegion) else region for region in regions)
        return {name: sides for name in self.work.draft.roles.organ if name in self.session.case.structures}

    def surfaces(self) -> tuple[SurfaceItem, ...]:
        """The liver's parts moved apart, when they are wanted and ready."""
        state, apart = self.session.view.state, self._apart_now()
        return () if apart is None else self.apart.surfaces(apart, state.apart_mm, state.organ_opacity)

    def replaced(self) -> frozenset[str]:
        """What is drawn in parts."""
        apart = self._apart_now()
        return frozenset() if apart is None else frozenset(apart.pieces)

    def scene_note(self) -> str:
        """That parts do not stand where they are."""
        return "" if self._apart_now() is None else apart_words(self.session.view.state.apart_mm)

    def _apart_now(self) -> PartsApart | None:
        """The parts, while the resection shows them moved apart."""
        if self.where.current != RESECTION or self.session.view.state.apart_mm <= 0.0:
            return None
        return self.apart.now()

    def scene_items(self) -> tuple[PlanItem, ...]:
        """Parts moved apart show both sides of the cut; its plane and the margin's line would lie between them."""
        apart = self._apart_now()
        if apart is None:
            return self.items()
        return self.apart.faces(apart, self.session.view.state.apart_mm)

    def show_picture(self, opacity: float | None, apart_mm: float | None) -> None:
        """How clear the liver is in 3D, and how far its parts stand apart; None leaves it."""
        state = self.session.view.state
        self.session.view.set(
            organ_opacity=state.organ_opacity if opacity is None else opacity,
            apart_mm=state.apart_mm if apart_mm is None else apart_mm,
        )

    def _view_changed(self, old: ViewState, new: ViewState) -> None:
        if (old.organ_opacity, old.apart_mm) != (new.organ_opacity, new.apart_mm):
            self.resection.pictures.refresh()
            self.scene_changed.emit()

    def opacities(self) -> Mapping[str, float]:
        """One looks into the liver."""
        if self.where.current == VESSELS:
            return self.vessels.opacities()
        if self.where.current == TERRITORIES:
            return self.territories.opacities()
        return dict.fromkeys(self.work.draft.roles.organ, self.session.view.state.organ_opacity)

    def arrangement(self) -> Arrangement | None:
        """The flat map in the place of the sagittal pane, while it is wanted; a column for each plan that is compared."""
        if self.where.current == COMPARE:
            return self.compare.arrangement()
        return WITH_FLAT_MAP if self.shows_flat_map and self.where.current == RESECTION else None

    def needs_room(self) -> bool:
        """Plans beside each other need all of the width."""
        return self.where.current == COMPARE and self.compare.arrangement() is not None

    def panes(self) -> Mapping[str, PlanPane | ScenePane]:
        """The flat map and the comparison's panes, made when they are first wanted."""
        if self._flat_map is None and self.shows_flat_map:
            self._flat_map = FlatMapPane(self.session.view, pane_look())
            self._flat_map.place_asked.connect(lambda place: self.session.view.set(cross_mm=place))
            self._fill_flat_map()
        own = {} if self._flat_map is None else {"flat_map": self._flat_map}
        return {**own, **self.compare.panes()}

    def _fill_flat_map(self) -> None:
        """The map of now; while the hand drags it is not there."""
        if self._flat_map is None:
            return
        rest, numbers, model = self.work.rest, self.work.numbers, self.work.model
        if rest is None or rest.flat is None or numbers is None or model is None:
            self._flat_map.show_map(
                None, "The map follows when the hand rests" if numbers is not None else "No cut yet"
            )
            return
        if not len(rest.flat.flat_mm):
            self._flat_map.show_map(None, "The cut does not meet the liver")
            return
        least = numbers.minimum
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
        """Cyan for A, pink for B, green for C; then again."""
        name = self.work.draft.name.lower()
        if name in PLANS:
            return PLANS[name]
        names = list(liver_plans(self.session.case))
        number = names.index(self.work.draft.name) if self.work.draft.name in names else len(names)
        return list(PLANS.values())[number % len(PLANS)]

    def tree_colors(self) -> dict[str, str]:
        """The colour of each vessel tree, from its first structure."""
        structures, roles = self.session.case.structures, self.work.draft.roles
        return {
            tree: structures[names[0]].color
            for tree, names in (("portal", roles.portal), ("hepatic", roles.hepatic))
            if names and names[0] in structures
        }

    def toggle_flat_map(self) -> None:
        """The flat map of the cut in the place of the sagittal pane, or not."""
        self.shows_flat_map = not self.shows_flat_map
        self.refresh()
        self.scene_changed.emit()

    def go_to_resection(self) -> None:
        """Open the resection."""
        self.go_to(RESECTION)

    def show_cut(self) -> None:
        """The crosshair to the least margin, so that all panes show the place that decides.

        Before the numbers are there it is done when they come, unless the hand has moved it meanwhile.
        """
        numbers = self.work.numbers
        self._waiting_at = None
        if numbers is None:
            self._waiting_at = self.session.view.state.cross_mm
        elif numbers.minimum is not None:
            self.session.view.set(cross_mm=vec(numbers.minimum.at_mm))

    def keep_plan(self) -> None:
        """The main action of the resection: the plan is in the case, and the report is next."""
        if self.work.is_saved:
            self.accept_step()
            return
        self._wants_accept = True
        self.work.commit()

    # inside

    def _changed(self) -> None:
        self.show_title()
        if self._wants_accept and self.work.is_saved:
            self._wants_accept = False
            if self.where.current == RESECTION:
                self.accept_step()
        if self._waiting_at is not None and self.work.numbers is not None:
            if self.where.current == RESECTION and self._waiting_at == self.session.view.state.cross_mm:
                self.show_cut()
            self._waiting_at = None
        self._fill_flat_map()
        self.refresh()
        self.scene_changed.emit()

    def _rests(self) -> None:
        """What is measured at rest is there."""
        if self.where.current == RESECTION:
            self.resection.cuts.refresh()
            self.resection.chosen_facts.refresh()
        self._fill_flat_map()
        self.scene_changed.emit()

    def show_title(self) -> None:
        """The plan that is worked on."""
        self.frame.set_title(title_of(self.work.draft.name))

    def _fill_menu(self) -> None:
        menu, work = self._menu, self.work
        menu.clear()
        plans = liver_plans(self.session.case)
        group = QActionGroup(menu)
        for name in plans:
            action = QAction(title_of(name), menu)
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
            ("new_plan", "New plan", work.new_plan, work.model is not None and kept),
            ("copy_plan", f"Copy plan {work.draft.name}", work.copy_plan, kept),
            ("rename_plan", "Rename", self._rename, True),
            ("delete_plan", f"Delete plan {work.draft.name}", work.delete, kept),
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
