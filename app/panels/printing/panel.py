"""Printing step by step: parts, shape, checks on a draft that was read back, and the file."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.dialogs.message import ConfirmDialog
from app.i18n import mark, tr
from app.jobs import Job
from app.out_of_sight import OutOfSight
from app.pane_grid import Arrangement
from app.panels.guide import GuidedPlanner
from app.panels.printing.draft import DRAFT, Draft, Kept, copy_draft, draft_targets, make_draft
from app.panels.printing.history import History
from app.panels.printing.naming import row_key, row_keys, row_states
from app.panels.printing.parts_column import PartsColumn
from app.panels.printing.parts_list import PartsSeen
from app.panels.printing.plate_view import PlateView
from app.panels.printing.step_check import CheckStep
from app.panels.printing.step_parts import PartsStep
from app.panels.printing.step_shape import ShapeStep
from app.panels.printing.step_write import WriteStep
from app.panels.printing.troubles import Place, Trouble, accepted_of, troubles_of
from app.panels.printing.wish import FILES, PrintWish, first_wish, options_of, plane_cuts
from app.sealed import drafts_place
from app.session import Session
from app.went_out import note_in_window, what_of
from planning.case.accepted import AcceptFaults, covers
from planning.case.model import AcceptedFault
from planning.case.printing import structures_of
from planning.case.trust import unticked
from planning.errors import CaseError, InputError, TheatrumError, UsageError
from planning.printing.parts import BLOOD_POOLS
from planning.registry import canonical_name, structure_style
from viewers.plan_pane import PlanPane
from viewers.scene_pane import ScenePane

PARTS, SHAPE, CHECK, WRITE = range(4)
# what a repair was made for: where one of these differs, repairs are asked for anew
SHAPED_BY = (
    "hollow_mm",
    "vessel_walls_mm",
    "drain",
    "shell",
    "cut",
    "along",
    "pegs",
    "clearance_mm",
    "split",
    "printer",
    "bed_mm",
    "tolerance_mm",
    "scale",
    "plan_parts",
)


class PrintPanel(GuidedPlanner):
    """Module "print"."""

    module = "print"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.wish = first_wish(session.case, session.view.state.hidden)
        self.draft: Draft | None = None
        self.troubles: list[Trouble] = []
        self.problem: TheatrumError | None = None
        self.write_problem: TheatrumError | None = None
        self.written: list[Path] = []
        self.is_checking = self.is_writing = self.was_checked = False
        self._touched = False
        self._sources, self._looks = self._source_key(), self._look_key()
        self._history, self._kept = History(), Kept()
        # the trouble that is looked at, by its check's key, and its place
        self._at, self._number = "", 0
        self._accepted = session.case.accepted
        self._let_be: tuple[AcceptedFault, ...] | None = None
        self._folder = tempfile.TemporaryDirectory(
            prefix="theatrum-print-", dir=drafts_place(session.document.encrypted)
        )
        self.destroyed.connect(self._folder.cleanup)
        self._column: PartsColumn | None = None
        self.plate = PlateView(self)
        self.frame.set_title(tr("Print"))
        self.start_steps((PartsStep(self), ShapeStep(self), CheckStep(self), WriteStep(self)))
        for key, step in ((Qt.Key.Key_PageDown, 1), (Qt.Key.Key_PageUp, -1)):
            made = QShortcut(QKeySequence(key), self)
            made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(partial(self.go_to_place, step))
        session.surfaces_changed.connect(self._preview_changed)
        self._away = OutOfSight(self, (self,), self._let_go)

    # what the window asks

    def arrangement(self) -> Arrangement | None:
        """The plate; while the model is looked at with the chosen place and the walls below it."""
        if self.where.current == CHECK:
            return Arrangement(("plate", "print_close", "print_walls"), "bench")
        return Arrangement(("plate",))

    def panes(self) -> Mapping[str, PlanPane | ScenePane]:
        """The plate and what stands below it."""
        return self.plate.panes()

    def left_column(self) -> QWidget | None:
        """The parts in the structures' place."""
        if self._column is None:
            self._column = PartsColumn()
            self._column.asked.connect(self.ask)
            self._column.picked.connect(self.show_row)
            self._column.seen.connect(self._column_seen)
            self._show_column()
        return self._column

    @property
    def shows_column(self) -> bool:
        """Whether the parts are seen at the left."""
        return self._column is not None and self._column.isVisible()

    def _column_seen(self) -> None:
        if self.where.current == PARTS and self.isVisible():
            self.steps[PARTS].refresh()

    def _preview_changed(self) -> None:
        if self.draft is None and self.isVisible():
            self.plate.refresh()

    def drafted(self) -> str:
        """What was chosen here last."""
        return self._history.last

    def undrafted(self) -> str:
        """What of it was taken back."""
        return self._history.next

    def take_back(self) -> None:
        """The choice before."""
        wish = self._history.back(self.wish)
        if wish is not None:
            self._use(wish)

    def bring_again(self) -> None:
        """The choice that was taken back."""
        wish = self._history.again(self.wish)
        if wish is not None:
            self._use(wish)

    def refresh(self) -> None:
        """Step, column and plate."""
        super().refresh()
        self._show_column()
        self.plate.refresh()

    def _show_column(self) -> None:
        if self._column is None:
            return
        told = None if self.draft is None else self.draft.told["estimate"]
        reason = "" if told is not None else tr("Known once the model is checked")
        if self.wish.chosen_material is None:
            reason = tr("Choose a printer first")
        self._column.show_column(self.parts_seen(), told, reason)

    def parts_seen(self) -> PartsSeen:
        """What lists of parts show."""
        return PartsSeen(self.session.case, self.wish, row_states(self.troubles, self.wish))

    def _source_key(self) -> tuple[Any, ...]:
        case = self.session.case
        structures = tuple((name, item.array.sha256) for name, item in case.structures.items())
        plans = tuple((name, plan) for name, plan in case.plans.items() if plan.kind == "liver")
        return structures, plans

    def _look_key(self) -> tuple[Any, ...]:
        """What a draft's file shows, or may be written for, beside the shapes: colours, and what no person has refused."""
        case = self.session.case
        return tuple((name, item.color) for name, item in case.structures.items()), unticked(case, case.structures)

    def used_structures(self) -> tuple[str, ...]:
        """What is ticked, and what ticked parts of plans are made of."""
        plans = self.session.case.plans
        of_plans = [name for plan, _ in self.wish.plan_parts if plan in plans for name in structures_of(plans[plan])]
        return (*self.wish.structures, *of_plans)

    def kinds(self) -> set[str]:
        """Kinds of structures among the ticked parts."""
        found = {structure_style(name).kind for name in self.wish.structures}
        for _, part in self.wish.plan_parts:
            group = part.partition("_")[0]
            found.add({"vessels": "vessel", "tumors": "lesion", "guide": "guide"}.get(group, "organ"))
        return found

    def has_lumens(self) -> bool:
        """Whether a ticked part is a room of blood, which may get a wall: vessels and the heart's rooms."""
        codes = [structure_style(name).code for name in self.wish.structures]
        return "vessel" in self.kinds() or any(code is not None and code[1] in BLOOD_POOLS for code in codes)

    def shape_problem(self) -> InputError | UsageError | None:
        """Why the shape that was asked for cannot be made, None where it can."""
        try:
            options_of(self.wish, self.session.case)
        except (InputError, UsageError) as error:
            return error
        return None

    def gap_mm(self) -> float:
        """Between peg and socket on each side: asked for, else the printer's."""
        from planning.printing.options import CLEARANCE_MM

        process = self.wish.process
        usual = CLEARANCE_MM if process is None else process.clearance_mm
        return self.wish.clearance_mm or usual

    # choices

    def ask(self, wish: PrintWish) -> None:
        """Another wish; a check made before is over."""
        if any(getattr(wish, key) != getattr(self.wish, key) for key in SHAPED_BY):
            wish = replace(wish, fixes=())
        if wish == self.wish:
            self.refresh()
            return
        self._history.add(self.wish, wish)
        self._use(wish)

    def _use(self, wish: PrintWish) -> None:
        is_open = self.where.current in (CHECK, WRITE)
        self.wish, self._touched = self._fitting(wish), True
        self._forget()
        self.refresh()
        self.scene_changed.emit()
        if is_open and self.wish.part_count and self.shape_problem() is None:
            self.check_again()

    def _fitting(self, wish: PrintWish) -> PrintWish:
        """The wish without what the case does not hold any more."""
        case = self.session.case
        return replace(
            wish,
            structures=tuple(name for name in wish.structures if name in case.structures),
            plan_parts=tuple(pair for pair in wish.plan_parts if pair[0] in case.plans),
            cut=wish.cut if wish.cut in plane_cuts(case) else None,
            along=wish.along if wish.along in case.plans else "",
        )

    def _forget(self) -> None:
        self.was_checked = self.was_checked or self.draft is not None
        self.draft = self.problem = self.write_problem = None
        self.troubles, self.written = [], []
        self.where.accepted -= {CHECK, WRITE}
        for state in self.session.jobs.active:
            if state.job.key in ("print check", "print close"):
                self.session.jobs.cancel(state)
        self.is_checking = False

    def case_changed(self) -> None:
        """What is printed may be another one now; or what was accepted."""
        if self.session.case.accepted != self._accepted:
            self._accepted = self.session.case.accepted
            self._find_troubles()
        key = self._source_key()
        looks = self._look_key()
        if key == self._sources:
            # a tick may have come or gone
            if looks != self._looks:
                self._looks = looks
                self._forget()
                if not self.step.is_reachable():
                    self.go_to(PARTS)
            self.refresh()
            return
        self._sources, self._looks = key, looks
        self._history.forget()
        if self._touched:
            self.wish = self._fitting(replace(self.wish, fixes=()))
        else:
            self.wish = first_wish(self.session.case, self.session.view.state.hidden)
        self._forget()
        if not self.step.is_reachable():
            self.go_to(PARTS)
        self.refresh()

    # the check

    def check_model(self) -> None:
        """Write a draft, read it back and compare, in a job."""
        if self.shape_problem() is not None:
            self.go_to(SHAPE)
            return
        self.where.accepted |= {PARTS, SHAPE}
        if self.where.current != CHECK:
            # opening the step checks
            self.go_to(CHECK)
            return
        self.check_again()

    def check_again(self) -> None:
        """The same wherever the person is."""
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
                work=partial(
                    _drafted, self.session.document.reader(), wish, target, self._kept, (self._sources, self._looks)
                ),
                done=self._checked,
                failed=self._not_checked,
                stopped=partial(self._stopped, "print check"),
                still_wanted=lambda: self.wish is wish,
                subject=self.session.label,
            )
        )
        self.refresh()

    def _checked(self, result: Draft) -> None:
        self.is_checking, self.draft = False, result
        self._find_troubles()
        self._number = 0
        self._away.made()
        self.refresh()
        self.scene_changed.emit()
        self.frame.focus_main()

    def _let_go(self) -> None:
        """Nobody prints now: a next check gathers its parts and judges their surfaces anew. The draft stays."""
        self._kept = Kept()
        self.plate.let_go()

    def _not_checked(self, error: TheatrumError) -> None:
        self.is_checking, self.problem = False, error
        self.refresh()

    def _stopped(self, key: str) -> None:
        """A person stopped the job, or closed the case; where another one took its place, that is waited for."""
        if isValid(self) and not any(state.job.key == key for state in self.session.jobs.active):
            self.is_checking = self.is_checking and key != "print check"
            self.is_writing = self.is_writing and key != "print write"
            self.refresh()

    def _find_troubles(self) -> None:
        self.troubles = [] if self.draft is None else troubles_of(self.draft, self.accepted)

    def open_troubles(self) -> list[Trouble]:
        """What is neither met nor accepted."""
        return [one for one in self.troubles if not one.is_accepted]

    @property
    def trouble(self) -> Trouble | None:
        """What is looked at: what was chosen, else the first that is open."""
        chosen = next((one for one in self.troubles if one.key == self._at), None)
        return chosen or next(iter(self.open_troubles()), None)

    @property
    def place(self) -> Place | None:
        """Its place."""
        trouble = self.trouble
        if trouble is None or not trouble.places:
            return None
        return trouble.places[min(self._number, len(trouble.places) - 1)]

    def follow_check(self, key: str, at: str) -> None:
        """A line of the list was clicked: what it speaks of is looked at."""
        if any(one.key == key for one in self.troubles):
            self._at, self._number = key, 0
            self._look()
        elif at:
            self.show_part(at)

    def go_to_place(self, step: int) -> None:
        """The next or the previous place, over all that is open."""
        all_places = [(one.key, n) for one in self.open_troubles() for n in range(len(one.places))]
        trouble = self.trouble
        if not all_places or trouble is None:
            return
        here = (trouble.key, min(self._number, len(trouble.places) - 1))
        number = all_places.index(here) if here in all_places else -step
        self._at, self._number = all_places[(number + step) % len(all_places)]
        self._look()

    def choose_place(self, ring: int) -> None:
        """A ring of the plate was clicked."""
        place, trouble = self.plate.place_of_ring(ring), self.trouble
        if place is not None and trouble is not None:
            self._at, self._number = trouble.key, trouble.places.index(place)
            self._look()

    def _look(self) -> None:
        place = self.place
        self.refresh()
        if place is not None:
            self.fly_asked.emit(list(place.at_mm))
            self._select(place.of.split(", ")[0])

    def show_part(self, name: str) -> None:
        """The crosshair to a part, and its structure marked."""
        place = self.draft.places.get(name) if self.draft is not None else None
        if place is not None:
            self.fly_asked.emit(place)
        self._select(name)

    def _select(self, name: str) -> None:
        key = row_key(name, row_keys(self.wish))
        self.session.view.set(selected=key if key in self.session.case.structures else "")

    def show_row(self, key: str) -> None:
        """A row of the parts: its first open place, else the part itself."""
        keys = row_keys(self.wish)
        for trouble in self.open_troubles():
            for number, place in enumerate(trouble.places):
                if row_key(place.of.split(", ")[0], keys) == key:
                    self._at, self._number = trouble.key, number
                    self._look()
                    return
        for row in () if self.draft is None else self.draft.rows:
            if row_key(row["name"], keys) == key:
                self.show_part(row["name"])
                return
        self.session.view.set(selected=key if key in self.session.case.structures else "")

    # what is done about it

    def repair(self) -> None:
        """The repair of what is looked at; the model is measured again."""
        trouble = self.trouble
        if trouble is None:
            return
        self._at, self._number = "", 0
        if trouble.change == "split":
            self.ask(replace(self.wish, split=True))
        elif trouble.change == "nest":
            self.ask(replace(self.wish, orient=True, nest=True))
        elif trouble.change == "shell":
            self.ask(replace(self.wish, shell=True))
        else:
            self._fix(trouble.fixes)

    def repair_other(self) -> None:
        """The other repair that there is."""
        trouble = self.trouble
        if trouble is None:
            return
        self._at, self._number = "", 0
        if trouble.other_scale is not None:
            self.ask(replace(self.wish, scale=trouble.other_scale))
        else:
            self._fix(trouble.other_fixes)

    def _fix(self, fixes: tuple[tuple[str, str], ...]) -> None:
        # one that was done before and left something is done once more
        self.ask(replace(self.wish, fixes=(*self.wish.fixes, *fixes)))

    def accept_fault(self) -> None:
        """What is looked at stays as it is; kept with the case."""
        trouble = self.trouble
        if trouble is None:
            return
        before = self.accepted
        added = tuple(fault for fault in accepted_of(trouble) if not any(covers(one, fault) for one in before))
        self._at, self._number = "", 0
        self._accept((*before, *added), "Accept as is")
        self.frame.focus_main()

    @property
    def accepted(self) -> tuple[AcceptedFault, ...]:
        """What was let be: as the case holds it; in one that is open to read, as long as it is open."""
        return self.session.case.accepted if self._let_be is None else self._let_be

    def _accept(self, faults: tuple[AcceptedFault, ...], verb: str) -> None:
        if self.session.document.read_only:
            # its files may be written all the same
            self._let_be = faults
            self._find_troubles()
            self.session.said.emit(tr("Not kept: this case is open to read"))
            self.refresh()
            return
        # choices of before are not taken back through a step of the case
        self._history.forget()
        self.session.do(AcceptFaults(faults, verb))

    def take_fault_back(self) -> None:
        """What is looked at is not accepted after all."""
        trouble = self.trouble
        if trouble is None:
            return
        own = accepted_of(trouble)
        left = tuple(one for one in self.accepted if not any(covers(one, fault) for fault in own))
        self._accept(left, "Take back what was accepted")

    def accepted_count(self) -> int:
        """How many places of the model were accepted as they are."""
        return sum(len(one.places) for one in self.troubles if one.is_accepted)

    def accept_model(self) -> None:
        """All is met or accepted: the file can be written."""
        if self.draft is None:
            return
        if self.open_troubles():
            self._at = self.open_troubles()[0].key
            self.refresh()
            return
        self.accept_step()

    # the file

    def write_file(self) -> None:
        """Ask where, then put the checked draft there."""
        plan = f"-plan-{canonical_name(self.wish.plan_parts[0][0])}" if self.wish.plan_parts else ""
        words = tr(next(words for words, ending in FILES.items() if ending == self.wish.ending)).partition(",")[0]
        self.save_asked.emit(f"model{plan}{self.wish.ending}", f"{words} (*{self.wish.ending})", self.write_to)

    def write_to(self, path: Path) -> None:
        """Copy the draft that was checked to its place."""
        if self.draft is None:
            return
        target = Path(path)
        if target.suffix.lower() != self.wish.ending:
            target = target.with_name(target.name + self.wish.ending)
        # the dialog asked about the one name that was typed
        more = [file for file in draft_targets(self.draft.files, DRAFT, target) if file != target and file.exists()]
        if more and not self._may_replace(more):
            return
        self.is_writing, self.write_problem = True, None
        self.session.jobs.submit(
            Job(
                key="print write",
                title=tr("Writing the model"),
                work=partial(_copied, self.draft, target),
                done=self._written,
                failed=self._not_written,
                stopped=partial(self._stopped, "print write"),
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
        note_in_window(self.session.document, what_of("model to print", self.written[0]))
        self.where.accepted.add(WRITE)
        self.refresh()

    def _not_written(self, error: TheatrumError) -> None:
        self.is_writing, self.write_problem = False, error
        self.refresh()

    def show_folder(self) -> None:
        """Open the folder of the file in the system's own browser."""
        if self.written:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.written[0].parent)))


def _drafted(
    document: Any, wish: PrintWish, target: Path, kept: Kept, source: object, progress: Any, cancel: Any
) -> Draft:
    return make_draft(document, wish, target, progress, cancel, kept, source)


def _copied(draft: Draft, target: Path, progress: Any, cancel: Any) -> list[str]:
    try:
        return copy_draft(draft.files, DRAFT, target, draft.told["sha256"])
    except OSError as error:
        raise CaseError(
            f"{target.name} cannot be written", f"{error.strerror or error}. Choose another folder"
        ) from error
