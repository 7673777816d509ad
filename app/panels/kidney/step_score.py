"""Step 2 of the kidney panel: the five letters, each with the slice that proves it, and the contact surface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.i18n import local, mark, said, text_quantity, tr
from app.panels import definitions
from app.panels.guide import StepActions
from app.panels.kidney.drawing import KEY, letter_items
from app.panels.kidney.step import KidneyStep
from app.panels.labels import judge_most
from app.panels.parts import Callout, HeroNumber, NumberTable, PanelAction, TableRow, page, paragraph, plain
from app.panels.rows import Heading, choice_box
from planning.geometry import Plane
from planning.kidney.letters import LIMITS, NAMES
from planning.units import THIN_SPACE
from viewers.overlay import PlanItem
from viewers.view_state import PaneView

if TYPE_CHECKING:
    from app.panels.kidney.panel import KidneyPanel
    from planning.kidney.letters import Letter
    from planning.kidney.score import KidneyTumor

REACH_MM = 110.0
# what the name of the letter does not say yet
DETAILS = {"R": mark("The longest way across the tumour"), "E": mark("Of its volume"), "N": mark("The least distance")}
STATES = {"low": "ok", "moderate": "warn", "high": "bad", "not known": ""}


class ScoreStep(KidneyStep):
    """2: R.E.N.A.L. of each tumour."""

    name = mark("Score")

    def __init__(self, panel: KidneyPanel) -> None:
        super().__init__(panel)
        self.hero = self._hero = HeroNumber(definitions.RENAL_SUM)
        self._waiting = paragraph("", "hint")
        self.tumor = choice_box("renal_tumor", tr("Tumour"), ())
        self.tumor.activated.connect(self._tumor_chosen)
        self.letters = NumberTable(definitions.KIDNEY_SCORE)
        self.letters.setObjectName("renal_letters")
        self.letters.row_clicked.connect(self.show_letter)
        self._limits = paragraph("", "hint")
        self._doubt = Callout("renal_doubt")
        self._contact_head = Heading(tr("Contact with the parenchyma"))
        self.contact = NumberTable(definitions.KIDNEY_CONTACT)
        self.contact.setObjectName("renal_contact")
        self._source = paragraph(
            tr("R.E.N.A.L.: Kutikov and Uzzo, J Urol 2009. Click a letter to see its slice."), "hint"
        )
        self.body = page(
            self._waiting,
            self.tumor,
            self.letters,
            self._limits,
            self._doubt,
            self._contact_head,
            self.contact,
            self._source,
        )
        self._at, self._letter = 1, ""
        # a letter was asked for before the kidney was ready
        self._waits = False

    # what is shown

    @property
    def score(self) -> KidneyTumor | None:
        """The chosen tumour's score."""
        scores = self.work.scores
        return next((one for one in scores if one.tumor.id == self._at), scores[0] if scores else None)

    @property
    def letter(self) -> Letter | None:
        """The letter whose slice is shown."""
        score = self.score
        return None if score is None else next((one for one in score.letters if one.letter == self._letter), None)

    def is_reachable(self) -> bool:
        """With a kidney."""
        return bool(self.work.draft.roles.organ)

    def result(self) -> str:
        """ "9a", of the first tumour."""
        scores = self.work.scores
        return score_words(scores[0]) if scores else ""

    def entered(self) -> None:
        """The first letter's slice, unless another was looked at."""
        self.show_letter(self._letter or "R")

    def left(self) -> None:
        """The slices stand straight again."""
        if self.panel.session.view.state.frame_name == KEY:
            self.panel.look_at_kidney()

    def refresh(self) -> None:
        """The letters of the chosen tumour."""
        scores, score = self.work.scores, self.score
        if self._waits and self.letter is not None and self.panel.step is self:
            self.show_letter(self._letter)
            return
        words = self.waiting_words() or (
            tr("No tumour is chosen.") if self.work.model is not None and not scores else ""
        )
        self._waiting.setText(words)
        self._waiting.setVisible(bool(words))
        names = [f"T{one.tumor.id}, {text_quantity(one.tumor.volume_ml, 'ml')}" for one in scores]
        if names != [self.tumor.itemText(n) for n in range(self.tumor.count())]:
            self.tumor.clear()
            self.tumor.addItems(names)
        self.tumor.setVisible(len(scores) > 1)
        for widget in (self.letters, self._limits, self._contact_head, self.contact, self._source):
            widget.setVisible(score is not None)
        if score is None:
            self._hero.set_text("R.E.N.A.L.", "–", stale=bool(words))
            self._doubt.clear()
            return
        self.tumor.setCurrentIndex(scores.index(score))
        self._hero.set_text(
            tr("R.E.N.A.L. of T{id}", id=score.tumor.id),
            score_words(score),
            note=complexity_words(score),
            state=STATES[score.complexity],
        )
        self.letters.set_rows([letter_row(one) for one in score.letters])
        self.letters.set_selected(f"renal_{self._letter}")
        self._limits.setText(f"{self._letter}: {said(LIMITS[self._letter])}." if self._letter else "")
        doubts = [one.doubt for one in score.letters if one.doubt]
        if doubts:
            self._doubt.show_note(tr("Close to a limit"), f"{'. '.join(map(said, doubts))}.", "warn")
        else:
            self._doubt.clear()
        self.contact.set_rows(contact_rows(score))

    def items(self) -> tuple[PlanItem, ...]:
        """What proves the letter."""
        letter = self.letter
        return () if letter is None or KEY in self.panel.session.view.state.hidden else letter_items(letter)

    # the hand

    def _tumor_chosen(self, row: int) -> None:
        self._at = self.work.scores[row].tumor.id
        self.show_letter(self._letter or "R")

    def show_letter(self, key: str) -> None:
        """Turn the panes to the slice that proves a letter."""
        self._letter = key.removeprefix("renal_")
        letter = self.letter
        self._waits = letter is None
        if letter is not None and letter.slice is not None:
            self._turn_to(letter.slice, is_straight=self._letter in ("E", "A", "L"))
        self.refresh()
        self.panel.scene_changed.emit()

    def _turn_to(self, plane: Plane, *, is_straight: bool) -> None:
        """The panes to a slice; a coronal one is seen in the coronal pane of straight slices."""
        view = self.panel.session.view
        view.align(KEY, plane.origin_mm, (0.0, 0.0, 1.0) if is_straight else plane.normal, REACH_MM)
        if is_straight and abs(float(plane.normal[1])) > 0.5:
            view.set_pane("coronal", PaneView(self.panel.middle_mm(), reach_mm=self.panel.reach_mm()))
            view.set(active="coronal")
        else:
            view.set(active="axial")

    def actions(self) -> StepActions:
        """Accept score."""
        blocked = "" if self.work.model is not None or self.work.problem is not None else tr("Preparing the kidney")
        return StepActions(
            PanelAction("accept_score", tr("Accept score"), self.panel.accept_step, blocked=blocked, key="Enter"),
            hint=tr("Enter accepts"),
        )


def score_words(score: KidneyTumor) -> str:
    """ "9a"; "–" where a letter is not known."""
    return "–" if score.total is None else f"{score.total}{score.suffix}"


def complexity_words(score: KidneyTumor) -> str:
    """ "moderate, 8 to 10 possible"."""
    totals = score.possible_totals
    within = tr(", {totals} to {totals2} possible", totals=totals[0], totals2=totals[-1]) if len(totals) > 1 else ""
    return f"{score.complexity}{within}"


def letter_row(letter: Letter) -> TableRow:
    """A letter: what was measured, its points, and both where its ± leaves a choice."""
    points = "" if letter.points is None else tr("%n point(s)", "", letter.points)
    if letter.letter == "A":
        value, unit, spread = ("–" if letter.value is None else str(letter.value)), "", ""
    elif isinstance(letter.value, float):
        value, unit = local(letter.number(letter.value)), letter.unit.split(" ")[0]
        spread = "" if letter.uncertainty is None else local(letter.number(letter.uncertainty))
    else:
        value, unit, spread = "–", "", ""
    is_open = len(letter.possible) > 1
    status = tr(" or ").join(str(one) for one in letter.possible) if is_open else points
    return TableRow(
        f"renal_{letter.letter}",
        f"{letter.letter}{THIN_SPACE}{THIN_SPACE}{said(NAMES[letter.letter])}",
        value,
        unit,
        spread,
        state="warn" if is_open else "",
        detail=detail_words(letter),
        status=status,
        reason="" if letter.at_mm else letter.text,
        clickable=bool(letter.at_mm),
    )


def detail_words(letter: Letter) -> str:
    """What was measured, in few words."""
    is_plain = letter.letter in DETAILS and "hollow" not in letter.text and letter.value is not None
    return DETAILS[letter.letter] if is_plain else letter.text[:1].upper() + letter.text[1:]


def contact_rows(score: KidneyTumor) -> list[TableRow]:
    """The surface beside parenchyma, and the formula as a cross-check."""
    from planning.kidney.score import COMPLEX_CONTACT_CM2

    is_complex = score.contact_cm2 >= COMPLEX_CONTACT_CM2
    is_close = judge_most(score.contact_cm2, score.contact_uncertainty_cm2, COMPLEX_CONTACT_CM2) == "warn"
    words = ""
    if is_complex:
        words = tr("{COMPLEX_CONTACT_CM2:g} or more: complex", COMPLEX_CONTACT_CM2=COMPLEX_CONTACT_CM2)
    elif is_close:
        words = tr("close to {limit:g}", limit=COMPLEX_CONTACT_CM2)
    return [
        TableRow(
            "contact",
            tr("On the surface"),
            plain(score.contact_cm2, "cm²"),
            "cm²",
            plain(score.contact_uncertainty_cm2, "cm²"),
            state="warn" if words else "",
            status=words,
            clickable=False,
        ),
        TableRow("contact_formula", tr("2πrd, a cross-check"), plain(score.formula_cm2, "cm²"), "cm²", clickable=False),
    ]
