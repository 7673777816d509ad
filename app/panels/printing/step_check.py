"""The third step of printing: what the draft that was read back is worth; what is not met comes one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.i18n import inside, mark, said, text_value, tr
from app.panels.guide import Step, StepActions
from app.panels.notes import problem_words
from app.panels.parts import Callout, NumberTable, PanelAction, TableRow, number_row, page, paragraph
from app.panels.printing.check_card import CheckCard
from app.panels.printing.naming import row_key, row_keys
from app.panels.printing.troubles import Proof, Trouble, checks_of, proof_of, spoken_part, volume_words
from app.panels.rows import Heading

if TYPE_CHECKING:
    from app.panels.printing.panel import PrintPanel

# what the checks say already
TOLD = {"not_closed", "bed", "loose_parts", "thin_wall", "narrow", "closed_hollow", "overlap", "clearance"}
MOST_NOTES = 3


class CheckStep(Step):
    """3: what the draft is worth."""

    name = mark("Check")

    def __init__(self, panel: PrintPanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self._waiting = paragraph("", "hint")
        self.checks = CheckCard()
        self.checks.followed.connect(panel.follow_check)
        self.trouble = Callout("print")
        self.trouble.followed.connect(lambda: panel.go_to_place(1))
        self.notes = tuple(Callout(f"print_{number}") for number in range(2, 2 + MOST_NOTES))
        self._at = [""] * MOST_NOTES
        for number, note in enumerate(self.notes):
            note.followed.connect(lambda number=number: panel.show_part(self._at[number]))
        self._proof_head = Heading(tr("Proof: draft file read back"))
        self.proof = NumberTable()
        self.body = page(self._waiting, self.checks, self.trouble, *self.notes, self._proof_head, self.proof)

    def is_reachable(self) -> bool:
        """With something to print that can be made."""
        return bool(self.panel.wish.part_count) and self.panel.shape_problem() is None

    def entered(self) -> None:
        """Coming here asks for the check."""
        if self.panel.draft is None and self.panel.problem is None and not self.panel.is_checking:
            self.panel.check_model()

    def result(self) -> str:
        """How many checks are not met."""
        if self.panel.draft is None:
            return ""
        count = len(self.panel.open_troubles())
        return tr("all met") if not count else tr("{count} to look at", count=count)

    def refresh(self) -> None:
        """The checks, what is wrong, and the proof."""
        panel, draft = self.panel, self.panel.draft
        words = ""
        if draft is None and panel.problem is None:
            words = tr("Measuring again…") if panel.was_checked else tr("Meshing, writing a draft, reading it back…")
            if not panel.is_checking:
                words = tr("The model was not checked yet.")
        self._waiting.setText(words)
        self._waiting.setVisible(bool(words))
        chosen = panel.trouble
        checks = [] if draft is None else checks_of(draft, panel.troubles)
        self.checks.show_checks(checks, "" if chosen is None else chosen.key)
        self._show_trouble(chosen)
        self._show_notes()
        self._proof_head.setVisible(draft is not None)
        self.proof.set_rows([] if draft is None else proof_rows(proof_of(draft)))

    def _show_trouble(self, trouble: Trouble | None) -> None:
        panel = self.panel
        if panel.problem is not None:
            self.trouble.show_note(*problem_words(panel.problem), "bad")
        elif trouble is not None:
            more = sum(len(one.places) for one in panel.open_troubles())
            words = trouble.words
            if trouble.is_accepted:
                words = tr("{words} Accepted as it is.", words=words)
            self.trouble.show_note(trouble.title, words, trouble.state, tr("Next") if more > 1 else "")
        else:
            self.trouble.clear()

    def _show_notes(self) -> None:
        texts = self._texts()[:MOST_NOTES]
        self._at = [at for *_, at in texts] + [""] * (MOST_NOTES - len(texts))
        for number, note in enumerate(self.notes):
            if number < len(texts):
                title, words, state, at = texts[number]
                note.show_note(title, words, state, tr("Show") if at else "")
            else:
                note.clear()

    def _texts(self) -> list[tuple[str, str, str, str]]:
        """(title, words, state, object) of what else has to be known: what repairs did, and what making it said."""
        draft = self.panel.draft
        if draft is None:
            return []
        names, keys = {row["name"] for row in draft.rows}, row_keys(draft.wish)
        found = []
        for fix in draft.told["fixes"]:
            state = "ok" if fix["changed"] else "warn"
            found.append((spoken_part(fix["object"]), said(fix["text"]), state, fix["object"]))
        for item in draft.told["warnings"]:
            if item["code"] not in TOLD:
                head = item["text"].partition(": ")[0]
                rest = said(item["text"]).partition(": ")[2]
                if rest and (head in names or row_key(head, keys)):
                    at = head if head in names else ""
                    found.append((spoken_part(head), f"{rest[:1].upper()}{rest[1:]}", "warn", at))
                else:
                    found.append(("", said(item["text"]), "warn", ""))
        # not all may have room: what was done well hides nothing that is wrong
        return sorted(found, key=lambda note: note[2] == "ok")

    def actions(self) -> StepActions:
        """The repair of what is looked at; else go on."""
        panel = self.panel
        back = tr("Back: shape")
        if panel.draft is None and not panel.is_checking:
            blocked = "" if panel.shape_problem() is None else str(panel.shape_problem())
            if not panel.wish.part_count:
                blocked = tr("Tick a part first")
            return StepActions(
                PanelAction("print_check", tr("Check model"), panel.check_model, blocked=blocked, key="Enter"),
                hint=tr("Enter checks"),
                back=back,
            )
        waiting = "" if panel.draft is not None else tr("Measuring")
        trouble = panel.trouble
        if waiting or trouble is None or trouble.is_accepted:
            action = PanelAction("accept_model", tr("Accept model"), panel.accept_model, blocked=waiting, key="Enter")
            undo = PanelAction("take_fault_back", tr("Not accepted"), panel.take_fault_back, "undo-2")
            seconds = (undo,) if not waiting and trouble is not None else ()
            return StepActions(action, seconds, hint=tr("Enter accepts"), back=back)
        other = (PanelAction("repair_other", trouble.other, panel.repair_other),) if trouble.other else ()
        leave = PanelAction("accept_fault", tr("Accept as is"), panel.accept_fault, "check")
        if not trouble.repair:
            action = PanelAction("accept_fault", tr("Accept as is"), panel.accept_fault, key="Enter")
            return StepActions(action, other, hint=tr("PgDn next place · Enter accepts"), back=back)
        return StepActions(
            PanelAction("repair", trouble.repair, panel.repair, key="Enter"),
            (leave, *other),
            hint=tr("PgDn next place · Enter repairs"),
            back=back,
        )


def proof_rows(proof: Proof) -> list[TableRow]:
    """The proof as a table."""
    rows = [
        number_row("mean", tr("Mean deviation"), proof.mean_mm, "mm", decimals=2, clickable=False),
        number_row("largest", tr("Largest deviation"), proof.largest_mm, "mm", decimals=2, clickable=False),
    ]
    for number in range(len(proof.volumes)):
        name, words = volume_words(proof, number)
        rows.append(TableRow(f"volume_{number}", name, words, "%", clickable=False))
    name = tr("Dice, {part}", part=inside(spoken_part(proof.dice_of)))
    return [*rows, TableRow("dice", name, text_value(proof.dice, 3), "", clickable=False)]
