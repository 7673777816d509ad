"""How a hand changes what a plan follows from: hinges, ostia, the contour's pins, the septum's ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from app.i18n import tr
from app.panels.drafts import keep_draft, kept_draft
from app.panels.tavr.names import HINGES, OSTIA, POINT_NAMES
from planning.geometry import FloatArray

if TYPE_CHECKING:
    from app.panels.tavr.work import TavrWork


class PointEdits:
    """Points placed, moved, put back and kept as a draft; each change is measured by the plan's work."""

    def __init__(self, work: TavrWork) -> None:
        self._work = work

    def refuse_elsewhere(self) -> bool:
        """True in another phase than the plan's, where a point would not fit the others; the plan's phase is shown then."""
        if self._work.is_read_only or not self._work.beat.is_elsewhere:
            return False
        self._work.session.phases.show(self._work.decided.phase)
        self._work.session.said.emit(
            tr("This is the plan's phase. Place the point here, or use the other phase in step 1")
        )
        return True

    def place(self, key: str, position_mm: FloatArray) -> None:
        """A click put a hinge or an ostium down: the next one is asked for, the last one measures."""
        if key not in POINT_NAMES or self._work.is_read_only:
            return
        if self._work.plan is None:
            self._work.decided = replace(self._work.decided, phase=self._work.session.view.state.phase)
        self._work.placer.put(key, position_mm)
        self._work.sources[key] = "given"
        self.keep_draft()
        if key in OSTIA and self._work.placer.round:
            self._work.changed.emit()
            return
        self._work.points_changed(finished=True)

    def move(self, key: str, position_mm: FloatArray, finished: bool) -> None:
        """A point follows the hand."""
        if self._work.is_read_only or not self._work.source_of(key):
            return
        was_automatic = self._work.source_of(key) != "given"
        self._work.placer.points[key] = np.asarray(position_mm, dtype=np.float64)
        self._work.sources[key] = "edited" if was_automatic else "given"
        self.keep_draft()
        self._work.points_changed(finished)

    def automatic_mm(self, key: str) -> FloatArray | None:
        """Where the automatic search had a point, None where it had none."""
        found = self._work.decided.automatic
        if found is not None and key in HINGES:
            return np.asarray(found["hinges_mm"][HINGES.index(key)], dtype=np.float64)
        place = self._work.landmarks.get(key, {}).get("automatic_mm")
        return None if place is None else np.asarray(place, dtype=np.float64)

    def reset(self, key: str) -> bool:
        """A point back to its automatic place. True when it has none and is to be placed again."""
        if self._work.is_read_only or key not in self._work.placer.points:
            return False
        automatic = self.automatic_mm(key)
        if key in HINGES and automatic is not None:
            self._work.placer.points[key] = automatic
            self._work.sources[key] = "automatic"
            self._work.points_changed(finished=True)
        elif key in HINGES:
            del self._work.placer.points[key]
            self._work.is_stale, self._work.preview = self._work.plan is not None, {}
            self.keep_draft()
            return True
        else:
            # searched in the image again
            del self._work.placer.points[key]
            self._work.points_changed(finished=True)
        return False

    def pull(self, pins_mm: Sequence[FloatArray], finished: bool) -> None:
        """The annulus's contour goes through these places; none lets it follow the image again."""
        if self._work.is_read_only or self._work.plan is None:
            return
        self._work.decided = replace(self._work.decided, annulus_pins_mm=np.array(pins_mm) if len(pins_mm) else None)
        self._work.points_changed(finished)

    def set_septum(self, ends_mm: Sequence[FloatArray]) -> None:
        """The membranous septum's upper and lower end as a hand put them."""
        if not self._work.is_read_only and self._work.plan is not None:
            self._work.decided = replace(self._work.decided, septum_mm=np.array(ends_mm))
            self._work.points_changed(finished=True)

    @property
    def pins_mm(self) -> list[FloatArray]:
        """Where the contour was pulled by hand."""
        pins = self._work.decided.annulus_pins_mm
        return [] if pins is None else list(pins)

    def clear(self) -> None:
        """All points away."""
        self._work.placer.begin({})
        self._work.sources, self._work.decided = {}, replace(self._work.decided, automatic=None, annulus_pins_mm=None)
        self._work.preview, self._work.problem = {}, None
        self._work.is_stale = self._work.plan is not None
        self.keep_draft()

    def keep_draft(self) -> None:
        """Points without numbers outlive a crash; numbers make the draft needless."""
        if self._work.is_read_only or self._work.plan is not None:
            return
        keys = list(self._work.placer.points)
        places = dict(zip(keys, self._work.placer.places(keys)))
        draft = (
            {"points_mm": places, "sources": self._work.sources, "phase": self._work.decided.phase} if keys else None
        )
        keep_draft(self._work.session, "heart", draft)

    def take_draft(self) -> None:
        """What was placed when the case was last open."""
        draft = None if self._work.is_read_only else kept_draft(self._work.session, "heart")
        points = (draft or {}).get("points_mm", {})
        self._work.placer.begin({key: place for key, place in points.items() if key in POINT_NAMES and len(place) == 3})
        self._work.sources = {key: str(source) for key, source in (draft or {}).get("sources", {}).items()}
        if self._work.placer.points:
            self._work.decided = replace(self._work.decided, phase=int((draft or {}).get("phase", 0)))
            self._work.session.phases.show(self._work.decided.phase)
