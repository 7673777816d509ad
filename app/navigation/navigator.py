"""What a case's page knows of a navigation system. It is display state: never in the case, never in undo."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app.i18n import tr
from app.navigation.line import CONNECTED, CONNECTING, ENDED, NavigationLine
from app.panes.look import pane_look
from app.session import Session
from app.texts import error_text
from app.theme.tokens import TOOLS
from app.went_out import NAVIGATION, note_in_window
from planning.case.model import PlanRecord
from planning.case.standing import told_plan
from planning.errors import CaseError, TheatrumError
from planning.geometry import Vector
from planning.navigation.messages import LPS_TO_RAS, Message
from planning.navigation.plan_out import plan_messages
from planning.navigation.tools import ToolState
from viewers.scene_pane import ScenePane
from viewers.slice_pane import SlicePane
from viewers.tool_layer import ToolLayer, ToolMark

# at most this often do panes draw a tool anew
TICK_MS = 50
OFF = "off"
AXES: Mapping[str, tuple[float, float, float]] = {
    "+x": (1, 0, 0), "−x": (-1, 0, 0), "+y": (0, 1, 0), "−y": (0, -1, 0), "+z": (0, 0, 1), "−z": (0, 0, -1),
}  # fmt: skip


def messages_of(session: Session, name: str) -> list[Message]:
    """What of a plan is shown, with the warnings' plan as it is told to others. Raises CaseError where there is nothing."""
    plan = told_plan(session.case, session.case.plans[name])
    return plan_messages(plan.name, plan.kind, plan.results, plan.inputs)


def sendable_plans(session: Session) -> tuple[str, ...]:
    """Names of the plans that have points, lines or planes."""
    found = []
    for name in session.case.plans:
        try:
            messages_of(session, name)
        except CaseError:
            continue
        found.append(name)
    return tuple(found)


def tool_axis(tool: ToolState, along: str) -> Vector | None:
    """(3,) unit, LPS, from the tip to the hand, where a person said which axis that is and the partner tells a turn.

    A partner that tells a place alone sends no turn at all, which is read as none.
    """
    turn = tool.pose[:3, :3]
    if along not in AXES or np.array_equal(turn, LPS_TO_RAS[:3, :3]):
        return None
    return np.asarray(turn @ np.array(AXES[along], dtype=np.float64))


class Navigator(QObject):
    """Holds the line and draws its tools over these panes. `changed`: what a dialog says is different."""

    changed = Signal()

    def __init__(
        self, session: Session, panes: Mapping[str, SlicePane | ScenePane], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.session, self._panes = session, panes
        self._line: NavigationLine | None = None
        self._sent: PlanRecord | None = None
        self._colors: dict[str, str] = {}
        self._told_change = False
        self.layers: tuple[ToolLayer, ...] = ()
        self.phase, self.address, self.port, self.plan = OFF, "127.0.0.1", 18944, ""
        # the axis of a tool that points from its tip to the hand, "" where nobody said so
        self.along = ""
        self.error: TheatrumError | None = None
        self.tools: tuple[ToolState, ...] = ()
        self.left_out = False
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        session.changed.connect(self._on_change)

    @property
    def is_on(self) -> bool:
        """Whether a line is there or being made."""
        return self._line is not None

    @property
    def has_changed(self) -> bool:
        """Whether the plan in the case is not the one that was sent any more."""
        return self._sent is not None and self.session.case.plans.get(self._sent.name) is not self._sent

    def start(self, address: str, port: int, plan: str) -> None:
        """Go to a partner; plan: whose places it is shown, "" for none. Raises CaseError."""
        messages = messages_of(self.session, plan) if plan else []
        self.stop()
        self.address, self.port, self.plan = address, port, plan
        self._sent = self.session.case.plans[plan] if plan else None
        self._told_change, self.error = False, None
        self._line = NavigationLine(messages, address, port)
        # the thread may be further already: what follows from that is done at the first look
        self.phase = CONNECTING
        self._timer.start()
        self.changed.emit()

    def stop(self) -> None:
        """Leave the partner; its tools are gone at once."""
        line, self._line = self._line, None
        if line is None:
            return
        line.stop()
        self._timer.stop()
        self.phase, self.tools, self.left_out, self._sent = OFF, (), False, None
        self._colors.clear()
        for layer in self.layers:
            layer.hide()
            layer.deleteLater()
        self.layers = ()
        self.changed.emit()

    def relook(self) -> None:
        """Theme or text scale changed."""
        for layer in self.layers:
            layer.set_look(pane_look())

    def _tick(self) -> None:
        if self._line is None:
            return
        seen, before = self._line.seen, self.phase
        if seen.phase == ENDED:
            self.error = seen.error
            self.stop()
            if seen.error is not None:
                words = error_text(seen.error)
                self.session.said.emit(tr("Navigation system: {what}", what=words.title))
                self.changed.emit()
            return
        self.phase, names = seen.phase, (self.left_out, *(tool.name for tool in self.tools))
        self.tools, self.left_out = seen.tools_at(time.monotonic()), seen.left_out
        if self.phase == CONNECTED and before != CONNECTED:
            self.layers = tuple(ToolLayer(pane, pane_look()) for pane in self._panes.values())
            if self._sent is not None:
                note_in_window(self.session.document, "plan", NAVIGATION)
            self.session.said.emit(
                tr("Connected to {partner}. Research use only: never steer by it.", partner=self._partner())
            )
        marks = tuple(self._mark(tool) for tool in self.tools)
        for layer in self.layers:
            layer.set_marks(marks)
        if self.phase != before or names != (self.left_out, *(tool.name for tool in self.tools)):
            self.changed.emit()

    def _partner(self) -> str:
        return f"{self.address}:{self.port}"

    def _mark(self, tool: ToolState) -> ToolMark:
        if tool.name not in self._colors:
            self._colors[tool.name] = TOOLS[len(self._colors) % len(TOOLS)]
        return ToolMark(
            name=tool.name or tr("Tool"),
            tip_mm=tool.pose[:3, 3],
            color=self._colors[tool.name],
            axis=tool_axis(tool, self.along),
            # rounded up, so that none is called younger than it is
            stale_s=float(np.ceil(tool.age_s * 10.0 - 1e-6) / 10.0) if tool.is_stale else None,
        )

    def _on_change(self, _: object) -> None:
        if self.has_changed and not self._told_change:
            self._told_change = True
            self.session.said.emit(
                tr("The navigation system has plan {name} as it was: disconnect and connect again", name=self.plan)
            )
        self.changed.emit()
