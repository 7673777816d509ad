"""What stands in the 3D view: one renderer, filled from plain content, changed only where the content changed.

An item that is the same object as before costs nothing; one with the same mesh only changes its properties. Who draws
the renderer (viewers/scene/host.py) is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from vtkmodules.vtkRenderingCore import vtkCellPicker, vtkFrustumCoverageCuller, vtkRenderer

from planning.geometry import Plane, Vector
from viewers.overlay import (
    ContourItem,
    CurvedCutItem,
    CutItem,
    MarginMapItem,
    PathItem,
    PointItem,
    SceneContent,
    SurfaceItem,
    TreeItem,
    VolumeItem,
    WireItem,
)
from viewers.scene.adapters.base import Box
from viewers.scene.adapters.curved import CurvedCutView
from viewers.scene.adapters.curves import ContourView, PathView, WireView
from viewers.scene.adapters.cut import CutView
from viewers.scene.adapters.margin import Bands, MarginView
from viewers.scene.adapters.mesh import SurfaceView
from viewers.scene.adapters.points import PointView
from viewers.scene.adapters.tree import TreeView
from viewers.scene.camera import axes
from viewers.scene.offscreen import add_lights
from viewers.view_state import Camera

if TYPE_CHECKING:
    from viewers.scene.adapters.volume import VolumeView

View = SurfaceView | ContourView | PointView | CutView | CurvedCutView | PathView | TreeView | WireView | MarginView
# a double click through a faint surface means what lies behind it
SOLID = 0.5
# what is less opaque may leave the picture as it is
SEEN = 0.1
MOST_PEELS = 4
CAMERA_DISTANCE_MM = 4000.0
# how far a hollow's darkness reaches: a share of the half height that is seen, within these
OCCLUSION_SHARE, OCCLUSION_MM, OCCLUSION_SAMPLES = 0.15, (1.0, 20.0), 64
NEAR_MM = 20.0


class Scene:
    """Surfaces and plan items in one renderer."""

    def __init__(self, bands: Bands) -> None:
        self.renderer = vtkRenderer()
        self.renderer.SetBackground(0.0, 0.0, 0.0)
        self.renderer.SetTwoSidedLighting(True)
        add_lights(self.renderer)
        # without peeling the nearer translucent thing must be drawn last
        cullers = self.renderer.GetCullers()
        cullers.InitTraversal()
        culler = cullers.GetNextItem()
        if isinstance(culler, vtkFrustumCoverageCuller):
            culler.SetSortingStyleToBackToFront()
        self.renderer.GetActiveCamera().ParallelProjectionOn()
        self._bands = bands
        self._content = SceneContent()
        self._hidden: frozenset[str] = frozenset()
        self._plan_shown = True
        self._items: dict[tuple[str, str], Any] = {}
        self._views: dict[tuple[str, str], View] = {}
        self._mm_per_px = 1.0
        self._uses_gpu = False
        self._volume: VolumeView | None = None
        self._clip: Plane | None = None
        self._outlined = False
        # where what was drawn before is out of date; None for everywhere
        self._stale: list[Box] | None = None

    def take_stale(self) -> list[Box] | None:
        """The boxes in which anything changed since this was asked, none where nothing did; None for everywhere."""
        stale, self._stale = self._stale, []
        # rays through the image are cast for the whole picture, and a hollow darkens what lies beside what changed
        return None if stale and (self._volume is not None or self.renderer.GetUseSSAO()) else stale

    @property
    def casts_rays(self) -> bool:
        """Whether the image itself is shown."""
        return self._volume is not None

    @property
    def reach_mm(self) -> float:
        """How far beside it a thing changes what is drawn."""
        return float(self.renderer.GetSSAORadius()) if self.renderer.GetUseSSAO() else 0.0

    def _note(self, boxes: list[Box] | None) -> None:
        if boxes is None or self._stale is None:
            self._stale = None
        else:
            self._stale += boxes

    def _note_view(self, view: View) -> None:
        extent = view.extent
        self._note(None if extent is None else [extent])

    def set_content(self, content: SceneContent) -> bool:
        """Show this; True when anything changed that VTK draws."""
        changed = False
        self._content = content
        wanted = {(type(item).__name__, item.key): item for item in chain(content.surfaces, content.items)}
        for name in [name for name in self._views if name not in wanted]:
            self._note_view(self._views[name])
            self._views.pop(name).remove()
            del self._items[name]
            changed = True
        for name, item in wanted.items():
            if self._items.get(name) is item:
                continue
            view = self._views.get(name)
            if view is None and isinstance(item, SurfaceItem) and self._is_hidden(item.key):
                # a structure's triangles and what draws them are some 10 MB: made when it is first seen
                continue
            if view is None:
                made = self._make(item)
                if made is None:
                    continue
                self._views[name] = made
                made.set_visible(self._is_wanted(item.key, made))
                made.scale(self._mm_per_px)
                self._note_view(made)
            else:
                boxes = view.changes(item)
                self._note(boxes)
                if boxes == []:
                    # another object that is drawn the same
                    self._items[name] = item
                    continue
                view.update(item)
                view.set_visible(self._is_wanted(item.key, view))
            self._items[name] = item
            changed = True
        self._sheets_give_way()
        return self._set_volume(content.volume) | self._set_style(content) | changed

    def _set_volume(self, item: VolumeItem | None) -> bool:
        """The image itself; what draws it is loaded when it is first asked for."""
        view = self._volume
        if item is None:
            if view is None:
                return False
            view.remove()
            self._volume = None
        elif view is None:
            from viewers.scene.adapters.volume import VolumeView

            self._volume = VolumeView(self.renderer, item)
            self._volume.use_gpu(self._uses_gpu)
        elif view.item is item:
            return False
        else:
            view.update(item)
        self._note(None)
        return True

    def _set_style(self, content: SceneContent) -> bool:
        """How all surfaces look."""
        changed = content.clip is not self._clip or content.silhouettes != self._outlined
        self._clip, self._outlined = content.clip, content.silhouettes
        for view in self._views.values():
            if isinstance(view, SurfaceView):
                view.set_clip(content.clip)
                view.show_outline(content.silhouettes)
        if changed:
            self._note(None)
        return self._set_occlusion(content.occlusion and self._uses_gpu) | changed

    def _set_occlusion(self, wanted: bool) -> bool:
        """Hollows get less of the light that comes from everywhere."""
        if wanted == bool(self.renderer.GetUseSSAO()):
            return False
        self.renderer.SetUseSSAO(wanted)
        self.renderer.SetSSAOKernelSize(OCCLUSION_SAMPLES)
        self.renderer.SetSSAOBlur(True)
        return True

    def use_gpu(self, uses: bool) -> None:
        """Whether a graphics card draws: it casts rays itself and has time for all of it."""
        self._uses_gpu = uses
        if self._volume is not None:
            self._volume.use_gpu(uses)
        if self._set_occlusion(self._content.occlusion and uses) or self._volume is not None:
            self._note(None)

    def set_hidden(self, hidden: frozenset[str], plan_shown: bool = True) -> bool:
        """Switch items on and off by key, all plan items at once; True when anything shown changed."""
        self._hidden, self._plan_shown = hidden, plan_shown
        unmade = (item for item in self._content.surfaces if (type(item).__name__, item.key) not in self._views)
        changed = any(not self._is_hidden(item.key) for item in unmade) and self.set_content(self._content)
        for (_, key), view in self._views.items():
            wanted = self._is_wanted(key, view)
            if view.visible != wanted:
                view.set_visible(wanted)
                self._note_view(view)
                changed = True
        self._sheets_give_way()
        return changed

    def _is_wanted(self, key: str, view: View) -> bool:
        if isinstance(view, SurfaceView) and view.opacity <= 0.0:
            return False
        return not self._is_hidden(key) and (self._plan_shown or isinstance(view, SurfaceView))

    def _is_hidden(self, key: str) -> bool:
        # a part is hidden with its whole
        return key.partition("\n")[0] in self._hidden

    def set_ground(self, color: tuple[float, float, float]) -> None:
        """What lies behind everything."""
        self.renderer.SetBackground(*color)
        self._note(None)

    def set_bands(self, bands: Bands) -> None:
        """Other colours of the margin map."""
        self._bands = bands
        self._note(None)
        for view in self._views.values():
            if isinstance(view, MarginView):
                view.set_bands(bands)

    def set_camera(self, camera: Camera, mm_per_px: float) -> None:
        """Look from there; things of a fixed size on the screen follow."""
        shown = self.renderer.GetActiveCamera()
        _, up, back = axes(camera)
        focus = np.asarray(camera.focus_mm)
        shown.SetFocalPoint(*focus)
        shown.SetPosition(*(focus + self._distance_mm(focus, back) * back))
        shown.SetViewUp(*up)
        shown.SetParallelScale(camera.half_height_mm)
        if mm_per_px != self._mm_per_px:
            self._mm_per_px = mm_per_px
            self._note(None)
            for view in self._views.values():
                view.scale(mm_per_px)
        reach = float(np.clip(OCCLUSION_SHARE * camera.half_height_mm, *OCCLUSION_MM))
        self.renderer.SetSSAORadius(reach)
        self.renderer.SetSSAOBias(reach / 10.0)
        if self._outlined:
            for seen in self._views.values():
                if isinstance(seen, SurfaceView):
                    seen.look_from(back, mm_per_px)
        self.renderer.ResetCameraClippingRange()

    def _distance_mm(self, focus: Vector, back: Vector) -> float:
        """How far before the middle of the picture the camera stands; no matter to what is seen."""
        if not self.renderer.GetUseSSAO():
            return CAMERA_DISTANCE_MM
        # hollows are looked for in numbers of eleven bits, which tell millimetres only near the camera
        boxes = [box for box in (self.box(), self._volume.box if self._volume is not None else None) if box is not None]
        nearest = [float((np.where(back > 0.0, high, low) - focus) @ back) for low, high in boxes]
        return max(0.0, *nearest) + NEAR_MM if nearest else CAMERA_DISTANCE_MM

    def set_quality(self, full: bool, smooth_edges: bool, pixels: int = 1, rays_px: float | None = None) -> None:
        """full: translucent surfaces in their true order, every triangle and every ray; smooth_edges: by a filter over the
        picture. pixels: how many drawn ones make one of the picture, along a side. rays_px: how far apart a card casts its
        rays while things move, None at rest."""
        for view in self._views.values():
            if isinstance(view, SurfaceView):
                view.use_light(not full)
                view.show_outline(full and self._outlined)
        if self._volume is not None:
            self._volume.set_quality(full, pixels, rays_px)
        self.renderer.SetUseDepthPeeling(full)
        self.renderer.SetMaximumNumberOfPeels(MOST_PEELS)
        self.renderer.SetOcclusionRatio(0.002)
        self.renderer.SetUseFXAA(smooth_edges)

    def box(self) -> Box | None:
        """Lowest and highest corner of what is shown: of the surfaces, or of the plan when there are none."""
        shown = [view for view in self._views.values() if view.visible]
        surfaces = [view.box for view in shown if isinstance(view, SurfaceView)]
        if self._volume is not None and not surfaces:
            return self._volume.box
        boxes = [box for box in surfaces or [view.box for view in shown] if box is not None]
        if not boxes:
            return None
        return np.min([low for low, _ in boxes], axis=0), np.max([high for _, high in boxes], axis=0)

    def has_surface(self) -> bool:
        """Whether a surface is shown that a driver which draws cannot leave out.

        An image may have no value that its transfer function shows, and nothing of a surface may lie on a clip's side.
        """
        return self._clip is None and any(
            view.visible and isinstance(view, SurfaceView) and view.opacity >= SEEN for view in self._views.values()
        )

    def sheet_corners(self, key: str) -> Any:
        """(N, 3) corners of a plane's sheet, or None when it is not shown."""
        view = self._views.get((CutItem.__name__, key))
        return view.corners_mm if isinstance(view, CutView) and view.visible else None

    def pick(self, x_px: float, y_px: float) -> Vector | None:
        """The nearest surface under a pixel of the render window (from the lower left), solid ones first."""
        surfaces = [view for view in self._surfaces() if view.visible]
        for wanted in ([v for v in surfaces if v.opacity >= SOLID], surfaces):
            picker, moved = vtkCellPicker(), {}
            picker.SetTolerance(0.0005)
            picker.PickFromListOn()
            for view in wanted:
                for number, actor in enumerate(view.actors):
                    if number == 0 or wanted is surfaces:
                        picker.AddPickList(actor)
                        moved[actor] = view.moved_mm
            if wanted and picker.Pick(x_px, y_px, 0.0, self.renderer):
                # a place of the patient, whatever the part was moved by
                return np.array(picker.GetPickPosition()) - moved.get(picker.GetActor(), 0.0)
        return None

    def _surfaces(self) -> Iterator[SurfaceView | MarginView | TreeView]:
        for view in self._views.values():
            if isinstance(view, SurfaceView | MarginView | TreeView):
                yield view

    def _sheets_give_way(self) -> None:
        mapped = any(isinstance(view, MarginView) and view.visible for view in self._views.values())
        for view in self._views.values():
            if isinstance(view, CutView | CurvedCutView):
                view.show_sheet(not mapped)

    def _make(self, item: Any) -> View | None:
        if isinstance(item, MarginMapItem):
            return MarginView(self.renderer, item, self._bands)
        kinds: dict[type, Any] = {
            SurfaceItem: SurfaceView,
            ContourItem: ContourView,
            PointItem: PointView,
            CutItem: CutView,
            CurvedCutItem: CurvedCutView,
            PathItem: PathView,
            TreeItem: TreeView,
            WireItem: WireView,
        }
        if isinstance(item, PointItem | PathItem) and item.flat:
            return None
        # distances and notes are painted over the picture or not at all
        kind = kinds.get(type(item))
        return None if kind is None else kind(self.renderer, item)
