"""What the 3D pane shows beyond surfaces and plan: the image itself, cropped and clipped, and the surfaces' look.

The image is reduced to a budget of voxels in a job, once for each phase that is looked at; where it is not ready yet the
pane shows the rest meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app import out_of_sight
from app.allocator import give_back
from app.i18n import mark, tr
from app.jobs import Job
from app.panels.base import Planner
from app.session import Session
from planning.geometry import FloatArray, Plane
from planning.kept import Kept
from planning.progress import CancelToken, Progress
from planning.volume import Volume
from viewers.overlay import ContourItem, CutItem, SceneContent, VolumeItem
from viewers.rendering import Rendering, box_planes, histogram, reduced
from viewers.view_state import SLICES, ViewState

# voxels that are drawn at most: where the processor casts the rays (32 MB, and 48 MB of its own for the light), and where a
# graphics card does (128 MB there)
MOST_VOXELS_SLOW, MOST_VOXELS_FAST = 2**24, 2**26
# of reduced images of other phases: one of two bytes a voxel takes five where the processor casts the rays, with their light
KEPT_BYTES, BYTES_OF_LIGHT = 256 << 20, 3
SLICE = "slice:"
SLICE_NAMES = {"axial": mark("Axial slice"), "coronal": mark("Coronal slice"), "sagittal": mark("Sagittal slice")}


@dataclass(frozen=True, slots=True, eq=False)
class DrawnImage:
    """The image as it is drawn: fewer voxels, what casts rays through them, and how many of the scan have which value."""

    source: Volume
    volume: Volume
    edges_hu: FloatArray
    counts: FloatArray
    caster: object | None


class ReducedImages(QObject):
    """An image reduced to what 3D may draw, in a job, once for each phase that is looked at. `ready`: there is one more."""

    ready = Signal()

    def __init__(
        self,
        session: Session,
        source: Callable[[], Volume | None],
        is_slow: Callable[[], bool],
        key: str,
        parent: QObject | None = None,
    ) -> None:
        """source: the image that is looked at now. is_slow: whether the processor casts the rays. key: of the job."""
        super().__init__(parent)
        self._session, self._source, self._is_slow, self._key = session, source, is_slow, key
        self._images: Kept[int, DrawnImage] = Kept(KEPT_BYTES, _image_bytes, least=1)

    @property
    def image(self) -> DrawnImage | None:
        """What the image that is looked at is drawn from; None while it is being made."""
        source = self._source()
        # an image holds its source, so that no other has its id meanwhile
        return None if source is None else self._images.get(id(source))

    def asked(self) -> DrawnImage | None:
        """The same; one that is not there yet is made."""
        source, image = self._source(), self.image
        # before 3D was opened nobody knew that a card draws: what was prepared for the processor has fewer voxels
        if source is not None and (image is None or (image.caster is not None and not self._is_slow())):
            self._request(source)
        return image

    def _request(self, source: Volume) -> None:
        is_slow = self._is_slow()
        most = MOST_VOXELS_SLOW if is_slow else MOST_VOXELS_FAST

        def work(progress: Progress, cancel: CancelToken) -> DrawnImage:
            def told(share: float) -> None:
                cancel.raise_if_set()
                progress(0.4 * share, "")

            small = reduced(source, most, told)
            edges, counts = histogram(source)
            progress(0.5, "")
            cancel.raise_if_set()
            return DrawnImage(source, small, edges, counts, _caster(small) if is_slow else None)

        if not any(state.job.key == self._key and not state.cancel.is_set for state in self._session.jobs.active):
            title = tr("Preparing the image for 3D")
            self._session.jobs.submit(
                Job(key=self._key, title=title, work=work, done=self._have, subject=self._session.label)
            )

    def _have(self, image: DrawnImage) -> None:
        self._images[id(image.source)] = image
        self.ready.emit()

    def forget(self) -> None:
        """Let go of all of them; what is asked for again is made again."""
        self._images.clear()


class SceneRendering(QObject):
    """`changed`: the 3D pane has something else to show. `ready`: another image can be drawn now."""

    changed = Signal()
    ready = Signal()

    def __init__(
        self,
        session: Session,
        planner: Callable[[], Planner | None],
        is_slow: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._planner = session, planner
        self.reduced = ReducedImages(session, session.volume, is_slow, "3d image", self)
        self.reduced.ready.connect(self.ready)
        self.reduced.ready.connect(self.changed)
        self._kept: tuple[tuple[object, ...], VolumeItem] | None = None
        self._clip: Plane | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self.changed)
        # 80 MB of an image that 3D does not show any more, where the processor casts the rays
        self._away = QTimer(self, singleShot=True, interval=out_of_sight.AFTER_MS)
        self._away.timeout.connect(self._let_go)
        self.ready.connect(self._see_what_is_shown)
        session.view.changed.connect(self._on_view)

    @property
    def image(self) -> DrawnImage | None:
        """What the shown phase is drawn from; None while it is being made."""
        return self.reduced.image

    def decorated(self, content: SceneContent) -> SceneContent:
        """The content with the image in it, and the look that a person chose."""
        state = self._session.view.state
        wanted = state.rendering
        if not (wanted.shows_volume or wanted.clip or wanted.silhouettes or wanted.occlusion):
            return content
        clip = self._clip_plane(state)
        return replace(
            content,
            volume=self._volume(wanted, clip),
            clip=clip if wanted.clips_surfaces else None,
            silhouettes=wanted.silhouettes,
            occlusion=wanted.occlusion,
            hint="" if wanted.shows_volume else content.hint,
        )

    def _volume(self, wanted: Rendering, clip: Plane | None) -> VolumeItem | None:
        if not wanted.shows_volume:
            return None
        image = self.reduced.asked()
        if image is None:
            return None
        key = (image, wanted.stops, wanted.shaded, wanted.box_mm, clip)
        if self._kept is None or self._kept[0] != key:
            keep = (*(() if wanted.box_mm is None else box_planes(wanted.box_mm)), *(() if clip is None else (clip,)))
            item = VolumeItem(
                key="image",
                volume=image.volume,
                stops=wanted.stops,
                shaded=wanted.shaded,
                keep=keep,
                box_mm=wanted.box_mm,
                caster=image.caster,
            )
            self._kept = key, item
        return self._kept[1]

    def clips(self) -> Mapping[str, tuple[str, Plane]]:
        """Planes that can cut what 3D shows, by key: name and the plane, whose normal's side is kept."""
        state, planner = self._session.view.state, self._planner()
        found: dict[str, tuple[str, Plane]] = {}
        names = {row.key: row.name for row in planner.rows()[1]} if planner is not None else {}
        for item in planner.items() if planner is not None else ():
            name = names.get(item.key, item.key.replace("_", " ").capitalize())
            if isinstance(item, CutItem):
                # what is kept, not what is removed
                found[item.key] = name, Plane(item.plane.origin_mm, -item.plane.normal)
            elif isinstance(item, ContourItem):
                found[item.key] = name, contour_plane(item.points_mm)
        for pane in SLICES:
            normal = state.axes(pane)[2]
            pinned = state.pinned.get(pane)
            through = np.array(state.cross_mm) if pinned is None else pinned.through_mm
            name = tr(SLICE_NAMES[pane]) if pinned is None else tr(pinned.title)
            found[SLICE + pane] = name, Plane(through, normal)
        return found

    def _clip_plane(self, state: ViewState) -> Plane | None:
        """The plane that cuts now; the same object while it lies where it lay."""
        found = self.clips().get(state.rendering.clip) if state.rendering.clip else None
        if found is None:
            self._clip = None
            return None
        plane = found[1]
        if state.rendering.flipped:
            plane = Plane(plane.origin_mm, -plane.normal)
        if self._clip is None or not _same(self._clip, plane):
            self._clip = plane
        return self._clip

    def _see_what_is_shown(self) -> None:
        if self._session.view.state.rendering.shows_volume:
            self._away.stop()
        elif not self._away.isActive():
            self._away.start()

    def _let_go(self) -> None:
        self._kept = None
        self.reduced.forget()
        give_back()

    def _on_view(self, old: ViewState, new: ViewState) -> None:
        if old.rendering.shows_volume != new.rendering.shows_volume:
            self._see_what_is_shown()
        planes = [(state.cross_mm, state.frame, state.pinned, state.turns, state.free) for state in (old, new)]
        moved = new.rendering.clip.startswith(SLICE) and planes[0] != planes[1]
        if old.rendering != new.rendering or moved or (new.rendering.shows_volume and old.phase != new.phase):
            self._later.start()


def _image_bytes(image: DrawnImage) -> int:
    voxels = image.volume.voxels
    # a phase that is kept here holds its source too, which the reader of phases may have let go
    source = 0 if image.source is image.volume else image.source.voxels.nbytes
    return source + voxels.nbytes + (0 if image.caster is None else BYTES_OF_LIGHT * voxels.size)


def _caster(volume: Volume) -> object | None:
    # what needs VTK is loaded when the image is first asked for
    from viewers.scene.adapters.volume import prepared_caster

    return prepared_caster(volume)


def contour_plane(points_mm: FloatArray) -> Plane:
    """The plane of a planar closed curve; its normal points to the head."""
    middle = points_mm.mean(axis=0)
    normal = np.linalg.svd(points_mm - middle, full_matrices=False)[2][2]
    return Plane(middle, normal if normal[2] >= 0.0 else -normal)


def _same(one: Plane, other: Plane) -> bool:
    return np.array_equal(one.origin_mm, other.origin_mm) and np.array_equal(one.normal, other.normal)
