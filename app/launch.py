"""Bring up Qt: which display, which scale, fonts, look; then the window and its event loop."""

from __future__ import annotations

import builtins
import logging
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from planning.errors import InputError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.settings import Settings

logger = logging.getLogger(__name__)

DRAG_DISTANCE_PX = 4


def prepare_display(*, needs_person: bool, scale: float | None) -> None:
    """Choose Qt's platform before QApplication is made.

    Without a display a picture is drawn off screen; a window for a person raises InputError. scale: of the picture;
    None takes the setting.
    """
    from app.settings import load_settings

    has_display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if sys.platform.startswith("linux") and not has_display:
        if needs_person:
            raise InputError(
                "There is no display here", "Use theatrum demo, or theatrum gui --screenshot OUT.png", "no_display"
            )
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    wanted = scale if scale is not None else load_settings().interface_scale_percent / 100.0
    if scale is not None or wanted != 1.0:
        # Qt reads it when the application is made, so it is set before
        os.environ["QT_SCALE_FACTOR"] = f"{wanted:g}"


def import_plainly() -> None:
    """Take PySide's own import hook away.

    It looks through the source of every module that any thread loads for a switch of PySide's that nothing here uses
    (`from __feature__ import …`): a tenth of a second for the libraries of a first case, whose whole source stays in
    memory.
    """
    plain = getattr(builtins, "__orig_import__", None)
    if plain is not None:
        builtins.__import__ = plain


def paint_in_one_thread() -> None:
    """Keep Qt's painter from handing spans to helper threads; before a QApplication is made.

    A smooth upright line is as many spans as it is long, which Qt parts among four threads and waits for: an axial slice
    waited milliseconds for its crosshair where the processor had other work, and its drawing alone takes microseconds.
    """
    os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")


def make_application(settings: Settings, theme: str | None = None) -> QApplication:
    """The one QApplication, with fonts, language and look."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    from app.allocator import keep_picture_memory
    from app.collector import GuiCollector
    from app.i18n import use_language
    from app.theme.fonts import load_fonts
    from app.theme.style import Look, apply_look

    import_plainly()
    existing = QApplication.instance()
    if not isinstance(existing, QApplication):
        keep_picture_memory()
        paint_in_one_thread()
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
        existing = QApplication(["theatrum"])
        existing.setApplicationName("Theatrum")
        existing.setDesktopFileName("org.theatrum.Theatrum")
        GuiCollector(existing)
    existing.setStartDragDistance(DRAG_DISTANCE_PX)
    load_fonts()
    use_language(settings.language, existing)
    apply_look(existing, Look(theme or settings.theme, settings.text_scale_percent))
    return existing


def run_window(path: Path | None, theme: str | None, *, samples: bool = False) -> int:
    """Open the window on a case, a scan or the start screen and stay until it is closed.

    samples: both sample cases are made by jobs where they are not there yet, and the heart is opened.
    """
    import threading

    from PySide6.QtCore import QTimer

    from app.crash import CrashWatch
    from app.log import start_log
    from app.settings import load_settings
    from app.unexpected import handle_exceptions
    from app.warming import Warming
    from app.window_holder import WindowHolder
    from app.workstation import Workstation

    start_log()
    crash_watch = CrashWatch()
    was_brought_down = crash_watch.start()
    settings = load_settings()
    application = make_application(settings, theme)

    def watch(window: Workstation) -> None:
        sys.excepthook = handle_exceptions(window)  # type: ignore[assignment]

    holder = WindowHolder(settings, watch)
    window = holder.window
    threading.excepthook = lambda told: logger.error(
        "a thread stopped unexpectedly",
        exc_info=(told.exc_type, told.exc_value or told.exc_type(), told.exc_traceback),
    )
    window.put_back()
    Warming(window, lambda: window.page is None)
    window.show()
    if os.environ.get("THEATRUM_WATCHDOG"):
        from app.watchdog import Watchdog

        Watchdog(parent=holder)

    def begin() -> None:
        if was_brought_down:
            from app.dialogs.fault import offer_log

            offer_log(window, ended=True)
        if path is not None:
            window.open_paths([path])
        elif samples:
            window.open_samples()

    QTimer.singleShot(0, begin)
    # Python sees Ctrl+C only when it runs; a slow tick lets it
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: holder.window.close())
    tick = QTimer()
    tick.timeout.connect(lambda: None)
    tick.start(300)
    code = int(application.exec())
    crash_watch.end()
    return code
