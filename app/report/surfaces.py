"""Surfaces as a picture in plain numpy: the same pixels on every machine and in every thread, without a graphics driver.

A report is written in a job's thread, where no OpenGL window may be opened. Triangles are sampled densely and kept by
depth; what is seen through is laid over it from back to front, the near and the far side of each surface.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, unit
from viewers.overlay import SurfaceItem

OVERSAMPLING = 2
SAMPLES_PER_PX = 1.05
MOST_STEPS = 600
AMBIENT, DIFFUSE, SPECULAR, SPECULAR_POWER = 0.10, 0.90, 0.14, 24.0
# where the lights stand (right, up, towards the viewer) and how strong they are
LIGHTS = (((-0.45, 0.60, 1.0), 0.96), ((0.90, -0.25, 0.55), 0.30), ((0.20, 0.70, -0.90), 0.30))
FitWithin = tuple[FloatArray, float]


@dataclass(frozen=True, slots=True, eq=False)
class _Camera:
    """Parallel view: axes right, up and towards the viewer; pixels a millimetre and the picture's middle."""

    axes: FloatArray
    center_mm: FloatArray
    px_per_mm: float
    size_px: tuple[int, int]

    def place(self, points_mm: FloatArray) -> FloatArray:
        """(N, 3): pixel x, pixel y downwards, depth away from the viewer in mm."""
        seen = (points_mm - self.center_mm) @ self.axes.T
        x = seen[:, 0] * self.px_per_mm + self.size_px[0] / 2.0
        y = self.size_px[1] / 2.0 - seen[:, 1] * self.px_per_mm
        return np.stack([x, y, -seen[:, 2]], axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """One side of one surface: depth (inf where it is not) and colour times 255 of each pixel, flat arrays."""

    depth: npt.NDArray[np.float32]
    color: npt.NDArray[np.float32]
    alpha: float


def render_surfaces(
    items: Sequence[SurfaceItem],
    *,
    size_px: tuple[int, int],
    background: str,
    from_direction: npt.ArrayLike = (0.0, -1.0, 0.0),
    up: npt.ArrayLike = (0.0, 0.0, 1.0),
    within_mm: FitWithin | None = None,
) -> npt.NDArray[np.uint8]:
    """(height, width, 3) picture of all surfaces as seen from a direction (patient to viewer, LPS).

    within_mm: middle (3,) and half height of what is shown; None: everything.
    """
    width, height = OVERSAMPLING * size_px[0], OVERSAMPLING * size_px[1]
    camera = _camera(items, (width, height), from_direction, up, within_mm)
    pixels = np.tile(np.array(_rgb(background), np.float32), (width * height, 1))
    nearest = np.full(width * height, np.inf, np.float32)
    for item in items:
        if item.opacity >= 1.0:
            _draw(item, camera, 1.0, nearest, pixels)
    _lay_over(pixels, nearest, [layer for item in items if item.opacity < 1.0 for layer in _layers(item, camera)])
    parts = pixels.reshape(size_px[1], OVERSAMPLING, size_px[0], OVERSAMPLING, 3)
    return np.asarray(np.rint(parts.mean(axis=(1, 3))), dtype=np.uint8)


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _camera(
    items: Sequence[SurfaceItem],
    size_px: tuple[int, int],
    from_direction: npt.ArrayLike,
    up: npt.ArrayLike,
    within_mm: FitWithin | None,
) -> _Camera:
    towards = unit(from_direction)
    right = unit(np.cross(np.asarray(up, dtype=np.float64), towards))
    axes = np.stack([right, np.cross(towards, right), towards])
    if within_mm is not None:
        center, half = within_mm
        return _Camera(axes, np.asarray(center, dtype=np.float64), size_px[1] / (2.0 * half), size_px)
    points = np.concatenate([item.mesh.points_mm for item in items])
    low, high = (points @ axes.T).min(axis=0), (points @ axes.T).max(axis=0)
    scale = 0.92 * min(size_px[0] / max(high[0] - low[0], 1e-6), size_px[1] / max(high[1] - low[1], 1e-6))
    return _Camera(axes, (low + high) / 2.0 @ axes, float(scale), size_px)


def _layers(item: SurfaceItem, camera: _Camera) -> list[_Layer]:
    """The far and the near side of what is seen through."""
    count = camera.size_px[0] * camera.size_px[1]
    layers = []
    for side in (-1.0, 1.0):
        depth, color = np.full(count, np.inf, np.float32), np.zeros((count, 3), np.float32)
        _draw(item, camera, side, depth, color)
        layers.append(_Layer(np.where(np.isfinite(depth), np.float32(side) * depth, np.inf), color, item.opacity))
    return layers


def _draw(
    item: SurfaceItem,
    camera: _Camera,
    side: float,
    nearest: npt.NDArray[np.float32],
    pixels: npt.NDArray[np.float32],
) -> None:
    """Draw what faces the viewer (side 1, the nearest wins) or turns away (side −1, the farthest) into the buffers."""
    from planning.shading import vertex_normals

    placed = camera.place(item.mesh.points_mm).astype(np.float32)
    normals = (vertex_normals(item.mesh).astype(np.float64) @ camera.axes.T).astype(np.float32)
    color = np.array(_rgb(item.color), np.float32)
    own = item.mesh.triangles[_faces_viewer(placed, item.mesh.triangles) == (side > 0)]
    # light is worked out once for each pixel, not for each sample that was nearest for a while
    facing = np.empty_like(pixels)
    touched = np.zeros(len(pixels), dtype=bool)
    for samples in _samples(np.concatenate([placed, normals], axis=1), own, camera.size_px):
        pixel = samples[:, 1].astype(np.int32) * camera.size_px[0] + samples[:, 0].astype(np.int32)
        away = np.ascontiguousarray(samples[:, 2] * np.float32(side))
        np.minimum.at(nearest, pixel, away)
        won = np.flatnonzero(away == nearest[pixel])
        at = pixel[won]
        facing[at] = samples[won, 3:]
        touched[at] = True
    for part in np.array_split(np.flatnonzero(touched), max(1, int(np.count_nonzero(touched)) // 1_000_000)):
        pixels[part] = _shaded(facing[part], color)


def _faces_viewer(placed: npt.NDArray[np.float32], triangles: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """(T,) whether a triangle's outer side is seen, whichever way round the surface's triangles run."""
    a, b, c = (placed[triangles[:, n]].astype(np.float64) for n in range(3))
    turn = np.cross(b - a, c - a)
    outwards = float(np.einsum("ij,ij->", a - placed.mean(axis=0), turn)) > 0.0
    return np.asarray((turn[:, 2] < 0) == outwards)


def _samples(
    corners_of: npt.NDArray[np.float32], triangles: npt.NDArray[np.int32], size_px: tuple[int, int]
) -> Iterator[npt.NDArray[np.float32]]:
    """(N, 6) places (pixel x, y, depth) and normals over the triangles in the picture, closer together than its pixels.

    corners_of: (V, 6) the same of the surface's points.
    """
    corners = corners_of[triangles]
    flat = corners[..., :2]
    inside = (flat.max(axis=1) >= 0).all(axis=1) & (flat.min(axis=1) < np.array(size_px)).all(axis=1)
    corners, flat = corners[inside], flat[inside]
    edges = np.linalg.norm(flat - np.roll(flat, 1, axis=1), axis=-1).max(axis=1, initial=0.0)
    steps = np.clip(np.ceil(SAMPLES_PER_PX * edges), 1, MOST_STEPS).astype(np.intp)
    # few sizes of lattice, each for many triangles
    sizes = np.unique(np.rint(1.25 ** np.arange(0, 30)).astype(np.intp))
    chosen = sizes[np.minimum(np.searchsorted(sizes, steps), len(sizes) - 1)]
    for size in np.unique(chosen):
        a, b = np.meshgrid(np.arange(size + 1), np.arange(size + 1), indexing="ij")
        keep = a + b <= size
        weights = (np.stack([a[keep], b[keep], size - a[keep] - b[keep]], axis=1) / size).astype(np.float32)
        own = np.flatnonzero(chosen == size)
        for part in np.array_split(own, max(1, len(own) * len(weights) // 1_000_000)):
            samples = np.matmul(weights, corners[part]).reshape(-1, 6)
            x, y = samples[:, 0], samples[:, 1]
            seen = (x >= 0) & (y >= 0) & (x < size_px[0]) & (y < size_px[1])
            yield samples if seen.all() else samples[seen]


def _shaded(normals: npt.NDArray[np.float32], color: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Colours 0 … 255 of points with these normals (right, up, towards the viewer), lit on the side that is seen."""
    facing = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    facing = np.where(facing[:, 2:] < 0, -facing, facing)
    diffuse, shine = np.full(len(facing), AMBIENT, np.float32), np.zeros(len(facing), np.float32)
    for place, strength in LIGHTS:
        light = unit(place).astype(np.float32)
        lit = np.maximum(facing @ light, 0.0)
        diffuse += DIFFUSE * strength * lit
        mirrored = 2.0 * lit * facing[:, 2] - light[2]
        shine += SPECULAR * strength * np.where(lit > 0, np.maximum(mirrored, 0.0) ** SPECULAR_POWER, 0.0)
    return np.minimum(diffuse[:, None] * color + 255.0 * shine[:, None], 255.0).astype(np.float32)


def _lay_over(pixels: npt.NDArray[np.float32], nearest: npt.NDArray[np.float32], layers: Sequence[_Layer]) -> None:
    """Lay what is seen through over the picture, the farthest first in each pixel."""
    if not layers:
        return
    covered = np.flatnonzero(np.any([np.isfinite(layer.depth) for layer in layers], axis=0))
    for part in np.array_split(covered, max(1, len(covered) // 400_000)):
        depths = np.stack([layer.depth[part] for layer in layers])
        depths[depths >= nearest[part]] = np.inf
        colors = np.stack([layer.color[part] for layer in layers])
        alphas = np.where(np.isfinite(depths), np.array([layer.alpha for layer in layers])[:, None], 0.0)
        order = np.argsort(np.where(np.isfinite(depths), -depths, np.inf), axis=0, kind="stable")
        own = np.arange(len(part))
        seen = pixels[part]
        for row in order:
            alpha = alphas[row, own][:, None].astype(np.float32)
            seen = (1.0 - alpha) * seen + alpha * colors[row, own]
        pixels[part] = seen
