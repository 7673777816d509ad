"""The report: which plans, what it will say, and the file."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from shiboken6 import isValid

from app.dialogs.identity import RESULTS, may_give_identity
from app.i18n import mark, said, tr
from app.jobs import Job
from app.panels.choices import ChoiceList
from app.panels.guide import GuidedPlanner, Step, StepActions
from app.panels.notes import problem_words
from app.panels.parts import Callout, NumberField, NumberTable, PanelAction, TableRow, page, paragraph
from app.panels.rows import FieldRow, Heading
from app.panels.study import PLAN_MODULES, plan_choice, plan_title
from app.report.content import KeyBox, Note, ReportContent
from app.report.write import report_content, write_report
from app.session import Session
from app.went_out import note_in_window, what_of
from planning.case.commands import Batch, Command, SetPlan
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.plans import with_body_size
from planning.errors import TheatrumError
from planning.liver.volumetry import HEIGHT_RANGE_CM, WEIGHT_RANGE_KG
from planning.progress import CancelToken, Progress

PREVIEWS = 4
FILES = mark("PDF (*.pdf);;Web page (*.html);;Table, CSV (*.csv)")
WORDS = {"ok": mark("met"), "warn": mark("look here"), "bad": mark("not met"), "": ""}


class ReportStep(Step):
    """The panel's only page."""

    name = mark("Report")

    def __init__(self, panel: ReportPanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self._plans_head = Heading(tr("Plans"))
        self.plans = ChoiceList("report_plans", tr("Plans in the report"))
        self.plans.ticked.connect(panel.tick)
        self._none = paragraph(tr("No plan yet."), "hint")
        self._identity = Callout("report_identity")
        self._written = Callout("report_written")
        self._written.followed.connect(panel.show_file)
        self.weight = NumberField("report_weight", tr("Body weight"), "kg", *WEIGHT_RANGE_KG, 1.0)
        self.height = NumberField("report_height", tr("Body height"), "cm", *HEIGHT_RANGE_CM, 1.0)
        self.weight.entered.connect(lambda kg: panel.set_body(kg, self.height.value))
        self.height.entered.connect(lambda cm: panel.set_body(self.weight.value, cm))
        self._body = page(
            Heading(tr("Patient")),
            FieldRow(tr("Body weight"), self.weight),
            FieldRow(tr("Body height"), self.height),
            spacing=6,
        )
        self._heads = [Heading("", f"open_plan_{n}", tr("Open")) for n in range(PREVIEWS)]
        self._tables = [NumberTable() for _ in range(PREVIEWS)]
        for n, head in enumerate(self._heads):
            head.followed.connect(partial(panel.open_plan, n))
        self._more = paragraph("", "hint")
        self._notes_head = Heading(tr("Look at these before you sign"))
        self.notes: list[Callout] = []
        boxes = [widget for pair in zip(self._heads, self._tables, strict=True) for widget in pair]
        self.body = page(
            self._written,
            self._identity,
            self._plans_head,
            self.plans,
            self._none,
            *boxes,
            self._more,
            self._body,
            self._notes_head,
            spacing=8,
        )

    def refresh(self) -> None:
        """The plans ticked and the first page's words of each."""
        case, chosen = self.panel.session.case, self.panel.chosen
        self.plans.set_rows([plan_choice(case, plan, ticked=name in chosen) for name, plan in case.plans.items()])
        self._plans_head.setVisible(bool(case.plans))
        self._none.setVisible(not case.plans)
        contents = self.panel.contents()
        for n, (head, table) in enumerate(zip(self._heads, self._tables, strict=True)):
            shown = n < len(contents)
            head.setVisible(shown)
            table.setVisible(shown)
            if shown:
                head.text.setText(plan_title(case.plans[contents[n].plan]))
                table.set_rows([box_row(m, box) for m, box in enumerate(contents[n].boxes)])
        more = len(chosen) - len(contents)
        self._more.setText(tr("%n more plan(s) in the report.", "", more))
        self._more.setVisible(more > 0)
        livers = [case.plans[name] for name in chosen if case.plans[name].kind == "liver"]
        self._body.setVisible(bool(livers))
        if livers:
            self.weight.set_value(livers[0].inputs.get("weight_kg"))
            self.height.set_value(livers[0].inputs.get("height_cm"))
        self._show_notes(contents)
        self._show_identity()
        self._show_written()

    def _show_notes(self, contents: list[ReportContent]) -> None:
        notes: list[Note] = [note for content in contents for note in content.notes]
        notes.sort(key=lambda note: note.status != "bad")
        unique = list({(note.head, note.text): note for note in notes}.values())
        self._notes_head.setVisible(bool(unique))
        # all of them: who signs was told of four places and shown three
        for n in range(len(self.notes), len(unique)):
            self.notes.append(Callout(f"report_note_{n}"))
            self.body.layout().addWidget(self.notes[n])
        for n, callout in enumerate(self.notes):
            if n < len(unique):
                callout.show_note(unique[n].head, unique[n].text, unique[n].status or "warn")
            else:
                callout.clear()

    def _show_identity(self) -> None:
        """Names that were kept on purpose leave the house with the report: told before it is written."""
        case = self.panel.session.case
        if case.identifiers_kept and case.plans:
            self._identity.show_note(
                tr("Name and number stand on the report"),
                tr("They were kept on import. Whoever gets the report can read them."),
                "warn",
            )
        else:
            self._identity.clear()

    def _show_written(self) -> None:
        if self.panel.problem is not None:
            self._written.show_note(*problem_words(self.panel.problem), "bad")
        elif self.panel.written is not None:
            words = "\n".join((tr("Every number must be checked by a physician."), *map(said, self.panel.told)))
            self._written.show_note(self.panel.written.name, words, "warn" if self.panel.told else "ok", tr("Open"))
        else:
            self._written.clear()

    def actions(self) -> StepActions:
        """Write report."""
        starts: tuple[PanelAction, ...] = ()
        if not self.panel.session.case.plans:
            starts = (
                PanelAction("start_tavr", tr("Start TAVR"), self.panel.start_tavr, "heart-pulse"),
                PanelAction("start_liver", tr("Start liver"), self.panel.start_liver, "layers"),
            )
        busy = tr("Writing the report") if self.panel.is_writing else ""
        blocked = busy or ("" if self.panel.chosen else tr("Choose a plan first"))
        case = self.panel.session.case
        if self.panel.chosen or case.structures:
            starts += (
                PanelAction(
                    "write_dicom", tr("Write results as DICOM …"), self.panel.write_dicom, "file-output", blocked=busy
                ),
                PanelAction("report_send", tr("Send to archive"), self.panel.send, "upload", blocked=busy),
            )
        return StepActions(
            PanelAction("write_report", tr("Write report"), self.panel.write, blocked=blocked, key="Enter"),
            starts,
            tr("Enter writes"),
        )


def box_row(number: int, box: KeyBox) -> TableRow:
    """A key box of the first page as a row."""
    value = f"{box.value} {box.beside}".strip() if box.beside.startswith("±") else box.value
    share = "" if box.beside.startswith("±") else box.beside
    return TableRow(
        f"box_{number}",
        box.title,
        value,
        state=box.status,
        share=share,
        detail=box.note,
        status=WORDS[box.status],
        clickable=False,
    )


class ReportPanel(GuidedPlanner):
    """Module "report"."""

    module = "report"

    def __init__(self, session: Session, parent: Any = None) -> None:
        super().__init__(session, parent)
        self._left_out: set[str] = set()
        self.is_writing = False
        self.written: Path | None = None
        # what had to be said of what was written, as what was left out
        self.told: tuple[str, ...] = ()
        self.problem: TheatrumError | None = None
        self._contents: dict[tuple[int, str], ReportContent] = {}
        self.frame.set_title(tr("Report"))
        self.page = ReportStep(self)
        self.start_steps((self.page,))

    @property
    def chosen(self) -> list[str]:
        """Names of the ticked plans; every plan is ticked until it is not."""
        return [name for name in self.session.case.plans if name not in self._left_out]

    def tick(self, name: str, on: bool) -> None:
        """A plan into the report or out of it."""
        self._left_out = self._left_out - {name} if on else self._left_out | {name}
        self.written = None
        self.refresh()

    def contents(self) -> list[ReportContent]:
        """The words of the first plans ticked, kept while plan and case label stay the same."""
        kept: dict[tuple[int, str], ReportContent] = {}
        shown = []
        for name in self.chosen[:PREVIEWS]:
            plan = self.session.case.plans[name]
            key = (id(plan), self.session.label)
            kept[key] = self._contents.get(key) or report_content(self.session.document, plan, pictures=False)
            shown.append(kept[key])
        self._contents = kept
        return shown

    def start_tavr(self) -> None:
        """To the heart."""
        self.module_asked.emit("heart")

    def start_liver(self) -> None:
        """To the liver."""
        self.module_asked.emit("liver")

    def open_plan(self, number: int) -> None:
        """Go where a plan is made."""
        shown = self.contents()
        if number < len(shown):
            self.module_asked.emit(PLAN_MODULES[self.session.case.plans[shown[number].plan].kind])

    def set_body(self, weight_kg: float | None, height_cm: float | None) -> None:
        """The patient's size, into all liver plans of the report as one step."""
        plans = [self.session.case.plans[name] for name in self.chosen]
        livers = [plan for plan in plans if plan.kind == "liver"]
        if all((p.inputs.get("weight_kg"), p.inputs.get("height_cm")) == (weight_kg, height_cm) for p in livers):
            return
        try:
            changed: list[PlanRecord] = [with_body_size(plan, weight_kg, height_cm) for plan in livers]
        except TheatrumError as error:
            self.session.failed.emit(error)
            return
        commands: tuple[Command, ...] = tuple(SetPlan(plan) for plan in changed)
        self.session.do(Batch(commands, mark("Body size")) if len(commands) > 1 else commands[0])

    def case_changed(self) -> None:
        """Plans came, went or changed; a report written before is not this one."""
        self.written = None
        self.refresh()

    def write(self) -> None:
        """Ask where, then write."""
        self.save_asked.emit("report.pdf", FILES, self.write_to)

    def write_to(self, path: Path) -> None:
        """Write the report in a job."""
        self.is_writing, self.problem, self.written = True, None, None
        self.session.jobs.submit(
            Job(
                key="report",
                title=tr("Writing report"),
                work=partial(_written, self.session.document.reader(), list(self.chosen), Path(path)),
                done=self._done,
                failed=self._failed,
                stopped=self._stopped,
                subject=self.session.label,
            )
        )
        self.refresh()

    def write_dicom(self) -> None:
        """Ask for a new folder, then write the results as DICOM objects."""
        if not may_give_identity(self.session.case, RESULTS, self):
            return
        self.save_asked.emit("results-dicom", tr("Folder (*)"), self.write_dicom_to)

    def send(self) -> None:
        """Ask which archive gets the results."""
        self.module_asked.emit("send")

    def write_dicom_to(self, folder: Path) -> None:
        """Write the DICOM objects in a job."""
        self.is_writing, self.problem, self.written = True, None, None
        self.session.jobs.submit(
            Job(
                key="report",
                title=tr("Writing results as DICOM"),
                work=partial(_written_dicom, self.session.document.reader(), list(self.chosen), Path(folder)),
                done=self._done_dicom,
                failed=self._failed,
                stopped=self._stopped,
                subject=self.session.label,
            )
        )
        self.refresh()

    def _done_dicom(self, result: dict[str, Any]) -> None:
        self.is_writing, self.written = False, Path(result["folder"])
        self.told = tuple(str(one["text"]) for one in result["warnings"])
        self.refresh()

    def _stopped(self) -> None:
        """A person stopped it, or closed the case; where another one took its place, that is waited for."""
        if isValid(self) and not any(state.job.key == "report" for state in self.session.jobs.active):
            self.is_writing = False
            self.refresh()

    def _done(self, result: dict[str, Any]) -> None:
        self.is_writing, self.written, self.told = False, Path(result["files"][0]), ()
        self.refresh()

    def _failed(self, error: TheatrumError) -> None:
        self.is_writing, self.problem = False, error
        self.refresh()

    def show_file(self) -> None:
        """Open the report in the system's own viewer."""
        if self.written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.written)))


def _written(
    document: Document, names: list[str], path: Path, progress: Progress, cancel: CancelToken
) -> dict[str, Any]:
    cancel.raise_if_set()
    # the person agreed to replace an existing file in the file chooser
    made = write_report(document, names, path, force=True)
    note_in_window(document, what_of("report", path))
    return made


def _written_dicom(
    document: Document, names: list[str], folder: Path, progress: Progress, cancel: CancelToken
) -> dict[str, Any]:
    from app.report.dicom_drawing import ReportDrawing
    from planning.case.dicom_out import export_dicom

    made = export_dicom(document, folder, (), ReportDrawing(), plans=names, progress=progress, cancel=cancel)
    note_in_window(document, what_of("DICOM objects", folder))
    return made
