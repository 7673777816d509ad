"""The guided liver plan: which structures, what the cut does, what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtWidgets import QWidget

from app.i18n import tr
from app.pane_grid import Arrangement
from app.panels.base import PlanRow
from app.panels.liver.cut_panel import CutPanel
from app.panels.liver.pictures_apart import ApartParts, apart_words
from app.panels.liver.step_compare import CompareStep
from app.panels.liver.step_report import ReportStep
from app.panels.liver.step_resection import ResectionStep
from app.panels.liver.step_scan import ScanStep
from app.panels.liver.step_territories import TerritoryStep
from app.panels.liver.step_tumors import TumorStep
from app.panels.liver.step_vessels import VesselStep
from app.panels.liver.territory_view import KEY as TERRITORY_KEY
from app.panels.liver.tree_work import PLACING
from app.panels.liver.work import LiverWork
from app.session import Session
from planning.geometry import FloatArray
from viewers.overlay import PartsItem, PlanItem, SurfaceItem
from viewers.plan_pane import PlanPane
from viewers.pointing import Pointing
from viewers.scene_pane import ScenePane
from viewers.view_state import ViewState

if TYPE_CHECKING:
    from planning.liver.apart import PartsApart

VESSELS, TUMORS, TERRITORIES, RESECTION, COMPARE, REPORT = 1, 2, 3, 4, 5, 6


class LiverPanel(CutPanel):
    """Module "liver"."""

    module = "liver"
    preset = "liver"
    cut_number = RESECTION
    resection: ResectionStep

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, LiverWork(session), parent)
        self.resection = ResectionStep(self)
        self.compare = CompareStep(self)
        self.apart = ApartParts(self.work, self)
        self.apart.ready.connect(self.scene_changed)
        session.view.changed.connect(self._view_changed)
        self.vessels = VesselStep(self)
        self.territories = TerritoryStep(self)
        # a case with a plan opens where it is cut: there the colours are one click away
        session.view.set(hidden=session.view.state.hidden | {TERRITORY_KEY})
        self.tumors = TumorStep(self)
        before = (ScanStep(self), self.vessels, self.tumors, self.territories)
        self.start_plan((*before, self.resection, self.compare, ReportStep(self)))

    # what the window asks

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> None:
        """A handle of a cut, the cut's line itself, or an end of a needle follows the hand."""
        if self.territories.owns(key):
            self.territories.point_moved(key, position_mm, finished)
            return
        super().point_moved(key, position_mm, finished)

    def point_placed(self, key: str, position_mm: FloatArray) -> None:
        """A point that the open form or a tool asked for."""
        if key == PLACING:
            self.vessels.trees.point_placed(position_mm)
        elif self.territories.owns(key):
            self.territories.point_placed(key, position_mm)
        else:
            super().point_placed(key, position_mm)

    def pointed(self, pointing: Pointing | None) -> None:
        """What the tool in the hand would change is marked."""
        self.vessels.trees.pointed(pointing)
        self.territories.pointed(pointing)

    def closed(self) -> None:
        """The tools' keys go back to the window, which stays."""
        self.vessels.tools.be_silent()

    def reset_point(self, key: str) -> None:
        """Delete on a landmark of the segments."""
        if self.territories.owns(key):
            self.territories.reset_point(key)

    def drafted(self) -> str:
        """What the tool in the hand or the open form holds."""
        return self.vessels.trees.drafted() or super().drafted()

    def unkept(self) -> str:
        """The piece that a join begins with, or what a form holds; corrections are kept beside the journal."""
        return self.vessels.trees.unkept() or super().unkept()

    def take_back(self) -> None:
        """The last thing that the tool or the open form holds goes."""
        if self.vessels.trees.drafted():
            self.vessels.trees.take_back()
        else:
            super().take_back()

    def items(self) -> tuple[PlanItem, ...]:
        """Cuts, the least margin, and the map of the cut when the hand rests; in step 2 the trees, in 3 the tumours."""
        if self.where.current == VESSELS:
            return self.vessels.items()
        if self.where.current == TUMORS:
            return self.tumors.items()
        if self.where.current == TERRITORIES:
            return self.territories.items()
        return self.cut_items() if self.where.current >= RESECTION else ()

    def rows(self) -> tuple[str, tuple[PlanRow, ...]]:
        """The cuts, their map and the part that goes; each can be hidden."""
        if self.where.current == VESSELS:
            return tr("Vessel trees"), self.vessels.rows()
        territories = self.territories.row() if self.where.current in (TERRITORIES, RESECTION) else None
        colored = () if territories is None else (territories,)
        if self.where.current == TERRITORIES:
            return tr("Territories"), colored
        heading, cuts = self.cut_rows()
        return heading, (*cuts, *(colored if cuts else ()))

    def parts(self) -> PartsItem | None:
        """The territories in step 4, and under the plan in step 5 where they are wanted."""
        if self.where.current not in (TERRITORIES, RESECTION):
            return None
        return self.territories.parts(faint=self.where.current == RESECTION)

    def parted(self) -> Mapping[str, npt.NDArray[np.uint8]]:
        """In step 4 the liver wears its territories' colours; under a plan it is grey where it goes."""
        return self.territories.parted() if self.where.current == TERRITORIES else {}

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
        return super().arrangement()

    def compare_plans(self, wanted: bool) -> None:
        """The step that has them, or slices and 3D in it."""
        self.compare.is_aside = not wanted
        if wanted:
            self.go_to(COMPARE)
        else:
            self.scene_changed.emit()

    def needs_room(self) -> bool:
        """Plans beside each other need all of the width."""
        return self.where.current == COMPARE and self.compare.arrangement() is not None

    def panes(self) -> Mapping[str, PlanPane | ScenePane]:
        """The flat map and the comparison's panes, made when they are first wanted."""
        return {**super().panes(), **self.compare.panes()}

    # what the steps ask

    def tree_colors(self) -> dict[str, str]:
        """The colour of each vessel tree, from its first structure."""
        structures, roles = self.session.case.structures, self.work.draft.roles
        return {
            tree: structures[names[0]].color
            for tree, names in (("portal", roles.portal), ("hepatic", roles.hepatic))
            if names and names[0] in structures
        }
