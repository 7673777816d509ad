"""Files in and out of the window: choosers, exports and pictures. Suggested names never hold a patient's name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QIODevice, QRect, QSaveFile, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QFileDialog

from app.dialogs.identity import COPY, may_give_identity
from app.dialogs.message import ConfirmDialog
from app.i18n import display_name, language, mark, structure_name, tr
from app.jobs import Job
from app.patient.words import is_own_name
from app.report.content import RESEARCH_LINE
from app.theme.fonts import font
from app.theme.tokens import DARK
from app.went_out import note_in_window, what_of
from planning.progress import CancelToken, Progress
from planning.registry import structure_style

if TYPE_CHECKING:
    from app.case_page import CasePage
    from app.studio import Film
    from app.workstation import Workstation
    from planning.case.document import Document

CASES = mark("Theatrum cases (*.theatrum)")
SCANS = mark("Scans (*.dcm *.nii *.nii.gz *.nrrd *.nhdr *.mha *.mhd *.zip DICOMDIR);;All files (*)")
EXPORTS = mark(
    "Image, NIfTI (*.nii.gz);;Image, NRRD (*.nrrd);;Image, MetaImage (*.mha);;Structures "
    "as label map (*.labels.nii.gz);;Chosen structure, STL (*.stl);;Chosen structure, "
    "PLY (*.ply);;Chosen structure, OBJ (*.obj);;Chosen structure, GLB (*.glb);;Chosen "
    "structure, USDZ (*.usdz);;Chosen structure, VTP (*.vtp);;Newest plan, JSON (*.json);;Newest plan, CSV (*.csv)"
)

PAGES = mark("Web page (*.html)")
FILMS = mark("Film, GIF (*.gif);;Film, WebP (*.webp);;Folder of pictures (*.png)")


def with_ending(path: Path, kinds: str) -> Path:
    """The path with the chosen filter's ending where it has none of its own; kinds: of several filters the first one's."""
    filters = [kind[kind.rfind("(") + 1 : kind.rfind(")")] for kind in kinds.split(";;")]
    endings = [part.strip("*") for one in filters for part in one.split()]
    if not endings or any(path.name.lower().endswith(ending) for ending in endings):
        return path
    return path.with_name(path.name + endings[0])


def saved_whole(image: QImage, path: Path) -> bool:
    """Whether the picture was written as PNG; where it cannot be, what was there before stays as it was."""
    file = QSaveFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        return False
    if not image.save(file, "PNG"):
        file.cancelWriting()
    return file.commit()


def marked_picture(image: QImage, words: str = "") -> QImage:
    """The picture with a strip below it that says what it is for, over nothing of the picture itself.

    words: what it says, "" for the usual line in the window's language.
    """
    words = words or tr(RESEARCH_LINE)
    width, height = image.width(), image.height()
    size = _strip_letters_px(width, words)
    is_clear = image.hasAlphaChannel()
    shape = QImage.Format.Format_ARGB32_Premultiplied if is_clear else QImage.Format.Format_RGB32
    marked = QImage(width, height + 2 * size, shape)
    marked.fill(Qt.GlobalColor.transparent if is_clear else QColor(DARK["pane"]))
    painter = QPainter(marked)
    painter.fillRect(QRect(0, height, width, 2 * size), QColor(DARK["pane"]))
    painter.drawImage(QRect(0, 0, width, height), image)
    painter.setFont(font(size))
    painter.setPen(QColor(DARK["t1"]))
    strip = QRect(size // 2, height, width - size // 2, 2 * size)
    painter.drawText(strip, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
    painter.end()
    return marked


def _strip_letters_px(width_px: int, words: str) -> int:
    """Size of the letters in the strip below a picture, which is twice as high."""
    size = max(11, round(width_px / 60))
    while size > 5 and QFontMetrics(font(size)).horizontalAdvance(words) > width_px - size:
        size -= 1
    return size


def ratio_for(size_px: tuple[int, int], height_px: int) -> float:
    """How many pixels one of a pane's (wide, tall) becomes, so that a picture with its strip has a height."""
    wide, tall = size_px
    ratio = height_px / max(tall, 1)
    for _ in range(3):
        # the strip follows the width
        ratio = (height_px - 2 * _strip_letters_px(round(wide * ratio), tr(RESEARCH_LINE))) / max(tall, 1)
    return ratio


class Files:
    """The window's file dialogs. Tests replace `choose_save`, `choose_open` and `choose_folder`."""

    def __init__(self, window: Workstation) -> None:
        self._window = window
        self._folder = str(Path.home())

    # choosers

    def choose_open(self, title: str, kinds: str) -> Path | None:
        """A file that is there."""
        name, _ = QFileDialog.getOpenFileName(self._window, title, self._folder, kinds)
        return self._kept(name)

    def choose_folder(self, title: str) -> Path | None:
        """A folder."""
        return self._kept(QFileDialog.getExistingDirectory(self._window, title, self._folder))

    def choose_save(self, title: str, name: str, kinds: str) -> Path | None:
        """Where to write. The dialog asks before a file is replaced, of the name as it was typed."""
        chosen, kind = QFileDialog.getSaveFileName(self._window, title, str(Path(self._folder) / name), kinds)
        path = self._kept(chosen)
        if path is None:
            return None
        whole = with_ending(path, kind or kinds)
        return whole if whole == path or not whole.exists() or self._may_replace(whole) else None

    def _instead(self, asked: str, other: Path) -> Path | None:
        """Another film's place, where a person wants that instead of one of a kind that cannot be written."""
        title = tr("{kind} films cannot be written", kind=asked[1:].upper())
        words = tr("Films are GIF, WebP or a folder of pictures. Write {name} instead?", name=other.name)
        wanted = ConfirmDialog(title, words, mark("Cancel"), mark("Write it"), parent=self._window, harmless=True).ask()
        return other if wanted and (not other.exists() or self._may_replace(other)) else None

    def _may_replace(self, path: Path) -> bool:
        question = tr("{name} is there already. Replace it?", name=path.name)
        return ConfirmDialog(question, "", mark("Keep it"), mark("Replace"), parent=self._window).ask()

    def _kept(self, name: str) -> Path | None:
        if not name:
            return None
        path = Path(name)
        self._folder = str(path.parent)
        return path

    def ask_folder(self) -> None:
        """Open folder."""
        path = self.choose_folder(tr("Open folder"))
        if path is not None:
            self._window.open_paths([path])

    def ask_case(self) -> None:
        """Open case."""
        path = self.choose_open(tr("Open case"), tr(CASES))
        if path is not None:
            self._window.open_paths([path])

    def ask_file(self) -> None:
        """Open a scan that is one file."""
        path = self.choose_open(tr("Open file"), tr(SCANS))
        if path is not None:
            self._window.open_paths([path])

    def ask_series(self) -> None:
        """One more series for the open case, from a folder."""
        path = self.choose_folder(tr("Add series to this case"))
        if path is not None:
            self._window.series.look_for([path], adding=True)

    def ask_series_file(self) -> None:
        """One more series for the open case, from one file."""
        path = self.choose_open(tr("Add a file to this case"), tr(SCANS))
        if path is not None:
            self._window.series.look_for([path], adding=True)

    # what panels ask for

    def save_asked(self, name: str, kinds: str, use: Callable[[Path], None]) -> None:
        """Ask where to save and call `use` with the place."""
        path = self.choose_save(tr("Save"), name, kinds)
        if path is not None:
            use(path)

    def open_file_asked(self, title: str, kinds: str, use: Callable[[Path], None]) -> None:
        """Ask for a file and call `use` with it."""
        path = self.choose_open(title, kinds)
        if path is not None:
            use(path)

    def open_folder_asked(self, title: str, use: Callable[[Path], None]) -> None:
        """Ask for a folder and call `use` with it."""
        path = self.choose_folder(title)
        if path is not None:
            use(path)

    def module_asked(self, module: str) -> None:
        """Go to another place of work; "send" asks which archive gets the results."""
        if module == "start":
            self._window.show_start()
        elif module == "send":
            self._window.send_to_archive()
        elif self._window.page is not None:
            self._window.page.show_module(module)

    # out

    def save_picture(self, pane: str, image: QImage) -> None:
        """A pane's picture as PNG, without any text of the patient, and with what it is for."""
        path = self.choose_save(tr("Save picture"), f"theatrum-{pane}.png", tr("Pictures (*.png)"))
        if path is None:
            return
        if saved_whole(marked_picture(image), path):
            if self._window.session is not None:
                note_in_window(self._window.session.document, what_of("picture", path))
            self._window.strip.say(tr("Picture saved as {name}", name=path.name), state="ok")
        else:
            self._window.strip.say(tr("{name} cannot be written. Choose another folder.", name=path.name), state="bad")

    def large_picture(self, times: int, transparent: bool) -> None:
        """The 3D pane as a large PNG, drawn beside the window."""
        page = self._window.page
        path = page and self.choose_save(tr("Save large picture"), "theatrum-3d.png", tr("Pictures (*.png)"))
        if page is None or not path:
            return
        self._shoot(tr("Drawing the large picture"), path, page.scene.devicePixelRatioF() * times, None, transparent)

    def film(self, height_px: int, seconds: int) -> None:
        """The 3D pane turning once, drawn beside the window."""
        from app.studio import OTHER_FILMS, Film

        page = self._window.page
        path = page and self.choose_save(tr("Save turning film"), "theatrum-3d.gif", tr(FILMS))
        if path and Path(path.stem).suffix.lower() in OTHER_FILMS:
            # "turn.mp4" got the chosen kind's ending behind its own
            asked = Path(path.stem)
            path = self._instead(asked.suffix, path.with_name(f"{asked.stem}{path.suffix}"))
        if page is None or not path:
            return
        ratio = ratio_for((page.scene.width(), page.scene.height()), height_px)
        self._shoot(tr("Drawing the film"), path, ratio, Film(float(seconds)), False)

    def _shoot(self, title: str, path: Path, ratio: float, film: Film | None, transparent: bool) -> None:
        from app.studio import make, shot_of

        page = self._window.page
        if page is None or page.scene.stage.failed:
            return
        shot, document = shot_of(page.scene, ratio, transparent), page.session.document
        words = mark("Picture saved as {name}") if film is None else mark("Film saved as {name}")
        self._submit(
            title,
            path,
            lambda progress, cancel: _noted(document, "picture", path, make(shot, film, path, progress, cancel)),
            lambda made: self._window.strip.say(tr(words, name=made.name), state="ok"),
        )

    def save_as(self) -> None:
        """A whole copy of the case under another name."""
        from planning.case.saving import save_copy

        session = self._window.session
        if session is None or not may_give_identity(session.case, COPY, self._window):
            return
        path = self.choose_save(tr("Save as"), session.path.name, tr(CASES))
        if path is None:
            return
        document = session.document
        self._submit(
            tr("Writing the copy"),
            path,
            lambda progress, cancel: save_copy(document, path, force=True),
            lambda _: self._window.strip.say(tr("Saved a copy as {name}", name=path.name), state="ok"),
        )

    def _may_show_names(self, names: Sequence[str]) -> bool:
        """Names that a person gave stand on the patient's page as they are: asked before."""
        own = [display_name(structure_style(name).display) for name in names if is_own_name(name)]
        return (
            not own
            or ConfirmDialog(
                tr("The page keeps these names: {names}", names=", ".join(own)),
                tr("A person gave them. Read them before the page is given away."),
                mark("Cancel"),
                mark("Make the page"),
                parent=self._window,
                harmless=True,
            ).ask()
        )

    def export(self) -> None:
        """Image, label map, surface or plan, by the ending chosen."""
        session = self._window.session
        path = session and self.choose_save(tr("Export"), "theatrum-export", tr(EXPORTS))
        if session is None or not path:
            return
        options = export_options(session, path)
        if options is None:
            self._window.strip.say(tr("Choose a structure in the list first."))
            return
        structure, plan = options.get("structure"), options.get("plan")
        what = structure_name(structure) if structure else plan or ""
        kind = next((key for key in ("plan", "structure", "labels") if key in options), "image")
        words = tr("Exported {what} as {name}", what=what, name=path.name) if what else ""
        from planning.case.exporting import export_case

        document = session.document
        self._submit(
            tr("Exporting"),
            path,
            lambda progress, cancel: _noted(document, kind, path, export_case(document, path, force=True, **options)),
            lambda _: self._window.strip.say(words or tr("Exported {name}", name=path.name), state="ok"),
        )

    def patient_page(self) -> None:
        """What is shown in 3D, or a liver plan's parts, as one page in plain words for the patient."""
        page = self._window.page
        if page is None:
            return
        case, hidden = page.session.case, page.session.view.state.hidden
        plans = [name for name, plan in case.plans.items() if plan.kind == "liver"]
        plan = plans[-1] if plans and page.module == "liver" else None
        names = None if plan is not None else [name for name in case.structures if name not in hidden]
        if plan is None and not names:
            self._window.strip.say(tr("Segment or show a structure first."))
            return
        from app.patient.write import shown_names, write_patient

        document, speech = page.session.document, language()
        if not self._may_show_names(shown_names(document, names, plan)):
            return
        path = self.choose_save(tr("Page for the patient"), "theatrum-patient.html", tr(PAGES))
        if path is None:
            return
        self._submit(
            tr("Making the page for the patient"),
            path,
            lambda progress, cancel: _noted(
                document,
                "page for the patient",
                path,
                write_patient(
                    document,
                    path,
                    structures=names,
                    plan=plan,
                    language=speech,
                    force=True,
                    progress=progress,
                    cancel=cancel,
                ),
            ),
            lambda _: self._window.strip.say(tr("Page for the patient saved as {name}", name=path.name), state="ok"),
        )

    def keep_thumbnail(self, page: CasePage) -> None:
        """A small picture of the case for the start screen, of what is seen: nothing is drawn anew while it closes."""
        from app.thumbnails import save_thumbnail

        is_seen = page.session.case.structures and page.scene.is_started
        picture = page.scene.seen_picture() if is_seen else page.slices["axial"].grab_picture()
        save_thumbnail(page.session.path, picture)

    def _submit(
        self, title: str, path: Path, work: Callable[[Progress, CancelToken], Any], done: Callable[[Any], None]
    ) -> None:
        # another file is another job: one that waits is not given up for it
        key = f"{title} {path}"
        self._window.jobs.submit(Job(key=key, title=title, work=work, done=done, failed=self._window.tell_error))


def _noted(document: Document, kind: str, path: Path, made: Any) -> Any:
    """What was made of a case, with a note in its history that it went out."""
    note_in_window(document, what_of(kind, path))
    return made


def export_options(session: Any, path: Path) -> dict[str, Any] | None:
    """The export's options for a file's ending: the chosen structure for surfaces, the newest plan for tables.

    None where a structure must be chosen first: a surface has no name inside that would tell another one.
    """
    name = path.name.lower()
    if ".labels." in name:
        return {"labels": True}
    if path.suffix.lower() in (".stl", ".ply", ".obj", ".glb", ".usdz", ".vtp"):
        chosen = session.view.state.selected
        names = list(session.case.structures)
        if chosen not in names and len(names) > 1:
            return None
        return {"structure": chosen if chosen in names else next(iter(names), None)}
    if path.suffix.lower() in (".json", ".csv"):
        plans = list(session.case.plans)
        return {"plan": plans[-1] if plans else None}
    return {}
