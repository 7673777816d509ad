"""What can be added to a liver plan: a menu at the step's button, each entry with the reason why it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton

from app.i18n import mark, tr
from app.jobs import Job
from planning.errors import TheatrumError
from planning.progress import CancelToken, Progress

if TYPE_CHECKING:
    from app.panels.liver.cut_step import CutStep
    from app.panels.liver.panel import LiverPanel
    from planning.liver.model import LiverModel
    from planning.liver.resection import SurfaceResection

FILES = mark("Surfaces (*.stl *.ply *.obj *.vtp *.glb *.usdz *.3mf)")
GAP_PX = 4


class AddMenu:
    """The menu and what its entries start."""

    def __init__(self, panel: LiverPanel, step: CutStep) -> None:
        self._panel, self._step = panel, step
        self.menu = QMenu(panel)
        self.menu.setObjectName("add_menu")
        self.menu.setToolTipsVisible(True)
        self._fill()
        self.menu.aboutToShow.connect(self.refresh)

    def _fill(self) -> dict[str, QAction]:
        """The entries anew, by name: the menu alone owns them, so none that Qt has let go of is asked for anything."""
        self.menu.clear()
        actions: dict[str, QAction] = {}
        entries: tuple[tuple[str, str, Callable[[], None] | None], ...] = (
            ("add_plane", tr("Plane"), self._panel.work.propose),
            ("add_sheet", tr("Deformable cut"), self._add_sheet),
            ("add_line", tr("Deformable cut along a line…"), self._form("line")),
            ("add_wedge", tr("Wedge about a tumour…"), self._form("wedge")),
            ("add_territory", tr("Territory…"), self._form("territory")),
            ("add_surface", tr("Surface from file…"), self._ask_file),
            ("add_ablation", tr("Ablation zone…"), self._form("ablation")),
            ("add_occlusion", tr("Portal occlusion…"), self._form("occlusion")),
        )
        for identifier, text, run in entries:
            if run is None:
                continue
            action = self.menu.addAction(text)
            action.setObjectName(identifier)
            action.triggered.connect(lambda _=False, r=run: r())
            actions[identifier] = action
        return actions

    def _form(self, key: str) -> Callable[[], None] | None:
        """What opens a form; None where this organ has none of its kind."""
        return partial(self._step.open_form, key) if key in self._step.forms else None

    def refresh(self) -> None:
        """Which entries can be used now."""
        actions = self._fill()
        model = self._panel.work.model
        no_model = "" if model is not None else tr("Preparing the {kind}", kind=self._panel.work.kind)
        no_tumor = no_model or ("" if model is not None and model.tumors else tr("No tumour is chosen"))
        has_tree = model is not None and (model.portal is not None or model.hepatic is not None)
        reasons = {
            "add_wedge": no_tumor,
            "add_ablation": no_tumor,
            "add_occlusion": no_model
            or ("" if model is not None and model.portal is not None else tr("No portal vein is chosen")),
            "add_territory": no_model or ("" if has_tree else tr("No vessel tree is chosen")),
        }
        for identifier, action in actions.items():
            reason = reasons.get(identifier, no_model)
            action.setEnabled(not reason)
            action.setToolTip(reason or action.text())
        work = self._panel.work
        from_plane = work.hand.plane_of(work.chosen) is not None
        actions["add_sheet"].setText(tr("Deformable cut from the chosen plane") if from_plane else tr("Deformable cut"))

    def open(self) -> None:
        """Above the button that adds."""
        button = self._panel.findChild(QPushButton, "add_cut")
        if button is None:
            return
        size = self.menu.sizeHint()
        self.menu.popup(button.mapToGlobal(QPoint(button.width() - size.width(), -size.height() - GAP_PX)))

    def _add_sheet(self) -> None:
        """The chosen plane can be bent from now on; without one a new plane is."""
        work = self._panel.work
        if work.hand.plane_of(work.chosen) is not None:
            work.hand.bend(work.chosen)
            return
        work.propose(bend=True)

    def _ask_file(self) -> None:
        self._panel.open_file_asked.emit(tr("Choose a surface"), FILES, self.read_file)

    def read_file(self, path: Path) -> None:
        """A surface in patient space becomes a cut, in a job."""
        work, session = self._panel.work, self._panel.session
        model = work.model
        if model is None:
            return
        session.jobs.submit(
            Job(
                key="liver surface",
                title=tr("Reading {name}", name=path.name),
                work=partial(_surface_cut, model, path),
                done=work.add,
                failed=self._failed,
                still_wanted=lambda: work.model is model,
                subject=session.label,
            )
        )

    def _failed(self, error: TheatrumError) -> None:
        self._panel.work.failed.emit(error)


def _surface_cut(model: LiverModel, path: Path, progress: Progress, cancel: CancelToken) -> SurfaceResection:
    """The file's surface, removing the tumours' side of an open one where there are tumours."""
    from planning.files.meshes import read_mesh
    from planning.liver.resection import SurfaceResection

    cut = SurfaceResection(read_mesh(path), "tumor" if model.tumors else "side")
    model.regions([cut], cancel)
    return cut
