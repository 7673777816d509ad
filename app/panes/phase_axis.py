"""The heartbeat as an axis: where each phase stands on it, what it is called there, which one hand or keys mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent

from app.i18n import said, tr
from planning.tavr.phases import percent_of

GAP_PX = 5.0


def phase_name(labels: Sequence[str], phase: int) -> str:
    """What a phase is called on screen."""
    return said(labels[phase]) or tr("Phase {phase}", phase=phase + 1)


@dataclass(frozen=True, slots=True)
class PhaseAxis:
    """labels: the scan's phases. left_px, width_px: where the axis begins in its widget and how long it is."""

    labels: tuple[str, ...] = ()
    left_px: float = 0.0
    width_px: float = 1.0

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def percents(self) -> list[float] | None:
        """The percentages that the labels state, None unless all do."""
        stated = [percent for label in self.labels if (percent := percent_of(label)) is not None and percent <= 100.0]
        return stated if self.labels and len(stated) == len(self.labels) else None

    @property
    def unit(self) -> str:
        """What the ticks' words count."""
        return tr("phase") if self.percents is None else tr("% of R–R")

    def x_of(self, phase: int) -> float:
        """Where a phase stands, in logical pixels: by its percentage where all labels state one, else evenly."""
        percents = self.percents
        share = phase / max(len(self), 1) if percents is None else percents[phase] / 100.0
        return self.left_px + share * self.width_px

    def at(self, x: float) -> int:
        """The phase nearest to a place, −1 without phases."""
        return min(range(len(self)), key=lambda n: abs(self.x_of(n) - x), default=-1)

    def short_label(self, phase: int) -> str:
        """ "35" where all labels state percentages, else the phase's number from 1."""
        percents = self.percents
        return str(phase + 1) if percents is None else f"{percents[phase]:g}"

    def tick_words(self, metrics: QFontMetricsF, shown: int) -> Iterator[tuple[int, str, float]]:
        """Phase, its words and their left edge, as many as stand beside each other; the shown one always does."""
        texts = [self.short_label(n) for n in range(len(self))]
        halves = [metrics.horizontalAdvance(text) / 2.0 for text in texts]
        last = float("-inf")
        for n, text in enumerate(texts):
            x = self.x_of(n)
            is_covered = n < shown < len(self) and x + halves[n] + GAP_PX > self.x_of(shown) - halves[shown]
            if n != shown and (is_covered or x - halves[n] < last + GAP_PX):
                continue
            yield n, text, x - halves[n]
            last = x + halves[n]

    def after_key(self, event: QKeyEvent, shown: int) -> int | None:
        """The phase that a key means: one on with the arrows, the ends with Home and End; None for other keys."""
        count = len(self)
        targets = {
            Qt.Key.Key_Left: shown - 1,
            Qt.Key.Key_Right: shown + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: count - 1,
        }
        target = targets.get(Qt.Key(event.key()))
        if not count or target is None or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return None
        return target % count
