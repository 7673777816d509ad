"""A panel that leads through steps: which one is open, which are accepted, what its buttons do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n import mark, said, tr
from app.panels.base import Planner
from app.panels.parts import PanelAction, PanelFrame, StepInfo
from app.panels.standing import StandingCard, StandingWords
from app.panels.trust_gate import TrustGate
from app.session import Session
from planning.case.commands import TickStructure
from planning.case.trust import not_looked_at

FIRST_LOOK = mark("Look at what the model is not sure of first")
NOTHING_TO_ACCEPT = mark("There is nothing to accept in this step")
NOTHING_TO_EDIT = mark("There is nothing to edit in this step")
FIRST_STEP, LAST_STEP = mark("This is the first step"), mark("This is the last step")
COMES_LATER = mark("Earlier steps come first")


@dataclass(frozen=True, slots=True)
class StepActions:
    """The footer of a step. hint: the keys."""

    main: PanelAction | None
    secondary: tuple[PanelAction, ...] = ()
    hint: str = ""
    back: str = mark("Back")

    def signature(self) -> tuple[object, ...]:
        """Equal when the buttons look and answer alike."""

        def sign(action: PanelAction) -> tuple[object, ...]:
            return (action.id, action.text, action.icon, action.blocked, action.key)

        return (None if self.main is None else sign(self.main), tuple(map(sign, self.secondary)), self.hint, self.back)


class Step(QObject):
    """One step of a guided panel: its widgets, and what it says of itself."""

    name = ""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.hero: QWidget | None = None
        self.body: QWidget = QWidget()

    def result(self) -> str:
        """The step's result in words, "" while it has none."""
        return ""

    def is_reachable(self) -> bool:
        """True when the person may go there."""
        return True

    def refresh(self) -> None:
        """Show the state of now."""

    def actions(self) -> StepActions:
        """The footer now."""
        return StepActions(None)

    def entered(self) -> None:
        """The step is open now."""

    def left(self) -> None:
        """Another step is open now."""


@dataclass(slots=True)
class Progressed:
    """Where a person stands in the steps; kept while the case is open, not in the case."""

    current: int = 0
    accepted: set[int] = field(default_factory=set)


class GuidedPlanner(Planner):
    """A Planner of steps. Subclasses make the steps, set the title and call `start_steps`."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.frame = PanelFrame()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.frame)
        self.steps: tuple[Step, ...] = ()
        self.where = Progressed()
        self._footer: tuple[object, ...] = ()
        self._gate: TrustGate | None = None
        self._standing: StandingCard | None = None
        self._waits = False
        self.frame.step_chosen.connect(self.go_to)
        self.frame.back.connect(self.previous_step)

    def start_steps(self, steps: Sequence[Step]) -> None:
        """The steps in their order; the first is open."""
        self.steps = tuple(steps)
        for step in steps:
            self.frame.add_page(step.hero, step.body)
        self.frame.show_page(0)

    @property
    def step(self) -> Step:
        """The open step."""
        return self.steps[self.where.current]

    def refresh(self) -> None:
        """Show the open step and all steps' results as they are now."""
        self.step.refresh()
        self.show_gate()
        self.show_standing()
        self.show_steps()
        self.show_actions()

    def used_structures(self) -> tuple[str, ...]:
        """Structures of the case that the plan is made of."""
        return ()

    def show_gate(self) -> None:
        """Ask about structures of the plan that a model found and is not sure of."""
        names = not_looked_at(self.session.case, self.used_structures())
        self._waits = bool(names)
        if names and self._gate is None:
            self._gate = TrustGate()
            self._gate.use_asked.connect(lambda name: self.session.do(TickStructure(name)))
            self._gate.look_asked.connect(self._look_at)
            self.frame.add_above(self._gate)
        if self._gate is not None:
            self._gate.show_structures(self.session.case, names)

    def standing_words(self) -> StandingWords | None:
        """What to say of a plan whose stored numbers are not those of now; None where they are."""
        return None

    def take_new_numbers(self) -> None:
        """Measure the plan again and keep that, as one step."""

    def show_standing(self) -> None:
        """The card above the steps, made when there is first something to say."""
        words = self.standing_words()
        if words is not None and self._standing is None:
            self._standing = StandingCard()
            self._standing.taken.connect(self.take_new_numbers)
            self.frame.add_above(self._standing)
        if self._standing is not None:
            self._standing.show_words(words)

    def _look_at(self, name: str) -> None:
        """Fly to a structure, its doubtful places hatched."""
        if self.session.case.structures[name].doubt is not None:
            self.session.view.set(label_style="doubt")
        self.session.view.set(hidden=self.session.view.state.hidden - {name})
        self.fly_asked.emit(self.session.mask(name).centroid_mm())

    def show_steps(self) -> None:
        """The stepper only."""
        infos = [
            StepInfo(tr(step.name), said(step.result()), n in self.where.accepted, step.is_reachable())
            for n, step in enumerate(self.steps)
        ]
        self.frame.set_steps(infos, self.shown_step)

    @property
    def shown_step(self) -> int:
        """Number of the step that is open, -1 while something else stands in its place."""
        return self.where.current

    def show_actions(self) -> None:
        """The footer only; equal buttons stay the same widgets."""
        actions = self.step.actions()
        if self._waits and actions.main is not None:
            actions = replace(actions, main=replace(actions.main, blocked=FIRST_LOOK))
        if self.where.current == 0 and actions.back == "Back":
            actions = StepActions(actions.main, actions.secondary, actions.hint, "")
        signature = (self.where.current, *actions.signature())
        if signature != self._footer:
            self._footer = signature
            self.frame.set_actions(actions.main, actions.secondary, actions.hint, actions.back)

    def go_to(self, number: int) -> None:
        """Open a step."""
        if not 0 <= number < len(self.steps) or not self.steps[number].is_reachable():
            return
        if number != self.where.current:
            self.step.left()
            self.where.current = number
            self.frame.show_page(number)
            self.step.entered()
        self.refresh()
        self.scene_changed.emit()

    def accept_step(self) -> None:
        """The open step is accepted; the next one opens and its main action takes the keyboard."""
        self.where.accepted.add(self.where.current)
        if self.where.current + 1 < len(self.steps):
            self.go_to(self.where.current + 1)
        else:
            self.refresh()
        self.frame.focus_main()

    def accept(self) -> None:
        """Enter: what the main button does, or why it cannot be pressed."""
        main = self.step.actions().main
        if main is None:
            self._tell(NOTHING_TO_ACCEPT)
        elif self._waits or main.blocked:
            self._tell(FIRST_LOOK if self._waits else main.blocked)
        else:
            main.run()

    def edit(self) -> None:
        """E: what the first secondary button does, or why it cannot be pressed."""
        action = next(iter(self.step.actions().secondary), None)
        if action is None:
            self._tell(NOTHING_TO_EDIT)
        elif action.blocked:
            self._tell(action.blocked)
        else:
            action.run()

    def next_step(self) -> None:
        """Ctrl+PgDn."""
        following = self.where.current + 1
        if following >= len(self.steps):
            self._tell(LAST_STEP)
        elif not self.steps[following].is_reachable():
            self._tell(COMES_LATER)
        else:
            self.go_to(following)

    def previous_step(self) -> None:
        """Ctrl+PgUp, Back."""
        if self.where.current == 0:
            self._tell(FIRST_STEP)
        else:
            self.go_to(self.where.current - 1)

    def _tell(self, words: str) -> None:
        """One line for the strip: words of the catalogue or of a step, which may end without a full stop."""
        self.session.said.emit(f"{said(words).rstrip('.')}.")

    def entered(self) -> None:
        """The panel is shown."""
        self.step.entered()
        self.refresh()

    def left(self) -> None:
        """The panel is hidden."""
        self.step.left()
