"""A deformable cut through a line that is drawn on the capsule, point by point, in slices or in 3D."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.i18n import mark, tr
from app.panels.base import as_list
from app.panels.drafts import keep_draft, kept_draft
from app.panels.frame import PanelAction
from app.panels.liver.forms import AddForm
from app.panels.liver.made_of import MadeOf
from app.panels.parts import paragraph
from app.panels.rows import FieldRow, choice_box
from planning.errors import TheatrumError
from planning.geometry import FloatArray, Vector
from viewers.overlay import PathItem, PlanItem, PointItem

if TYPE_CHECKING:
    from app.panels.liver.panel import LiverPanel

KEY = "capsule"
LEAST = 3
# a click farther from the liver's border than this is kept where it is
SNAP_MM = 15.0
NETS = (4, 6, 8, 10, 12, 16)
FIRST_NET = 6


class LineForm(AddForm):
    """Clicks go to the nearest place of the capsule; the cut is made of three or more."""

    key = "line"
    title = mark("Line on the capsule")
    hint = mark("Click on the capsule")

    def __init__(self, panel: LiverPanel) -> None:
        super().__init__(panel)
        self._words = paragraph("", "label")
        self.net = choice_box("line_net", tr("Handles of the cut"), [f"{n} × {n}" for n in NETS])
        self.net.setCurrentIndex(NETS.index(FIRST_NET))
        self.add(self._words, FieldRow(tr("Handles"), self.net))
        self.points: list[Vector] = []
        self._capsule: tuple[MadeOf, FloatArray] | None = None

    def opened(self) -> None:
        """Ask for the first point."""
        self.points = []
        self.resumed()

    def resumed(self) -> None:
        """Ask for the next point."""
        self.note.clear()
        self.panel.session.view.set(tool="place", placing=KEY)
        self._say()

    def left(self) -> None:
        """Ask for nothing more."""
        if self.panel.session.view.state.placing == KEY:
            self.panel.session.view.set(tool="cross", placing="")

    def _say(self) -> None:
        count = len(self.points)
        words = tr("Click along the line on the liver's surface, in the slices or in 3D.")
        if count:
            words = tr("%n point(s). ", "", count) + (
                tr("More bend the cut to the line.")
                if count >= LEAST
                else tr("{LEAST} more make a cut.", LEAST=LEAST - count)
            )
        self._words.setText(words)
        self.changed.emit()

    def point_placed(self, key: str, position_mm: FloatArray) -> None:
        """One more place of the line."""
        if key == KEY:
            self.points.append(self._on_capsule(position_mm))
            self._keep()
            self.panel.session.view.set(tool="place", placing=KEY)
            self._say()

    def point_moved(self, key: str, position_mm: FloatArray, finished: bool) -> bool:
        """A place of the line follows the hand."""
        name, _, number = key.partition(":")
        if name != KEY or not number.isdigit() or int(number) >= len(self.points):
            return False
        self.points[int(number)] = self._on_capsule(position_mm) if finished else np.asarray(position_mm)
        if finished:
            self._keep()
        self.changed.emit()
        return True

    def drafted(self) -> str:
        """The newest place."""
        return tr("point on the capsule") if self.points else ""

    def take_back(self) -> None:
        """The newest place goes."""
        if self.points:
            self.points.pop()
            self._keep()
            self._say()

    # places without a cut outlive a crash and the case's closing

    def _keep(self) -> None:
        if not self.panel.session.document.read_only:
            points = [as_list(point) for point in self.points]
            keep_draft(self.panel.session, self._draft_key, {"points_mm": points} if points else None)

    @property
    def _draft_key(self) -> str:
        return f"{self.panel.module} line"

    def kept(self) -> bool:
        """Every place is, once it is put down."""
        return not self.panel.session.document.read_only

    def forget(self) -> None:
        """No places."""
        self.points = []
        self._keep()

    def bring_back(self) -> bool:
        """The places of when the case was last open."""
        draft = kept_draft(self.panel.session, self._draft_key) or {}
        try:
            found = np.asarray(draft.get("points_mm", ()), dtype=np.float64).reshape(-1, 3)
        except (TypeError, ValueError):
            return False
        self.points = [point for point in found if np.isfinite(point).all()]
        return bool(self.points)

    def items(self) -> tuple[PlanItem, ...]:
        """The line with its places."""
        color = self.panel.plan_color()
        found: list[PlanItem] = [
            PointItem(key=f"{KEY}:{n}", position_mm=place, color=color, label=str(n + 1))
            for n, place in enumerate(self.points)
        ]
        if len(self.points) >= 2:
            found.insert(0, PathItem(key=f"{KEY}_line", points_mm=np.array(self.points), color=color))
        return tuple(found)

    def main(self) -> PanelAction:
        """The cut through the line."""
        short = LEAST - len(self.points)
        blocked = tr("%n more point(s) needed", "", short) if short > 0 else ""
        return PanelAction("make_line_cut", tr("Cut along the line"), self._make, blocked=blocked, key="Enter")

    def _make(self) -> None:
        from planning.liver.sheet import fit_sheet

        model = self.work.model
        if model is None:
            return
        middle = model.organ.centroid_mm()
        shares = self.work.shares()
        left = [t for t, share in zip(model.tumors, shares, strict=True) if share < 1.0] or list(model.tumors)
        # without a tumour the smaller part goes: the side away from the middle
        line = np.array(self.points)
        toward = left[0].centroid_mm if left else 2.0 * line.mean(axis=0) - middle
        count = NETS[self.net.currentIndex()]
        try:
            cut = fit_sheet(line, model.corners_mm, inside_mm=middle, toward_mm=toward, shape=(count, count))
        except TheatrumError as error:
            self.fail(error)
            return
        self.take(cut)

    def _on_capsule(self, position_mm: FloatArray) -> Vector:
        """The nearest place of the liver's border; the place itself where none is near."""
        border = self._border_mm()
        place = np.asarray(position_mm, dtype=np.float64)
        away = np.linalg.norm(border - place, axis=1) if len(border) else np.zeros(0)
        if not len(away) or float(away.min()) > SNAP_MM:
            return place
        return np.asarray(border[int(np.argmin(away))])

    def _border_mm(self) -> FloatArray:
        """(N, 3) centres of the liver's outermost voxels."""
        model = self.work.model
        assert model is not None
        if self._capsule is None or not self._capsule[0].is_(model):
            voxels = np.pad(model.organ.voxels, 1)
            inner = voxels.copy()
            for axis in range(3):
                inner &= np.roll(voxels, 1, axis) & np.roll(voxels, -1, axis)
            k, j, i = np.nonzero((voxels & ~inner)[1:-1, 1:-1, 1:-1])
            self._capsule = (MadeOf(model), model.organ.box_grid.to_world(np.stack([i, j, k], axis=1)))
        return self._capsule[1]
