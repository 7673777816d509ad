"""What was scanned, what to look at in it, and where to go from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.i18n import inside, local, mark, text_quantity, tr
from app.panels.choices import Choice, ChoiceList
from app.panels.guide import GuidedPlanner, Step, StepActions
from app.panels.labels import text_font
from app.panels.parts import Callout, NumberTable, PanelAction, TableRow, page, paragraph
from app.panels.rows import Heading
from app.panels.standing import stored_earlier
from app.plan_titles import kind_words, titled
from app.session import Session
from app.theme.icons import draw_icon
from app.theme.style import color, current_look
from planning.case.model import Case, Image, PlanRecord
from planning.case.standing import standing_of
from planning.findings import Finding
from planning.kidney.roles import guess_kidney
from planning.liver.compare import least_margin
from planning.liver.roles import guess_roles
from planning.registry import canonical_name

NOTES = 3
HEADS: Mapping[str, str] = MappingProxyType(
    {
        "filled_slices": mark("Slices were filled in"),
        "gantry_tilt": mark("The slices were tilted"),
        "thick_slices": mark("Thick slices"),
        "phase_unknown": mark("Not gated"),
        "not_gated": mark("Not gated"),
        "not_hu": mark("Values are not HU"),
        "uneven": mark("Uneven slices"),
    }
)
PLAN_MODULES: Mapping[str, str] = MappingProxyType(
    {"tavr": "heart", "liver": "liver", "kidney": "kidney", "vessel": "vessel"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place of work offered: module, icon, name, what is done there."""

    module: str
    icon: str
    name: str
    words: str


PLACES = (
    Place("heart", "heart-pulse", mark("Heart"), mark("Annulus, root, projections")),
    Place("liver", "layers", mark("Liver"), mark("Resection, margin, remnant")),
    Place("kidney", "bean", mark("Kidney"), mark("Score, clamp, partial resection")),
    Place("vessel", "route", mark("Vessels"), mark("Length and diameters")),
    Place("segment", "brush", mark("Segment only"), mark("By clicks or a label map")),
)


class PlaceButton(QAbstractButton):
    """A card with an icon, a name and a line under it."""

    def __init__(self, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.setObjectName(f"plan_{place.module}")
        self.setAccessibleName(f"{tr(place.name)}: {tr(place.words)}")
        # its line is cut where the panel is narrow
        self.setToolTip(tr(place.words))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Two lines and room around them."""
        return QSize(160, current_look().px(52))

    def event(self, event: QEvent) -> bool:
        """A new text size needs another height."""
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Card, icon, two lines, an arrow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("s3" if self.underMouse() or self.isDown() else "s2")))
        painter.drawRoundedRect(rect, 8, 8)
        if self.hasFocus():
            painter.setPen(QPen(QColor(color("acc")), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 7, 7)
        middle = rect.center().y()
        draw_icon(painter, self._place.icon, color("acc"), QRectF(14, middle - 10, 20, 20))
        draw_icon(painter, "chevron-right", color("t3"), QRectF(rect.right() - 28, middle - 8, 16, 16))
        left, room = 48.0, rect.width() - 48 - 36
        for font, token, text, top in (
            (text_font(13, 600), "t1", tr(self._place.name), rect.top() + rect.height() * 0.14),
            (text_font(12), "t3", tr(self._place.words), rect.top() + rect.height() * 0.5),
        ):
            painter.setFont(font)
            painter.setPen(QColor(color(token)))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room))
            painter.drawText(QRectF(left, top, room, rect.height() * 0.36), Qt.AlignmentFlag.AlignVCenter, shown)


class StudyStep(Step):
    """The panel's only page."""

    name = mark("Study")

    def __init__(self, panel: StudyPanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self._facts = NumberTable()
        self._notes = tuple(Callout(f"study_{n}") for n in range(NOTES))
        self._more = paragraph("", "hint")
        self._phases_head = Heading(tr("Phases"))
        self._phases = ChoiceList("study_phases", tr("Phases"), ticks=False)
        self._phases.picked.connect(lambda key: panel.session.phases.show(int(key)))
        self._plans_head = Heading(tr("Plans"))
        self._plans = ChoiceList("study_plans", tr("Plans"), ticks=False)
        self._plans.picked.connect(self._open_plan)
        self._no_plan = paragraph(tr("No plan yet."), "hint")
        self._places = [PlaceButton(place) for place in PLACES]
        for button, place in zip(self._places, PLACES, strict=True):
            button.clicked.connect(lambda _=False, m=place.module: panel.module_asked.emit(m))
        self.body = page(
            self._facts,
            *self._notes,
            self._more,
            self._phases_head,
            self._phases,
            self._plans_head,
            self._plans,
            self._no_plan,
            Heading(tr("What do you want to plan?")),
            *self._places,
            spacing=8,
        )

    def refresh(self) -> None:
        """The image's facts, findings, phases, and the plans made."""
        session = self.panel.session
        image = session.image
        if image is None:
            return
        self._facts.set_rows(fact_rows(image))
        self._show_notes(image.findings)
        several = len(image.phases) > 1
        self._phases_head.setVisible(several)
        self._phases.set_rows(
            [Choice(str(n), label or tr("Phase {n}", n=n + 1)) for n, label in enumerate(image.phases)]
            if several
            else []
        )
        if several:
            was = self._phases.blockSignals(True)
            self._phases.pick(str(min(session.view.state.phase, len(image.phases) - 1)))
            self._phases.blockSignals(was)
        plans = session.case.plans
        self._plans.set_rows([plan_choice(session.case, plan) for plan in plans.values()])
        self._plans.pick("")
        self._no_plan.setVisible(not plans)
        # most cases have nothing to plan there
        kidney = guess_kidney(tuple(session.case.structures)).organ
        for button, place in zip(self._places, PLACES, strict=True):
            button.setVisible(place.module != "kidney" or bool(kidney))

    def _show_notes(self, findings: tuple[Finding, ...]) -> None:
        for note, finding in zip(self._notes, findings, strict=False):
            head, _, rest = finding.text.partition(". ")
            title = HEADS.get(finding.code, "")
            if title:
                note.show_note(title, _sentence(finding.text))
            else:
                note.show_note(_sentence(head) if rest else finding.text.rstrip("."), _sentence(rest) if rest else "")
        for note in self._notes[len(findings) :]:
            note.clear()
        more = len(findings) - len(self._notes)
        self._more.setText(
            tr("{more} more in the report.", more=more)
            if more > 0
            else tr("No gaps, no tilt, one grid.")
            if not findings
            else ""
        )
        self._more.setVisible(bool(self._more.text()))

    def _open_plan(self, name: str) -> None:
        plan = self.panel.session.case.plans.get(name)
        if plan is not None:
            self.panel.module_asked.emit(PLAN_MODULES[plan.kind])

    def actions(self) -> StepActions:
        """The plan that this case is ready for."""
        module, words = self.panel.suggestion()
        run = {"heart": self.panel.go_heart, "liver": self.panel.go_liver, "segment": self.panel.go_segment}.get(
            module, partial(self.panel.module_asked.emit, module)
        )
        return StepActions(PanelAction(f"go_{module}", words, run, key="Enter"), hint=tr("Enter goes there"))


class StudyPanel(GuidedPlanner):
    """Module "study"."""

    module = "study"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.frame.set_title(tr("Study"))
        self.start_steps((StudyStep(self),))
        session.view.changed.connect(self._view_changed)

    def suggestion(self) -> tuple[str, str]:
        """(module, words of the main action) by what the case holds."""
        case = self.session.case
        if case.plans:
            kind = list(case.plans.values())[-1].kind
            if kind in ("tavr", "liver", "kidney"):
                words = kind_words(kind)
                return PLAN_MODULES[kind], tr(
                    "Go on with the {words}", words=words if kind == "tavr" else inside(words)
                )
        names = tuple(case.structures)
        kidney, liver = guess_kidney(names), guess_roles(names)
        if kidney.organ and kidney.tumors and not (liver.organ and liver.tumors):
            return "kidney", tr("Plan the kidney")
        if liver.organ:
            return "liver", tr("Plan the liver")
        heart = {"aorta", "left_ventricle", "calcium", "coronaries"}
        if heart & {canonical_name(name) for name in names} or (not names and _looks_cardiac(self.session.image)):
            return "heart", tr("Plan the valve")
        return "segment", tr("Add structures")

    def go_heart(self) -> None:
        """Heart."""
        self.module_asked.emit("heart")

    def go_liver(self) -> None:
        """Liver."""
        self.module_asked.emit("liver")

    def go_segment(self) -> None:
        """Segment."""
        self.module_asked.emit("segment")

    def case_changed(self) -> None:
        """Plans came or went."""
        self.refresh()

    def _view_changed(self, old: object, new: object) -> None:
        if getattr(old, "phase", None) != getattr(new, "phase", None):
            self.refresh()


def fact_rows(image: Image) -> list[TableRow]:
    """What is known of the scan, without anything that names the patient."""
    grid, study = image.grid, image.study
    spacing, size = grid.spacing_mm, grid.size_ijk
    extent = [spacing[axis] * size[axis] for axis in range(3)]
    rows = [
        TableRow("modality", tr("Scan"), " · ".join(part for part in (image.modality, study.get("year", "")) if part)),
        TableRow("voxel", tr("Voxel"), " × ".join(local(f"{value:.2f}") for value in spacing), "mm"),
        TableRow("size", tr("Matrix"), " × ".join(str(n) for n in size)),
        TableRow("extent", tr("Covers"), " × ".join(f"{value:.0f}" for value in extent), "mm"),
    ]
    if study.get("slice_thickness_mm"):
        rows.append(TableRow("thickness", tr("Slice thickness"), _number(study["slice_thickness_mm"]), "mm"))
    if study.get("kernel"):
        rows.append(TableRow("kernel", tr("Kernel"), study["kernel"]))
    if study.get("kvp"):
        rows.append(TableRow("kvp", tr("Tube voltage"), _number(study["kvp"]), "kV"))
    if study.get("contrast"):
        rows.append(TableRow("contrast", tr("Contrast"), tr("given")))
    phases = [phase for phase in image.phases if phase]
    if phases:
        rows.append(
            TableRow(
                "phases", tr("Phase"), phases[0] if len(phases) == 1 else tr("{phases} phases", phases=len(phases))
            )
        )
    if image.minimum is not None and image.maximum is not None and image.quantity:
        low, high = (f"{value:.0f}".replace("-", "\u2212") for value in (image.minimum, image.maximum))
        rows.append(TableRow("values", tr("Values"), tr("{low} to {high}", low=low, high=high), image.quantity))
    return [TableRow(row.key, row.name, row.value, row.unit, clickable=False) for row in rows]


def plan_title(plan: PlanRecord) -> str:
    """ "Liver plan A"; the kind is not said twice."""
    return titled(plan.kind, plan.name)


def plan_choice(case: Case, plan: PlanRecord, *, ticked: bool = False) -> Choice:
    """A plan in a list; one whose numbers were stored earlier says so."""
    stored = stored_earlier(standing_of(case, plan))
    state = "warn" if stored else ""
    return Choice(plan.name, plan_title(plan), plan_value(plan), ticked=ticked, state=state, note=stored)


def plan_value(plan: PlanRecord) -> str:
    """The number that the plan is known by, and what it is of."""
    results = plan.results
    if plan.kind == "tavr":
        return tr("annulus {area}", area=text_quantity(results.get("annulus", {}).get("area_mm2"), "mm²"))
    if plan.kind == "liver":
        return tr("margin {least}", least=text_quantity(least_margin(results["margin"])[0], "mm"))
    if plan.kind == "kidney":
        renal = results["tumors"][0]["renal"] if results["tumors"] else {"total": None}
        return "–" if renal["total"] is None else f"R.E.N.A.L. {renal['total']}{renal['suffix']}"
    return tr("length {length}", length=text_quantity(results.get("length_mm"), "mm"))


def _number(text: str) -> str:
    try:
        return local(f"{float(text):g}")
    except ValueError:
        return text


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".!?" else f"{text}."


def _looks_cardiac(image: Image | None) -> bool:
    if image is None:
        return False
    extent = image.grid.spacing_mm * image.grid.size_ijk
    # a scan of the root is fine and short; an abdomen is neither
    return bool(image.grid.spacing_mm.max() <= 1.0 and extent[2] <= 250.0)
