"""Two series beside each other: slice panes of the second image whose view follows the first one's by place.

The second panes have a view of their own, so that each image keeps its window; while both are linked, crosshair, planes
and zoom go from whichever the hand is in to the other. What is drawn over the first image is drawn over the second only
where both lie in one frame of reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractButton

from app.i18n import mark, tr
from app.second_image import SecondImage
from app.session import Session
from viewers.overlay import PaneContent
from viewers.pane_look import PaneLook
from viewers.slice_pane import SlicePane
from viewers.view_state import PaneView, ViewModel, ViewState

COMPARED = ("axial", "coronal")
PREFIX = "second_"
BEFORE, AFTER = mark("Before"), mark("After")
# what each view keeps to itself
OWN = frozenset(
    (
        "window", "level", "preset", "phase", "layout", "main_pane", "maximised", "active", "panes", "camera", "tool",
        "placing", "brush_mm", "refuses", "second", "selected_point", "probe", "magnifier",
    )
)  # fmt: skip
MIRRORED = tuple(field.name for field in fields(ViewState) if field.name not in OWN)
# how things are drawn is one for both, linked or not
LOOKS = (
    "show_crosshair", "show_overlays", "show_labels", "label_style", "smooth_pixels", "mouse_scheme", "hidden",
    "opacities", "selected",
)  # fmt: skip


class ComparePanes(QObject):
    """The second image's panes, by the names that the grid knows them by."""

    def __init__(self, session: Session, second: SecondImage, firsts: Mapping[str, SlicePane], look: PaneLook) -> None:
        super().__init__(session)
        self._session, self._second, self._firsts = session, second, firsts
        self.view = ViewModel(replace(session.view.state, active="", tool="cross"), self)
        self.panes: dict[str, SlicePane] = {}
        self._is_following = False
        for name in COMPARED:
            pane = SlicePane(name, self.view, look)
            pane.setObjectName(f"pane_{PREFIX}{name}")
            for button in pane.findChildren(QAbstractButton):
                button.setObjectName(f"{PREFIX}{button.objectName()}")
            self.panes[f"{PREFIX}{name}"] = pane
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
        """What stands before a pane's title: the left is told as the earlier one, and which image it is."""
        words = tr(BEFORE if second == self._second.state.is_left else AFTER)
        image = self._second.image if second else self._session.image
        return words if image is None else f"{words}  {image.name}"

    def first_content(self, content: PaneContent) -> PaneContent:
        """The first image's content as it stands beside the second."""
        return replace(content, heading=self.heading(second=False)) if self.is_shown else content

    def show(self, content: PaneContent) -> None:
        """Give the second panes what the first ones show, over the second image."""
        if not self.is_shown:
            return
        together = self._second.note == ""
        shown = PaneContent(
            volume=self._second.volume,
            labels=content.labels if together else (),
            items=content.items if together else (),
            live=content.live if together else None,
            heading=self.heading(second=True),
        )
        for pane in self.panes.values():
            pane.set_content(shown)
        self.follow()

    def follow(self) -> None:
        """Take place, planes and zoom of the first image's panes."""
        if not self.is_shown or not self.linked or self._is_following:
            return
        state, second = self._session.view.state, self._second.state
        lit = state if self._shares_window else second
        changes = {**_part(state, MIRRORED), "panes": self._first_views(), "window": lit.window, "level": lit.level}
        self._become(self.view, changes)

    def _first_views(self) -> Mapping[str, PaneView]:
        # a fitted pane has no scale of its own, and the two images are not of one size
        made = {}
        for name in COMPARED:
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
            name = new.active.removeprefix(PREFIX) if new.active.startswith(PREFIX) else ""
            self.view.set(active=name)
        if self._is_following:
            return
        self._become(self.view, _part(new, LOOKS))
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
        names = MIRRORED if self.linked else LOOKS
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
