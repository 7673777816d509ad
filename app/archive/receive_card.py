"""The receiving switch with what it means: who can reach it, what came in, who was turned away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.archive.own_dialog import reach_words
from app.archive.receiver import Received, Receiver
from app.i18n import said, tr
from app.panels.labels import ElidedLabel, IconButton, IconMark, paragraph, plain_tip
from app.texts import error_text
from app.theme.style import set_kind
from planning.errors import TheatrumError
from planning.pacs.node import Own

SHOWN_FAULTS = 1


class ReceiveCard(QFrame):
    """`switched` with whether it shall be on; `own_asked`: the person wants other settings; `open_asked`: what came."""

    switched = Signal(bool)
    own_asked = Signal()
    open_asked = Signal()

    def __init__(self, receiver: Receiver, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._receiver = receiver
        self._own, self._error = Own(), ""
        self.setObjectName("archive_receive_card")
        self.setAccessibleName(tr("Receive images"))
        set_kind(self, "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(8)
        self._sign = IconMark("download", "t3", 16)
        head.addWidget(self._sign)
        head.addWidget(ElidedLabel(tr("Receive images"), "strong"), 1)
        self.switch = IconButton("archive_receive", tr("Switch on"))
        self.switch.clicked.connect(lambda: self.switched.emit(not self._receiver.is_on))
        column.addLayout(head)
        self._where = ElidedLabel("", "label")
        self._where.setObjectName("archive_receive_where")
        self._reach = paragraph("", "hint")
        self._reach.setObjectName("archive_receive_reach")
        self.only_known = QCheckBox(tr("Only known archives"))
        self.only_known.setObjectName("archive_only_known")
        self.only_known.setToolTip(tr("Others are turned away by their AE title"))
        self.only_known.setChecked(True)
        self._came = paragraph("", "label")
        self._came.setObjectName("archive_receive_came")
        self._faults = paragraph("", "hint")
        self._faults.setObjectName("archive_receive_faults")
        for widget in (self._where, self._reach, self.only_known):
            column.addWidget(widget)
        self.open = IconButton("archive_receive_open", tr("Open"), kind="inline")
        self.open.clicked.connect(self.open_asked)
        came = QHBoxLayout()
        came.addWidget(self._came, 1)
        came.addWidget(self.open, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(came)
        column.addWidget(self._faults)
        foot = QHBoxLayout()
        self._settings = IconButton("archive_own", tr("Set up …"), kind="inline")
        self._settings.setToolTip(tr("What this computer is called, and who can send to it"))
        self._settings.clicked.connect(self.own_asked)
        foot.addWidget(self._settings, 0, Qt.AlignmentFlag.AlignLeft)
        foot.addStretch(1)
        foot.addWidget(self.switch)
        column.addLayout(foot)
        receiver.changed.connect(self.refresh)

    def show_own(self, own: Own) -> None:
        """Where it would receive, or does."""
        self._own = own
        self.refresh()

    def complain(self, error: TheatrumError | None) -> None:
        """Why it cannot be switched on; None takes it away."""
        words = error_text(error) if error is not None else None
        self._error = (
            "" if words is None else " ".join(part for part in (f"{words.title}.", words.text, words.hint) if part)
        )
        self.refresh()

    def refresh(self) -> None:
        """What is so now."""
        receiver, own = self._receiver, self._own
        on = receiver.is_on
        self.switch.setText(tr("Switch off") if on else tr("Switch on"))
        self.switch.setAccessibleName(tr("Receive images: switch off") if on else tr("Receive images: switch on"))
        self._sign.set_icon("download", "ok" if on else "t3")
        place = tr("{title}, port {port}", title=own.title, port=own.port)
        self._where.setText(tr("On · {place}", place=place) if on else tr("Off · {place}", place=place))
        secured = tr("The line is secured (TLS).") if own.tls is not None else ""
        self._reach.setText(" ".join(part for part in (reach_words(own), secured) if part))
        self._reach.setVisible(on)
        # it is asked for when the switch is used
        self.only_known.setVisible(not on)
        self._settings.setVisible(not on)
        whole = receiver.whole
        self._came.setText(came_words(whole) if whole.images else tr("Nothing came yet."))
        self._came.setVisible(on or whole.images > 0)
        self.open.setVisible(whole.images > 0)
        self._show_faults()

    def _show_faults(self) -> None:
        receiver = self._receiver
        lines = [self._error] if self._error else []
        if receiver.refused:
            lines.append(tr("%n image(s) refused.", "", receiver.refused) + f" {tr(receiver.refusal)}.")
        # who is turned away tries again and again
        faults = list(dict.fromkeys(reversed(receiver.faults)))
        lines += [f"{said(fault)}." for fault in faults[:SHOWN_FAULTS]]
        self._faults.setText("\n".join(lines))
        self._faults.setToolTip(plain_tip("\n".join(said(fault) for fault in faults)))
        self._faults.setVisible(bool(lines))
        set_kind(self._faults, "hint", "bad" if self._error else "warn" if lines else "")


def came_words(received: Received) -> str:
    """ "3 series received, 320 images"."""
    series = tr("%n (series|series) received", "", len(received.series))
    return f"{series}, {tr('%n image(s)', '', received.images)}"
