"""Printing step by step: parts, shape, checks on a draft that was read back, and the file."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.dialogs.message import ConfirmDialog
from app.i18n import mark, text_value, tr
from app.jobs import Job
from app.panels.guide import GuidedPlanner, Step, StepActions
from app.panels.notes import problem_words
from app.panels.parts import (
    Callout,
    HeroNumber,
    NumberTable,
    PanelAction,
    TableRow,
    number_row,
    page,
    paragraph,
)
from app.panels.print_checks import CheckStep
from app.panels.print_steps import PartsStep, ShapeStep
from app.panels.print_work import (
    FILES,
    PrintWish,
    copy_draft,
    draft_targets,
    first_wish,
    make_draft,
    plane_cuts,
    proof_of,
)
from app.session import Session
from planning.case.printing import structures_of
from planning.errors import TheatrumError
from planning.registry import canonical_name

PARTS, SHAPE, CHECK, WRITE = range(4)
# the name's beginning of the files that are checked
DRAFT = "draft"


class WriteStep(Step):
    """4: the file."""

    name = mark("Write file")

    def __init__(self, panel: PrintPanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self.hero = self._hero = HeroNumber()
        self._table = NumberTable()
        self._note = Callout("print_file")
        self._note.followed.connect(panel.show_folder)
        self._limit = paragraph(tr("Digital step only. The printer adds its own error, about 0.3 mm."), "hint")
        self.body = page(self._table, self._note, self._limit)

    def is_reachable(self) -> bool:
        """After a check."""
        return self.panel.draft is not None

    def result(self) -> str:
        """The file's name."""
        return self.panel.written[0].name if self.panel.written else ""

    def refresh(self) -> None:
        """What is written and where it went."""
        result, written = self.panel.draft, self.panel.written
        if result is None:
            return
        files = len(result["files"])
        self._hero.set_text(
            tr("To write"),
            str(files),
            tr("file") if files == 1 else tr("files"),
            note=self.panel.wish.ending[1:].upper(),
        )
        triangles = sum(row["triangles"] for row in result["objects"])
        self._table.set_rows(
            [
                TableRow("objects", tr("Objects"), str(len(result["objects"])), clickable=False),
                TableRow("triangles", tr("Triangles"), text_value(triangles, 0), clickable=False),
                number_row(
                    "material", tr("Volume"), sum(row["volume_ml"] for row in result["objects"]), "ml", clickable=False
                ),
            ]
        )
        if self.panel.write_problem is not None:
            self._note.show_note(*problem_words(self.panel.write_problem), "bad")
        elif written:
            proof = proof_of(result)
            more = tr(" and {written} more", written=len(written) - 1) if len(written) > 1 else ""
            self._note.show_note(
                f"{written[0].name}{more}",
                tr("Read back and compared: {words}.", words=proof.words),
                proof.state,
                tr("Show in folder"),
            )
        else:
            self._note.clear()

    def actions(self) -> StepActions:
        """Write file."""
        writing = tr("Writing") if self.panel.is_writing else ""
        return StepActions(
            PanelAction("write_model", tr("Write file"), self.panel.write_file, blocked=writing, key="Enter"),
            hint=tr("Enter writes"),
            back=tr("Back: check"),
        )


class PrintPanel(GuidedPlanner):
    """Module "print"."""

    module = "print"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.wish = first_wish(session.case, session.view.state.hidden)
        self.draft: dict[str, Any] | None = None
        self.problem: TheatrumError | None = None
        self.write_problem: TheatrumError | None = None
        self.written: list[Path] = []
        self.is_checking = self.is_writing = self.was_checked = False
        self._touched = False
        self._sources = self._source_key()
        self._folder = tempfile.TemporaryDirectory(prefix="theatrum-print-")
        self.destroyed.connect(self._folder.cleanup)
        self.frame.set_title(tr("Print"))
        self.start_steps((PartsStep(self), ShapeStep(self), CheckStep(self), WriteStep(self)))

    def _source_key(self) -> tuple[Any, ...]:
        case = self.session.case
        structures = tuple((name, item.array.sha256) for name, item in case.structures.items())
        plans = tuple((name, plan) for name, plan in case.plans.items() if plan.kind == "liver")
        return structures, plans

    def used_structures(self) -> tuple[str, ...]:
        """What is ticked, and what ticked parts of plans are made of."""
        plans = self.session.case.plans
        of_plans = [name for plan, _ in self.wish.plan_parts if plan in plans for name in structures_of(plans[plan])]
        return (*self.wish.structures, *of_plans)

    def ask(self, wish: PrintWish) -> None:
        """Another wish; a check made before is over."""
        if wish == self.wish:
            self.refresh()
            return
        self.wish, self._touched = wish, True
        self._forget()
        self.refresh()

    def _forget(self) -> None:
        self.was_checked = self.was_checked or self.draft is not None
        self.draft = self.problem = self.write_problem = None
        self.written = []
        self.where.accepted -= {CHECK, WRITE}
        for state in self.session.jobs.active:
            if state.job.key == "print check":
                self.session.jobs.cancel(state)
        self.is_checking = False

    def case_changed(self) -> None:
        """What is printed may be another one now."""
        key = self._source_key()
        if key == self._sources:
            # a tick may have come or gone
            self.refresh()
            return
        self._sources = key
        case = self.session.case
        if self._touched:
            self.wish = replace(
                self.wish,
                structures=tuple(name for name in self.wish.structures if name in case.structures),
                plan_parts=tuple(pair for pair in self.wish.plan_parts if pair[0] in case.plans),
                cut=self.wish.cut if self.wish.cut in plane_cuts(case) else None,
            )
        else:
            self.wish = first_wish(case, self.session.view.state.hidden)
        self._forget()
        if not self.step.is_reachable():
            self.go_to(PARTS)
        self.refresh()

    def check_model(self) -> None:
        """Write a draft, read it back and compare, in a job."""
        self.where.accepted |= {PARTS, SHAPE}
        if self.where.current != CHECK:
            # opening the step checks
            self.go_to(CHECK)
            return
        if self.draft is not None:
            return
        wish = self.wish
        self.is_checking, self.problem = True, None
        target = Path(self._folder.name) / f"{DRAFT}{wish.ending}"
        for old in target.parent.glob(f"{DRAFT}*"):
            old.unlink()
        self.session.jobs.submit(
            Job(
                key="print check",
                title=tr("Checking the model"),
                work=partial(make_draft, self.session.document.reader(), wish, target),
                done=self._checked,
                failed=self._not_checked,
                still_wanted=lambda: self.wish is wish,
                subject=self.session.label,
            )
        )
        self.refresh()

    def _checked(self, result: dict[str, Any]) -> None:
        self.is_checking, self.draft = False, result
        self.refresh()
        self.frame.focus_main()

    def _not_checked(self, error: TheatrumError) -> None:
        self.is_checking, self.problem = False, error
        self.refresh()

    def show_part(self, name: str) -> None:
        """The crosshair to a part, and its structure marked."""
        place = self.draft["places"].get(name) if self.draft is not None else None
        if place is not None:
            self.fly_asked.emit(place)
        from planning.case.printing import part_name

        stems = {part_name(structure, set()): structure for structure in self.session.case.structures}
        structure = stems.get(name) or stems.get(name.rpartition("_")[0], "")
        self.session.view.set(selected=structure)

    def write_file(self) -> None:
        """Ask where, then put the checked draft there."""
        plan = f"-plan-{canonical_name(self.wish.plan_parts[0][0])}" if self.wish.plan_parts else ""
        words = next(words for words, ending in FILES.items() if ending == self.wish.ending).partition(",")[0]
        self.save_asked.emit(f"model{plan}{self.wish.ending}", f"{words} (*{self.wish.ending})", self.write_to)

    def write_to(self, path: Path) -> None:
        """Copy the draft that was checked to its place."""
        if self.draft is None:
            return
        target = Path(path)
        if target.suffix.lower() != self.wish.ending:
            target = target.with_name(target.name + self.wish.ending)
        # the dialog asked about the one name that was typed
        more = [file for file in draft_targets(self.draft["files"], DRAFT, target) if file != target and file.exists()]
        if more and not self._may_replace(more):
            return
        self.is_writing, self.write_problem = True, None
        self.session.jobs.submit(
            Job(
                key="print write",
                title=tr("Writing the model"),
                work=partial(_copied, list(self.draft["files"]), target),
                done=self._written,
                failed=self._not_written,
                subject=self.session.label,
            )
        )
        self.refresh()

    def _may_replace(self, files: list[Path]) -> bool:
        names = ", ".join(file.name for file in files)
        question = tr("%n file(s) of this name are there already. Replace them?", "", len(files))
        return ConfirmDialog(question, names, mark("Keep them"), mark("Replace"), parent=self).ask()

    def _written(self, files: list[str]) -> None:
        self.is_writing = False
        self.written = [Path(file) for file in files]
        self.where.accepted.add(WRITE)
        self.refresh()

    def _not_written(self, error: TheatrumError) -> None:
        self.is_writing, self.write_problem = False, error
        self.refresh()

    def show_folder(self) -> None:
        """Open the folder of the file in the system's own browser."""
        if self.written:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.written[0].parent)))


def _copied(files: list[str], target: Path, progress: Any, cancel: Any) -> list[str]:
    from planning.errors import CaseError

    try:
        return copy_draft(files, DRAFT, target)
    except OSError as error:
        raise CaseError(
            f"{target.name} cannot be written", f"{error.strerror or error}. Choose another folder"
        ) from error
