"""The sections of the 3D view's settings: the image's look, its box, the clip, surfaces, the side, pictures and films."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil, floor

from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QColorDialog,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n import mark, tr
from app.panels.choice_box import ChoiceBox
from app.panels.labels import IconButton, paragraph
from app.panels.quantities import NumberField
from app.panels.tavr.angle_field import AngleField, NamedField
from app.panels.transfer_editor import TransferEditor
from app.render_presets import AUTOMATIC, OWN, RenderPreset
from app.rendering import DrawnImage
from app.theme.icons import icon
from app.theme.style import color, set_kind
from planning.geometry import FloatArray, Plane
from viewers.rendering import (
    LEAST_BOX_MM,
    LEAST_HU,
    MOST_HU,
    Corners,
    Rendering,
    Stops,
    bounds_of,
    plain_box,
    room_of,
)

GAP, ROW_GAP = 8, 6
SIDES = (("A", mark("From the front")), ("P", mark("From behind")), ("L", mark("From the left")),
         ("R", mark("From the right")), ("H", mark("From the head")), ("F", mark("From the feet")))  # fmt: skip
# the box's axes: name, letters of its ends
AXES = (("x", mark("Right to left")), ("y", mark("Front to back")), ("z", mark("Feet to head")))
PICTURE_TIMES = (2, 4, 8)
FILM_HEIGHTS = (480, 720, 1080)
FILM_SECONDS = (4, 8, 12, 20)
ONLY_CARD = mark("Only where a graphics card draws")
NO_IMAGE = mark("This case has no image")
HU_NAME = mark("Value of the chosen point")


def tool(identifier: str, icon_name: str, words: str, parent: QWidget | None = None) -> QToolButton:
    """A small button with an icon; `words` with its key in brackets."""
    button = QToolButton(parent)
    button.setObjectName(identifier)
    button.setIcon(icon(icon_name, color("t2"), color("acc"), color("t3")))
    button.setIconSize(QSize(16, 16))
    button.setToolTip(words)
    button.setAccessibleName(words)
    return button


def narrow(widget: QLineEdit | QComboBox) -> None:
    """As narrow as the panel wants it; its words elide."""
    widget.setMinimumWidth(40)
    if isinstance(widget, QComboBox):
        widget.setMinimumContentsLength(4)


class Part(QWidget):
    """A section with a heading."""

    def __init__(self, heading: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "clear")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(ROW_GAP)
        label = QLabel(heading)
        set_kind(label, "heading")
        self.column.addWidget(label)

    def row(self, *widgets: QWidget, stretch: int = 0) -> QHBoxLayout:
        """Widgets beside each other; the one numbered `stretch` takes what is left."""
        line = QHBoxLayout()
        line.setSpacing(GAP)
        for number, widget in enumerate(widgets):
            if isinstance(widget, QLineEdit | QComboBox):
                narrow(widget)
            line.addWidget(widget, 1 if number == stretch else 0)
        self.column.addLayout(line)
        return line


class ImagePart(Part):
    """Whether and how the image itself is drawn. `asked`: other settings; `preset_asked`: a preset by its id."""

    asked = Signal(object)
    preset_asked = Signal(str)
    keep_asked = Signal()
    forget_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Image"), parent)
        self._wanted = Rendering()
        self.shows = QCheckBox(tr("Show the image itself"))
        self.shows.setObjectName("render_shows")
        self.shows.setToolTip(tr("Rays through the scan, together with structures and plan"))
        self.presets = ChoiceBox()
        self.presets.setObjectName("render_preset")
        self.presets.setAccessibleName(tr("Preset"))
        self.presets.setToolTip(tr("Preset"))
        self.keep = tool("render_keep", "save", tr("Save as my preset"))
        self.forget = tool("render_forget", "trash-2", tr("Remove my preset"))
        self.editor = TransferEditor()
        narrow(self.presets)
        self.hu = NumberField("render_hu", HU_NAME, "HU", LEAST_HU, MOST_HU, 5.0)
        self.opacity = NumberField("render_opacity", tr("Opacity of the chosen point for 1 mm"), "%", 0.0, 100.0, 1.0)
        self.tint = QPushButton()
        self.tint.setObjectName("render_color")
        self.tint.setFixedWidth(38)
        self.undo = tool("render_undo", "undo-2", tr("Take back (Ctrl+Z in the curve)"))
        self.redo = tool("render_redo", "redo-2", tr("Do again (Ctrl+Y in the curve)"))
        self.remove = tool("render_remove_point", "trash-2", tr("Remove point (Delete in the curve)"))
        self.reset = tool("render_reset", "rotate-ccw", tr("As the preset has it"))
        self.shaded = QCheckBox(tr("Light and shadow"))
        self.shaded.setObjectName("render_shaded")
        self.none_chosen = paragraph(tr("Click a point of the curve to type its value, opacity and colour."), "hint")
        self.note = paragraph("", "hint")
        self.complaint = paragraph("", "hint")
        self.complaint.hide()
        self.column.addWidget(self.shows)
        self.row(self.presets, self.keep, self.forget)
        self.column.addWidget(self.editor)
        self.row(self.hu, self.opacity, self.tint)
        self.column.addWidget(self.none_chosen)
        line = self.row(self.shaded, self.undo, self.redo, self.remove, self.reset)
        line.setSpacing(2)
        self.column.addWidget(self.complaint)
        self.column.addWidget(self.note)
        self._wire()
        self._show_point(-1)

    def _wire(self) -> None:
        self.shows.toggled.connect(lambda on: self.asked.emit(replace(self._wanted, shows_volume=on)))
        self.shaded.toggled.connect(lambda on: self.asked.emit(replace(self._wanted, shaded=on)))
        self.presets.activated.connect(lambda number: self.preset_asked.emit(self.presets.itemData(number)))
        self.keep.clicked.connect(self.keep_asked)
        self.forget.clicked.connect(lambda: self.forget_asked.emit(self._wanted.preset))
        self.reset.clicked.connect(lambda: self.preset_asked.emit(self._wanted.preset))
        self.editor.edited.connect(self._edited)
        self.editor.chosen_changed.connect(self._show_point)
        self.editor.history_changed.connect(self._show_history)
        self.undo.clicked.connect(self.editor.undo)
        self.redo.clicked.connect(self.editor.redo)
        self.remove.clicked.connect(self.editor.remove_chosen)
        self.hu.entered.connect(lambda hu: self._put(hu=hu))
        self.opacity.entered.connect(lambda percent: self._put(opacity=percent / 100.0))
        for field in (self.hu, self.opacity):
            field.complained.connect(self._complain)
        self.tint.clicked.connect(self._choose_color)

    def show_state(self, wanted: Rendering, image: DrawnImage | None, has_image: bool) -> None:
        """What is set now, and what the image is drawn from."""
        old, self._wanted = self._wanted, wanted
        for box, on in ((self.shows, wanted.shows_volume), (self.shaded, wanted.shaded)):
            with QSignalBlocker(box):
                box.setChecked(on)
        self.shows.setEnabled(has_image)
        self.shows.setToolTip(
            tr("Rays through the scan, together with structures and plan") if has_image else tr(NO_IMAGE)
        )
        number = self.presets.findData(wanted.preset)
        with QSignalBlocker(self.presets):
            self.presets.setCurrentIndex(number)
        self.forget.setVisible(wanted.preset.startswith(OWN))
        others = old.preset != wanted.preset and wanted.stops != self.editor.stops
        self.editor.show_stops(wanted.stops, forget=others)
        self._show_point(self.editor.chosen)
        self._show_history()
        on = wanted.shows_volume
        for widget, words in (
            (self.presets, tr("Preset")),
            (self.keep, tr("Save as my preset")),
            (self.shaded, tr("Shaded by the image's own slopes")),
            (self.reset, tr("As the preset has it")),
        ):
            widget.setEnabled(on)
            widget.setToolTip(words if on else tr("Show the image itself first"))
        self.editor.setEnabled(on)
        # nothing to set stands there while nothing is drawn
        for part in (self.presets, self.keep, self.editor, self.shaded, self.undo, self.redo, self.remove, self.reset):
            part.setVisible(on)
        self.note.setText(
            image_note(image, wanted.preset) if on else tr("Presets are for CT. Nothing of this changes the case.")
        )

    def show_histogram(self, edges: FloatArray, counts: FloatArray, unit: str) -> None:
        """What the image holds, and the unit of its values, "" for those of MR that have none."""
        self.editor.show_histogram(edges, counts, unit)
        self.hu.decimals = self.editor.scale.decimals
        self.hu.set_step(self.editor.scale.step)
        self.hu.set_unit(unit, HU_NAME)
        self.hu.set_value(self.hu.value)

    def show_presets(self, presets: Sequence[RenderPreset]) -> None:
        """The list, a person's own last."""
        with QSignalBlocker(self.presets):
            self.presets.clear()
            for preset in presets:
                self.presets.addItem(preset.name if preset.id.startswith(OWN) else tr(preset.name), preset.id)
            self.presets.setCurrentIndex(self.presets.findData(self._wanted.preset))

    def _edited(self, stops: Stops) -> None:
        self._wanted = replace(self._wanted, stops=stops)
        self.asked.emit(self._wanted)

    def _put(self, *, hu: float | None = None, opacity: float | None = None, tint: str = "") -> None:
        number = self.editor.chosen
        if number < 0:
            return
        stop = self.editor.stops[number]
        if hu is not None:
            stop = replace(stop, hu=hu)
        if opacity is not None:
            stop = replace(stop, opacity=opacity)
        self.editor.put_chosen(replace(stop, color=tint) if tint else stop)

    def _show_point(self, number: int) -> None:
        stops = self.editor.stops
        is_chosen = 0 <= number < len(stops) and self._wanted.shows_volume
        why = "" if is_chosen else tr("Choose a point of the curve first")
        if is_chosen:
            # a typed value beyond a neighbour is refused in words, not put beside that
            self.hu.set_limits(*room_of(stops, number, self.editor.scale))
        self.hu.set_value(stops[number].hu if is_chosen else None)
        self.opacity.set_value(100.0 * stops[number].opacity if is_chosen else None)
        tint = stops[number].color if is_chosen else color("s3")
        # a sample of the colour itself, which no token can name
        self.tint.setStyleSheet(f"QPushButton {{ background: {tint}; }}")
        self.tint.setAccessibleName(tr("Colour of the chosen point"))
        for widget, words in (
            (self.hu, tr("Value of the chosen point")),
            (self.opacity, tr("Opacity of the chosen point for 1 mm")),
            (self.tint, tr("Colour of the chosen point")),
            (self.remove, tr("Remove point (Delete in the curve)")),
        ):
            widget.setEnabled(is_chosen)
            widget.setToolTip(why or words)
        for field in (self.hu, self.opacity, self.tint):
            field.setVisible(is_chosen)
        self.none_chosen.setVisible(self._wanted.shows_volume and not is_chosen)

    def _show_history(self) -> None:
        on = self._wanted.shows_volume
        self.undo.setEnabled(on and self.editor.can_undo)
        self.redo.setEnabled(on and self.editor.can_redo)

    def _choose_color(self) -> None:
        number = self.editor.chosen
        if number >= 0:
            now = QColor(self.editor.stops[number].color)
            chosen = QColorDialog.getColor(now, self, tr("Colour of the chosen point"))
            if chosen.isValid():
                self._put(tint=chosen.name().upper())

    def _complain(self, words: str) -> None:
        self.complaint.setText(words)
        self.complaint.setVisible(bool(words))


def image_note(image: DrawnImage | None, preset: str = "") -> str:
    """How fine the drawn image is beside the scan's own voxels; of one that is no CT, what its preset is made for."""
    if image is None:
        return tr("Preparing the image for 3D")
    drawn, scan = image.volume.grid.spacing_mm, image.source.grid.spacing_mm
    if image.source.quantity != "HU" and preset == AUTOMATIC:
        return tr("The curve follows what this scan holds: move its points to what is to be seen.")
    if image.source.quantity != "HU":
        return tr("Presets are for CT: move the points to the values of this scan.")
    if image.volume is image.source:
        return tr("Drawn from every voxel of the scan.")
    return tr(
        "Drawn at {a:.1f} × {b:.1f} × {c:.1f} mm; the scan has {d:.1f} × {e:.1f} × {f:.1f} mm. Slices and numbers use the scan.",
        a=float(drawn[0]),
        b=float(drawn[1]),
        c=float(drawn[2]),
        d=float(scan[0]),
        e=float(scan[1]),
        f=float(scan[2]),
    )


class BoxPart(Part):
    """The box that the image is cropped to, by its faces."""

    asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Crop box"), parent)
        self._wanted, self._within = Rendering(), None
        self._within: Corners | None
        self.shows = QCheckBox(tr("Handles in 3D"))
        self.shows.setObjectName("render_box")
        self.reset = tool("render_box_reset", "rotate-ccw", tr("Show all of the image"))
        self.row(self.shows, self.reset)
        self.first = paragraph(tr("It cuts the image itself: show that first."), "hint")
        self.column.addWidget(self.first)
        faces = QWidget()
        set_kind(faces, "clear")
        self.faces = faces
        grid = QGridLayout(faces)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(4)
        self.fields: dict[str, NumberField] = {}
        for number, (axis, words) in enumerate(AXES):
            label = QLabel(tr(words))
            set_kind(label, "label")
            grid.addWidget(label, 2 * number, 0, 1, 2)
            for side in (0, 1):
                name = tr("{axis}, from", axis=tr(words)) if side == 0 else tr("{axis}, to", axis=tr(words))
                field = NumberField(f"render_box_{axis}{side}", name, "mm", -5000.0, 5000.0, 1.0)
                narrow(field)
                field.entered.connect(lambda value, axis=axis, side=side: self._put(axis, side, value))
                field.complained.connect(self._complain)
                grid.addWidget(field, 2 * number + 1, side)
                self.fields[f"{axis}{side}"] = field
        self.column.addWidget(faces)
        self.complaint = paragraph("", "hint")
        self.complaint.hide()
        self.column.addWidget(self.complaint)
        self.shows.toggled.connect(lambda on: self.asked.emit(replace(self._wanted, shows_box=on)))
        self.reset.clicked.connect(lambda: self.asked.emit(replace(self._wanted, box_mm=None)))

    def show_state(self, wanted: Rendering, image: DrawnImage | None) -> None:
        """What is set now."""
        self._wanted = wanted
        self._within = None if image is None else bounds_of(image.volume.grid)
        usable = wanted.shows_volume and self._within is not None
        with QSignalBlocker(self.shows):
            self.shows.setChecked(wanted.shows_box)
        box = wanted.box_mm or self._within
        for name, field in self.fields.items():
            side, axis = int(name[1]), "xyz".index(name[0])
            field.setEnabled(usable)
            if box is not None and self._within is not None:
                # a face stays within the scan and before its other face
                least, most = self._within[0][axis], self._within[1][axis]
                limits = (least, box[1][axis] - LEAST_BOX_MM) if side == 0 else (box[0][axis] + LEAST_BOX_MM, most)
                # as they are read
                field.set_limits(floor(10.0 * limits[0]) / 10.0, ceil(10.0 * limits[1]) / 10.0)
            field.set_value(box[side][axis] if box is not None and usable else None)
        for part, on in (
            (self.shows, wanted.shows_volume),
            (self.reset, wanted.shows_volume),
            (self.faces, wanted.shows_volume),
            (self.first, not wanted.shows_volume),
        ):
            part.setVisible(on)
        self.shows.setEnabled(usable)
        self.reset.setEnabled(usable and wanted.box_mm is not None)
        why = "" if usable else tr("Show the image itself first")
        self.shows.setToolTip(why or tr("Drag the six handles in the 3D view"))
        self.reset.setToolTip(why or tr("Show all of the image"))

    def _put(self, axis: str, side: int, value_mm: float) -> None:
        if self._within is not None:
            box = plain_box(self._wanted.box_mm or self._within, axis, side, value_mm, self._within)
            self.asked.emit(replace(self._wanted, box_mm=box))

    def _complain(self, words: str) -> None:
        self.complaint.setText(words)
        self.complaint.setVisible(bool(words))


class LookPart(Part):
    """The plane that cuts, and how surfaces look."""

    asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Clip and surfaces"), parent)
        self._wanted = Rendering()
        self.planes = ChoiceBox()
        self.planes.setObjectName("render_clip")
        self.planes.setAccessibleName(tr("Clip by a plane"))
        self.planes.setToolTip(tr("Cut the 3D view open by a plane of the plan or of a slice"))
        self.flip = tool("render_flip", "arrow-left-right", tr("Other side"))
        self.flip.setCheckable(True)
        self.surfaces = self._box("render_clip_surfaces", tr("Cut structures too"))
        self.silhouettes = self._box("render_silhouettes", tr("Silhouettes"))
        self.occlusion = self._box("render_occlusion", tr("Dark hollows"))
        self.row(self.planes, self.flip)
        for box in (self.surfaces, self.silhouettes, self.occlusion):
            self.column.addWidget(box)
        self.planes.activated.connect(
            lambda number: self.asked.emit(replace(self._wanted, clip=self.planes.itemData(number)))
        )
        self.flip.toggled.connect(lambda on: self.asked.emit(replace(self._wanted, flipped=on)))
        self.surfaces.toggled.connect(lambda on: self.asked.emit(replace(self._wanted, clips_surfaces=on)))
        self.silhouettes.toggled.connect(lambda on: self.asked.emit(replace(self._wanted, silhouettes=on)))
        self.occlusion.toggled.connect(lambda on: self.asked.emit(replace(self._wanted, occlusion=on)))

    @staticmethod
    def _box(identifier: str, words: str) -> QCheckBox:
        box = QCheckBox(words)
        box.setObjectName(identifier)
        return box

    def show_state(self, wanted: Rendering, clips: Mapping[str, tuple[str, Plane]], is_slow: bool) -> None:
        """What is set now."""
        self._wanted = wanted
        with QSignalBlocker(self.planes):
            self.planes.clear()
            self.planes.addItem(tr("No clip plane"), "")
            for key, (name, _) in clips.items():
                self.planes.addItem(name, key)
            self.planes.setCurrentIndex(max(self.planes.findData(wanted.clip), 0))
        for box, on in (
            (self.flip, wanted.flipped),
            (self.surfaces, wanted.clips_surfaces),
            (self.silhouettes, wanted.silhouettes),
            (self.occlusion, wanted.occlusion and not is_slow),
        ):
            with QSignalBlocker(box):
                box.setChecked(on)
        is_cut = wanted.clip in clips
        why = "" if is_cut else tr("Choose a clip plane first")
        for button, words in ((self.flip, tr("Other side")), (self.surfaces, tr("Off: only the image is cut"))):
            button.setEnabled(is_cut)
            button.setToolTip(why or words)
        self.silhouettes.setToolTip(tr("Lines where surfaces turn away; drawn when the view is at rest"))
        self.occlusion.setEnabled(not is_slow)
        self.occlusion.setToolTip(tr(ONLY_CARD) if is_slow else tr("Less light reaches hollows"))


# CRA of a view straight along head or feet
POLE_DEG = 90.0 - 1e-6


class SidePart(Part):
    """Where the view looks from: the C-arm's angles, typed or by the standard sides."""

    angles_asked = Signal(float, float)
    side_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("View from"), parent)
        self.lao = AngleField("render_lao", "LAO", "RAO", 180.0)
        self.cra = AngleField("render_cra", "CRA", "CAU", 90.0)
        narrow(self.lao)
        narrow(self.cra)
        line = self.row(NamedField(tr("LAO / RAO"), self.lao), NamedField(tr("CRA / CAU"), self.cra))
        line.setStretch(1, 1)
        sides = QHBoxLayout()
        sides.setSpacing(4)
        for letter, words in SIDES:
            button = QToolButton()
            button.setObjectName(f"render_side_{letter}")
            button.setText(letter)
            button.setAccessibleName(tr(words))
            button.setMinimumWidth(24)
            button.setToolTip(tr("{words} (Shift+{letter})", words=tr(words), letter=letter))
            set_kind(button, "filled")
            button.clicked.connect(lambda _=False, letter=letter: self.side_asked.emit(letter))
            sides.addWidget(button, 1)
        self.column.addLayout(sides)
        self._angles = (0.0, 0.0)
        self._typed_lao = 0.0
        self.lao.entered.connect(self._ask_lao)
        self.cra.entered.connect(lambda value: self.angles_asked.emit(self._angles[0], value))

    def _ask_lao(self, lao_deg: float) -> None:
        self._typed_lao = lao_deg
        self.angles_asked.emit(lao_deg, self._angles[1])

    def show_angles(self, lao_deg: float, cra_deg: float) -> None:
        """Of the view now."""
        if abs(cra_deg) > POLE_DEG:
            # straight along head or feet every LAO is one place: what was typed waits for its CRA
            lao_deg = self._typed_lao
        else:
            self._typed_lao = 0.0
        self._angles = lao_deg, cra_deg
        self.lao.set_value(lao_deg)
        self.cra.set_value(cra_deg)


class OutPart(Part):
    """Large pictures and films that turn once. `picture_asked`: how many times larger, transparent. `film_asked`: height
    in pixels, seconds."""

    picture_asked = Signal(int, bool)
    film_asked = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Picture and film"), parent)
        self.times = ChoiceBox()
        self.times.setObjectName("render_picture_size")
        self.times.setAccessibleName(tr("Size of the picture"))
        self.transparent = QCheckBox(tr("No background"))
        self.transparent.setObjectName("render_transparent")
        self.transparent.setToolTip(tr("The ground is transparent instead of black"))
        self.picture = IconButton("render_picture", mark("Save large picture"), "camera", "second")
        self.picture.setToolTip(tr("Save large picture"))
        self.height_px = ChoiceBox()
        self.height_px.setObjectName("render_film_height")
        self.height_px.setAccessibleName(tr("Height of the film"))
        for height in FILM_HEIGHTS:
            self.height_px.addItem(tr("{height} px high", height=height), height)
        self.seconds = ChoiceBox()
        self.seconds.setObjectName("render_film_seconds")
        self.seconds.setAccessibleName(tr("Length of the film"))
        for seconds in FILM_SECONDS:
            self.seconds.addItem(tr("{seconds} s a turn", seconds=seconds), seconds)
        self.seconds.setCurrentIndex(1)
        for choice in (self.times, self.height_px, self.seconds):
            choice.setToolTip(choice.accessibleName())
        self.film = IconButton("render_film", mark("Save turning film"), "rotate-3d", "second")
        self.film.setToolTip(tr("One turn about the body's axis, as GIF, WebP or numbered PNG pictures"))
        self.column.addWidget(self.times)
        self.column.addWidget(self.transparent)
        self.column.addWidget(self.picture)
        line = self.row(self.height_px, self.seconds)
        line.setStretch(1, 1)
        self.column.addWidget(self.film)
        self.picture.clicked.connect(
            lambda: self.picture_asked.emit(int(self.times.currentData()), self.transparent.isChecked())
        )
        self.film.clicked.connect(
            lambda: self.film_asked.emit(int(self.height_px.currentData()), int(self.seconds.currentData()))
        )

    def show_size(self, wide_px: int, tall_px: int) -> None:
        """Of the pane now, in device pixels."""
        chosen = max(self.times.currentIndex(), 0)
        with QSignalBlocker(self.times):
            self.times.clear()
            for times in PICTURE_TIMES:
                words = f"{times} × ({wide_px * times} × {tall_px * times})"
                self.times.addItem(words, times)
            self.times.setCurrentIndex(chosen)
