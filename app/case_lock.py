"""Encrypted cases in the window: asking for the pass-phrase, and encrypting the open case, under another one or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMenu

from app.dialogs.message import ConfirmDialog
from app.dialogs.passphrase import NewPassphraseDialog, PassphraseDialog
from app.i18n import mark, tr
from app.jobs import Job
from app.sealed import take_in
from app.texts import error_text
from app.theme.icons import icon
from app.theme.style import color
from planning.case.keys import CaseKey, header_of, remember, unlock
from planning.errors import TheatrumError
from planning.progress import CancelToken, Progress

if TYPE_CHECKING:
    from app.workstation import Workstation


class CaseLock:
    """What the window does with pass-phrases. All long work is a job; the case is closed while its file is rewritten."""

    def __init__(self, window: Workstation) -> None:
        self._window = window

    # opening

    def ask(self, path: Path, label: str, then: Callable[[], None]) -> None:
        """Ask for a case's pass-phrase until it opens; `then` when it does, nothing when a person leaves."""

        # the dialog itself is gone once it is left
        left = CancelToken()

        def tried(typed: str) -> None:
            self._window.jobs.submit(
                Job(
                    key="unlock",
                    of_case=False,
                    title=tr("Opening the case"),
                    work=lambda progress, cancel: unlock(path, typed),
                    done=lambda key: dialog.accept(),
                    failed=failed,
                    still_wanted=lambda: not left.is_set,
                    quiet=True,
                    computes=False,
                )
            )

        def failed(error: TheatrumError) -> None:
            words = error_text(error)
            dialog.say_wrong(" ".join(part for part in (f"{words.title}.", words.hint) if part))

        dialog = PassphraseDialog(label, tried, self._window)
        dialog.finished.connect(lambda _: left.set())
        dialog.accepted.connect(then)
        dialog.open()

    # the open case

    def add_to(self, menu: QMenu) -> None:
        """What can be done with the open case's encryption."""
        session = self._window.session
        if session is None:
            return
        menu.addAction(icon("lock", color("t2")), tr(CHANGE if session.document.encrypted else ENCRYPT), self.change)
        if session.document.encrypted:
            menu.addAction(icon("lock-open", color("t2")), tr("Take the encryption off"), self.remove)

    def change(self) -> None:
        """Encrypt the open case, or give an encrypted one another pass-phrase."""
        from planning.case.encrypting import change_passphrase, encrypt_case

        session = self._window.session
        if session is None or self._is_busy():
            return
        was = session.document.encrypted
        title, main = (CHANGE, mark("Change it")) if was else (ENCRYPT, mark("Encrypt"))
        dialog = NewPassphraseDialog(tr(title), tr(main), can_keep=_has_keyring(), parent=self._window)
        typed = dialog.ask()
        if not typed:
            return
        keeps, path = dialog.keep.isChecked(), session.path
        old = header_of(path)

        def work(progress: Progress, cancel: CancelToken) -> CaseKey:
            if was:
                key = change_passphrase(path, typed, progress=progress, cancel=cancel)
            else:
                key = encrypt_case(path, typed, progress=progress, cancel=cancel)
                take_in(path)
            _keep(key, old, keeps)
            return key

        words = tr("The pass-phrase was changed") if was else tr("The case is encrypted")
        self._rewrite(tr("Encrypting the case"), work, lambda: self._window.strip.say(words, state="ok"))

    def remove(self) -> None:
        """Take the encryption off, after a question."""
        from planning.case.encrypting import decrypt_case

        session = self._window.session
        if session is None or self._is_busy():
            return
        if not session.document.encrypted:
            self._window.strip.say(tr("This case is not encrypted."))
            return
        if not ConfirmDialog(
            tr("Take the encryption off?"),
            tr("Whoever gets the file can then read the scan and the plan. Nothing is lost."),
            mark("Keep it encrypted"),
            mark("Take it off"),
            parent=self._window,
        ).ask():
            return
        path = session.path
        old = header_of(path)

        def work(progress: Progress, cancel: CancelToken) -> None:
            decrypt_case(path, progress=progress, cancel=cancel)
            _keep(None, old, keeps=False)

        said_after = tr("The case is not encrypted any more")
        self._rewrite(tr("Decrypting the case"), work, lambda: self._window.strip.say(said_after))

    def _rewrite(self, title: str, work: Callable[[Progress, CancelToken], Any], told: Callable[[], None]) -> None:
        """Close the case, rewrite its file in a job, and open it again, whatever came of it."""
        window, session = self._window, self._window.session
        assert session is not None
        path, module = session.path, window.page.module if window.page is not None else ""

        def again(after: Callable[[], None] = lambda: None) -> None:
            # one that was opened meanwhile is not taken from under the hands
            if not window.has_case:
                window.open_case(path, module=module)
            after()

        if not window.may_leave_case():
            return
        window.close_case()
        window.jobs.submit(
            Job(
                key="rewrite_case",
                of_case=False,
                title=title,
                work=work,
                done=lambda _: again(told),
                failed=lambda error: again(lambda: window.tell_error(error)),
                stopped=again,
                computes=False,
            )
        )

    def _is_busy(self) -> bool:
        """True, and said, while something else works with the case."""
        session = self._window.session
        if session is not None and session.document.read_only:
            self._window.strip.say(tr("This case is open to read."))
            return True
        if self._window.jobs.active:
            self._window.strip.say(tr("Wait until the work at the bottom has ended, or stop it."))
            return True
        return False


def _has_keyring() -> bool:
    from app.keyring_store import require_keyring

    try:
        require_keyring()
    except TheatrumError:
        return False
    return True


def _keep(key: CaseKey | None, old_header: bytes | None, keeps: bool) -> None:
    """In the keyring only what a person wants there; the key of the former file goes."""
    from app.keyring_store import drop_key, keep_key

    if old_header is not None:
        drop_key(old_header)
    if key is not None:
        remember(key)
        if keeps:
            keep_key(key)


ENCRYPT, CHANGE = mark("Encrypt this case"), mark("Change the pass-phrase")
