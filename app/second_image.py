"""The case's other image: read in a job, shown over the first one or beside it, and honest about lying together."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app import out_of_sight
from app.i18n import mark, tr
from app.jobs import Job, JobState
from app.presets import automatic_window
from app.session import Session
from planning.case.importing import FRAME_KEY
from planning.case.model import Image
from planning.progress import CancelToken, Progress
from planning.volume import Volume
from viewers.overlay import OverItem
from viewers.view_state import LAYOUTS, SecondView, ViewState

JOB_KEY = "second image"
FIRST_LAYOUT = LAYOUTS[0]
# counts of a tracer, which start at nothing
COUNTING = ("PT", "NM")
# what is written beside an overlay whose place is in doubt
NOT_REGISTERED, FRAME_UNKNOWN = mark("not registered"), mark("frame unknown")


def lying_together(first: Image, second: Image) -> str:
    """What must be known of two images' places: "" when their files name one frame of reference."""
    if first is second:
        return ""
    frames = [image.study.get(FRAME_KEY, "") for image in (first, second)]
    if not all(frames):
        return FRAME_UNKNOWN
    return "" if frames[0] == frames[1] else NOT_REGISTERED


def is_earlier(image: Image, other: Image) -> bool | None:
    """Whether an image was taken before another one, by kept dates or years; None where they do not tell."""
    for key in ("study_date", "year"):
        here, there = image.study.get(key, ""), other.study.get(key, "")
        if here and there and here != there:
            return here < there
    return None


def first_window(volume: Volume, modality: str) -> tuple[float, float]:
    """(window, level) in the image's own values: of tracers from nothing to nearly all, else as for any scan."""
    if modality in COUNTING:
        high = float(np.percentile(volume.voxels[::2, ::2, ::2], 99.9))
        return max(high, 1e-3), max(high, 1e-3) / 2.0
    return automatic_window(volume)


class SecondImage(QObject):
    """Which other image is shown and its voxels, which go a minute after no pane shows them.

    `changed`: another one, or its voxels are there now. `forgotten`: they went.
    """

    changed, forgotten = Signal(), Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._volumes: dict[tuple[str, int], Volume] = {}
        self._reading: tuple[tuple[str, int], JobState] | None = None
        self._failed: set[tuple[str, int]] = set()
        self._item: tuple[object, OverItem] | None = None
        # one that a person chooses gets a window that fits it; one that was kept with the view has its own
        self._wants_window = False
        self._away = QTimer(self, singleShot=True, interval=out_of_sight.AFTER_MS)
        self._away.timeout.connect(self._forget)
        session.changed.connect(lambda _: self._case_changed())
        session.view.changed.connect(self._on_view)

    @property
    def state(self) -> SecondView:
        """How it is shown."""
        return self._session.view.state.second

    @property
    def names(self) -> tuple[str, ...]:
        """The images of the case besides the one that is planned on, and a moving one's own other phases."""
        first = self._session.image
        moving = (first.name,) if first is not None and len(first.phases) > 1 else ()
        return (*self.others, *moving)

    @property
    def others(self) -> tuple[str, ...]:
        """The images of the case besides the one that is planned on."""
        return tuple(self._session.case.images)[1:]

    @property
    def image(self) -> Image | None:
        """The one chosen."""
        return self._session.case.images.get(self.state.image)

    @property
    def volume(self) -> Volume | None:
        """Its voxels, None while they are being read."""
        return self._volumes.get((self.state.image, self.state.phase))

    @property
    def note(self) -> str:
        """What must be known of both lying together, "" for nothing."""
        first, second = self._session.image, self.image
        return "" if first is None or second is None else lying_together(first, second)

    @property
    def is_beside(self) -> bool:
        """Whether it has panes of its own beside the first one, which is then seen as it is."""
        return self._session.view.state.layout == "compare"

    @property
    def is_shown(self) -> bool:
        """Whether panes show it now, over the first one or beside it."""
        return self.image is not None and (self.is_beside or self.is_over)

    @property
    def is_over(self) -> bool:
        """Whether panes draw it over the first one now, as soon as its voxels are there."""
        return self.state.is_over and bool(self.state.image) and not self.is_beside

    def choose(self, name: str = "") -> None:
        """Show this image from now on; "" takes the first of the others. Its voxels are read in a job."""
        name = name or next(iter(self.names), "")
        image = self._session.case.images.get(name)
        if image is None or name == self.state.image:
            return
        first = self._session.image
        self._wants_window = True
        colors = "hot" if image.modality in COUNTING else "amber"
        self._session.view.set_second(
            image=name,
            phase=self._other_phase(image),
            colors=colors,
            is_left=first is not None and is_earlier(image, first) is True,
        )

    def _other_phase(self, image: Image) -> int:
        """Of another image the first; of the shown one the phase half a heartbeat on."""
        if image is not self._session.image:
            return 0
        return (self._session.view.state.phase + len(image.phases) // 2) % len(image.phases)

    def change(self, **changes: Any) -> None:
        """Show it in another way: fields of `SecondView`."""
        self._session.view.set_second(**changes)

    def step_phase(self, by: int) -> bool:
        """Another phase of it; False where it has one only."""
        count = len(self.image.phases) if self.image is not None else 0
        if count > 1:
            self.change(phase=(self.state.phase + by) % count)
        return count > 1

    def set_window(self, window: tuple[float, float] | None) -> None:
        """(window, level) in its own values; None finds them anew."""
        image, volume = self.image, self.volume
        if window is None and image is not None and volume is not None:
            window = first_window(volume, image.modality)
        if window is not None:
            self.change(window=window[0], level=window[1])

    def show_over(self, over: bool) -> None:
        """Draw it over the first one, or not."""
        if over and not self.state.image:
            self.choose()
        self._session.view.set_second(is_over=over and bool(self.state.image))

    def item(self) -> OverItem | None:
        """What panes draw over the first image."""
        state, volume = self.state, self.volume
        if not self.is_over or volume is None:
            return None
        key = (state, self.note)
        if self._item is None or self._item[0] != key or self._item[1].volume is not volume:
            made = OverItem(
                volume=volume,
                name=state.image,
                colors=state.colors,
                opacity=state.opacity,
                window=state.window,
                level=state.level,
                smooth=state.smooth,
                note=tr(self.note) if self.note else "",
            )
            self._item = (key, made)
        return self._item[1]

    def _case_changed(self) -> None:
        images = self._session.case.images
        self._volumes = {key: volume for key, volume in self._volumes.items() if key[0] in images}
        if self.state.image and self.state.image not in images:
            self._session.view.set_second(image="", is_over=False, phase=0)
            if self.is_beside and self.names:
                self.choose()
            elif self.is_beside:
                # nothing is left to compare with: an empty column would say nothing
                self._session.view.set(layout=FIRST_LAYOUT)
        self.changed.emit()

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        if (old.second, old.layout) == (new.second, new.layout):
            return
        if new.second.image and self.image is None:
            # the view that was kept knows an image that the case has no more
            self._session.view.set_second(image="", is_over=False)
            return
        if (old.second.image, old.second.phase) != (new.second.image, new.second.phase):
            self._read()
        self._keep_while_shown()
        self.changed.emit()

    def _keep_while_shown(self) -> None:
        if self.is_shown:
            self._away.stop()
            # nothing where they are there
            self._read()
        elif self._volumes and not self._away.isActive():
            self._away.start()

    def _forget(self) -> None:
        self._volumes, self._item = {}, None
        self.forgotten.emit()
        self._session.document.forget_read()
        out_of_sight.give_back()

    def _read(self) -> None:
        key, image = (self.state.image, self.state.phase), self.image
        if image is None or key in self._volumes or key in self._failed or self._is_reading(key):
            return
        document = self._session.document

        def work(progress: Progress, cancel: CancelToken) -> tuple[Volume, tuple[float, float]]:
            volume = document.volume(*key)
            return volume, first_window(volume, image.modality)

        state = self._session.jobs.submit(
            Job(
                key=JOB_KEY,
                title=tr("Reading {name}", name=image.name),
                work=work,
                done=partial(self._is_read, key),
                failed=lambda error: self._cannot_read(key, error),
                subject=self._session.label,
            )
        )
        self._reading = key, state

    def _is_reading(self, key: tuple[str, int]) -> bool:
        if self._reading is None or self._reading[0] != key:
            return False
        state = self._reading[1]
        return state.status in ("waiting", "running") and not state.cancel.is_set

    def _is_read(self, key: tuple[str, int], answer: tuple[Volume, tuple[float, float]]) -> None:
        # only the shown one is kept: volumes are large, and the store has them
        self._volumes = {key: answer[0]}
        if key == (self.state.image, self.state.phase) and self._wants_window:
            window, level = answer[1]
            self._session.view.set_second(window=window, level=level)
            self._wants_window = False
        self._keep_while_shown()
        self.changed.emit()

    def _cannot_read(self, key: tuple[str, int], error: object) -> None:
        self._failed.add(key)
        self._session.failed.emit(error)
