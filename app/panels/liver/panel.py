"""The guided liver plan: which structures, what the cut does, what is kept."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.panels.base import PlanRow
from app.panels.guide import GuidedPlanner
from app.panels.labels import judge_least
from app.panels.liver.step_report import ReportStep
from app.panels.liver.step_resection import ResectionStep, cut_numbers
from app.panels.liver.step_scan import ScanStep
from app.panels.liver.step_territories import TerritoryStep
from app.panels.liver.step_tumors import TumorStep
from app.panels.liver.step_vessels import VesselStep
from app.panels.liver.work import LiverWork, liver_plans
from app.panels.rows import FieldRow, NameField
from app.session import Session
from app.theme.tokens import DARK, PLANS, REMOVED
from planning.geometry import Plane
from planning.units import text_quantity
from viewers.overlay import CutItem, DistanceItem, MarginMapItem, PlanItem
from viewers.view_state import Vec, vec

RESECTION, REPORT = 4, 5
CLEAR_OPACITY = 0.38


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
        self.resection = ResectionStep(self)
        self._report = ReportStep(self)
        self.start_steps(
            (ScanStep(self), VesselStep(self), TumorStep(self), TerritoryStep(self), self.resection, self._report)
        )
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
        self.work.map_changed.connect(self.scene_changed)
        if self.work.saved is not None:
            self.where.accepted = {0, 1, 2, 3}
            self.where.current = RESECTION
            self.frame.show_page(RESECTION)
        self._title()

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
        if self.where.current == REPORT and self.work.saved is None:
            self.go_to(RESECTION)

    def plane_moved(self, key: str, plane: Plane, finished: bool) -> None:
        """A cut follows the hand."""
        if key.startswith("cut"):
            self.resection.forget_trouble()
            self.work.move_plane(int(key.removeprefix("cut").lstrip("_") or 1) - 1, plane, finished)

    def items(self) -> tuple[PlanItem, ...]:
        """Cuts, the least margin, and the map of the cut when the hand rests."""
        if self.where.current < RESECTION or self.work.model is None:
            return ()
        model, numbers = self.work.model, self.work.numbers
        items: list[PlanItem] = [
            CutItem(
                key=cut_key(n),
                plane=plane,
                organ=model.organ,
                color=self.plan_color(),
                movable=self.where.current == RESECTION,
            )
            for n, plane in enumerate(self.work.planes())
        ]
        least = numbers.minimum if numbers is not None else None
        if least is not None:
            tumor = next(t for t in model.tumors if t.id == least.tumor_id)
            state = judge_least(least.minimum_mm, model.uncertainty_mm(tumor), self.work.draft.asked_mm)
            items.append(
                DistanceItem(
                    key="margin",
                    ends_mm=np.array([least.tumor_at_mm, least.at_mm]),
                    color=DARK[state],
                    text=text_quantity(least.minimum_mm, "mm"),
                    pill=True,
                )
            )
        cut_map = self.work.cut_map
        if cut_map is not None and len(cut_map.mesh.triangles):
            items.append(
                MarginMapItem(
                    key="margin_map", mesh=cut_map.mesh, values_mm=cut_map.values_mm, asked_mm=self.work.draft.asked_mm
                )
            )
        return tuple(items)

    def rows(self) -> tuple[str, tuple[PlanRow, ...]]:
        """The cut, its map and the part that goes; each can be hidden."""
        heading = f"Plan {self.work.draft.name}"
        if self.where.current < RESECTION or self.work.model is None or self.work.numbers is None:
            return heading, ()
        color = self.plan_color()
        cuts = [
            PlanRow(cut_key(n), "Cut surface" if n == 0 else f"Cut surface {n + 1}", color)
            for n in range(len(self.work.draft.resections))
        ]
        least = self.work.numbers.minimum
        margin = (
            [] if least is None else [PlanRow("margin", "Margin", DARK["ok"], text_quantity(least.minimum_mm, "mm"))]
        )
        mapped = [PlanRow("margin_map", "Margin on the cut", DARK["warn"])] if self.work.model.targets else []
        removed = cut_numbers(self.work.model, self.work.numbers).removed_ml
        return heading, (*cuts, *margin, *mapped, PlanRow("removed", "Removed", REMOVED, text_quantity(removed, "ml")))

    def splits(self) -> Mapping[str, tuple[Plane, ...]]:
        """The liver's removed part is drawn grey."""
        planes = self.work.planes()
        if self.where.current < RESECTION or not planes or "removed" in self.session.view.state.hidden:
            return {}
        return {name: planes for name in self.work.draft.roles.organ if name in self.session.case.structures}

    def opacities(self) -> Mapping[str, float]:
        """One looks into the liver."""
        return dict.fromkeys(self.work.draft.roles.organ, CLEAR_OPACITY)

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
        self._title()
        if self._wants_accept and self.work.is_saved:
            self._wants_accept = False
            if self.where.current == RESECTION:
                self.accept_step()
        if self._waiting_at is not None and self.work.numbers is not None:
            if self.where.current == RESECTION and self._waiting_at == self.session.view.state.cross_mm:
                self.show_cut()
            self._waiting_at = None
        self.refresh()
        self.scene_changed.emit()

    def _title(self) -> None:
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


def cut_key(number: int) -> str:
    """ "cut", "cut_2", …"""
    return "cut" if number == 0 else f"cut_{number + 1}"
