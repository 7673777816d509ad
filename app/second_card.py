"""Below the structures: the case's other image, drawn over the first one with a colour map and an opacity."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSlider, QToolButton, QVBoxLayout, QWidget

from app.i18n import mark, tr
from app.menus import passing_menu
from app.panels.labels import ElidedLabel, IconMark
from app.panels.quantities import NumberField
from app.panes.phase_axis import phase_name
from app.second_image import FRAME_UNKNOWN, NOT_REGISTERED, SecondImage
from app.session import Session
from app.structure_bar import fit_percent
from app.theme.icons import icon
from app.theme.style import color, set_kind
from planning.case.commands import RemoveImage
from viewers.color_maps import color_maps
from viewers.keys import show_key

STEP_PERCENT = 5
SWATCH = QSize(34, 14)
OVER_WORDS = mark("Show over the first image")
BESIDE_WORDS = mark("Both images are beside each other now. Choose another layout to see one over the other.")
MAP_WORDS = mark("Colours of the second image")
MORE_WORDS = mark("More about the second image")
SLIDER_WORDS = mark("Opacity of the second image")
# beside a warning sign, with the whole story in the tooltip
NOTES = {
    NOT_REGISTERED: (
        mark("Not registered"),
        mark(
            "The scans have different frames of reference: the patient may have moved in "
            "between. They lie over each other by their coordinates only."
        ),
    ),
    FRAME_UNKNOWN: (
        mark("Frame not known"),
        mark(
            "The files do not say whether both scans lie in one frame of reference. They lie "
            "over each other by their coordinates only."
        ),
    ),
}


def swatch(key: str) -> QIcon:
    """A colour map as a small picture, from its lower to its upper end."""
    colors = color_maps()[key].colors(1.0) | 0xFF000000
    strip = QImage(colors.data, len(colors), 1, QImage.Format.Format_RGB32)
    ratio = 2
    made = QPixmap(SWATCH * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(0, 0, SWATCH.width(), SWATCH.height()), 3, 3)
    painter.setClipPath(shape)
    painter.drawImage(QRectF(0, 0, SWATCH.width(), SWATCH.height()), strip)
    painter.end()
    return QIcon(made)


class SecondCard(QFrame):
    """Hidden while the case has one image only."""

    def __init__(self, second: SecondImage, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._second, self._session = second, session
        self.setObjectName("second_card")
        self.setAccessibleName(tr("Second image"))
        set_kind(self, "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(4)
        column.addLayout(self._head())
        self._body = QWidget()
        set_kind(self._body, "clear")
        row = QHBoxLayout(self._body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.map = self._button("second_map", tr(MAP_WORDS))
        self.map.setIconSize(SWATCH)
        self.map.setFixedSize(44, 26)
        self.map.clicked.connect(self._map_menu)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("second_opacity")
        self.slider.setAccessibleName(tr(SLIDER_WORDS))
        self.slider.setToolTip(tr(SLIDER_WORDS))
        self.slider.setRange(0, 100)
        self.slider.setSingleStep(STEP_PERCENT)
        self.slider.valueChanged.connect(lambda value: second.change(opacity=value / 100.0))
        self.number = NumberField("second_percent", tr("Opacity"), "%", 0.0, 100.0, float(STEP_PERCENT))
        self.number.decimals = 0
        set_kind(self.number, "small")
        fit_percent(self.number)
        self.number.entered.connect(lambda value: second.change(opacity=value / 100.0))
        row.addWidget(self.map)
        row.addWidget(self.slider, 1)
        row.addWidget(self.number)
        column.addWidget(self._body)
        self._doubt = QWidget()
        set_kind(self._doubt, "clear")
        line = QHBoxLayout(self._doubt)
        line.setContentsMargins(2, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(IconMark("triangle-alert", "warn", 14))
        self._note = ElidedLabel("", "hint")
        line.addWidget(self._note, 1)
        column.addWidget(self._doubt)
        second.changed.connect(self.refresh)
        self.refresh()

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        self.eye = self._button("second_eye", tr(OVER_WORDS))
        show_key(self.eye, tr(OVER_WORDS), "second_over")
        self.eye.clicked.connect(lambda: self._second.show_over(not self._second.state.is_over))
        self._name = ElidedLabel("")
        self.more = self._button("second_more", tr(MORE_WORDS))
        self.more.clicked.connect(self._more_menu)
        row.addWidget(self.eye)
        row.addWidget(self._name, 1)
        row.addWidget(self.more)
        return row

    def _button(self, name: str, words: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.setFixedSize(26, 26)
        button.setIconSize(QSize(16, 16))
        return button

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if hasattr(self, "_note") and event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._recolour()
            fit_percent(self.number)

    def _recolour(self) -> None:
        self.eye.setIcon(icon("eye" if self._second.is_over else "eye-off", color("t3")))
        self.more.setIcon(icon("ellipsis", color("t2")))

    def refresh(self) -> None:
        """Show the other image as it is now."""
        second = self._second
        state, others = second.state, second.others
        shown = state.image or next(iter(others), "")
        self.setVisible(shown in self._session.case.images)
        if shown not in self._session.case.images:
            return
        image = self._session.case.images[shown]
        description = image.study.get("description", "")
        self._name.setText("  ".join(part for part in (shown, description) if part))
        is_over = second.is_over
        self.eye.setEnabled(not second.is_beside)
        if second.is_beside:
            self.eye.setToolTip(tr(BESIDE_WORDS))
        else:
            show_key(self.eye, tr(OVER_WORDS), "second_over")
        self._body.setVisible(is_over)
        self.map.setIcon(swatch(state.colors))
        self.map.setToolTip(f"{tr(MAP_WORDS)}: {color_maps()[state.colors].name}")
        was = self.slider.blockSignals(True)
        self.slider.setValue(round(100 * state.opacity))
        self.slider.blockSignals(was)
        self.number.set_value(round(100.0 * state.opacity))
        note = second.note if state.image else ""
        self._doubt.setVisible(bool(note) and (is_over or second.is_beside))
        if note:
            words, story = (tr(text) for text in NOTES[note])
            self._note.setText(words)
            self._doubt.setToolTip(story)
        self._recolour()

    def _map_menu(self) -> None:
        menu = passing_menu(self)
        menu.setObjectName("second_map_menu")
        for key, item in color_maps().items():
            action = menu.addAction(swatch(key), item.name, partial(self._second.change, colors=key))
            action.setCheckable(True)
            action.setChecked(key == self._second.state.colors)
        menu.popup(self.map.mapToGlobal(QPointF(0, self.map.height() + 2)).toPoint())

    def _more_menu(self) -> None:
        second = self._second
        menu = passing_menu(self)
        menu.setObjectName("second_menu")
        if len(second.names) > 1:
            for name in second.names:
                action = menu.addAction(name, partial(second.choose, name))
                action.setCheckable(True)
                action.setChecked(name == second.state.image)
            menu.addSeparator()
        image = second.image
        if image is not None and len(image.phases) > 1:
            phases = menu.addMenu(tr("Phase"))
            for number in range(len(image.phases)):
                action = phases.addAction(phase_name(image.phases, number), partial(second.change, phase=number))
                action.setCheckable(True)
                action.setChecked(number == second.state.phase)
            menu.addSeparator()
        smooth = menu.addAction(tr("Smooth pixels"), lambda: second.change(smooth=not second.state.smooth))
        smooth.setCheckable(True)
        smooth.setChecked(second.state.smooth)
        for words, window in (
            (tr("Window automatic"), None),
            (tr("Window of the first image"), self._session.view.state),
        ):
            menu.addAction(words, partial(second.set_window, None if window is None else (window.window, window.level)))
        if (second.state.image or next(iter(second.others), "")) in second.others:
            menu.addSeparator()
            menu.addAction(tr("Remove from the case"), self._remove)
        menu.popup(self.more.mapToGlobal(QPointF(0, self.more.height() + 2)).toPoint())

    def _remove(self) -> None:
        self._session.do(RemoveImage(self._second.state.image or self._second.others[0]))
