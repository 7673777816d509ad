"""The settings of each of the segment editor's tools: only those of the tool in the hand are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.i18n import begun, mark, structure_name, text_quantity, text_value, tr
from app.panels.choices import Choice, ChoiceList
from app.panels.labels import ElidedLabel, paragraph
from app.panels.parts import page
from app.panels.quantities import NumberField
from app.panels.rows import FieldRow, Heading, choice_box
from app.panels.segment.by_hand_parts import BandView, ChoiceBar, KeyChip, NumberLine, SizeLine
from app.panels.segment.by_hand_settings import (
    AND,
    BETWEEN,
    BRUSHES,
    COMBINE,
    EMPTY,
    EVERYWHERE,
    FILL,
    GIVE_WAY,
    GROW,
    HOLLOW,
    INSIDE,
    ISLANDS,
    LEAST_MM,
    MOST_MM,
    SCISSORS,
    SEEDS,
    SMOOTH,
    THRESHOLD,
)
from app.panels.segment.by_hand_words import over_words
from app.panels.segment.by_hand_work import HandWork
from app.theme.style import current_look, set_kind
from planning.by_hand.values import HU, ValueScale, samples, shown_range
from planning.geometry import Vector
from planning.volume import Volume

BINS = 96
WHOLE = mark("Whole image")
# a length by whole voxels that is told with one decimal reads otherwise than what was asked
LEAST_TOLD_MM = 0.05
LOW_PX, HIGH_PX, GAP_PX, MOST_KEY_SCALE = 48, 70, 2, 120
# padding and edge of a small field, and the cursor
AROUND_PX = 19


def histogram_of(volume: Volume, scale: ValueScale) -> tuple[npt.NDArray[np.float64], float, float]:
    """(counts, lowest, highest value shown) of evenly taken voxels; what lies far out at both ends is left out."""
    low, high = shown_range(volume)
    high = max(high, low + scale.fine)
    counts, _ = np.histogram(samples(volume), BINS, (low, high))
    return counts.astype(np.float64), low, high


class PlainField(NumberField):
    """A number whose unit stands beside the next one."""

    def _show(self) -> None:
        super()._show()
        self.setText(self.text().removesuffix(self._unit).rstrip())
        self.setModified(False)


class BandRow(QWidget):
    """Two values to type, the histogram with the band below them. tell: (low, high)."""

    def __init__(self, identifier: str, name: str, tell: Callable[[float, float], None], key: str = "") -> None:
        super().__init__()
        set_kind(self, "clear")
        self._tell = tell
        self._names = tr("{name}, lower value", name=name), tr("{name}, upper value", name=name)
        of = HU.unit, HU.least, HU.most, HU.step
        self.low = PlainField(f"{identifier}_low", self._names[0], *of)
        self.high = NumberField(f"{identifier}_high", self._names[1], *of)
        line = QWidget()
        set_kind(line, "clear")
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_PX)
        self.switch: QCheckBox | None = None
        self.chip: KeyChip | None = None
        if key:
            self.switch = QCheckBox(name)
            self.switch.setObjectName(f"{identifier}_on")
            self.switch.setToolTip(tr("{name} these values ({key})", name=name, key=key))
            # long words give way to the numbers
            self.switch.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            row.addWidget(self.switch, 1)
        else:
            row.addWidget(ElidedLabel(name, "label"), 1)
        for field in (self.low, self.high):
            set_kind(field, "small")
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
        row.addWidget(self.low)
        self._to = QLabel(tr("to"))
        set_kind(self._to, "hint")
        row.addWidget(self._to)
        row.addWidget(self.high)
        # with large text the words need its room; the tooltip names it
        if key and current_look().text_scale_percent <= MOST_KEY_SCALE:
            self.chip = KeyChip(key)
            row.addWidget(self.chip)
        self.view = BandView(f"{identifier}_band", tr("{name}, histogram", name=name))
        self.wrong = QLabel()
        self.wrong.setWordWrap(True)
        set_kind(self.wrong, "hint", "bad")
        self.wrong.setVisible(False)
        inner = page(line, self.view, self.wrong, spacing=4)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(inner)
        # both as they stand: the other one may wait for this one
        self.low.entered.connect(lambda value: self._typed(value, self.high.value or 0.0))
        self.high.entered.connect(lambda value: self._typed(self.low.value or 0.0, value))
        self.low.complained.connect(self._say)
        self.high.complained.connect(self._say)
        self.view.moved.connect(lambda low, high, _: tell(low, high))
        self._make_room()

    def _make_room(self) -> None:
        """As much as both numbers need: without its sign a value would read as another."""
        for field, least_px in ((self.low, LOW_PX), (self.high, HIGH_PX)):
            field.ensurePolished()
            needed = field.fontMetrics().horizontalAdvance(field.text()) + AROUND_PX
            field.setFixedWidth(max(current_look().px(least_px), needed))
        self._place_chip()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words come before the sign of their key, which the tooltip names, too."""
        super().resizeEvent(event)
        self._place_chip()

    def _place_chip(self) -> None:
        if self.switch is None or self.chip is None:
            return
        words = (self.switch, self._to, self.chip)
        needed = sum(part.sizeHint().width() for part in words) + self.low.width() + self.high.width() + 4 * GAP_PX
        self.chip.setVisible(needed <= self.width())

    def _typed(self, low: float, high: float) -> None:
        if low > high:
            self._say(tr("The lower value lies above the upper one"))
            return
        self._say("")
        self._tell(low, high)

    def _say(self, words: str) -> None:
        self.wrong.setText(words)
        self.wrong.setVisible(bool(words))

    def show_values(self, scale: ValueScale, counts: npt.NDArray[np.float64], low: float, high: float) -> None:
        """How the image's values are told and typed, and what it holds of them between two of them."""
        for field, name in ((self.low, self._names[0]), (self.high, self._names[1])):
            field.decimals = scale.decimals
            field.set_limits(scale.least, scale.most)
            field.set_step(scale.step)
            field.set_unit(scale.unit, name)
            field.set_value(field.value)
        self._make_room()
        self.view.show_histogram(counts, low, high, scale)

    def show_band(self, band: tuple[float, float], is_on: bool = True) -> None:
        """Show it without telling."""
        self.low.set_value(band[0])
        self.high.set_value(band[1])
        self._make_room()
        self.view.show_band(*band, is_on)
        if self.switch is not None and self.switch.isChecked() != is_on:
            was = self.switch.blockSignals(True)
            self.switch.setChecked(is_on)
            self.switch.blockSignals(was)


class ToolPage(QWidget):
    """Settings of one or more tools."""

    tools: tuple[str, ...] = ()

    def __init__(self, work: HandWork) -> None:
        super().__init__()
        set_kind(self, "clear")
        self.work = work
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(page(*self.parts(), spacing=10))

    def parts(self) -> Sequence[QWidget]:
        """The rows."""
        return ()

    def refresh(self) -> None:
        """Show the settings of now."""

    def put(self, **changes: object) -> None:
        """Other settings."""
        self.work.set_settings(**changes)

    def others(self) -> list[tuple[str, str]]:
        """(name, words) of the other structures."""
        cases = self.work.session.case.structures
        return [(name, structure_name(name)) for name in cases if name != self.work.name]

    def other_rows(self, ticked: frozenset[str]) -> list[Choice]:
        """The other structures to tick."""
        cases, rows = self.work.session.case.structures, []
        for name, words in self.others():
            blocked = "" if cases[name].voxel_count else tr("Nothing is painted of it")
            if cases[name].locked:
                blocked = tr("It is locked")
            if not self.work.is_here(name):
                blocked = tr("It lies on another image's grid")
            volume = text_quantity(cases[name].volume_ml, "ml")
            rows.append(Choice(name, words, volume, cases[name].color, ticked=name in ticked, blocked=blocked))
        return rows

    def check(self, identifier: str, words: str, tip: str, setting: str) -> QCheckBox:
        """A tick that stands for a setting."""
        box = QCheckBox(words)
        box.setObjectName(identifier)
        box.setToolTip(tip)
        box.toggled.connect(lambda on: self.put(**{setting: on}))
        return box


def show_tick(box: QCheckBox, on: bool) -> None:
    """Tick a box without telling."""
    was = box.blockSignals(True)
    box.setChecked(on)
    box.blockSignals(was)


def fill_box(box: QComboBox, rows: Sequence[tuple[str, str]], chosen: str) -> None:
    """Entries of a box as (data, words), and the one that stands in it."""
    if [(box.itemData(n), box.itemText(n)) for n in range(box.count())] != list(rows):
        box.clear()
        for data, words in rows:
            box.addItem(words, data)
    for n, (data, _) in enumerate(rows):
        if data == chosen:
            box.setCurrentIndex(n)


def show_reached(label: QLabel, asked_mm: float, reached_mm: Vector | None) -> None:
    """What whole voxels make of a length, along the scan's columns, rows and slices; nothing where it is as asked."""
    is_other = reached_mm is not None and bool(np.abs(reached_mm - asked_mm).max() >= LEAST_TOLD_MM)
    label.setVisible(is_other)
    if reached_mm is not None and is_other:
        x, y, z = (text_value(float(value), 1) for value in reached_mm)
        label.setText(tr("In whole voxels: {x} × {y} × {z} mm", x=x, y=y, z=z))


class BrushPage(ToolPage):
    """Paint and erase."""

    tools = BRUSHES

    def parts(self) -> Sequence[QWidget]:
        self.diameter = SizeLine("brush_size", tr("Size"), "mm", LEAST_MM, MOST_MM, 0.5, (",", "."))
        self.diameter.entered.connect(self.work.set_brush)
        self.shape = ChoiceBar(
            "brush_shape",
            tr("Brush"),
            (
                ("disc", tr("Disc"), tr("A disc in the slice (D)")),
                ("ball", tr("Ball"), tr("A ball through the slices (D)")),
            ),
        )
        self.shape.chosen.connect(lambda value: self.put(ball=value == "ball"))
        self.band = BandRow(
            "brush_band", tr("Only between"), lambda low, high: self.put(band_hu=(low, high), banded=True), "K"
        )
        assert self.band.switch is not None
        self.band.switch.toggled.connect(lambda on: self.put(banded=on))
        self.smart = self.check(
            "brush_smart", tr("Stop at edges"), tr("Stay in the tissue where the stroke began"), "smart"
        )
        self.over = choice_box("paint_over", tr("Paint over"), ())
        self.over.activated.connect(lambda n: self.put(over=self.over.itemData(n)))
        self.over_row = FieldRow(tr("Paint over"), self.over, wide=True)
        return (self.diameter, self.shape, self.band, self.smart, self.over_row)

    def refresh(self) -> None:
        settings = self.work.settings
        self.diameter.show_value(self.work.brush_mm)
        self.shape.show_value("ball" if settings.ball else "disc")
        self.band.show_band(settings.band_hu, settings.banded)
        show_tick(self.smart, settings.smart)
        names = [name for name, _ in self.others()]
        choices = (
            EVERYWHERE,
            GIVE_WAY,
            EMPTY,
            *(f"{AND}{name}" for name in names),
            *(f"{INSIDE}{name}" for name in names),
        )
        if settings.over not in choices:
            # the one that is painted, or one that is gone: what holds is shown
            choices = (*choices, settings.over)
        rows = [(choice, begun(over_words(choice))) for choice in choices]
        fill_box(self.over, rows, settings.over)


class ThresholdPage(ToolPage):
    """Values between two limits."""

    tools = (THRESHOLD,)

    def parts(self) -> Sequence[QWidget]:
        self.band = BandRow("threshold", tr("Between"), lambda low, high: self.put(threshold_hu=(low, high)))
        self.inside = choice_box("threshold_in", tr("Where to look"), ())
        self.inside.activated.connect(lambda n: self.put(threshold_in=self.inside.itemData(n)))
        self.how = ChoiceBar(
            "threshold_how",
            tr("Result"),
            (
                ("replace", tr("Replace"), tr("It takes the place of what is there")),
                ("add", tr("Add"), tr("It is added to what is there")),
            ),
        )
        self.how.chosen.connect(lambda value: self.put(threshold_adds=value == "add"))
        hint = paragraph(tr("Ctrl+Shift+click takes the value under the hand."), "hint")
        return (self.band, FieldRow(tr("Look in"), self.inside, wide=True), self.how, hint)

    def refresh(self) -> None:
        settings = self.work.settings
        self.band.show_band(settings.threshold_hu)
        rows = [("", tr(WHOLE)), *self.others()]
        fill_box(self.inside, rows, settings.threshold_in if settings.threshold_in in dict(rows) else "")
        self.how.show_value("add" if settings.threshold_adds else "replace")


class ScissorsPage(ToolPage):
    """Outlines."""

    tools = (SCISSORS,)

    def parts(self) -> Sequence[QWidget]:
        self.line = ChoiceBar(
            "scissors_line",
            tr("Outline"),
            (
                ("free", tr("Freehand"), tr("Draw round it and let go")),
                ("corners", tr("Corners"), tr("Click corners, double-click or Enter closes")),
            ),
        )
        self.line.chosen.connect(lambda value: self.put(by_corners=value == "corners"))
        self.does = ChoiceBar(
            "scissors_do",
            tr("Inside the outline"),
            (
                ("erase", tr("Erase"), tr("What lies inside goes")),
                ("keep", tr("Keep"), tr("What lies outside goes (Shift while drawing)")),
                ("fill", tr("Fill"), tr("What lies inside is added")),
            ),
        )
        self.does.chosen.connect(lambda value: self.put(cut_does=value))
        self.through = ChoiceBar(
            "scissors_depth",
            tr("Depth"),
            (
                ("all", tr("Through all"), tr("Through all slices")),
                ("near", tr("Near the slice"), tr("Only so far from the slice")),
            ),
        )
        self.through.chosen.connect(lambda value: self.put(cut_depth_mm=None if value == "all" else 10.0))
        self.near_mm = NumberLine("scissors_mm", tr("To both sides"), "mm", 0.1, 500.0, 1.0)
        self.near_mm.entered.connect(lambda value: self.put(cut_depth_mm=value))
        hint = paragraph(tr("Draw in a slice, or round a part in 3D: what would go is red there until Enter."), "hint")
        return (self.line, self.does, self.through, self.near_mm, hint)

    def refresh(self) -> None:
        settings = self.work.settings
        self.line.show_value("corners" if settings.by_corners else "free")
        self.does.show_value(settings.cut_does)
        self.through.show_value("all" if settings.cut_depth_mm is None else "near")
        self.near_mm.setVisible(settings.cut_depth_mm is not None)
        if settings.cut_depth_mm is not None:
            self.near_mm.show_value(settings.cut_depth_mm)


ISLAND_HINTS = {
    "largest": mark("The largest part stays."),
    "keep": mark("Click the part that stays."),
    "remove": mark("Click the part that goes."),
    "small": mark("Parts below this volume go."),
    "split": mark("Each part becomes a structure of its own, parts below this volume go."),
}


class IslandsPage(ToolPage):
    """Parts that do not hang together."""

    tools = (ISLANDS,)

    def parts(self) -> Sequence[QWidget]:
        self.how = choice_box("islands_how", tr("What to do with islands"), ())
        self.how.activated.connect(lambda n: self._choose(self.how.itemData(n)))
        self.least = NumberLine("islands_ml", tr("Smaller than"), "ml", 0.0, 1000.0, 0.1)
        self.least.entered.connect(lambda value: self.put(least_ml=value))
        self.hint = paragraph("", "hint")
        return (FieldRow(tr("Islands"), self.how, wide=True), self.least, self.hint)

    def _choose(self, how: str) -> None:
        self.work.at_mm = None
        self.put(islands=how)

    def refresh(self) -> None:
        settings = self.work.settings
        rows = [
            ("largest", tr("Keep the largest")),
            ("keep", tr("Keep the one clicked")),
            ("remove", tr("Remove the one clicked")),
            ("small", tr("Remove small ones")),
            ("split", tr("One structure each")),
        ]
        fill_box(self.how, rows, settings.islands)
        self.least.setVisible(settings.islands in ("small", "split"))
        self.least.show_value(settings.least_ml)
        self.hint.setText(tr(ISLAND_HINTS[settings.islands]))


class GrowPage(ToolPage):
    """Grow and shrink."""

    tools = (GROW,)

    def parts(self) -> Sequence[QWidget]:
        self.way = ChoiceBar(
            "grow_way", tr("Way"), (("grow", tr("Grow"), tr("Outwards")), ("shrink", tr("Shrink"), tr("Inwards")))
        )
        self.way.chosen.connect(lambda value: self.put(shrinks=value == "shrink"))
        self.by_mm = SizeLine("grow_mm", tr("By", "a length"), "mm", 0.1, 30.0, 0.5)
        self.by_mm.entered.connect(lambda value: self.put(grow_mm=value))
        self.reached = paragraph("", "hint")
        return (self.way, self.by_mm, self.reached)

    def refresh(self) -> None:
        from planning.by_hand.growing import reached_mm

        by_mm, structure = self.work.settings.grow_mm, self.work.structure
        self.way.show_value("shrink" if self.work.settings.shrinks else "grow")
        self.by_mm.show_value(by_mm)
        show_reached(self.reached, by_mm, None if structure is None else reached_mm(structure.grid, by_mm))


SMOOTH_HINTS = {
    "median": mark("Takes spikes and pits away, edges stay."),
    "gaussian": mark("Rounds all edges."),
    "open": mark("Takes thin bridges and spikes away."),
    "close": mark("Fills thin gaps and pits."),
}


class SmoothPage(ToolPage):
    """Smoothing."""

    tools = (SMOOTH,)

    def parts(self) -> Sequence[QWidget]:
        self.how = ChoiceBar(
            "smooth_how",
            tr("Way"),
            tuple(
                (key, word, tr(SMOOTH_HINTS[key]))
                for key, word in (
                    ("median", tr("Median")),
                    ("gaussian", tr("Round")),
                    ("open", tr("Open")),
                    ("close", tr("Close")),
                )
            ),
        )
        self.how.chosen.connect(lambda value: self.put(smooth_how=value))
        self.reach_mm = SizeLine("smooth_mm", tr("Width"), "mm", 0.5, 15.0, 0.5)
        self.reach_mm.entered.connect(lambda value: self.put(smooth_mm=value))
        self.hint = paragraph("", "hint")
        self.list = ChoiceList("smooth_with", tr("Neighbours that are smoothed with it"))
        self.list.ticked.connect(self._tick)
        return (self.how, self.reach_mm, self.hint, Heading(tr("Together with, without gaps")), self.list)

    def _tick(self, name: str, on: bool) -> None:
        chosen = self.work.settings.smooth_with
        self.put(smooth_with=chosen | {name} if on else chosen - {name})

    def refresh(self) -> None:
        settings = self.work.settings
        together = bool(settings.smooth_with & {name for name, _ in self.others()})
        self.how.setVisible(not together)
        self.how.show_value(settings.smooth_how)
        self.reach_mm.show_value(settings.smooth_mm)
        words = (
            mark("All are rounded; where they touch they still do.") if together else SMOOTH_HINTS[settings.smooth_how]
        )
        self.hint.setText(tr(words))
        self.list.set_rows(self.other_rows(settings.smooth_with))


class FillPage(ToolPage):
    """Holes."""

    tools = (FILL,)

    def parts(self) -> Sequence[QWidget]:
        self.how = ChoiceBar(
            "fill_how",
            tr("Holes"),
            (
                ("3d", tr("Closed"), tr("Only holes that are closed on all sides")),
                ("axial", tr("Axial"), tr("Holes in axial slices")),
                ("coronal", tr("Coronal"), tr("Holes in coronal slices")),
                ("sagittal", tr("Sagittal"), tr("Holes in sagittal slices")),
            ),
        )
        self.how.chosen.connect(lambda value: self.put(fill_how=value))
        return (self.how,)

    def refresh(self) -> None:
        self.how.show_value(self.work.settings.fill_how)


class BetweenPage(ToolPage):
    """Slices between painted ones."""

    tools = (BETWEEN,)

    def parts(self) -> Sequence[QWidget]:
        hint = paragraph(tr("Paint every few slices; those between them follow the shape of both neighbours."), "hint")
        self.axis = ChoiceBar(
            "between",
            tr("Painted slices"),
            (
                ("axial", tr("Axial"), tr("The painted slices are axial")),
                ("coronal", tr("Coronal"), tr("The painted slices are coronal")),
                ("sagittal", tr("Sagittal"), tr("The painted slices are sagittal")),
            ),
        )
        self.axis.chosen.connect(lambda value: self.put(between=value))
        return (self.axis, hint)

    def refresh(self) -> None:
        self.axis.show_value(self.work.settings.between)


class SeedsPage(ToolPage):
    """Several structures at once."""

    tools = (SEEDS,)

    def parts(self) -> Sequence[QWidget]:
        hint = paragraph(
            tr("Paint a little of each structure, and one for what is neither. They grow until they meet."), "hint"
        )
        self.reach = NumberLine("seeds_reach", tr("Around the paint"), "mm", 1.0, 300.0, 5.0)
        self.reach.entered.connect(lambda value: self.put(seeds_reach_mm=value))
        self.list = ChoiceList("seeds_with", tr("Structures that grow together"))
        self.list.ticked.connect(self._tick)
        self.coarse = paragraph(
            tr("So large a part is grown on coarser voxels: its borders will be smoother than the voxels."), "hint"
        )
        return (hint, self.reach, self.list, self.coarse)

    def _tick(self, name: str, on: bool) -> None:
        chosen = self.work.settings.seeds_with
        self.put(seeds_with=chosen | {name} if on else chosen - {name})

    def refresh(self) -> None:
        self.reach.show_value(self.work.settings.seeds_reach_mm)
        self.list.set_rows(self.other_rows(self.work.settings.seeds_with))
        self.coarse.setVisible(self._is_coarse())

    def _is_coarse(self) -> bool:
        """Whether what is chosen lies so far apart that it grows on coarser voxels."""
        from planning.by_hand.seeds import default_roi, is_coarse

        masks = self.work.masks()
        names = {self.work.name, *self.work.settings.seeds_with} & set(masks)
        seeds = {name: masks[name] for name in names if masks[name].voxels.any()}
        return len(seeds) > 1 and is_coarse(default_roi(seeds, self.work.settings.seeds_reach_mm))


COMBINE_HINTS = {
    "add": mark("What belongs to either."),
    "subtract": mark("What belongs to it and not to the other one."),
    "intersect": mark("What belongs to both."),
    "invert": mark("What of the other one is not in it."),
}


class CombinePage(ToolPage):
    """Logical operations."""

    tools = (COMBINE,)

    def parts(self) -> Sequence[QWidget]:
        self.how = ChoiceBar(
            "combine_how",
            tr("Way"),
            tuple(
                (key, word, tr(COMBINE_HINTS[key]))
                for key, word in (
                    ("add", tr("Add")),
                    ("subtract", tr("Subtract")),
                    ("intersect", tr("Both")),
                    ("invert", tr("Rest")),
                )
            ),
        )
        self.how.chosen.connect(lambda value: self.put(combine_how=value))
        self.other = choice_box("combine_with", tr("The other structure"), ())
        self.other.activated.connect(lambda n: self.put(with_other=self.other.itemData(n)))
        self.hint = paragraph("", "hint")
        return (self.how, FieldRow(tr("With"), self.other, wide=True), self.hint)

    def refresh(self) -> None:
        settings, rows = self.work.settings, [("", tr("Choose one")), *self.others()]
        self.how.show_value(settings.combine_how)
        fill_box(self.other, rows, settings.with_other if settings.with_other in dict(rows) else "")
        self.hint.setText(tr(COMBINE_HINTS[settings.combine_how]))


class HollowPage(ToolPage):
    """A wall."""

    tools = (HOLLOW,)

    def parts(self) -> Sequence[QWidget]:
        self.wall = SizeLine("hollow_mm", tr("Wall"), "mm", 0.2, 20.0, 0.2)
        self.wall.entered.connect(lambda value: self.put(wall_mm=value))
        self.where = ChoiceBar(
            "hollow_where",
            tr("Wall lies"),
            (
                ("inside", tr("Inside"), tr("The surface stays, the wall lies within it")),
                ("centred", tr("Centred"), tr("Half to both sides of the surface")),
                ("outside", tr("Outside"), tr("The wall lies outside the surface")),
            ),
        )
        self.where.chosen.connect(lambda value: self.put(wall_where=value))
        self.reached = paragraph("", "hint")
        return (self.wall, self.where, self.reached)

    def refresh(self) -> None:
        from planning.by_hand.growing import wall_reached_mm

        wall_mm, where, structure = self.work.settings.wall_mm, self.work.settings.wall_where, self.work.structure
        self.wall.show_value(wall_mm)
        self.where.show_value(where)
        reached = None if structure is None else wall_reached_mm(structure.grid, wall_mm, where)
        show_reached(self.reached, wall_mm, reached)


PAGES: tuple[type[ToolPage], ...] = (
    BrushPage,
    ThresholdPage,
    ScissorsPage,
    IslandsPage,
    GrowPage,
    SmoothPage,
    FillPage,
    BetweenPage,
    SeedsPage,
    CombinePage,
    HollowPage,
)


def tool_pages(work: HandWork) -> dict[str, ToolPage]:
    """A page for each tool; paint and erase share one."""
    found: dict[str, ToolPage] = {}
    for make in PAGES:
        made = make(work)
        found |= dict.fromkeys(made.tools, made)
    return found
