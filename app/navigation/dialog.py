"""The line to a navigation system: where it is, what it is shown, and what is connected now."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from app.dialogs.sheet import Sheet, close_button
from app.i18n import local, mark, said, tr
from app.navigation.line import CONNECTED
from app.navigation.navigator import AXES, Navigator, sendable_plans
from app.panels.cards import Callout
from app.panels.labels import IconButton, paragraph
from app.panels.rows import FieldRow, choice_box
from app.plan_titles import titled
from app.texts import error_text
from planning.case.standing import standing_of
from planning.errors import TheatrumError
from planning.navigation.tools import MOST_TOOLS

# what is pasted may be of any length, which no number is
MOST_PORT, PORT_FIGURES = 65535, 12
REFRESH_MS = 250
NO_PLAN = mark("No plan: only take the tools' places")


class NavigationDialog(Sheet):
    """Connects and disconnects a page's `Navigator`; closing it leaves the line as it is."""

    enter_accepts = False

    def __init__(self, navigator: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(parent, "navigation_dialog", tr("Navigation system"), 540)
        self._navigator = navigator
        self.add_heading(tr("Navigation system"))
        self.body.addWidget(
            paragraph(
                tr(
                    "Shows a plan's points, lines and planes to a system that listens for OpenIGTLink, "
                    "and draws where its tools are."
                )
            )
        )
        self.warning = Callout("navigation_warning")
        self.warning.show_note(
            tr("Research use only: never steer by it"),
            tr(
                "Nothing checks that the patient lies as on the scan. "
                "The line is not secured, and whoever answers at the address is believed."
            ),
            "warn",
        )
        self.body.addWidget(self.warning)
        self.host = self._field("navigation_host", tr("Host"), navigator.address)
        self.port = self._field("navigation_port", tr("Port"), str(navigator.port))
        self.port.setMaxLength(PORT_FIGURES)
        self._host_row = FieldRow(mark("Host"), self.host, wide=True)
        self._port_row = FieldRow(mark("Port"), self.port, wide=True)
        self._plans = ("", *sendable_plans(navigator.session))
        self.plan = choice_box("navigation_plan", mark("What is sent"), [])
        self.plan.addItems([self._plan_title(name) if name else tr(NO_PLAN) for name in self._plans])
        wanted = navigator.plan if navigator.is_on else (navigator.plan or self._plans[-1])
        self.plan.setCurrentIndex(max(self._plans.index(wanted) if wanted in self._plans else 0, 0))
        self.plan.currentIndexChanged.connect(self._show)
        self.axis = choice_box("navigation_axis", mark("Tools' axis, tip to hand"), [])
        self.axis.addItems([tr("Not known"), *AXES])
        self._axes = ("", *AXES)
        self.axis.setCurrentIndex(self._axes.index(navigator.along))
        self.axis.currentIndexChanged.connect(self._axis_chosen)
        for row in (
            self._host_row,
            self._port_row,
            FieldRow(mark("What is sent"), self.plan, wide=True),
            FieldRow(mark("Tools' axis, tip to hand"), self.axis, wide=True),
        ):
            self.body.addWidget(row)
        self.sent = paragraph("")
        self.body.addWidget(self.sent)
        self.state = Callout("navigation_state")
        self.body.addWidget(self.state)
        self.why_not = paragraph("")
        self.why_not.setObjectName("navigation_why_not")
        self.body.addWidget(self.why_not)
        self.disconnect_button = IconButton("navigation_disconnect", tr("Disconnect"))
        self.disconnect_button.clicked.connect(navigator.stop)
        self.connect_button = IconButton("navigation_connect", tr("Connect"), kind="main")
        self.connect_button.setAutoDefault(False)
        self.connect_button.clicked.connect(self._connect)
        self._close = close_button(self)
        self.add_buttons(self._close, self.disconnect_button, self.connect_button)
        navigator.changed.connect(self._show)
        # the ages of tools
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self._show)
        self._timer.start()
        self._shown: tuple[object, ...] = ()
        self._show()

    def first_focus(self) -> QWidget | None:
        """The safe way out."""
        return self._close

    def _field(self, name: str, words: str, text: str) -> QLineEdit:
        field = QLineEdit(text)
        field.setObjectName(name)
        field.setAccessibleName(words)
        field.textEdited.connect(self._show)
        return field

    def _plan_title(self, name: str) -> str:
        return titled(self._navigator.session.case.plans[name].kind, name)

    def _axis_chosen(self, at: int) -> None:
        self._navigator.along = self._axes[at]

    def _chosen_plan(self) -> str:
        return self._plans[max(self.plan.currentIndex(), 0)]

    def blocked(self) -> str:
        """Why nothing can be connected now, "" where it can."""
        port = self.port.text().strip()
        if self._navigator.is_on:
            return tr("Disconnect first to change where it goes and what is sent.")
        if not self.host.text().strip():
            return tr("Type the host: an address or a computer's name.")
        if not (port.isascii() and port.isdigit() and 1 <= int(port) <= MOST_PORT):
            return tr("The port is a whole number from 1 to {most}.", most=MOST_PORT)
        return ""

    def _connect(self) -> None:
        if self.blocked():
            return
        try:
            self._navigator.start(self.host.text().strip(), int(self.port.text()), self._chosen_plan())
        except TheatrumError as error:
            self._navigator.error = error
        self._show()

    def _show(self) -> None:
        navigator, blocked = self._navigator, self.blocked()
        self.connect_button.setEnabled(not blocked)
        self.connect_button.setToolTip(blocked)
        self.disconnect_button.setEnabled(navigator.is_on)
        self.disconnect_button.setToolTip("" if navigator.is_on else tr("Nothing is connected."))
        for widget in (self.host, self.port, self.plan):
            widget.setEnabled(not navigator.is_on)
        title, text, state = self._state_words()
        now = (title, text, state, blocked, self._sent_words())
        if now == self._shown:
            return
        self._shown = now
        self.state.show_note(title, text, state)
        self.why_not.setText(blocked)
        self.why_not.setVisible(bool(blocked))
        self.sent.setText(self._sent_words())
        self.adjustSize()
        self._centre()

    def _sent_words(self) -> str:
        name, case = self._chosen_plan(), self._navigator.session.case
        if not name:
            return tr("This case has no plan with points, lines or planes.") if len(self._plans) == 1 else ""
        if name not in case.plans:
            return ""
        findings = standing_of(case, case.plans[name]).findings()
        words = tr(
            "Its points, lines and planes as the case has them when it connects; no image and no patient's name."
        )
        return " ".join((words, *(f"{said(finding.text)}." for finding in findings)))

    def _state_words(self) -> tuple[str, str, str]:
        navigator = self._navigator
        partner = f"{navigator.address}:{navigator.port}"
        if not navigator.is_on:
            if navigator.error is None:
                return tr("Not connected"), "", ""
            words = error_text(navigator.error)
            return words.title, " ".join(part for part in (words.text, words.hint) if part), "bad"
        if navigator.phase != CONNECTED:
            return tr("Connecting to {partner}", partner=partner), "", "warn"
        lines = [self._tool_words()]
        if navigator.has_changed:
            lines.append(
                tr("The navigation system has plan {name} as it was: disconnect and connect again", name=navigator.plan)
            )
        if navigator.left_out:
            lines.append(
                tr("The navigation system tells of more than {most} tools: not all are shown", most=MOST_TOOLS)
            )
        state = (
            "warn"
            if navigator.has_changed or navigator.left_out or any(tool.is_stale for tool in navigator.tools)
            else "ok"
        )
        return tr("Connected to {partner}", partner=partner), "\n".join(lines), state

    def _tool_words(self) -> str:
        tools = self._navigator.tools
        if not tools:
            return tr("No tool yet.")
        return "\n".join(
            local(tr("{name}: stale, {seconds} s", name=tool.name, seconds=f"{tool.age_s:.1f}"))
            if tool.is_stale
            else tr("{name}: its place is fresh", name=tool.name)
            for tool in tools
        )
