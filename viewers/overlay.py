"""What is drawn over the image in slice panes and in 3D: plain data in patient space (LPS mm), the same for both.

`key` names an item for visibility (ViewState.hidden), selection and dragging. Colours are "#RRGGBB".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Grid, Plane, Vector
from planning.mesh import SurfaceMesh
from planning.volume import Mask, Volume
from viewers.paint_live import LiveLabel
from viewers.rendering import Stops
from viewers.tracks import Track
from viewers.view_state import Vec

if TYPE_CHECKING:
    from viewers.paint_hand import PaintHand


class Side(Protocol):
    """A side of space that is no plane's: what a curved cut, a wedge or an ablation zone takes away."""

    def signed_mm(self, points_mm: FloatArray) -> FloatArray:
        """(N,) of (N, 3) points: positive on the side meant, zero on its border."""


Split = Plane | Side
IntArray = npt.NDArray[np.int64]
LABEL_FILL = 0.16


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LabelItem:
    """A structure's voxels as fill and outline.

    split: what lies on the normal's side of any of these planes, or on any of these sides, is drawn in `split_color`
    instead (the removed part).
    projected: a pane that shows a slab draws all of it within the slab, not only what its middle plane cuts.
    hatched: stripes of its colour and no outline: not what is there, but where that is in doubt.
    """

    key: str
    mask: Mask
    color: str
    fill_opacity: float = LABEL_FILL
    split: tuple[Split, ...] = ()
    split_color: str = ""
    projected: bool = False
    hatched: bool = False


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PartsItem:
    """An organ parted into pieces, each with a colour and a short name drawn in its middle.

    codes: uint8 `[k, j, i]` on `grid`, 0 for none, else 1 + the part's number. colors, names: of the parts. chosen:
    number of the part that is marked, −1 for none. middles_mm: (P, 3) where 3D writes the names.
    """

    key: str
    codes: npt.NDArray[np.uint8]
    grid: Grid
    colors: tuple[str, ...]
    names: tuple[str, ...]
    middles_mm: FloatArray
    fill_opacity: float = 0.26
    chosen: int = -1


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ContourItem:
    """A closed planar curve, e.g. the annulus. points_mm: (N, 3), the last not repeated.

    diameters: (2, 3) ends and text of widths drawn across it. A pane in its plane draws the curve (filled by
    `fill_opacity`, with small dots on it when `dots`); other panes draw the chord between the curve's crossings with a
    dot at each end, unless `chord` is False. width_px: of the line. marks: (2, 3) ends of short lines drawn with the
    curve. caption: words above it. solid: whether 3D fills it.
    """

    key: str
    points_mm: FloatArray
    color: str
    fill_opacity: float = 0.16
    diameters: tuple[tuple[FloatArray, str], ...] = ()
    dots: bool = True
    chord: bool = True
    width_px: float = 2.0
    marks: tuple[FloatArray, ...] = ()
    caption: str = ""
    solid: bool = True


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PointItem:
    """A landmark with its name beside it; movable ones are dragged and nudged, and report by `point_moved`.

    shape: "disc", "square", "small" (a handle of a curve) or "ring" (another estimate). track: where the hand may move
    it, None for anywhere in the pane's plane. flat: not drawn in 3D; deep: drawn there only. along, across: only panes
    that look along, or across, this direction show it. within_mm: only panes this near show it.
    """

    key: str
    position_mm: FloatArray
    color: str
    label: str
    movable: bool = True
    shape: str = "disc"
    track: Track | None = None
    flat: bool = False
    deep: bool = False
    along: Vector | None = None
    across: Vector | None = None
    within_mm: float | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CutItem:
    """A resection plane: drawn where it crosses the organ, dragged as a whole or turned by its handles.

    The normal points to what is removed. organ: limits the drawn trace. movable: handles are shown. chosen: of several
    the one that arrow keys move. dashed: its line in slices and its edge in 3D, for one that comes later.
    """

    key: str
    plane: Plane
    organ: Mask | None
    color: str
    movable: bool = True
    chosen: bool = True
    dashed: bool = False


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CurvedCutItem:
    """A cut that is no plane: drawn in slices where the border of its side crosses the organ.

    movable: the hand may take the line anywhere and pull it; the place that the cut shall go through is reported by
    `point_moved`. mesh: the cut inside the organ for 3D, None for none; it gives way to a margin map. dashed: for
    borders that are no cut, e.g. an ablation zone's. others: sides that are taken away too: no line is drawn in them.
    """

    key: str
    side: Side
    organ: Mask | None
    color: str
    mesh: SurfaceMesh | None = None
    movable: bool = False
    dashed: bool = False
    others: tuple[Side, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PathItem:
    """An open curve, e.g. a centreline. points_mm: (N, 3), N >= 2. flat: not drawn in 3D; deep: drawn there only."""

    key: str
    points_mm: FloatArray
    color: str
    width_px: float = 2.0
    dashed: bool = False
    flat: bool = False
    deep: bool = False


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TreeItem:
    """A vessel tree: centrelines in slice panes, tubes of its radii in 3D. points_mm: (N, 3). radius_mm: (N,).

    lines: point numbers of each branch, from the fork that it leaves. A pane that shows a slab draws what lies in the
    slab, others what lies near their plane. swell: factor on the radii in 3D. width_px, dashed: of the lines.
    """

    key: str
    points_mm: FloatArray
    radius_mm: FloatArray
    lines: tuple[IntArray, ...]
    color: str
    width_px: float = 2.0
    swell: float = 1.0
    dashed: bool = False


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TreeMarkItem:
    """Branches that the hand is about to change: thick lines over all else, in 3D painted over the picture.

    points_mm, lines: as of trees. at_mm: a disc with words beside it; in slices where it lies in the slab.
    """

    key: str
    points_mm: FloatArray
    lines: tuple[IntArray, ...]
    color: str
    at_mm: Vector
    words: str


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class WireItem:
    """Many thin lines that make one thing, e.g. a valve's frame. lines_mm: (N, 3) each.

    Panes that look across `axis` draw all of it, others nothing.
    """

    key: str
    lines_mm: tuple[FloatArray, ...]
    color: str
    axis: Vector
    width_px: float = 1.0


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NoteItem:
    """Words at a place, in slice panes near its plane. pill: in a dark box. away_px: where the words stand from it.

    corner: they stand below the pane's title instead, or above its lower edge where other words stand there. along, across:
    as of points.
    """

    key: str
    position_mm: FloatArray
    text: str
    color: str
    pill: bool = True
    away_px: tuple[float, float] = (0.0, 0.0)
    corner: bool = False
    along: Vector | None = None
    across: Vector | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class DistanceItem:
    """A straight line between two places with its length in words: a measurement or the least margin.

    pill: the text stands in a dark box (live numbers) instead of plain with a halo. flat: not drawn in 3D. along, across:
    as of points.
    """

    key: str
    ends_mm: FloatArray
    color: str
    text: str
    pill: bool = False
    flat: bool = False
    along: Vector | None = None
    across: Vector | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ValueItem:
    """Numbers in words at what was measured; they find a place where they cover no others, or stand where a hand put them.

    at_mm: the middle of it. about_mm: (N, 3) places on it that they stay clear of. lines: one at least. away_mm: from the
    middle to where the hand has put them. in_plane: only panes in whose plane it lies show them; others do within
    `within_mm`. along: as of points. deep: drawn in 3D too.
    """

    key: str
    at_mm: Vector
    about_mm: FloatArray
    lines: tuple[str, ...]
    color: str
    away_mm: Vec | None = None
    in_plane: bool = True
    within_mm: float = 5.0
    along: Vector | None = None
    deep: bool = False


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MarginMapItem:
    """The cut surface with a margin for each of its points (3D only): values_mm (V,), bands at asked and 2 x asked.

    moved_mm: as of surfaces.
    """

    key: str
    mesh: SurfaceMesh
    values_mm: FloatArray
    asked_mm: float
    moved_mm: Vec = (0.0, 0.0, 0.0)


PlanItem = (
    ContourItem
    | PointItem
    | CutItem
    | CurvedCutItem
    | PathItem
    | TreeItem
    | TreeMarkItem
    | WireItem
    | NoteItem
    | DistanceItem
    | ValueItem
    | MarginMapItem
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SurfaceItem:
    """A structure's surface in 3D, left out where its opacity is 0. split/split_color as in LabelItem (drawn by clipping).

    moved_mm: how far from its true place it is drawn. two_sided: its inner side is seen too where it is seen through. A
    part of a structure is called by the structure's key, a line break and its own name, and is hidden with it.
    codes: (V,) of its points, number of a colour in `colors` instead of its own, 0 for its own; None for its own.
    light: the same with fewer triangles, drawn while things move where the processor draws; None: itself.
    """

    key: str
    mesh: SurfaceMesh
    color: str
    opacity: float = 1.0
    split: tuple[Split, ...] = ()
    split_color: str = ""
    codes: npt.NDArray[np.uint8] | None = None
    colors: tuple[str, ...] = ()
    moved_mm: Vec = (0.0, 0.0, 0.0)
    two_sided: bool = False
    light: SurfaceMesh | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class VolumeItem:
    """The image itself in 3D. keep: planes whose normals' side is drawn. box_mm: the box that some of them make, or None.

    caster: what `viewers.scene.adapters.volume.prepared_caster` made of the volume beside the window, None for nothing yet.
    """

    key: str
    volume: Volume
    stops: Stops
    shaded: bool = True
    keep: tuple[Plane, ...] = ()
    box_mm: tuple[Vec, Vec] | None = None
    caster: object | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class OverItem:
    """Another image drawn over the first, resampled by place in the patient.

    colors: key of a map (`viewers.color_maps`). opacity: 0 … 1. window, level: in the image's own values. smooth: linear
    between voxels, else the nearest. name: what it is called. note: what must be known of the two lying together.
    """

    volume: Volume
    name: str
    colors: str
    opacity: float
    window: float
    level: float
    smooth: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PaneContent:
    """Everything a slice pane shows; hidden keys stay in it and are left out by the pane.

    legend: (colour, words) of hatches. over: another image over the volume. heading: what stands before the pane's own
    name ("Before"). live: the structure under the hand, drawn over the others; hand: what strokes and outlines are told to.
    """

    volume: Volume | None = None
    labels: tuple[LabelItem, ...] = ()
    items: tuple[PlanItem, ...] = ()
    parts: PartsItem | None = None
    legend: tuple[tuple[str, str], ...] = ()
    over: OverItem | None = None
    heading: str = ""
    live: LiveLabel | None = None
    hand: PaintHand | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SceneContent:
    """Everything the 3D pane shows. phase: the heart phase of a moving scan, in words. parts: whose names are written.

    note: what must be known of the picture, e.g. that parts do not stand at their true places. legend: (colour, words) of
    marks on surfaces. volume: the image itself, None for none. clip: only what lies on its normal's side is drawn of the
    surfaces, None for all of them. silhouettes, occlusion: how surfaces look (see `viewers.rendering`). hint: said in the
    middle, where there is nothing to see yet. is_growing: surfaces that were never drawn are still being made.
    """

    surfaces: tuple[SurfaceItem, ...] = ()
    items: tuple[PlanItem, ...] = ()
    phase: str = ""
    note: str = ""
    parts: PartsItem | None = None
    legend: tuple[tuple[str, str], ...] = ()
    volume: VolumeItem | None = None
    clip: Plane | None = None
    silhouettes: bool = False
    occlusion: bool = False
    hint: str = ""
    is_growing: bool = False
