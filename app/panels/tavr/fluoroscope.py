"""Computes the pictures of the fluoroscopy panes beside the event loop: coarse while the hand moves, fine at rest."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer

from app.i18n import tr
from app.jobs import Job
from app.out_of_sight import OutOfSight
from app.panes.latest import LatestJob
from app.session import Session
from planning.case.trust import not_looked_at
from planning.progress import CancelToken, Progress
from planning.registry import canonical_name
from planning.tavr.fluoroscopy import (
    FINE_MM,
    PREVIEW_MM,
    Attenuation,
    CArm,
    prepare_fluoroscopy,
    simulate_fluoroscopy,
)
from planning.volume import Mask
from viewers.fluoroscopy_pane import FluoroscopyPane

REST_MS = 300
FIELD_MM = 170.0
MORE_CONTRAST = 1.0


class Fluoroscope(QObject):
    """Pictures for some panes, of the session's volume."""

    def __init__(self, session: Session, panes: tuple[FluoroscopyPane, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._panes = session, panes
        # which voxels the prepared ones come from
        self._source = ""
        self._prepared: Attenuation | None = None
        self._fine: Attenuation | None = None
        self.has_contrast = False
        self._jobs = {
            pane: LatestJob(session.jobs, pane.objectName(), tr("Simulating fluoroscopy"), partial(self._show, pane))
            for pane in panes
        }
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._refine)
        for pane in panes:
            pane.resized.connect(partial(self._resized, pane))
        # four bytes for each voxel of the scan, and an eighth of that
        self._away = OutOfSight(self, panes, self._forget)

    @property
    def lumen(self) -> Mask | None:
        """The case's aorta, which contrast can fill; None until a person let a doubtful one be used."""
        names = self._usable_aorta()
        return self._session.mask(names[0]) if names else None

    def _usable_aorta(self) -> tuple[str, ...]:
        names = self.used_structures()
        return () if not_looked_at(self._session.case, names) else names

    def used_structures(self) -> tuple[str, ...]:
        """The case's aorta."""
        return tuple(name for name in self._session.case.structures if canonical_name(name) == "aorta")[:1]

    def look(self, pane: FluoroscopyPane, lao_deg: float, cra_deg: float, middle_mm: npt.ArrayLike, name: str) -> None:
        """Turn a pane's C-arm; the picture follows."""
        now = pane.carm
        middle = np.asarray(middle_mm, dtype=np.float64)
        is_same = now is not None and (now.lao_deg, now.cra_deg) == (lao_deg, cra_deg)
        if is_same and now is not None and np.allclose(now.isocenter_mm, middle) and self._source == self._voxels:
            pane.view_name = name
            return
        carm = CArm(lao_deg, cra_deg, middle, field_mm=FIELD_MM, size_px=pane.picture_size)
        pane.look_from(carm, name)
        self._ask(pane)

    def set_contrast(self, on: bool) -> None:
        """Fill the aorta with more contrast, or as it was scanned."""
        self.has_contrast = on
        for pane in self._panes:
            self._ask(pane)

    def _resized(self, pane: FluoroscopyPane) -> None:
        carm = pane.carm
        if carm is not None and carm.size_px != pane.picture_size:
            pane.look_from(
                CArm(carm.lao_deg, carm.cra_deg, carm.isocenter_mm, field_mm=FIELD_MM, size_px=pane.picture_size),
                pane.view_name,
            )
            self._ask(pane)

    def _ask(self, pane: FluoroscopyPane) -> None:
        if not self._voxels or pane.carm is None:
            return
        if self._source != self._voxels:
            self._prepare()
        if self._prepared is not None:
            self._jobs[pane].ask(_simulated(self._prepared, pane.carm, MORE_CONTRAST if self.has_contrast else 0.0))
            self._rest.start()

    def _refine(self) -> None:
        if self._fine is None:
            return
        for pane in self._panes:
            if pane.carm is not None and pane.isVisible():
                self._jobs[pane].ask(_simulated(self._fine, pane.carm, MORE_CONTRAST if self.has_contrast else 0.0))

    @property
    def _voxels(self) -> str:
        """Names the shown phase's voxels and the lumen's, "" without an image."""
        image, lumen = self._session.image, self._usable_aorta()
        if image is None:
            return ""
        inside = [self._session.case.structures[name].array.sha256 for name in lumen]
        return " ".join([image.arrays[min(self._session.view.state.phase, len(image.arrays) - 1)].sha256, *inside])

    def _prepare(self) -> None:
        volume, source, lumen = self._session.volume(), self._voxels, self.lumen
        if volume is None:
            return
        self._source, self._prepared, self._fine = source, None, None

        def coarse(progress: Progress, cancel: CancelToken) -> Attenuation:
            return prepare_fluoroscopy(volume, voxel_mm=PREVIEW_MM, lumen=lumen, cancel=cancel)

        def fine(progress: Progress, cancel: CancelToken) -> Attenuation:
            return prepare_fluoroscopy(volume, voxel_mm=FINE_MM, lumen=lumen, cancel=cancel)

        for key, work, done in (("coarse", coarse, self._take), ("fine", fine, self._take_fine)):
            self._session.jobs.submit(
                Job(
                    key=f"fluoroscopy {key}",
                    title=tr("Preparing fluoroscopy"),
                    work=work,
                    done=done,
                    still_wanted=lambda: self._source == source,
                    quiet=True,
                )
            )

    def _forget(self) -> None:
        self._source, self._prepared, self._fine = "", None, None

    def _take(self, prepared: Attenuation) -> None:
        self._prepared = prepared
        self._away.made()
        for pane in self._panes:
            self._ask(pane)

    def _take_fine(self, prepared: Attenuation) -> None:
        self._fine = prepared
        self._away.made()
        self._rest.start()

    def _show(self, pane: FluoroscopyPane, value: tuple[CArm, npt.NDArray[np.uint8]]) -> None:
        pane.show_picture(*value)


def _simulated(
    prepared: Attenuation, carm: CArm, contrast: float
) -> Callable[[Progress, CancelToken], tuple[CArm, npt.NDArray[np.uint8]]]:
    def work(progress: Progress, cancel: CancelToken) -> tuple[CArm, npt.NDArray[np.uint8]]:
        return carm, simulate_fluoroscopy(prepared, carm, contrast=contrast, cancel=cancel).picture()

    return work
