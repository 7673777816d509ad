"""Two series beside each other: panes of the second image whose view follows the first one's by place.

The second panes have a view of their own, so that each image keeps its window; while both are linked, crosshair, planes,
zoom and camera go from whichever the hand is in to the other. What is drawn over the first image is drawn over the second
only where both lie in one frame of reference, and only measurements are moved there. Structures are the first image's: in 3D
the second one is drawn by rays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractButton

from app.i18n import mark, tr
from app.measuring import Measuring
from app.out_of_sight import OutOfSight
from app.pane_grid import SECOND
from app.render_presets import fitting_preset
from app.rendering import ReducedImages
from app.second_image import SecondImage, is_earlier
from app.session import Session
from viewers.color_maps import color_maps
from viewers.measures import TOOLS
from viewers.overlay import CurvedCutItem, CutItem, PaneContent, PlanItem, PointItem, SceneContent, VolumeItem
from viewers.pane_look import PaneLook
from viewers.rendering import Stop, Stops
from viewers.scene_pane import ScenePane
from viewers.slice_pane import SlicePane
from viewers.view_state import SLICES, Camera, PaneView, ViewModel, ViewState

BEFORE, AFTER = mark("Before"), mark("After")
# what each view keeps to itself
OWN = frozenset(
    (
        "window", "level", "preset", "phase", "layout", "main_pane", "maximised", "active", "panes", "tool", "placing",
        "brush_mm", "refuses", "second", "probe", "magnifier",
    )
)  # fmt: skip
MIRRORED = tuple(field.name for field in fields(ViewState) if field.name not in OWN)
# how things are drawn and which is chosen is one for both, linked or not
LOOKS = (
    "show_crosshair", "show_overlays", "show_labels", "label_style", "smooth_pixels", "mouse_scheme", "hidden",
    "opacities", "selected", "selected_point",
)  # fmt: skip
# of an image that is not in Hounsfield units: shares of its window and how much of the light 1 mm of them keeps
SHARES, DENSEST = (0.0, 0.15, 0.4, 0.7, 1.0), 0.12


class ComparePanes(QObject):
    """The second image's panes, by the names that the grid knows them by. firsts, scene: the first image's."""

    def __init__(
        self,
        session: Session,
        second: SecondImage,
        measuring: Measuring,
        firsts: Mapping[str, SlicePane],
        scene: ScenePane,
        look: PaneLook,
    ) -> None:
        super().__init__(session)
        self._session, self._second, self._measuring = session, second, measuring
        self._firsts, self._first_scene = firsts, scene
        self.view = ViewModel(replace(session.view.state, active="", tool="cross"), self)
        self.slices: dict[str, SlicePane] = {}
        self._is_following = False
        for name in SLICES:
            pane = SlicePane(name, self.view, look)
            pane.setObjectName(f"pane_{SECOND}{name}")
            for button in pane.findChildren(QAbstractButton):
                button.setObjectName(f"{SECOND}{button.objectName()}")
            self.slices[f"{SECOND}{name}"] = pane
        self.scene = ScenePane(self.view, look, name=f"{SECOND}3d")
        self.panes: dict[str, SlicePane | ScenePane] = {**self.slices, f"{SECOND}3d": self.scene}
        self._reduced = ReducedImages(
            session, lambda: second.volume, lambda: self.scene.is_slow, "second 3d image", self
        )
        self._reduced.ready.connect(self._show_scene)
        # 50 MB and more of an image that no pane shows; the pane's, for the session lives longer than it
        away = OutOfSight(self.scene, (self.scene,), self._forget_image)
        self._reduced.ready.connect(away.made)
        second.forgotten.connect(self._forget_voxels)
        self.scene.installEventFilter(self)
        self._kept: tuple[tuple[object, ...], SceneContent] | None = None
        self._items: tuple[PlanItem, ...] = ()
        scene.camera_moved.connect(self._first_turned)
        self.scene.camera_moved.connect(self._second_turned)
        session.view.changed.connect(self._first_changed)
        self.view.changed.connect(self._second_changed)

    @property
    def is_shown(self) -> bool:
        """True while the compare layout is chosen."""
        return self._session.view.state.layout == "compare"

    @property
    def linked(self) -> bool:
        """Whether both move together."""
        return self._second.state.linked

    def heading(self, *, second: bool) -> str:
        """What stands before a pane's title: which image it is, and whether it is the earlier one where the files tell."""
        shown, other = self._session.image, self._second.image
        if second:
            shown, other = other, shown
        if shown is None:
            return ""
        earlier = None if other is None else is_earlier(shown, other)
        return shown.name if earlier is None else f"{tr(BEFORE if earlier else AFTER)}  {shown.name}"

    def first_content(self, content: PaneContent) -> PaneContent:
        """The first image's content as it stands beside the second."""
        return replace(content, heading=self.heading(second=False)) if self.is_shown else content

    def show(self, content: PaneContent) -> None:
        """Give the second panes what the first ones show, over the second image."""
        self._first_scene.set_plan(f"{self.heading(second=False)}  3D" if self.is_shown else "3D", "", "")
        if not self.is_shown:
            return
        together = self._second.note == ""
        measured = set(map(id, self._measuring.items()))
        plan = tuple(_at_rest(item) for item in content.items if id(item) not in measured) if together else ()
        self._items = (*plan, *self._measuring.items(second=True))
        shown = PaneContent(
            volume=self._second.volume,
            labels=content.labels if together else (),
            items=self._items,
            live=content.live if together else None,
            heading=self.heading(second=True),
        )
        for pane in self.slices.values():
            pane.set_content(shown)
        self._show_scene()
        self.follow()

    def close(self) -> None:
        """Let go of the graphics memory."""
        self.scene.close()

    # 3D

    def _show_scene(self) -> None:
        if not self.is_shown or "3d" not in self._second.state.rows:
            return
        self.scene.start()
        self.scene.set_plan(f"{self.heading(second=True)}  3D", "", "")
        image, stops = self._reduced.asked(), self._stops()
        key = (image, stops, self._items)
        if self._kept is None or self._kept[0] != key:
            volume = None
            if image is not None:
                volume = VolumeItem(key="second image", volume=image.volume, stops=stops, caster=image.caster)
            self._kept = key, SceneContent(volume=volume, items=self._items)
        self.scene.set_content(self._kept[1])

    def _forget_voxels(self) -> None:
        # they get it again with the layout, before anybody sees them
        for pane in self.slices.values():
            pane.set_content(PaneContent())

    def _forget_image(self) -> None:
        self._kept = None
        self._reduced.forget()
        self.scene.set_content(SceneContent())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A 3D pane that is seen again gets what it let go."""
        if event.type() == QEvent.Type.Show and self._kept is None:
            self._show_scene()
        return False

    def _stops(self) -> Stops:
        """As the first one is drawn where both are Hounsfield units; else the overlay's colours over its window."""
        wanted = self._session.view.state.rendering
        if self._shares_window:
            usual = fitting_preset("", tuple(self._session.case.structures)).stops
            return wanted.stops if wanted.shows_volume and wanted.stops else usual
        state = self._second.state
        full = color_maps()[state.colors]
        return tuple(
            Stop(
                state.level + (share - 0.5) * state.window,
                "#{:02X}{:02X}{:02X}".format(*full.color_at(share)),
                DENSEST * share,
            )
            for share in SHARES
        )

    def _first_turned(self, camera: Camera) -> None:
        if self.is_shown and self.linked:
            self.scene.follow(camera)

    def _second_turned(self, camera: Camera) -> None:
        if self.linked:
            self._first_scene.follow(camera)

    # following

    def follow(self) -> None:
        """Take place, planes, zoom and camera of the first image's panes."""
        if not self.is_shown or not self.linked or self._is_following:
            return
        state, second = self._session.view.state, self._second.state
        lit = state if self._shares_window else second
        changes = {**_part(state, MIRRORED), "panes": self._first_views(), "window": lit.window, "level": lit.level}
        self._become(self.view, changes)
        if "3d" in second.rows:
            self.scene.follow(self._first_scene.camera())

    def _first_views(self) -> Mapping[str, PaneView]:
        # a fitted pane has no scale of its own, and the two images are not of one size
        made = {}
        for name in SLICES:
            geometry = self._firsts[name].geometry_px()
            x, y, z = (float(v) for v in geometry.center_mm)
            made[name] = PaneView((x, y, z), geometry.mm_per_px)
        return MappingProxyType(made)

    def _become(self, view: ViewModel, changes: Mapping[str, Any]) -> None:
        was, self._is_following = self._is_following, True
        view.set(**changes)
        self._is_following = was

    def _first_changed(self, old: ViewState, new: ViewState) -> None:
        if new.layout != "compare":
            return
        if old.active != new.active:
            name = new.active.removeprefix(SECOND) if new.active.startswith(SECOND) else ""
            # a 3D pane is known by its whole name
            self.view.set(active=new.active if name == "3d" else name)
        if old.rendering != new.rendering or old.second != new.second:
            self._show_scene()
        if self._is_following:
            return
        tool = new.tool if new.tool in TOOLS else "cross"
        self._become(self.view, {**_part(new, LOOKS), "tool": tool})
        self._show_window(old, new)
        if self.linked:
            self.follow()

    def _show_window(self, old: ViewState, new: ViewState) -> None:
        if old.second != new.second and (self.view.state.window, self.view.state.level) != (
            new.second.window,
            new.second.level,
        ):
            self._become(self.view, {"window": new.second.window, "level": new.second.level})
        if self.linked and self._shares_window and (old.window, old.level) != (new.window, new.level):
            self._become(self.view, {"window": new.window, "level": new.level})

    @property
    def _shares_window(self) -> bool:
        """Two scans in Hounsfield units are looked at in one window."""
        first, second = self._session.image, self._second.image
        return first is not None and second is not None and first.quantity == second.quantity == "HU"

    def _second_changed(self, old: ViewState, new: ViewState) -> None:
        if self._is_following:
            return
        main = self._session.view
        self._is_following = True
        if (old.window, old.level) != (new.window, new.level):
            main.set_second(window=new.window, level=new.level)
            if self.linked and self._shares_window:
                main.set(window=new.window, level=new.level, preset="")
        names = (*(MIRRORED if self.linked else LOOKS), "tool")
        main.set(**{name: getattr(new, name) for name in names if getattr(old, name) != getattr(new, name)})
        if self.linked and old.panes != new.panes:
            moved = {name: view for name, view in new.panes.items() if view != old.panes.get(name)}
            main.set(panes=MappingProxyType({**main.state.panes, **moved}))
        self._is_following = False
        if self.linked:
            # a pane that was fitted takes the first one's scale again
            self.follow()


def _part(state: ViewState, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(state, name) for name in names}


def _at_rest(item: PlanItem) -> PlanItem:
    """A plan is changed on its own image only."""
    if isinstance(item, (PointItem, CutItem, CurvedCutItem)) and item.movable:
        return replace(item, movable=False)
    return item
