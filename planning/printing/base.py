"""A base plate with scale bar, sides and label, and R and L on a part itself. In LPS mm, up is the patient's head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.mesh import SurfaceMesh
from planning.printing.lettering import outline_of
from planning.printing.pegs import cylinder
from planning.printing.solids import mesh_of, solid_of

BASE_MM, SUNK_MM, POST_RADIUS_MM = 3.0, 1.0, 5.0
RAISED_MM, LETTER_MM, SMALL_MM = 0.8, 6.0, 4.0
CORNER_MM, EDGE_MM, LIP_MM = 4.0, 3.0, 19.0
SCALES_MM = (50.0, 20.0, 10.0)
SCALE_SHARE = 0.6
# a part this near above the plate hides what is written there
LOW_MM = 15.0
LOWEST_MM = 0.5
MARK_MM, MARK_DEPTH_MM, MARK_OUT_MM, MARK_STEP_MM = 9.0, 0.8, 2.0, 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Based:
    """A part with its base. number: which of the parts got it. scale_mm: length of the scale bar."""

    number: int
    mesh: SurfaceMesh
    scale_mm: float


def with_base(meshes: Sequence[SurfaceMesh], label: str = "", model_scale: float = 1.0) -> Based:
    """A plate under all parts, joined to the largest, with raised words on its front (the patient's) edge.

    The plate is 3 mm thick and horizontal (patient's feet down); the part is sunk in by 1 mm, or stands on a post where
    another part reaches lower. On the lip: a scale bar with a mark every 10 mm, R on the patient's right, L on the left,
    and the label. model_scale: of a model that is not life size, which the bar's words say: its millimetres are the plate's.
    """
    number = max(range(len(meshes)), key=lambda n: meshes[n].volume_ml)
    mesh = meshes[number]
    origin = mesh.points_mm.mean(axis=0)
    top = min(float(other.points_mm[:, 2].min()) for other in meshes) + SUNK_MM
    low = mesh.points_mm[mesh.points_mm[:, 2] < mesh.points_mm[:, 2].min() + LOWEST_MM]
    middle = low.mean(axis=0)
    # a point of the part itself, so that a post meets it
    bottom = low[int(np.linalg.norm(low[:, :2] - middle[:2], axis=1).argmin())]
    plate, scale = _plate(mesh, middle, top, label, origin, model_scale)
    joined = solid_of(mesh, origin) + plate
    if bottom[2] + SUNK_MM > top + 1e-6:
        length = float(bottom[2] - top + BASE_MM / 2.0 + SUNK_MM)
        foot = np.array([bottom[0], bottom[1], top - BASE_MM / 2.0])
        joined = joined + cylinder(foot, np.array([0.0, 0.0, 1.0]), POST_RADIUS_MM, length, origin)
    return Based(number, mesh_of(joined, origin), scale)


def _plate(
    mesh: SurfaceMesh, bottom: FloatArray, top: float, label: str, origin: FloatArray, model_scale: float
) -> tuple[Any, float]:
    import manifold3d

    low, high = mesh.points_mm.min(axis=0), mesh.points_mm.max(axis=0)
    half = np.maximum(0.35 * (high - low)[:2], 12.0)
    near = mesh.points_mm[mesh.points_mm[:, 2] < top + LOW_MM]
    # the front is anterior, −y; a low part would stand on the words
    # of a part that hangs over others' heads nothing is low
    front = float(min(near[:, 1].min(initial=np.inf), bottom[1] - half[1] / 2.0)) - LIP_MM
    back = float(bottom[1] + half[1])
    words = outline_of(label, SMALL_MM)
    width = 2.0 * float(half[0])
    # the longest bar that the part itself dwarfs; the plate is widened for it
    scale = next((size for size in SCALES_MM if size <= SCALE_SHARE * float((high - low)[:2].max())), SCALES_MM[-1])
    told = outline_of(_bar_words(scale, model_scale), SMALL_MM)
    needed = [max(scale, _width_mm(told)) + 2.0 * (LETTER_MM + 2.0 * EDGE_MM)]
    if not words.is_empty():
        needed.append(_width_mm(words) + 2.0 * EDGE_MM)
    width = max(width, *needed)
    size = (width - 2.0 * CORNER_MM, back - front - 2.0 * CORNER_MM)
    outline = manifold3d.CrossSection.square(size, True).offset(
        CORNER_MM, manifold3d.JoinType.Round, circular_segments=48
    )
    middle_y = (back + front) / 2.0
    solid = outline.extrude(BASE_MM).translate((0.0, middle_y - bottom[1], -BASE_MM))
    for written, x, y in _written(words, told, scale, width):
        # half of a word's height lies in the plate, so that both are one solid
        raised = written.translate((x, front + y - bottom[1])).extrude(RAISED_MM + 0.5)
        solid = solid + raised.translate((0.0, 0.0, -0.5))
    return solid.translate(tuple(float(v) for v in (*(bottom - origin)[:2], top - origin[2]))), scale


def _bar_words(scale: float, model_scale: float) -> str:
    return f"{scale:.0f} mm" if model_scale == 1.0 else f"{scale:.0f} mm, model {100.0 * model_scale:.0f} %"


def _width_mm(words: Any) -> float:
    box = words.bounds()
    return float(box[2] - box[0])


def _written(words: Any, told: Any, scale: float, width: float) -> list[tuple[Any, float, float]]:
    """(outline, x from the plate's middle, y from its front edge): label below, bar with its length above, R and L beside."""
    import manifold3d

    bar = manifold3d.CrossSection.square((scale, 1.2), True)
    for at in np.arange(0.0, scale + 1e-6, 10.0):
        tick = manifold3d.CrossSection.square((1.2, 3.0), True)
        bar = bar + tick.translate((float(np.clip(at, 0.6, scale - 0.6)) - scale / 2.0, 0.9))
    side = width / 2.0 - EDGE_MM - LETTER_MM / 2.0
    found = [
        (bar, 0.0, 9.5),
        (told, 0.0, 15.5),
        (outline_of("R", LETTER_MM), -side, 13.5),
        (outline_of("L", LETTER_MM), side, 13.5),
    ]
    return found if words.is_empty() else [*found, (words, 0.0, 5.0)]


def with_marks(mesh: SurfaceMesh) -> tuple[SurfaceMesh, tuple[str, ...]]:
    """(the solid with R engraved on the patient's right and L on the left, which of them had room).

    Letters of 9 mm, 0.8 mm deep, follow the surface, read from their side with the patient's head up.
    """
    origin = mesh.points_mm.mean(axis=0)
    solid, done = solid_of(mesh, origin), []
    for letter, side in (("R", -1.0), ("L", 1.0)):
        cutter = _mark_cutter(mesh, letter, side, origin)
        if cutter is None:
            continue
        solid = solid - cutter
        done.append(letter)
    return (mesh_of(solid, origin), tuple(done)) if done else (mesh, ())


def _mark_cutter(mesh: SurfaceMesh, letter: str, side: float, origin: FloatArray) -> Any | None:
    """A letter as thick as it is deep, laid on the surface as seen along x; None where the surface has no room."""
    heights = _Heights(mesh, side)
    place = heights.flattest(MARK_MM)
    if place is None:
        return None
    # seen from the patient's left, +y (back) lies to the right; from the right it is mirrored
    flat = outline_of(letter, MARK_MM).extrude(1.0).refine_to_length(MARK_STEP_MM)

    def laid(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        across = place[0] + side * points[:, 0]
        up = place[1] + points[:, 1]
        surface = heights.at(across, up)
        out = np.where(points[:, 2] > 0.5, MARK_OUT_MM, -MARK_DEPTH_MM)
        return np.stack([side * (surface + out) - origin[0], across - origin[1], up - origin[2]], axis=1)

    return flat.warp_batch(laid)


class _Heights:
    """How far a surface reaches to one side over the plane across it: pixels of half a millimetre."""

    STEP = 0.5

    def __init__(self, mesh: SurfaceMesh, side: float) -> None:
        from planning.printing.proof import surface_samples_mm

        points = surface_samples_mm(mesh, 400_000)
        self.low = points[:, 1:].min(axis=0) - 1.0
        pixel = np.rint((points[:, 1:] - self.low) / self.STEP).astype(int)
        self.top = np.full(tuple(pixel.max(axis=0) + 2), -np.inf)
        np.maximum.at(self.top, (pixel[:, 0], pixel[:, 1]), side * points[:, 0])

    def flattest(self, size_mm: float) -> tuple[float, float] | None:
        """(y, z) of the outermost place with room for a letter on a surface that is not too steep."""
        from scipy import ndimage

        known = np.isfinite(self.top)
        filled = ndimage.grey_closing(np.where(known, self.top, -1e6), size=(5, 5))
        smooth = self._smooth(filled)
        box = int(np.ceil((size_mm + 3.0) / self.STEP)) | 1
        low = ndimage.minimum_filter(smooth, box, mode="constant", cval=-1e6)
        high = ndimage.maximum_filter(smooth, box)
        fits = (low > -1e5) & (high - low < 0.55 * size_mm)
        if not fits.any():
            return None
        best = np.unravel_index(int(np.where(fits, low, -np.inf).argmax()), low.shape)
        self.top = smooth
        return float(self.low[0] + best[0] * self.STEP), float(self.low[1] + best[1] * self.STEP)

    @staticmethod
    def _smooth(heights: FloatArray) -> FloatArray:
        from scipy import ndimage

        inside = (heights > -1e5).astype(np.float64)
        total = ndimage.gaussian_filter(np.where(inside > 0, heights, 0.0), 1.5)
        weight = ndimage.gaussian_filter(inside, 1.5)
        return np.where(inside > 0, total / np.maximum(weight, 1e-9), -1e6)

    def at(self, y: FloatArray, z: FloatArray) -> FloatArray:
        """(N,) how far the surface reaches at these places."""
        from scipy import ndimage

        places = np.stack([(y - self.low[0]) / self.STEP, (z - self.low[1]) / self.STEP])
        return np.asarray(ndimage.map_coordinates(self.top, places, order=1, mode="nearest"))
