"""A case's view as text, so that it is the same when the case is opened again. A note that is not whole is none."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np

from viewers.color_maps import color_maps
from viewers.rendering import as_json, from_json
from viewers.view_state import (
    LABEL_STYLES,
    MOST_SLAB_MM,
    PANES,
    SLAB_KINDS,
    SLICES,
    Camera,
    Frame,
    PaneView,
    SecondView,
    Vec,
    ViewState,
)

VERSION = 1
# of the other image
SECOND = ("image", "is_over", "opacity", "colors", "smooth", "window", "level", "is_left", "rows")
FLAGS = ("is_free", "show_crosshair", "show_labels", "smooth_pixels")
WORDS = ("frame_name", "home_name", "preset")


def view_as_text(state: ViewState) -> str:
    """What of a view is kept: places, planes, slabs, window, zooms, camera and visibility; no tool and no selection."""
    camera = state.camera
    kept: dict[str, Any] = {
        "version": VERSION,
        "cross_mm": state.cross_mm,
        "frame": state.frame,
        "frame_origin_mm": state.frame_origin_mm,
        "home": state.home,
        "turns": dict(state.turns),
        "free": dict(state.free),
        "slabs": dict(state.slabs),
        "slab_kind": state.slab_kind,
        "slab_last_mm": state.slab_last_mm,
        "window": state.window,
        "level": state.level,
        "label_style": state.label_style,
        "hidden": sorted(state.hidden),
        "opacities": dict(state.opacities),
        "second": {name: getattr(state.second, name) for name in SECOND},
        "panes": {
            name: [view.center_mm, view.mm_per_px, view.reach_mm]
            for name, view in state.panes.items()
            if name in SLICES
        },
        "camera": None if camera is None else [camera.focus_mm, camera.direction, camera.up, camera.half_height_mm],
        "rendering": as_json(state.rendering),
        **{name: getattr(state, name) for name in (*FLAGS, *WORDS)},
    }
    return json.dumps(kept, ensure_ascii=True, sort_keys=True)


def view_from_text(text: str, first: ViewState) -> ViewState | None:
    """The view that was kept, on top of what a new one is; None for a note that cannot be read."""
    try:
        kept = json.loads(text)
        if kept["version"] != VERSION:
            return None
        return _read(kept, first)
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
        return None


def _read(kept: Mapping[str, Any], first: ViewState) -> ViewState:
    camera = kept["camera"]
    return replace(
        first,
        cross_mm=_vec(kept["cross_mm"]),
        frame=_right_handed(kept["frame"]),
        frame_origin_mm=_vec(kept["frame_origin_mm"]),
        home=_right_handed(kept["home"]),
        turns=MappingProxyType({_pane(name): _number(turn) for name, turn in kept["turns"].items()}),
        free=MappingProxyType({_pane(name): _frame(axes) for name, axes in kept["free"].items()}),
        slabs=MappingProxyType({_pane(name): _number(mm, 0.0, MOST_SLAB_MM) for name, mm in kept["slabs"].items()}),
        slab_kind=_one_of(kept["slab_kind"], SLAB_KINDS),
        slab_last_mm=_number(kept["slab_last_mm"], 0.0, MOST_SLAB_MM),
        window=_number(kept["window"], 1e-6),
        level=_number(kept["level"]),
        label_style=_one_of(kept["label_style"], LABEL_STYLES),
        hidden=frozenset(str(name) for name in kept["hidden"]),
        opacities=MappingProxyType(
            {str(name): _number(share, 0.0, 1.0) for name, share in kept.get("opacities", {}).items()}
        ),
        second=_second(kept.get("second")),
        panes=MappingProxyType({_pane(name): _pane_view(*view) for name, view in kept["panes"].items()}),
        camera=None if camera is None else Camera(*(_vec(one) for one in camera[:3]), _number(camera[3], 1e-6)),
        # notes of an earlier version have none
        rendering=from_json(kept["rendering"]) if "rendering" in kept else first.rendering,
        **{name: bool(kept[name]) for name in FLAGS},
        **{name: str(kept[name]) for name in WORDS},
    )


def _second(kept: Mapping[str, Any] | None) -> SecondView:
    if kept is None:
        return SecondView()
    return SecondView(
        image=str(kept["image"]),
        is_over=bool(kept["is_over"]),
        opacity=_number(kept["opacity"], 0.0, 1.0),
        colors=_one_of(kept["colors"], tuple(color_maps())),
        smooth=bool(kept["smooth"]),
        window=_number(kept["window"], 1e-6),
        level=_number(kept["level"]),
        is_left=bool(kept["is_left"]),
        # notes of an earlier version have none
        rows=tuple(_one_of(name, PANES) for name in kept["rows"]) if kept.get("rows") else SecondView().rows,
    )


def _number(value: Any, low: float = -math.inf, high: float = math.inf) -> float:
    number = float(value)
    if not math.isfinite(number) or not low <= number <= high:
        raise ValueError(number)
    return number


def _vec(values: Any) -> Vec:
    x, y, z = (_number(value) for value in values)
    return x, y, z


def _frame(axes: Any) -> Frame:
    right, down, normal = (_vec(axis) for axis in axes)
    frame = (right, down, normal)
    if not np.allclose(np.array(frame) @ np.array(frame).T, np.eye(3), atol=1e-6):
        raise ValueError(frame)
    return frame


def _right_handed(axes: Any) -> Frame:
    """A frame whose pictures are no mirror images."""
    frame = _frame(axes)
    if float(np.linalg.det(np.array(frame))) < 0.0:
        raise ValueError(frame)
    return frame


def _pane(name: Any) -> str:
    return _one_of(name, SLICES)


def _one_of(value: Any, known: tuple[str, ...]) -> str:
    if value not in known:
        raise ValueError(value)
    return str(value)


def _pane_view(center: Any, scale: Any, reach: Any) -> PaneView:
    return PaneView(
        None if center is None else _vec(center),
        None if scale is None else _number(scale, 1e-6),
        None if reach is None else _number(reach, 1e-6),
    )
