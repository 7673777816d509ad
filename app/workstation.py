"""The window: start screen, series browser and the open case, with what belongs to all three."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.actions import BINDINGS, ActionBook
from app.active_window import ActiveWindow
from app.bring_back import bring_back
from app.case_actions import CaseActions
from app.case_lock import CaseLock
from app.case_page import CasePage
from app.case_told import case_told
from app.dialogs.message import ask_to_read, show_error
from app.dialogs.recovery import RecoveryDialog, last_edit
from app.files import Files
from app.i18n import language, spoken_language, tr
from app.jobs import Job, JobRunner
from app.keymap import Keymap
from app.leaving import may_stop
from app.letting_go import LettingGo
from app.menus import passing_menu
from app.opening import Opened, case_label, given_paths, open_document
from app.panels.registry import panel_makers
from app.research_foot import ResearchFoot
from app.screens.browser import SeriesBrowser
from app.screens.start import StartScreen
from app.series_work import SeriesWork
from app.session import Session
from app.settings import CaseTold, Settings, load_settings, remember_case, save_settings
from app.strip import Strip
from app.theme.icons import icon
from app.theme.style import Look, apply_look, color, set_kind
from app.top_bar import TopBar
from app.why_off import why_not
from app.window_place import place_of, put_back
from planning.case.document import Document
from planning.errors import CaseError, TheatrumError
from planning.provenance import APPLICATION_VERSION
from planning.volume import Mask
from viewers.below import below
from viewers.keys import show_keys_again
from viewers.view_state import ViewState

if TYPE_CHECKING:
    from app.archive.archives import Archives

logger = logging.getLogger(__name__)

LEAST_SIZE = (1120, 700)
FIRST_SIZE = (1280, 800)
NOTHING_READ: Mapping[str, Mask] = MappingProxyType({})


class Workstation(QMainWindow):
    """Theatrum's window. `opened` after a case is on screen; `place_changed` when another page is shown."""

    opened = Signal()
    place_changed = Signal(str)
    language_asked = Signal()

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self.settings = settings or load_settings()
        self.setWindowTitle("Theatrum")
        self.setObjectName("workstation")
        self.setMinimumSize(*LEAST_SIZE)
        self.resize(*FIRST_SIZE)
        self.setAcceptDrops(True)
        self.jobs = JobRunner(self)
        self.active_window = ActiveWindow(self)
        self.page: CasePage | None = None
        self.place = "start"
        self._opening: Path | None = None
        self._archives: Archives | None = None
        # nobody sits before the window of a picture or a tour: it opens no dialogs and leaves recent cases alone
        self.is_attended = True
        body = QWidget()
        body.setObjectName("body")
        set_kind(body, "page")
        self.setCentralWidget(body)
        self.actions_ = ActionBook(self, body, Keymap(BINDINGS, self.settings.keys))
        self.files = Files(self)
        self.series = SeriesWork(self)
        self.case_lock = CaseLock(self)
        self.case_actions = CaseActions(self)
        self.case_actions.connect_all()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.top = TopBar(self.actions_)
        self.pages = QStackedWidget()
        self.start = StartScreen(self.jobs)
        self.browser = SeriesBrowser(self.jobs)
        for page in (self.start, self.browser):
            self.pages.addWidget(page)
        self.strip = Strip(self.jobs, APPLICATION_VERSION)
        # where top bar and strip give their place to the image
        self.foot = ResearchFoot()
        self.foot.setVisible(False)
        for widget, stretch in ((self.top, 0), (self.pages, 1), (self.strip, 0), (self.foot, 0)):
            column.addWidget(widget, stretch)
        self._wire()
        self.show_start()

    def _wire(self) -> None:
        self.start.paths_dropped.connect(self.open_paths)
        self.start.folder_asked.connect(self.files.ask_folder)
        self.start.case_asked.connect(self.files.ask_case)
        self.start.file_asked.connect(self.files.ask_file)
        self.start.archive_asked.connect(self.show_archive)
        self.browser.archive_asked.connect(self.show_archive)
        self.start.recent_chosen.connect(lambda path: self.open_paths([Path(path)]))
        self.start.recent_removed.connect(self._forget_recent)
        self.start.sample_chosen.connect(self.open_sample)
        self.browser.back_asked.connect(self.series.leave)
        self.browser.open_asked.connect(self.series.open_chosen)
        self.browser.add_asked.connect(self.series.add_chosen)
        self.strip.shortcuts_asked.connect(self.actions_["shortcuts"].trigger)
        self.strip.jobs_asked.connect(self.actions_["jobs"].trigger)
        self.top.chip.clicked.connect(self._chip_menu)
        self.jobs.finished.connect(self.series.job_ended)

    # places

    def show_place(self, place: str, page: QWidget) -> None:
        """Another page of the window."""
        self.place = place
        self.pages.setCurrentWidget(page)
        self.top.show_place(place)
        self.strip.show_place(place)
        self.case_actions.show_place(place)
        self._end_at_strip()
        self.place_changed.emit(place)

    def _end_at_strip(self) -> None:
        """Tab goes from the page to the strip and then to the top again, also where parts of the page were made later."""
        page, strip = self.pages.currentWidget(), below(self.strip, QWidget)
        last, there = None, self.nextInFocusChain()
        while there is not None and there is not self:
            if page.isAncestorOf(there) and there.focusPolicy() != Qt.FocusPolicy.NoFocus:
                last = there
            there = there.nextInFocusChain()
        for following in strip if last is not None else ():
            if following.focusPolicy() != Qt.FocusPolicy.NoFocus:
                QWidget.setTabOrder(last, following)
                last = following

    def show_start(self) -> None:
        """The start screen."""
        self.start.refresh(self.settings)
        self.show_place("start", self.start)

    def show_archive(self) -> None:
        """The page of archives; what was asked and found there stays until the program ends."""
        self.show_place("archive", self.archives.screen)

    def send_to_archive(self) -> None:
        """The open case's results, to an archive."""
        if self.session is not None:
            self.archives.send(self.session)

    @property
    def archives(self) -> Archives:
        """What the window has to do with archives, made at the first time."""
        if self._archives is None:
            # what talks to archives takes a moment to load
            from app.archive.archives import Archives

            self._archives = Archives(self)
        return self._archives

    def leave_archive(self) -> None:
        """Back to the case, or to the start."""
        if self.page is not None:
            self.show_place("case", self.page)
        else:
            self.show_start()

    @property
    def session(self) -> Session | None:
        """The open case."""
        return self.page.session if self.page is not None else None

    @property
    def has_case(self) -> bool:
        """True where a case is open, or being opened."""
        return self.page is not None or any(
            state.job.key == "open" and not state.cancel.is_set for state in self.jobs.active
        )

    # opening

    def open_paths(self, paths: Sequence[Path], *, module: str = "", read_only: bool = False) -> None:
        """Open a case, or look for series in files and folders."""
        case, others = given_paths([Path(path) for path in paths])
        if case is not None:
            self.open_case(case, module=module, read_only=read_only)
            if len(paths) > 1:
                self.strip.say(
                    tr(
                        "One case is open at a time: of {count} files {name} is opened",
                        count=len(paths),
                        name=case.name,
                    )
                )
        elif others:
            self.series.look_for(others)

    def open_case(self, path: Path, *, module: str = "", read_only: bool = False) -> None:
        """Open a case file in a job; the window stays alive meanwhile."""
        if self.session is not None and self.session.path.resolve() == path.resolve():
            self.show_place("case", self.page)  # type: ignore[arg-type]
            return
        wanted = [state for state in self.jobs.active if state.job.key == "open" and not state.cancel.is_set]
        if wanted and self._opening == path:
            # a second click on the same card
            return
        self._opening = path
        recovered = last_edit(path)

        def done(opened: Opened) -> None:
            document = opened.document
            label = document.case.label or path.stem
            crashed = recovered is not None and not document.read_only
            if crashed and RecoveryDialog(label, recovered, self).ask() != "continue":
                document.close()
                return
            # the work may have ended while the other case was read, so it is asked about now and once
            if self.is_attended and not self.may_leave_case():
                # a new one that was made of a scan would be found nowhere else
                self._remember(document)
                document.close()
                self.show_place("case", self.page)  # type: ignore[arg-type]
                return
            self.show_document(document, module, opened.masks)

        def failed(error: TheatrumError) -> None:
            code = getattr(error, "code", "") if self.is_attended else ""
            if code == "encrypted":
                self.case_lock.ask(
                    path, case_label(path), partial(self.open_case, path, module=module, read_only=read_only)
                )
            elif code == "damaged":
                bring_back(self, path, error)
            elif read_only or code != "locked":
                self.tell_error(error)
            elif ask_to_read(self, error):
                self.open_case(path, module=module, read_only=True)

        self.jobs.submit(
            Job(
                key="open",
                of_case=False,
                title=tr("Opening the case"),
                work=partial(open_document, path, read_only),
                done=done,
                failed=failed,
                # the file of an opening that was overtaken stays locked otherwise
                dropped=lambda opened: opened.document.close(),
                computes=False,
            )
        )

    def show_document(self, document: Document, module: str = "", masks: Mapping[str, Mask] = NOTHING_READ) -> None:
        """Put an opened case on screen, in place of the one before. masks: of its structures, where they are read."""
        self.close_case(show_start=False)
        session = Session(document, self.jobs, self)
        session.take_masks(masks)
        if session.image is None:
            session.close()
            self.tell_error(CaseError("This case has no image", "Open a scan instead"))
            self.show_start()
            return
        session.view.set(mouse_scheme=self.settings.mouse_scheme, layout=self.settings.window.layout)
        page = CasePage(session, self.actions_, panel_makers(session, self.files))
        self.page = page
        session.failed.connect(self.tell_error)
        session.said.connect(self.strip.say_of_case)
        session.said_at.connect(
            lambda words, place: self.strip.say(words, action=tr("Show"), run=lambda: page.fly_to(place))
        )
        session.changed.connect(self._case_changed)
        session.view.changed.connect(self._view_changed)
        page.picture_asked.connect(self.files.save_picture)
        page.large_picture_asked.connect(self.files.large_picture)
        page.film_asked.connect(self.files.film)
        page.module_changed.connect(self._module_changed)
        page.windows.files_dropped.connect(self.open_paths)
        self.case_actions.show_page(page)
        self.pages.addWidget(page)
        self.show_place("case", page)
        page.set_preset("automatic")
        page.show_module(module or self._fitting_module(session))
        if not module:
            session.restore_view()
        self._case_changed(None)
        self._remember(session.document)
        self._put_panels_back(page)
        # the first frame comes before anything of VTK is loaded
        QTimer.singleShot(0, page.start_scene)
        page.slices["axial"].setFocus()
        self.opened.emit()

    @staticmethod
    def _fitting_module(session: Session) -> str:
        """Where work goes on: the newest plan's place, else the study."""
        plans = list(session.case.plans.values())
        return plans[-1].kind.replace("tavr", "heart") if plans else "study"

    def open_sample(self, kind: str) -> None:
        """Open a sample case; it is made at the first time."""
        from app.samples import MAKING, sample_case

        def place() -> Path | None:
            return self.session.path if self.session is not None else None

        before = place()
        self.jobs.submit(
            Job(
                key="sample",
                of_case=False,
                title=tr(MAKING[kind]),  # type: ignore[index]
                work=lambda progress, cancel: sample_case(kind, progress, cancel),  # type: ignore[arg-type]
                done=lambda path: self.open_case(path, module=kind),
                failed=self.tell_error,
                # making takes a while: a case opened meanwhile is not taken from under the hands
                still_wanted=lambda: place() == before,
            )
        )

    def open_samples(self) -> None:
        """Make both samples where they are missing, beside each other, and open the heart."""
        from app.samples import MAKING, sample_case

        self.open_sample("heart")
        self.jobs.submit(
            Job(
                key="other sample",
                of_case=False,
                title=tr(MAKING["liver"]),
                work=lambda progress, cancel: sample_case("liver", progress, cancel),
                done=lambda _: self.start.refresh(self.settings),
                failed=self.tell_error,
            )
        )

    def close_case(self, *, show_start: bool = True) -> None:
        """Close the open case; every step is on the disk already."""
        page, self.page = self.page, None
        if page is None:
            return
        if self.is_attended:
            self.files.keep_thumbnail(page)
        self._remember(page.session.document)
        self.case_actions.show_page(None)
        self._keep_window(page)
        page.close_case()
        self.strip.case_closed()
        stopping = [state for state in self.jobs.active if state.cancel.is_set]
        LettingGo((page, page.session), stopping, self)
        self.pages.removeWidget(page)
        # without this the binding keeps a reference to the dead page (measured), and with it all that it showed
        page.setParent(None)
        page.deleteLater()
        # the window is its parent: it would stay, with all its voxels, until the program ends
        page.session.deleteLater()
        if show_start:
            self.show_start()

    def _remember(self, document: Document) -> None:
        """The case among the recent ones, with how far it is now."""
        if not self.is_attended:
            return
        # of an encrypted one nothing is told outside its file
        told = CaseTold(is_encrypted=True) if document.encrypted else case_told(document.case)
        self.settings = remember_case(
            self.settings,
            document.path,
            document.case.label or document.path.stem,
            f"{datetime.now():%Y-%m-%d %H:%M}",
            told=told,
        )
        self._save_settings()

    # what the case tells

    def _case_changed(self, change: object) -> None:
        session = self.session
        if session is None:
            return
        self.case_actions.show_history()
        self.case_actions.show_images()
        self.strip.show_saved(datetime.now() if change is not None else None, read_only=session.document.read_only)
        self.top.chip.show_case(session.label, session.facts)

    def _view_changed(self, old: ViewState, new: ViewState) -> None:
        if self.page is not None:
            self.top.show_preset(self.page.preset_name(new))
            self.case_actions.show_view(new)

    def _module_changed(self, module: str) -> None:
        self.case_actions.show_module(module)
        self._end_at_strip()

    def _chip_menu(self) -> None:
        menu = passing_menu(self)
        for identifier in (
            "case_details", "case_history", "rename", "save_as", "export", "patient_page", "send_archive", "archive",
            "encrypt_case", "close_case",
        ):  # fmt: skip
            if identifier == "rename":
                menu.addAction(icon("pencil", color("t2")), tr("Rename case"), self.case_actions.rename_case)
            elif identifier == "encrypt_case":
                self.case_lock.add_to(menu)
            else:
                menu.addAction(self.actions_[identifier])
        menu.exec(self.top.chip.mapToGlobal(QPoint(0, self.top.chip.height() + 4)))

    # its own place

    def put_back(self) -> None:
        """Stand where the window stood the last time; call it before it is shown."""
        put_back(self, self.settings.window)
        if self.settings.window.is_maximised:
            self.setWindowState(self.windowState() | Qt.WindowState.WindowMaximized)

    def _put_panels_back(self, page: CasePage) -> None:
        """Panels as wide, and panes in windows, as a person left them."""
        kept = self.settings.window
        if kept.left_px is not None and kept.right_px is not None:
            page.sides.use_widths(kept.left_px, kept.right_px)
        page.windows.remember(kept.pane_places)
        if self.is_attended:
            for name in kept.out:
                if name in page.slices or name == "3d":
                    page.windows.take_out(name)

    def _keep_window(self, page: CasePage | None) -> None:
        """Know for the next time how the window and the panes stood."""
        if not self.is_attended:
            return
        changes: dict[str, object] = {"place": place_of(self), "is_maximised": self.isMaximized()}
        if page is not None:
            layout, widths = page.session.view.state.layout, page.sides.widths
            changes |= {"out": page.windows.out, "pane_places": dict(page.windows.places)}
            # two series are beside each other in the case that has two
            changes |= {"layout": layout} if layout != "compare" else {}
            changes |= {"left_px": widths[0], "right_px": widths[1]} if widths is not None else {}
        window = self.settings.window.model_copy(update=changes)
        if window != self.settings.window:
            self.settings = self.settings.model_copy(update={"window": window})
            self._save_settings()

    # settings

    def apply_settings(self, settings: Settings) -> None:
        """Use and keep other settings; the theme and the text size change at once."""
        old, self.settings = self.settings, settings
        self._save_settings()
        if self.session is not None:
            self.session.view.set(mouse_scheme=settings.mouse_scheme)
        if (old.theme, old.text_scale_percent) != (settings.theme, settings.text_scale_percent):
            application = QApplication.instance()
            if isinstance(application, QApplication):
                apply_look(application, Look(settings.theme, settings.text_scale_percent))
            self.actions_.recolour()
            self.top.recolour()
            self.strip.recolour()
            if self.page is not None:
                self.page.relook()
        if dict(old.keys) != dict(settings.keys):
            self.actions_.bind(Keymap(BINDINGS, settings.keys))
            show_keys_again(self)
            if self.page is not None and self.page.planner is not None:
                self.page.planner.case_changed()
            self.case_actions.show_history()
        self.start.refresh(settings)
        if spoken_language(settings.language) != language():
            self.language_asked.emit()

    @property
    def can_begin_anew(self) -> bool:
        """True when another window could go on from here: no work runs, and nothing is drawn that is not in the case."""
        running = any(not state.job.quiet for state in self.jobs.active)
        drafted = self.page is not None and bool(self.page.draft or self.page.unkept())
        receives = self._archives is not None and self._archives.receiver.is_on
        return self.place in ("start", "case") and not running and not drafted and not receives

    def _save_settings(self) -> None:
        try:
            save_settings(self.settings)
        except OSError:
            logger.warning("the settings could not be saved")

    def _forget_recent(self, path: str) -> None:
        kept = tuple(recent for recent in self.settings.recent if recent.path != path)
        self.apply_settings(self.settings.model_copy(update={"recent": kept}))

    # the window itself

    def tell_error(self, error: TheatrumError) -> None:
        """A calm dialog; without a person the failed job itself tells."""
        if self.is_attended:
            show_error(self, error)
            self.strip.is_read(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key of what cannot be done now says why."""
        why = why_not(self, QKeySequence(event.keyCombination()))
        if why:
            self.strip.say(why)
            event.accept()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            # a field would write the file's name into itself
            for field in below(self, QLineEdit):
                field.setAcceptDrops(False)
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.open_paths(paths)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        screen = QGuiApplication.screenAt(self.geometry().center()) or QGuiApplication.primaryScreen()
        # the off-screen platform has a made-up screen; pictures keep the size asked for
        if screen is not None and not self.isMaximized() and QGuiApplication.platformName() != "offscreen":
            room = screen.availableGeometry()
            if room.width() < self.width() or room.height() < self.height():
                self.setMinimumSize(min(LEAST_SIZE[0], room.width()), min(LEAST_SIZE[1], room.height()))
                self.resize(min(self.width(), room.width()), min(self.height(), room.height()))

    def ask_close_case(self) -> None:
        """Close the case as a person asks for it: work that would be lost is named first."""
        if self.may_leave_case():
            self.close_case()

    def may_leave_case(self) -> bool:
        """Whether the open case may be closed now; a person is asked where that would lose work. True without one."""
        return self.page is None or may_stop(self, of_case=True)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not may_stop(self):
            event.ignore()
            return
        if self._archives is not None:
            self._archives.receiver.switch_off()
        self.jobs.shutdown()
        self.close_case(show_start=False)
        self._keep_window(None)
        super().closeEvent(event)
