"""What a case read and nobody holds any more is let go when a minute passed without a change of it or a job's end.

Texts that panes drew go a minute after the last change of what is seen.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app import out_of_sight
from app.allocator import give_back
from app.session import Session
from planning.edge import forget_nets
from viewers.pane_look import forget_texts


class AtRest(QObject):
    """Lives with a case's page.

    Exports, reports and steps that were undone leave images and masks that undo or the next report would find at once:
    for the sample heart 20 to 50 MB. After a minute they are read from the file again, in a tenth of a second.
    """

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._timer = QTimer(self, singleShot=True, interval=out_of_sight.AFTER_MS)
        self._timer.timeout.connect(self._let_go)
        session.changed.connect(self._again)
        session.jobs.finished.connect(self._again)
        # a timer of its own: films of phases are no reason to keep or to read images again
        self._texts = QTimer(self, singleShot=True, interval=out_of_sight.AFTER_MS)
        self._texts.timeout.connect(self._let_go_of_texts)
        session.view.changed.connect(self._seen)
        for timer in (self._timer, self._texts):
            timer.start()

    def _again(self, _: object) -> None:
        self._timer.start()

    def _seen(self, *_: object) -> None:
        self._texts.start()

    def _let_go(self) -> None:
        if self._session.jobs.active:
            # one that reads phase after phase needs them, and its end begins another minute
            self._timer.start()
            return
        self._session.forget_former()
        # 20 MB after a heart's vessels were measured
        forget_nets()
        give_back()

    def _let_go_of_texts(self) -> None:
        forget_texts()
        give_back()
