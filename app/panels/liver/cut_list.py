"""The resections of a plan as a list: what each removes, its margin, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.i18n import mark, tr
from app.panels.labels import IconButton, text_font
from app.panels.liver.cuts import cut_key, cut_title
from app.panels.parts import plain
from app.theme.icons import icon
from app.theme.style import color, current_look, set_kind
from planning.units import THIN_SPACE

if TYPE_CHECKING:
    from app.panels.liver.work import LiverWork
    from planning.liver.resection import Resection

ROW_PX, ACTION_PX, EYE_PX = 30, 24, 26
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
NO_SIDE = mark("A wedge, a territory, a zone or a file's surface has no other side")
LAST = mark("A plan has at least one cut: add another one first")


@dataclass(frozen=True, slots=True)
class CutFacts:
    """A row. removed: alone; only: what no other resection removes, "" where that is all of it. stage: 1 or 2, shown where
    the plan has several.

    margin: "5.2", "" while unknown. blocked_remove, blocked_flip: why not, "" when it can be.
    """

    name: str
    removed: str
    margin: str
    is_hidden: bool
    blocked_flip: str
    blocked_remove: str
    can_bend: bool
    can_edit: bool
    only: str = ""
    stage: int = 1
    is_staged: bool = False

    @property
    def title(self) -> str:
        """The name, with the stage where the plan has several."""
        return tr("{name}, stage {stage}", name=self.name, stage=self.stage) if self.is_staged else self.name


class _NameButton(QAbstractButton):
    """Swatch, name, "941 ml" and "5.2 mm"; the chosen one is marked."""

    def __init__(self, identifier: str) -> None:
        super().__init__()
        self.setObjectName(identifier)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.facts: CutFacts | None = None
        self.swatch = ""

    def sizeHint(self) -> QSize:
        return QSize(120, current_look().px(ROW_PX))

    def nextCheckState(self) -> None:
        """A click chooses; it never takes the choice away."""
        self.setChecked(True)

    def show_facts(self, facts: CutFacts, swatch: str, chosen: bool) -> None:
        """Another resection, or other numbers."""
        self.facts, self.swatch = facts, swatch
        self.setChecked(chosen)
        removed = tr(", removes {removed} millilitres", removed=facts.removed) if facts.removed else ""
        margin = tr(", margin {margin} millimetres", margin=facts.margin) if facts.margin else ""
        self.setAccessibleName(f"{facts.title}{removed}{margin}")
        share = (
            tr("\nRemoves {removed} ml alone; {only} ml of it no other removes", removed=facts.removed, only=facts.only)
            if facts.only
            else ""
        )
        self.setToolTip(f"{facts.title}{share}")
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.facts is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color("soft" if self.isChecked() else "s3")))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(QColor(color("acc")), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 2, -1, -2), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.swatch))
        swatch = QRectF(8, box.center().y() - 5, 10, 10)
        if not self.facts.is_staged:
            painter.drawRoundedRect(swatch, 3, 3)
        else:
            self._paint_stage(painter, swatch.adjusted(-3, -3, 3, 3))
        numbers = [f"{self.facts.removed}{THIN_SPACE}ml"] if self.facts.removed else []
        numbers += [f"{self.facts.margin}{THIN_SPACE}mm"] if self.facts.margin else []
        painter.setFont(text_font(12))
        painter.setPen(QColor(color("t2" if self.isChecked() else "t3")))
        words = " · ".join(numbers)
        painter.drawText(box.adjusted(0, 0, -8, 0), RIGHT, words)
        room = box.width() - 26 - 16 - painter.fontMetrics().horizontalAdvance(words)
        painter.setFont(text_font(13, 600 if self.isChecked() else 400))
        painter.setPen(QColor(color("t3" if self.facts.is_hidden else "t1" if self.isChecked() else "t2")))
        name = painter.fontMetrics().elidedText(self.facts.name, Qt.TextElideMode.ElideRight, max(int(room), 20))
        painter.drawText(QRectF(26, 0, max(room, 20.0), box.height()), LEFT, name)

    def _paint_stage(self, painter: QPainter, box: QRectF) -> None:
        """The stage's number in the swatch: filled for the first, an outline for the second, as its cut is dashed."""
        assert self.facts is not None
        is_first = self.facts.stage == 1
        pen = QPen(QColor(self.swatch), 1.5)
        if not is_first:
            pen.setDashPattern([2.5, 1.5])
        painter.setPen(pen)
        painter.setBrush(QColor(self.swatch) if is_first else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(text_font(11, 600))
        painter.setPen(QColor(color("pane" if is_first else "t1")))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(self.facts.stage))


class _Eye(QToolButton):
    """Shows or hides one cut."""

    def __init__(self, identifier: str) -> None:
        super().__init__()
        self.setObjectName(identifier)
        self._hidden = False
        self.setFixedWidth(EYE_PX)
        self.show_state("", False)

    def show_state(self, name: str, hidden: bool) -> None:
        """Open or closed."""
        self._hidden = hidden
        words = tr("Show {name}", name=name) if hidden else tr("Hide {name}", name=name)
        self.setAccessibleName(words)
        self.setToolTip(words)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """The icon takes the theme's colour."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        self.setIcon(icon("eye-off" if self._hidden else "eye", color("t3" if self._hidden else "t2")))


class CutRow(QWidget):
    """One resection; the chosen one has a second line with what can be done."""

    def __init__(self, number: int, owner: CutList) -> None:
        super().__init__()
        set_kind(self, "clear")
        tag = number + 1
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QHBoxLayout()
        line.setSpacing(2)
        self.eye, self.name = _Eye(f"hide_cut_{tag}"), _NameButton(f"choose_cut_{tag}")
        line.addWidget(self.eye)
        line.addWidget(self.name, 1)
        column.addLayout(line)
        self._second = QWidget()
        set_kind(self._second, "clear")
        lines = QVBoxLayout(self._second)
        lines.setContentsMargins(EYE_PX + 28, 0, 4, 2)
        lines.setSpacing(0)
        actions, later = QHBoxLayout(), QHBoxLayout()
        actions.setSpacing(14)
        self.edit = IconButton(f"edit_cut_{tag}", tr("Change"), kind="inline")
        self.bend = IconButton(f"bend_cut_{tag}", tr("Bend"), kind="inline")
        self.flip = IconButton(f"flip_cut_{tag}", tr("Other side"), kind="inline")
        self.remove = IconButton(f"remove_cut_{tag}", tr("Delete"), kind="inline")
        self.bend.setToolTip(tr("Make this plane a cut that can be bent"))
        self.stage = IconButton(f"stage_cut_{tag}", tr("Do at stage 2"), kind="inline")
        for button in (self.edit, self.bend, self.flip, self.remove):
            actions.addWidget(button)
        later.addWidget(self.stage)
        self.stage.setVisible(owner.work.has_stages)
        for row in (actions, later):
            row.addStretch(1)
            lines.addLayout(row)
        column.addWidget(self._second)
        self.eye.clicked.connect(lambda: owner.hide_asked.emit(number))
        self.name.clicked.connect(lambda: owner.work.choose_cut(number))
        self.edit.clicked.connect(lambda: owner.edit_asked.emit(number))
        self.bend.clicked.connect(lambda: owner.work.hand.bend(number))
        self.flip.clicked.connect(lambda: owner.work.hand.flip(number))
        self.stage.clicked.connect(lambda: owner.work.set_stage(number, 3 - owner.work.draft.stage_of(number)))
        self.remove.clicked.connect(lambda: owner.work.remove(number))

    def show_facts(self, facts: CutFacts, swatch: str, chosen: bool) -> None:
        """Another resection, or other numbers."""
        self.name.show_facts(facts, swatch, chosen)
        self.eye.show_state(facts.name, facts.is_hidden)
        self._second.setVisible(chosen)
        self.edit.setVisible(facts.can_edit)
        self.edit.setToolTip(tr("Ask for this resection anew"))
        self.bend.setVisible(facts.can_bend)
        self.flip.setVisible(not facts.blocked_flip)
        other = 3 - facts.stage
        self.stage.setText(tr("Do at stage {other}", other=other))
        self.stage.setAccessibleName(tr("Do {name} at stage {other}", name=facts.name, other=other))
        self.stage.setToolTip(
            tr("Do this at stage {other}; it is at stage {stage} now", other=other, stage=facts.stage)
        )
        self.remove.setEnabled(not facts.blocked_remove)
        self.flip.setToolTip(tr("Remove the other side of this cut"))
        self.remove.setToolTip(facts.blocked_remove or tr("Take this cut out of the plan"))


class CutList(QWidget):
    """`hide_asked`, `edit_asked`: the number of a resection whose eye was clicked, or that shall be asked for anew."""

    hide_asked = Signal(int)
    edit_asked = Signal(int)

    def __init__(self, work: LiverWork, swatch: Callable[[], str]) -> None:
        super().__init__()
        set_kind(self, "clear")
        self.work, self._swatch = work, swatch
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(2)
        self.rows: list[CutRow] = []

    def refresh(self) -> None:
        """The resections of now."""
        cuts = self.work.draft.resections
        while len(self.rows) < len(cuts):
            row = CutRow(len(self.rows), self)
            self.rows.append(row)
            self._box.addWidget(row)
        for number, row in enumerate(self.rows):
            row.setVisible(number < len(cuts))
            if number < len(cuts):
                row.show_facts(self._facts(number, cuts[number]), self._swatch(), number == self.work.chosen)

    def _facts(self, number: int, cut: Resection) -> CutFacts:
        work = self.work
        removed = margin = only = ""
        if work.rest is not None and work.model is not None and len(work.rest.singles) == len(work.draft.resections):
            single = work.rest.singles[number]
            removed = plain(single.removed_voxels * work.model.voxel_ml, "ml")
            margin = plain(single.margin_mm, "mm") if single.margin_mm is not None else ""
            if single.only_voxels != single.removed_voxels:
                only = plain(single.only_voxels * work.model.voxel_ml, "ml")
        return CutFacts(
            name=cut_title(work.draft.resections, number),
            removed=removed,
            margin=margin,
            is_hidden=cut_key(number) in work.session.view.state.hidden,
            blocked_flip="" if cut.kind in ("plane", "sheet") else NO_SIDE,
            blocked_remove=LAST if work.needs_cut and len(work.draft.resections) == 1 else "",
            can_bend=cut.kind == "plane",
            can_edit=cut.kind in ("wedge", "territory", "ablation"),
            only=only,
            stage=work.draft.stage_of(number),
            is_staged=work.draft.staging.is_staged,
        )
