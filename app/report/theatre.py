"""`write_pictures`: a liver plan's pictures for the operating room into a folder, and the page for the theatre's screen."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.i18n import tr
from planning.case.document import Document
from planning.case.standing import told_plan
from planning.errors import InputError
from planning.files.place import exists, writing
from planning.interrupts import interrupts_held
from planning.progress import CancelToken, Progress, no_progress

PAGE_DPI = 254.0


def write_pictures(
    document: Document,
    plan_name: str,
    folder: Path,
    *,
    force: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """Write every view as PNG, and the page as "theatre.png" and "theatre.pdf"; the folder is made where it is missing.

    Answers {"files", "plan", "views": [{"file", "title"}], "warnings"}. Raises CaseError for a plan that is no liver's,
    InputError for a place that cannot be written or files that are there without `force`, Cancelled. Files appear together
    or not at all.
    """
    from app.report.theatre_draw import png_bytes, theatre_page, view_picture
    from app.report.theatre_scene import theatre_scene, theatre_views
    from planning.case.printing import liver_plan

    folder = Path(folder)
    plan = told_plan(document.case, liver_plan(document, plan_name))
    if not folder.parent.is_dir():
        raise InputError(f"The folder of {folder.name} does not exist", "Make it first", "no_folder")
    if exists(folder) and not folder.is_dir():
        raise InputError(f"{folder.name} is a file", "Name a folder", "exists")
    # the page that there always is is looked for before the drawing, the rest when the views are known
    page_names = ["theatre.png", "theatre.pdf"]
    _refuse_existing(folder, page_names, force)
    scene = theatre_scene(document, plan, lambda f, w="": progress(0.4 * f, w), cancel)
    views = theatre_views(scene)
    names = [f"{view.key}.png" for view in views] + page_names
    _refuse_existing(folder, names, force)
    drawn: dict[str, bytes] = {}
    for number, view in enumerate(views):
        progress(0.4 + 0.5 * number / len(views), tr("Drawing: {view}", view=view.title))
        if cancel is not None:
            cancel.raise_if_set()
        drawn[f"{view.key}.png"] = png_bytes(view_picture(scene, view))
    progress(0.9, tr("Drawing the page for the screen"))
    cuts = [view for view in views if view.part]
    cut = next((view for view in cuts if view.part == scene.least_part), (cuts or views)[0])
    page = theatre_page(scene, cut, views[0])
    drawn["theatre.png"], drawn["theatre.pdf"] = png_bytes(page), pdf_bytes(page)
    with writing(folder), tempfile.TemporaryDirectory(prefix=".theatrum-", dir=folder.parent) as drafts:
        for name, data in drawn.items():
            (Path(drafts) / name).write_bytes(data)
        if cancel is not None:
            cancel.raise_if_set()
        folder.mkdir(exist_ok=True)
        _put_in_place(Path(drafts), folder, list(drawn))
    return {
        "files": [str(folder / name) for name in names],
        "plan": plan.name,
        "views": [{"file": f"{view.key}.png", "title": view.title} for view in views],
        "warnings": list(plan.results.get("warnings", [])),
    }


def _put_in_place(drafts: Path, folder: Path, names: Sequence[str]) -> None:
    """All files at once: whatever stops it, a folder holds the old ones or the new ones, never some of each."""
    former = drafts / "former"
    former.mkdir()
    with interrupts_held():
        try:
            for name in names:
                if exists(folder / name):
                    (folder / name).replace(former / name)
                (drafts / name).replace(folder / name)
        except BaseException:
            for name in names:
                if (former / name).exists():
                    (former / name).replace(folder / name)
                elif not (drafts / name).exists():
                    (folder / name).unlink(missing_ok=True)
            raise


def _refuse_existing(folder: Path, names: Sequence[str], force: bool) -> None:
    for name in names:
        if exists(folder / name) and not force:
            raise InputError(
                f"{name} exists already in {folder.name}", "Choose another folder or use --force", "exists"
            )


def pdf_bytes(image: Any) -> bytes:
    """The image as a page of its own size, without a word about where it comes from."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    width, height = (72.0 * pixels / PAGE_DPI for pixels in image.size)
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=(width, height), invariant=1)
    canvas.setTitle(tr("Liver plan for the operating room"))
    canvas.drawImage(ImageReader(image), 0, 0, width, height)
    canvas.showPage()
    canvas.save()
    return data.getvalue()
