"""The third step of printing: what the draft that was read back is worth, check by check."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.i18n import inside, mark, said, text_value, tr
from app.panels.guide import Step, StepActions
from app.panels.labels import STATE_ICONS, state_token, text_font
from app.panels.notes import problem_words
from app.panels.parts import (
    Callout,
    NumberTable,
    PanelAction,
    TableRow,
    number_row,
    page,
    paragraph,
)
from app.panels.print_work import (
    Check,
    checks_of,
    proof_of,
    spoken_part,
)
from app.panels.rows import Heading
from app.theme.icons import draw_icon
from app.theme.style import color, current_look, set_kind

if TYPE_CHECKING:
    from app.panels.printing import PrintPanel


class CheckLine(QAbstractButton):
    """A check with its sign; a click goes to the object it speaks of."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.check = Check("", "")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_check(self, check: Check) -> None:
        """Another check."""
        self.check = check
        self.setObjectName(f"check_{check.key}")
        word = {"ok": tr("met"), "warn": tr("look here"), "bad": tr("not met")}.get(check.state, "")
        self.setAccessibleName(", ".join(part for part in (check.name, check.value, word) if part))
        self.setToolTip(spoken_part(check.at) if check.at else self.accessibleName())
        self.setFixedHeight(current_look().px(26))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(120, current_look().px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Sign, name, value."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect, check = QRectF(self.rect()), self.check
        if check.at and self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color("s3")))
            painter.drawRoundedRect(rect, 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(QColor(color("acc")), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)
        name = STATE_ICONS.get(check.state, "info")
        draw_icon(painter, name, color(state_token(check.state, "t3")), QRectF(8, rect.center().y() - 7, 14, 14))
        bad = check.state in ("warn", "bad")
        painter.setFont(text_font(13 if bad else 12, 600 if bad else 400))
        painter.setPen(QColor(color("t1" if bad else "t3")))
        painter.drawText(
            rect.adjusted(0, 0, -8, 0), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, check.value
        )
        room = rect.width() - 46 - painter.fontMetrics().horizontalAdvance(check.value)
        painter.setFont(text_font(13))
        painter.setPen(QColor(color("t1" if bad else "t2")))
        shown = painter.fontMetrics().elidedText(check.name, Qt.TextElideMode.ElideRight, max(int(room), 20))
        painter.drawText(rect.adjusted(31, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


class CheckCard(QFrame):
    """All checks. `followed`: the object a check speaks of."""

    followed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "card")
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(4, 6, 4, 6)
        self._box.setSpacing(0)
        self._lines: list[CheckLine] = []

    @property
    def checks(self) -> tuple[Check, ...]:
        """What is shown."""
        return tuple(line.check for line in self._lines if not line.isHidden())

    def show_checks(self, checks: list[Check]) -> None:
        """Other checks; none hides the card."""
        while len(self._lines) < len(checks):
            line = CheckLine(self)
            line.clicked.connect(lambda _=False, made=line: made.check.at and self.followed.emit(made.check.at))
            self._lines.append(line)
            self._box.addWidget(line)
        for n, line in enumerate(self._lines):
            line.setVisible(n < len(checks))
            if n < len(checks):
                line.show_check(checks[n])
        self.setVisible(bool(checks))


class CheckStep(Step):
    """3: what the draft is worth."""

    name = mark("Check")

    def __init__(self, panel: PrintPanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self._waiting = paragraph("", "hint")
        self.checks = CheckCard()
        self.checks.followed.connect(panel.show_part)
        self._notes = (Callout("print"), Callout("print_2"))
        self._at = ["", ""]
        for n, note in enumerate(self._notes):
            note.followed.connect(partial(self._follow, n))
        self._proof_head = Heading(tr("Proof: draft file read back"))
        self.proof = NumberTable()
        self.body = page(self._waiting, self.checks, *self._notes, self._proof_head, self.proof)

    def is_reachable(self) -> bool:
        """With something to print."""
        return bool(self.panel.wish.part_count)

    def entered(self) -> None:
        """Coming here asks for the check."""
        if self.panel.draft is None and self.panel.problem is None and not self.panel.is_checking:
            self.panel.check_model()

    def result(self) -> str:
        """How many checks are not met."""
        result = self.panel.draft
        if result is None:
            return ""
        count = sum(check.state == "bad" for check in checks_of(result, self.panel.wish))
        return tr("all met") if not count else tr("{count} to look at", count=count)

    def refresh(self) -> None:
        """The checks, what is wrong, and the proof."""
        result, problem = self.panel.draft, self.panel.problem
        words = ""
        if result is None and problem is None:
            words = (
                tr("Measuring again…") if self.panel.was_checked else tr("Meshing, writing a draft, reading it back…")
            )
            if not self.panel.is_checking:
                words = tr("The model was not checked yet.")
        self._waiting.setText(words)
        self._waiting.setVisible(bool(words))
        self.checks.show_checks([] if result is None else checks_of(result, self.panel.wish))
        self._show_notes()
        self._proof_head.setVisible(result is not None)
        if result is None:
            self.proof.set_rows([])
            return
        proof = proof_of(result)
        volume = ("+" if proof.volume_percent > 0 else "") + text_value(proof.volume_percent, 2)
        self.proof.set_rows(
            [
                number_row("mean", tr("Mean deviation"), proof.mean_mm, "mm", decimals=2, clickable=False),
                number_row("largest", tr("Largest deviation"), proof.largest_mm, "mm", decimals=2, clickable=False),
                TableRow(
                    "volume",
                    tr("Volume, {part}", part=inside(spoken_part(proof.volume_of))),
                    volume,
                    "%",
                    clickable=False,
                ),
            ]
        )

    def _show_notes(self) -> None:
        notes = self._texts()[: len(self._notes)]
        self._at = [text[3] for text in notes] + [""] * (len(self._notes) - len(notes))
        for n, note in enumerate(self._notes):
            if n < len(notes):
                title, words, state, at = notes[n]
                note.show_note(title, words, state, tr("Show") if at else "")
            else:
                note.clear()

    def _texts(self) -> list[tuple[str, str, str, str]]:
        """(title, words, state, object) of what is wrong, the gravest first."""
        if self.panel.problem is not None:
            return [(*problem_words(self.panel.problem), "bad", "")]
        result = self.panel.draft
        if result is None:
            return []
        found = []
        for check in checks_of(result, self.panel.wish):
            if check.state != "bad":
                continue
            part = spoken_part(check.at)
            if check.key == "wall":
                thin = [
                    row
                    for row in result["objects"]
                    if row["min_wall_mm"] is not None and row["wall_percentile_mm"] < row["wall_limit_mm"]
                ]
                more = tr(" and {thin} more", thin=len(thin) - 1) if len(thin) > 1 else ""
                words = tr(
                    "{part}{more}: 1 % of the wall is thinner than {value}; it may break off.",
                    part=part,
                    more=more,
                    value=check.value,
                )
                found.append(
                    (tr("Wall thinner than {limit:g} mm", limit=thin[0]["wall_limit_mm"]), words, "bad", check.at)
                )
            elif check.key == "size":
                found.append(
                    (
                        tr("Too large for the plate"),
                        tr("{part} is {size} mm.", part=part, size=check.value),
                        "bad",
                        check.at,
                    )
                )
            else:
                title = tr("A surface cuts itself") if check.key == "crossing" else tr("Not one closed solid")
                found.append((title, tr("{part}: look at it in the slicer.", part=part), "bad", check.at))
        told = {"not_closed", "bed", "loose_parts", "thin_wall"}
        for item in result["warnings"]:
            if item["code"] not in told:
                head = item["text"].partition(": ")[0]
                rest = said(item["text"]).partition(": ")[2]
                found.append(
                    (spoken_part(head), f"{rest[:1].upper()}{rest[1:]}", "warn", head if head in self._names() else "")
                )
        return found

    def _names(self) -> set[str]:
        result = self.panel.draft
        return {row["name"] for row in result["objects"]} if result is not None else set()

    def _follow(self, number: int) -> None:
        if self._at[number]:
            self.panel.show_part(self._at[number])

    def actions(self) -> StepActions:
        """Accept model, or check it."""
        back = tr("Back: shape")
        if self.panel.draft is None and not self.panel.is_checking:
            return StepActions(
                PanelAction("print_check", tr("Check model"), self.panel.check_model, key="Enter"),
                hint=tr("Enter checks"),
                back=back,
            )
        waiting = "" if self.panel.draft is not None else tr("Measuring")
        checks = [] if self.panel.draft is None else checks_of(self.panel.draft, self.panel.wish)
        words = tr("Accept as is") if any(check.state == "bad" for check in checks) else tr("Accept model")
        return StepActions(
            PanelAction("accept_model", words, self.panel.accept_step, blocked=waiting, key="Enter"),
            hint=tr("Enter accepts"),
            back=back,
        )
