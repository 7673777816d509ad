"""What a slice pane looks like: layers that keep their pictures, plan, crosshair and words over them, what the hand reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from planning.geometry import FloatArray
from viewers.brush import draw_brush
from viewers.curved_cuts import CurvedTraces
from viewers.cut_values import CutValues
from viewers.drags import PointDrag
from viewers.image_layer import ImageLayer, shared_image, shared_part
from viewers.label_layer import LabelLayer
from viewers.language import mark, text_quantity, tr
from viewers.magnifier import Magnifier, glass_readings
from viewers.over_layer import OverLayer
from viewers.overlay import PointItem
from viewers.paint_layer import LiveLayer
from viewers.pane_chrome import (
    SLAB_WORDS,
    ChromePainter,
    hand_text,
    pane_title,
    title_fields,
    value_text,
    window_fields,
)
from viewers.pane_geometry import PaneGeometry, is_straight
from viewers.pane_look import PaneLook, TextPainter
from viewers.parts_layer import PartsLayer
from viewers.plan_painter import PlanPainter
from viewers.plan_shapes import TraceCache
from viewers.probe import draw_probe, probe_reading
from viewers.reslice import Reslicer
from viewers.value_layout import Box
from viewers.view_state import ViewState

if TYPE_CHECKING:
    from viewers.slice_pane import SlicePane

NUDGE_HINTS = (mark("Arrow: 0.25 mm"), mark("Shift: 1 mm"))


class SlicePicture:
    """Draws one pane. words: where words of measurements stood in the last picture, by key."""

    def __init__(self, pane: SlicePane, look: PaneLook) -> None:
        self.pane = pane
        self.image, self.labels, self.parts = ImageLayer(), LabelLayer(), PartsLayer()
        self.over, self.live = OverLayer(), LiveLayer()
        self.traces, self.curved = TraceCache(), CurvedTraces()
        self.words: dict[str, Box] = {}
        self._foot_note_px: float | None = None
        self.set_look(look)

    def set_look(self, look: PaneLook) -> None:
        """Other colours or text size."""
        self.look, self.texts = look, TextPainter(look)
        self.chrome = ChromePainter(look, self.texts)
        self.plan = PlanPainter(look, self.texts, self.traces, self.curved)
        self.magnifier = Magnifier(look, self.texts)

    def paint(self, painter: QPainter, geometry: PaneGeometry, *, bare: bool) -> None:
        """All of it; bare: without what only a hand at the pane sees, for saved pictures."""
        state = self.pane.model.state
        if self.pane.content.volume is None:
            painter.fillRect(QRectF(0, 0, geometry.width, geometry.height), Qt.GlobalColor.black)
        else:
            self._paint_image(painter, geometry, state, quick=self.pane.is_moving and not bare, later=not bare)
            self._paint_plan(painter, geometry, state, bare)
        self._paint_texts(painter, geometry, state, bare)
        if not bare:
            self._paint_glass(painter, geometry, state)
            if self.pane.is_active:
                self.chrome.ring(painter, geometry)

    @property
    def is_unfinished(self) -> bool:
        """True while a thick slab is shown by something quicker."""
        return any(cut.is_unfinished for cut in self._cuts())

    def go_on(self, for_s: float) -> bool:
        """Work on thick slabs for about so long; True when one can be shown."""
        work = next((cut for cut in self._cuts() if cut.is_unfinished), None)
        return work is None or work.go_on(for_s)

    def _cuts(self) -> list[CutValues]:
        """Of the images that are drawn."""
        has_over = self.pane.content.over is not None and self.pane.model.state.show_overlays
        return [self.image.cut, self.over.cut] if has_over else [self.image.cut]

    def _paint_image(
        self, painter: QPainter, geometry: PaneGeometry, state: ViewState, *, quick: bool, later: bool
    ) -> None:
        slab_mm = state.slab_mm(self.pane.pane_name)
        image = self.image.image(
            geometry,
            state.window,
            state.level,
            smooth=state.smooth_pixels,
            quick=quick,
            later=later,
            slab_mm=slab_mm,
            slab_kind=state.slab_kind_of(self.pane.pane_name),
        )
        if image is not None:
            if image.devicePixelRatio() != geometry.ratio:
                # stretched, it may end within the last pixel
                painter.fillRect(QRectF(0, 0, geometry.width, geometry.height), Qt.GlobalColor.black)
            _draw_stretched(painter, image, geometry)
        layout = QImage.Format.Format_ARGB32_Premultiplied
        over = self.pane.content.over
        if over is not None and state.show_overlays:
            slab_kind = state.slab_kind_of(self.pane.pane_name)
            above = self.over.picture(over, geometry, slab_mm, slab_kind, quick=quick, later=later)
            _draw_stretched(painter, shared_image(above, self.over.cut.ratio, layout), geometry)
        parts = self.pane.parts()
        if parts is not None:
            drawn = self.parts.picture(
                parts, geometry, fill=state.fill_overlays, smooth=state.smooth_pixels, quick=quick
            )
            if drawn is not None:
                painter.drawImage(QPointF(0, 0), shared_image(drawn.pixels, geometry.ratio, layout))
        pixels = self.labels.picture(
            self.pane.labels(),
            geometry,
            fill=state.fill_overlays,
            smooth=state.smooth_pixels,
            selected=state.selected,
            quick=quick,
            slab_mm=slab_mm,
        )
        if pixels is not None:
            painter.drawImage(*shared_part(pixels, self.labels.box, geometry.ratio, layout))
        live = self.pane.content.live
        if live is not None and state.show_overlays and live.key not in state.hidden:
            alive = self.live.picture(live, geometry, fill=state.fill_overlays, smooth=state.smooth_pixels)
            painter.drawImage(QPointF(0, 0), shared_image(alive, geometry.ratio, layout))
        if parts is not None and drawn is not None and state.show_labels:
            self.plan.part_names(painter, [(place, parts.names[n]) for place, n in drawn.names])

    def _paint_plan(self, painter: QPainter, geometry: PaneGeometry, state: ViewState, bare: bool) -> None:
        hit = None if bare else self.pane.hands.hit
        mark = hit.mark if hit is not None else ""
        active = self.pane.is_active and not bare
        self.chrome.crosshair(painter, self.pane.cross_lines(), geometry, handles=active, hovered=mark)
        self.words = self.plan.draw(
            painter,
            self.pane.items(),
            geometry,
            selected_point=state.selected_point,
            hovered=mark,
            names=state.show_labels,
            slab_mm=state.slab_mm(self.pane.pane_name),
        )
        self._foot_note_px = self.plan.foot_note_px
        ends_mm = None if bare else self.pane.hands.live_line_mm
        if ends_mm is not None:
            ends = geometry.to_screen(ends_mm)
            length = text_quantity(float(np.linalg.norm(ends_mm[1] - ends_mm[0])), "mm")
            self.plan.live_line(painter, ends, length, geometry)
        elif not bare:
            items = self.pane.hands.live_items(self.look.accent, self.look.bad)
            self.plan.draw(painter, items, geometry, selected_point="", hovered="", names=True)
            self._paint_brush(painter, geometry, state)

    def _paint_brush(self, painter: QPainter, geometry: PaneGeometry, state: ViewState) -> None:
        hands = self.pane.hands
        if hands.has_brush and hands.place is not None:
            color = self.look.bad if hands.refuses else self.look.accent
            radius_px = 0.5 * state.brush_mm / geometry.mm_per_px
            draw_brush(painter, hands.place, radius_px, color, refuses=hands.refuses)

    def _handles_px(self, geometry: PaneGeometry) -> list[FloatArray]:
        """Where the crosshair's handles lie, or would in the active pane."""
        lines = self.pane.cross_lines()
        return [place for line in lines for place in (*line.handles(geometry), *line.slab_handles(geometry))]

    def _paint_texts(self, painter: QPainter, geometry: PaneGeometry, state: ViewState, bare: bool) -> None:
        name, _ = pane_title(state, self.pane.pane_name)
        lit = "" if bare else self.pane.numbers.lit
        if self.pane.content.heading:
            name = f"{self.pane.content.heading}  {name}"
        volume, over = self.pane.content.volume, self.pane.content.over
        buttons_px, has_buttons = self.pane.buttons_px
        room = geometry.width - (buttons_px if has_buttons and not bare else 8)
        fields = title_fields(state, self.pane.pane_name) if volume is not None else []
        places = self.chrome.title(
            painter,
            geometry,
            self.look.plane_colors[self.pane.pane_name],
            name,
            fields,
            phase_words(volume.phase) if volume is not None else "",
            room=room,
            free=geometry.width - buttons_px,
            lit=lit,
        )
        if volume is None:
            return
        self.chrome.ruler(painter, geometry)
        is_turned = not is_straight(state) or self.pane.pane_name in state.pinned or self.pane.pane_name in state.free
        cube = self.chrome.cube_place(geometry, self._handles_px(geometry)) if is_turned else None
        if cube is not None:
            self.chrome.cube(painter, geometry, cube)
        if state.show_overlays:
            self.chrome.legend(painter, geometry, self.pane.content.legend, above_cube=cube is not None)
        under = ""
        if self.pane.is_active and not bare and self.pane.hands.place is not None:
            place = geometry.to_world(self.pane.hands.place)
            under = hand_text(place, self.image.value_at(place), volume.quantity)
            if state.slab_mm(self.pane.pane_name) > 0:
                # what is seen is not the voxel on the plane
                shown = self.image.shown_at(self.pane.hands.place)
                under = f"{tr(SLAB_WORDS[state.slab_kind_of(self.pane.pane_name)])} {hand_text(place, shown, volume.quantity)}"
            other = None if over is None else over.volume.value_at(place)
            if over is not None and other is not None:
                under = f"{under}   {over.name} {value_text(other, over.volume.quantity)}"
        beside = ""
        if over is not None and state.show_overlays:
            beside = "   ".join(part for part in (tr("{name} over", name=over.name), over.note) if part)
        below = window_fields(state)
        places |= self.chrome.foot(painter, geometry, below, beside, under, lit, over, note_px=self._foot_note_px)
        self.chrome.letters(painter, geometry)
        if not bare:
            self.pane.numbers.stand((*fields, *below), places)

    def _paint_glass(self, painter: QPainter, geometry: PaneGeometry, state: ViewState) -> None:
        drag, reslicer, volume = self.pane.hands.drag, self.image.reslicer, self.pane.content.volume
        if volume is None or reslicer is None:
            return
        self._paint_readings(painter, geometry, state, reslicer)
        if drag is None or drag.glass_mm is None:
            return
        item = self.pane.item(drag.item.key) if isinstance(drag, PointDrag) else None
        self.magnifier.draw(
            painter,
            geometry,
            reslicer,
            position_mm=drag.glass_mm,
            color=item.color if isinstance(item, PointItem) else self.look.accent,
            window=state.window,
            level=state.level,
            readings=(
                *glass_readings(self.image.value_at(drag.glass_mm), volume.quantity, drag.glass_moved_mm),
                *drag.glass_words,
            ),
            hints=tuple(tr(hint) for hint in NUDGE_HINTS) if item is not None else (),
        )

    def _paint_readings(self, painter: QPainter, geometry: PaneGeometry, state: ViewState, reslicer: Reslicer) -> None:
        """What the hand reads without taking anything: how far it has dragged, the probe, the magnifier."""
        hands, volume = self.pane.hands, self.pane.content.volume
        if hands.place is None or volume is None:
            return
        if hands.amount_text:
            self.chrome.at_hand(painter, geometry, hands.place, hands.amount_text, typed=bool(hands.figures.text))
        if hands.drag is not None or self.pane.numbers.lit:
            return
        position = geometry.to_world(hands.place)
        if state.magnifier:
            self.magnifier.draw(
                painter,
                geometry,
                reslicer,
                position_mm=position,
                color=self.look.accent,
                window=state.window,
                level=state.level,
                readings=glass_readings(self.image.value_at(position), volume.quantity, None),
                hints=(),
            )
        if state.probe:
            reading = probe_reading(volume, position, geometry.normal)
            draw_probe(painter, self.texts, self.look, geometry, hands.place, reading)


def _draw_stretched(painter: QPainter, image: QImage, geometry: PaneGeometry) -> None:
    """Over the whole pane, smoothly where it was made of fewer pixels."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, image.devicePixelRatio() != geometry.ratio)
    painter.drawImage(QPointF(0, 0), image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)


def phase_words(phase: str) -> str:
    """A heart phase's label ("75 % of R–R") in the window's language; other labels as the scan has them."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) % of R–R", phase)
    return phase if found is None else tr("{percent} % of R–R", percent=found[1])
