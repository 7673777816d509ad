"""The 3D view's settings, in the guided panel's place while they are open. Nothing here is part of the case."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.dialogs.message import TextDialog
from app.i18n import tr
from app.panels.frame import PADDING
from app.panels.labels import hairline
from app.panels.render_parts import BoxPart, ImagePart, LookPart, OutPart, SidePart, tool
from app.render_presets import (
    AUTOMATIC,
    MOST_NAME,
    OWN,
    automatic_preset,
    built_in,
    find_preset,
    fitting_preset,
    own_presets,
    remove_own,
    save_own,
)
from app.rendering import SceneRendering
from app.session import Session
from app.theme.style import set_kind
from planning.errors import InputError
from planning.geometry import carm_angles_deg
from planning.volume import Volume
from viewers.rendering import Rendering
from viewers.scene_pane import ScenePane
from viewers.view_state import Camera, ViewState


class RenderPanel(QWidget):
    """`left`: back to the guided panel. `picture_asked`, `film_asked`: see OutPart."""

    left = Signal()
    picture_asked = Signal(int, bool)
    film_asked = Signal(int, int)

    def __init__(
        self, session: Session, scene: ScenePane, rendering: SceneRendering, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("panel_render")
        self.setProperty("k", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, self._scene, self._rendering = session, scene, rendering
        # the counts that are shown, not the image that they are of: nothing else holds that when 3D does not show it
        self._counts: object = None
        # the place of work, for the preset that a first showing takes
        self.module = ""
        self.image, self.box, self.look, self.side, self.out = ImagePart(), BoxPart(), LookPart(), SidePart(), OutPart()
        self._lay_out()
        self._wire()
        # whether the list of presets is that of a CT
        self._is_ct = True
        self._show_presets()
        self.refresh()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QWidget()
        set_kind(head, "clear")
        line = QHBoxLayout(head)
        line.setContentsMargins(PADDING, 12, 10, 8)
        title = QLabel(tr("3D view"))
        set_kind(title, "title")
        self.close_button = tool("render_close", "x", tr("Back to the plan (Esc)"))
        line.addWidget(title, 1)
        line.addWidget(self.close_button)
        column.addWidget(head)
        body = QWidget()
        set_kind(body, "clear")
        parts = QVBoxLayout(body)
        parts.setContentsMargins(PADDING, 4, PADDING, PADDING)
        parts.setSpacing(12)
        for number, part in enumerate((self.image, self.box, self.look, self.side, self.out)):
            if number:
                parts.addWidget(hairline())
            parts.addWidget(part)
        parts.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("render_scroll")
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(body)
        column.addWidget(scroll, 1)

    def _wire(self) -> None:
        self.close_button.clicked.connect(self.left)
        self.image.asked.connect(self._set)
        self.image.preset_asked.connect(self._take_preset)
        self.image.keep_asked.connect(self._keep)
        self.image.forget_asked.connect(self._forget)
        self.box.asked.connect(self._set)
        self.look.asked.connect(self._set)
        self.side.angles_asked.connect(self._scene.look_from_carm)
        self.side.side_asked.connect(self._scene.stand)
        self.out.picture_asked.connect(self.picture_asked)
        self.out.film_asked.connect(self.film_asked)
        self._rendering.ready.connect(self.refresh)
        self._session.view.changed.connect(self._on_view)
        self._scene.camera_moved.connect(self._show_camera)

    def refresh(self) -> None:
        """Show what is set."""
        wanted = self._session.view.state.rendering
        if self._is_ct != (self._no_ct() is None):
            self._show_presets()
        image = self._rendering.image if wanted.shows_volume else None
        if image is not None and image.counts is not self._counts:
            self._counts = image.counts
            self.image.show_histogram(image.edges_hu, image.counts, image.source.quantity)
        self.image.show_state(wanted, image, self._session.volume() is not None)
        self.box.show_state(wanted, image)
        self.look.show_state(wanted, self._rendering.clips(), self._scene.is_slow)
        self._show_camera(self._scene.camera())
        self._show_size()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc: back to the plan."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _set(self, wanted: Rendering) -> None:
        view = self._session.view
        if wanted.shows_volume and not wanted.stops:
            other = self._no_ct()
            usual = fitting_preset(self.module, tuple(self._session.case.structures))
            preset = usual if other is None else automatic_preset(other)
            wanted = replace(wanted, preset=preset.id, stops=preset.stops, shaded=preset.shaded)
        view.set(rendering=wanted)

    def _no_ct(self) -> Volume | None:
        """The image, where its values are no Hounsfield units and no preset is made for it."""
        volume = self._session.volume()
        return volume if volume is not None and volume.quantity != "HU" else None

    def _show_presets(self) -> None:
        other = self._no_ct()
        self._is_ct = other is None
        own = () if other is None else (automatic_preset(other),)
        self.image.show_presets((*own, *built_in(), *own_presets()))

    def _take_preset(self, identifier: str) -> None:
        other = self._no_ct()
        made = automatic_preset(other) if identifier == AUTOMATIC and other is not None else None
        preset = made or find_preset(identifier)
        if preset is None:
            return
        now = self._session.view.state.rendering
        if now.preset == preset.id:
            # back to what it was is a step that can be taken back
            self.image.editor.put(preset.stops)
            now = self._session.view.state.rendering
        self._session.view.set(rendering=replace(now, preset=preset.id, stops=preset.stops, shaded=preset.shaded))

    def _keep(self) -> None:
        now = self._session.view.state.rendering
        first = now.preset.removeprefix(OWN) if now.preset.startswith(OWN) else ""
        dialog = TextDialog(
            tr("Save as my preset"), tr("A name that is there already is replaced."), first, parent=self.window()
        )
        name = (dialog.ask() or "").strip()[:MOST_NAME]
        if not name:
            return
        try:
            preset = save_own(name, now.stops, now.shaded)
        except InputError as error:
            self._session.failed.emit(error)
            return
        self._show_presets()
        self._session.view.set(rendering=replace(now, preset=preset.id))
        self._session.said.emit(tr("Preset {name} is saved", name=name))

    def _forget(self, identifier: str) -> None:
        try:
            remove_own(identifier)
        except InputError as error:
            self._session.failed.emit(error)
            return
        self._show_presets()
        now = self._session.view.state.rendering
        self._session.view.set(rendering=replace(now, preset=""))
        self._session.said.emit(tr("The preset is removed; the picture stays as it is"))

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        if not self.isVisible():
            return
        if (old.layout, old.maximised) != (new.layout, new.maximised):
            # after the panes have their places
            QTimer.singleShot(0, self, self._show_size)
        if old.rendering != new.rendering or old.phase != new.phase:
            self.refresh()
        elif old.camera != new.camera and new.camera is not None:
            self._show_camera(new.camera)

    def _show_size(self) -> None:
        ratio = self._scene.devicePixelRatioF()
        self.out.show_size(round(self._scene.width() * ratio), round(self._scene.height() * ratio))

    def _show_camera(self, camera: Camera) -> None:
        if self.isVisible():
            self.side.show_angles(*carm_angles_deg(camera.direction))
