"""Large pictures and turning films of a 3D pane, drawn in a process of their own: the window stays free, and stopping is
killing. The same pane draws them as in the window, at another pixel ratio; nothing of the patient is in the files.

Films are GIF, WebP or numbered PNG pictures. MP4 is not among them: its encoders come under licences or patents that this
program does not take on.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app.i18n import mark, tr
from app.report.content import RESEARCH_LINE
from planning.errors import Cancelled, InputError, TheatrumError
from planning.files.place import FULL, refusal
from planning.interrupts import interrupts_held
from planning.progress import CancelToken, Progress

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from viewers.overlay import SceneContent
    from viewers.pane_look import PaneLook
    from viewers.scene_pane import ScenePane
    from viewers.view_state import Camera

FRAMES_PER_S = 20
POLL_S, STOP_S = 0.05, 5.0
# of a film: when its last picture is drawn, the file is still packed and written
DRAWN_SHARE = 0.95
FILM_KINDS = (".gif", ".webp", ".png")
# a name that asks for one of these would be written as something else
OTHER_FILMS = (".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".wmv", ".mpg", ".mpeg", ".ogv")
WEBP_QUALITY = 85
STOPPED = mark("The picture could not be drawn")
NOT_WRITTEN = mark("The picture cannot be written there"), mark("Choose another folder")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Shot:
    """What is drawn: a pane's content, camera and size in logical pixels, and how many pixels one of them becomes.

    view: fields of the view's state that the picture depends on. look: of the pane, its colours as a plain mapping.
    bare: of a film, without the pane's title, angles and cube, for people who have no use for them. foot: what the strip
    below it says, in the reader's language: the process that draws knows English only.
    """

    content: SceneContent
    camera: Camera
    pivot_mm: tuple[float, float, float]
    size_px: tuple[int, int]
    ratio: float
    view: Mapping[str, Any]
    look: PaneLook
    transparent: bool = False
    bare: bool = False
    foot: str = ""


@dataclass(frozen=True, slots=True)
class Film:
    """One turn: how long it takes. Its file's ending says how it is kept; for PNG the path is a folder."""

    seconds: float


def shot_of(pane: ScenePane, ratio: float, transparent: bool = False) -> Shot:
    """What a pane shows now."""
    from dataclasses import replace

    state = pane.view.state
    names = ("cross_mm", "frame", "hidden", "show_overlays", "show_labels", "show_crosshair", "selected_point")
    look = replace(pane.look, plane_colors=dict(pane.look.plane_colors))
    x, y, z = (float(v) for v in pane.pivot())
    content = pane.shown_content()
    if content.volume is not None:
        # what casts rays stays in its process
        content = replace(content, volume=replace(content.volume, caster=None))
    return Shot(
        content=content,
        camera=pane.camera(),
        pivot_mm=(x, y, z),
        size_px=(pane.width(), pane.height()),
        ratio=ratio,
        view={name: getattr(state, name) for name in names},
        look=look,
        transparent=transparent,
        foot=tr(RESEARCH_LINE),
    )


def make(shot: Shot, film: Film | None, out: Path, progress: Progress, cancel: CancelToken) -> Path:
    """Draw and write beside the window. Raises Cancelled, InputError where it cannot be written, TheatrumError."""
    cancel.raise_if_set()
    if film is not None and out.suffix.lower() in OTHER_FILMS:
        kind = out.suffix[1:].upper()
        raise InputError(
            f"{kind} films cannot be written", "Choose a name that ends in .gif, .webp or .png", "film_kind"
        )
    if film is not None and out.suffix.lower() not in FILM_KINDS:
        out = out.with_name(out.name + ".gif")
    try:
        folder = Path(tempfile.mkdtemp(prefix=".theatrum-", dir=_folder_for(out)))
    except OSError as error:
        raise _unwritten(out, error.errno) from error
    try:
        _run(shot, film, folder / out.name, progress, cancel)
        return _put_in_place(folder / out.name, out)
    except OSError as error:
        raise _unwritten(out, error.errno) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unwritten(out: Path, number: int | None) -> InputError:
    return refusal(out, OSError(number, "")) if number in FULL else InputError(*NOT_WRITTEN, "not_written")


def _folder_for(out: Path) -> Path:
    if not out.parent.is_dir() or not os.access(out.parent, os.W_OK):
        raise InputError(*NOT_WRITTEN, "not_written")
    return out.parent


def _put_in_place(made: Path, out: Path) -> Path:
    """The whole result at once; a folder of pictures that is there already keeps its own."""
    if made.is_dir():
        out = out.with_suffix("")
        number = 1
        while out.exists():
            number += 1
            out = out.with_name(f"{out.name.removesuffix(f' {number - 1}')} {number}")
    os.replace(made, out)
    return out


def _run(shot: Shot, film: Film | None, out: Path, progress: Progress, cancel: CancelToken) -> None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=True)
    process = context.Process(target=_work, args=(theirs,), daemon=True, name="theatrum-studio")
    with interrupts_held():
        process.start()
    theirs.close()
    try:
        with contextlib.suppress(BrokenPipeError):
            ours.send((shot, film, out))
        while True:
            cancel.raise_if_set()
            try:
                message = ours.recv() if ours.poll(POLL_S) else None
            except (EOFError, ConnectionResetError):
                raise TheatrumError(STOPPED) from None
            if message is None:
                continue
            kind, value = message
            if kind == "done":
                return
            if kind == "unwritten":
                raise _unwritten(out, value)
            if kind == "bug":
                raise RuntimeError(f"the studio failed\n{value}")
            if kind == "writing":
                progress(DRAWN_SHARE, tr("Writing the film"))
                continue
            number, count = value
            words = tr("Drawing picture {number} of {count}", number=number, count=count)
            progress(DRAWN_SHARE * number / count, words)
    except Cancelled:
        process.kill()
        raise
    finally:
        ours.close()
        process.join(STOP_S)
        if process.is_alive():
            process.kill()
            process.join()


def _work(pipe: Connection) -> None:
    """The process: one picture or film, told through the pipe."""
    try:
        shot, film, out = pipe.recv()
        with contextlib.suppress(OSError, AttributeError):
            os.nice(5)
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ["QT_SCALE_FACTOR"] = repr(shot.ratio)
        pane = _open(shot)
        if film is None:
            _write_picture(picture(pane, shot.transparent), out, shot.foot)
        else:
            _write_film(pane, shot, film, out, pipe)
        pane.close()
        pipe.send(("done", None))
    except OSError as error:
        pipe.send(("unwritten", error.errno))
    except Exception:
        # the process border: a bug is told with its place
        pipe.send(("bug", traceback.format_exc()))
    finally:
        pipe.close()
        # Qt's and VTK's own ends are of no use here, and slow
        os._exit(0)


def _open(shot: Shot) -> ScenePane:
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    from app.theme.fonts import load_fonts
    from viewers.scene_pane import ScenePane
    from viewers.view_state import ViewModel, ViewState

    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    application = QApplication(["theatrum-studio"])
    load_fonts()
    pane = ScenePane(ViewModel(ViewState(camera=shot.camera, **shot.view)), shot.look)
    # it lives as long as the pane
    pane.setProperty("application", application)
    pane.resize(*shot.size_px)
    pane.show()
    pane.set_content(shot.content)
    pane.start()
    _settle(pane)
    return pane


def _settle(pane: ScenePane) -> None:
    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QApplication

    while not pane.is_settled():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)


def picture(pane: ScenePane, transparent: bool) -> QImage:
    """The pane in full quality; `transparent`: with what is not covered left out, by drawing over black and over white."""
    from PySide6.QtGui import QImage, QPainter

    if not transparent:
        return pane.grab_picture()
    over_black = _pixels(pane.stage.grab_over((0.0, 0.0, 0.0)))
    over_white = _pixels(pane.stage.grab_over((1.0, 1.0, 1.0)))
    # what a pixel lets through is what white adds to black
    through = np.clip(over_white.astype(np.int16) - over_black, 0, 255).max(axis=2)
    shown = np.dstack([over_black, 255 - through]).astype(np.uint8)
    tall, wide, _ = shown.shape
    image = QImage(shown.tobytes(), wide, tall, 4 * wide, QImage.Format.Format_RGBA8888_Premultiplied).copy()
    image.setDevicePixelRatio(pane.devicePixelRatioF())
    painter = QPainter(image)
    pane.paint_over(painter, plain=True)
    painter.end()
    return image


def _pixels(image: QImage | None) -> np.ndarray:
    from PySide6.QtGui import QImage

    if image is None:
        raise TheatrumError(STOPPED)
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), dtype=np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).copy()


def _write_picture(image: QImage, out: Path, foot: str) -> None:
    from app.files import marked_picture

    if not marked_picture(image, foot).save(str(out), "PNG"):
        raise OSError


def _frames(pane: ScenePane, shot: Shot, film: Film, pipe: Connection) -> Iterator[QImage]:
    """One turn about the body's axis through the pivot."""
    from app.files import marked_picture
    from viewers.scene.camera import orbited

    count = max(round(film.seconds * FRAMES_PER_S), 2)
    for number in range(count):
        pane.set_camera(orbited(shot.camera, 360.0 * number / count, 0.0, shot.pivot_mm))
        yield marked_picture(_bare(pane) if shot.bare else pane.grab_picture(for_film=True), shot.foot)
        pipe.send(("progress", (number + 1, count)))
    pipe.send(("writing", None))


def _bare(pane: ScenePane) -> QImage:
    from PySide6.QtGui import QImage

    shown = pane.stage.grab(for_film=True)
    if shown is None:
        raise TheatrumError(STOPPED)
    return shown.convertToFormat(QImage.Format.Format_RGB32)


def _write_film(pane: ScenePane, shot: Shot, film: Film, out: Path, pipe: Connection) -> None:
    from PIL import Image

    frames = _frames(pane, shot, film, pipe)
    if out.suffix.lower() == ".png":
        out.mkdir()
        for number, image in enumerate(frames, 1):
            if not image.save(str(out / f"{out.stem}-{number:04d}.png"), "PNG"):
                raise OSError
        return
    is_gif = out.suffix.lower() == ".gif"

    def made() -> Iterator[Image.Image]:
        for image in frames:
            shown = Image.fromarray(_pixels(image))
            yield shown.quantize(256, dither=Image.Dither.NONE) if is_gif else shown

    pictures = made()
    first = next(pictures)
    options: dict[str, Any] = {} if is_gif else {"quality": WEBP_QUALITY, "method": 2}
    # the two formats keep hundredths and thousandths of a second
    first.save(out, save_all=True, append_images=pictures, duration=1000 // FRAMES_PER_S, loop=0, **options)
