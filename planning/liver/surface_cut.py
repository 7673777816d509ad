"""A cut along a surface from a file: closed ones remove their inside, open ones must part the organ in two.

The surface becomes a signed distance on a net of at most 1 mm about it: exact to the triangles near them, by distance
to the near places farther away. The side comes from a fill of the inside for closed surfaces, from the nearest
triangle's face near open ones and from there by flooding. Files are mended where that leaves nothing to guess: places
written twice, triangles that face the wrong way, shells that overlap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.filled import filled
from planning.geometry import FloatArray, Grid
from planning.liver.distance import distance_to_mm
from planning.liver.regions import FieldRegion
from planning.liver.resection import SurfaceResection
from planning.mesh import SurfaceMesh
from planning.units import text_place

if TYPE_CHECKING:
    from planning.liver.model import LiverModel

MOST_STEP_MM, LEAST_STEP_MM, STEPS_ACROSS = 1.0, 0.3, 70.0
"""Between samples h apart a distance to a ball of radius r is off by h²/(4 r): small surfaces are sampled finer."""
AROUND_MM = 4.0
NEAR_MM = 2.0
SAMPLE_MM = 0.7
NEAREST = 6
MOST_TRIANGLES = 2_000_000
MIXED_SHARE = 0.02
SAME_PLACE_MM = 0.01
RIM_MM = 2.0
"""A surface may end this far below the capsule: segmentations differ by as much, and the net closes such a gap."""
NEARLY_CLOSED = 0.05
METRE_SHARE = 0.01
MOST_SHELLS = 200
CROSSED_SHARE = 0.01

IntArray = npt.NDArray[np.intp]


def surface_region(model: LiverModel, resection: SurfaceResection) -> FieldRegion:
    """The region of a surface. Raises MeasurementError for one that misses the organ or does not part it."""
    mesh = welded(resection.mesh)
    if not len(mesh.triangles):
        raise MeasurementError("The surface has no triangles", "Choose another file", "empty")
    if len(mesh.triangles) > MOST_TRIANGLES:
        raise MeasurementError(
            f"The surface has {len(mesh.triangles)} triangles", f"Make it coarser than {MOST_TRIANGLES}", "too_fine"
        )
    _check_place(model, mesh)
    mesh = facing_one_way(mesh)
    rim = _rim(mesh)
    if len(rim):
        _check_rim(model, rim)
        if resection.remove == "side":
            _check_side(mesh)
        grid = _grid(model.corners_mm, MOST_STEP_MM)
        field = _open_field(model, mesh, grid)
    else:
        grid = _closed_grid(model, mesh)
        field = _closed_field(mesh, grid)
    region = FieldRegion.of("surface", grid, field)
    if not model.voxels.removed([region]).any():
        raise MeasurementError("The surface holds no voxel of the organ", "Check where it lies and its size", "no_cut")
    if len(rim) and resection.remove == "tumor":
        return _tumor_side(model, region)
    return region


def _check_place(model: LiverModel, mesh: SurfaceMesh) -> None:
    """Raises MeasurementError for a surface beside the organ, with the unit or the axes that would explain it."""
    corners = model.corners_mm
    low, high = corners.min(axis=0), corners.max(axis=0)

    def meets(points_mm: FloatArray) -> bool:
        return not ((points_mm.max(axis=0) < low).any() or (points_mm.min(axis=0) > high).any())

    width = float(np.ptp(mesh.points_mm, axis=0).max())
    if width < METRE_SHARE * float((high - low).max()) and meets(1000.0 * mesh.points_mm):
        raise MeasurementError(
            f"The surface is only {width:.2g} mm wide: it seems to be in metres", "Write it in millimetres", "units"
        )
    if meets(mesh.points_mm):
        return
    hint = "Surfaces are read as LPS millimetres; check the file"
    if meets(mesh.points_mm * (-1.0, -1.0, 1.0)):
        hint = "It would meet it if its x and y were turned: write it as LPS, not RAS"
    elif meets(10.0 * mesh.points_mm):
        hint = "It would meet it if it were in centimetres: write it in millimetres"
    raise MeasurementError("The surface does not meet the organ", hint, "no_cut")


def _tumor_side(model: LiverModel, region: FieldRegion) -> FieldRegion:
    total = model.tumor_voxels
    if not total:
        raise MeasurementError(
            "The side with the tumour cannot be removed: no tumour is named", "Name the tumours", "no_tumor"
        )
    removed = int(model.codes.removed(model.voxels.removed([region]))[model.codes.tumor != 0].sum())
    return region if 2 * removed >= total else FieldRegion.of("surface", region.grid, -region.field_mm)


def welded(mesh: SurfaceMesh) -> SurfaceMesh:
    """Points of one place made one: files often repeat them for every triangle; triangles without area go.

    Along the rims that are left, places within 0.01 mm are one too.
    """
    _, first, place = np.unique(np.round(mesh.points_mm, 4), axis=0, return_index=True, return_inverse=True)
    joined = _without_area(SurfaceMesh(mesh.points_mm[first], place.reshape(-1)[mesh.triangles].astype(np.int32)))
    ends = np.unique(_rim_edges(joined))
    if not len(ends):
        return joined
    from scipy import sparse
    from scipy.spatial import cKDTree

    pairs = ends[cKDTree(joined.points_mm[ends]).query_pairs(SAME_PLACE_MM, output_type="ndarray")]
    if not len(pairs):
        return joined
    count = len(joined.points_mm)
    link = sparse.coo_matrix((np.ones(len(pairs)), pairs.T), shape=(count, count))
    _, one = sparse.csgraph.connected_components(link, directed=False)
    _, first = np.unique(one, return_index=True)
    return _without_area(SurfaceMesh(joined.points_mm[first], one[joined.triangles].astype(np.int32)))


def _without_area(mesh: SurfaceMesh) -> SurfaceMesh:
    a, b, c = mesh.triangles.T
    return SurfaceMesh(mesh.points_mm, mesh.triangles[(a != b) & (b != c) & (c != a)])


def _directed_edges(mesh: SurfaceMesh) -> npt.NDArray[np.int64]:
    """(3 T, 2) as the triangles run round: all first edges, all second, all third."""
    t = mesh.triangles.astype(np.int64)
    return np.concatenate([t[:, (0, 1)], t[:, (1, 2)], t[:, (2, 0)]])


def _edge_numbers(mesh: SurfaceMesh) -> npt.NDArray[np.int64]:
    """(3 T,) one number for both directions of an edge."""
    edges = np.sort(_directed_edges(mesh), axis=1)
    return np.asarray(edges[:, 0] * len(mesh.points_mm) + edges[:, 1])


def _rim_edges(mesh: SurfaceMesh) -> npt.NDArray[np.int64]:
    """(N, 2) point numbers of the edges that only one triangle has."""
    unique, count = np.unique(_edge_numbers(mesh), return_counts=True)
    own = unique[count == 1]
    return np.stack([own // len(mesh.points_mm), own % len(mesh.points_mm)], axis=1)


def _rim(mesh: SurfaceMesh) -> FloatArray:
    """(N, 3) middles of the edges that only one triangle has."""
    return np.asarray(mesh.points_mm[_rim_edges(mesh)].mean(axis=1))


def _neighbours(mesh: SurfaceMesh) -> tuple[IntArray, IntArray, npt.NDArray[np.bool_]]:
    """(N,) triangles, (N,) those that share an edge with them and with no third, (N,) whether they face against."""
    edges, number = _directed_edges(mesh), _edge_numbers(mesh)
    order = np.argsort(number, kind="stable")
    _, first, count = np.unique(number[order], return_index=True, return_counts=True)
    pair = first[count == 2]
    one, other = order[pair], order[pair + 1]
    total = len(mesh.triangles)
    return one % total, other % total, edges[one, 0] == edges[other, 0]


def facing_one_way(mesh: SurfaceMesh) -> SurfaceMesh:
    """Triangles that face against their neighbours turned; in each connected part the larger share keeps its side.

    Neighbours share an edge that no third triangle has. A part that has one side only is left as it is.
    """
    from scipy import sparse

    a, b, against = _neighbours(mesh)
    if not against.any():
        return mesh
    total = len(mesh.triangles)
    # a triangle counts twice, as it is and turned: whoever is joined to its first copy is on one side
    ends = (np.concatenate([a, a + total]), np.concatenate([b + total * against, b + total * ~against]))
    link = sparse.coo_matrix((np.ones(2 * len(a)), ends), shape=(2 * total, 2 * total))
    _, side = sparse.csgraph.connected_components(link, directed=False)
    as_is, turned = side[:total], side[total:]
    weight = np.bincount(as_is, weights=_areas_mm2(mesh), minlength=2 * total)
    flipped = (weight[as_is] < weight[turned]) | ((weight[as_is] == weight[turned]) & (as_is > turned))
    flipped &= as_is != turned
    return SurfaceMesh(mesh.points_mm, np.where(flipped[:, None], mesh.triangles[:, ::-1], mesh.triangles))


def _areas_mm2(mesh: SurfaceMesh) -> FloatArray:
    corners = mesh.points_mm[mesh.triangles]
    return np.asarray(
        0.5 * np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    )


def _check_rim(model: LiverModel, rim_mm: FloatArray) -> None:
    inside = rim_mm[model.lookup.contains(rim_mm)]
    if len(inside):
        organ = model.organ
        depth = distance_to_mm(np.pad(~organ.voxels, 1, constant_values=True), organ.grid.spacing_mm)
        k, j, i = (np.rint(organ.box_grid.to_index(inside)).astype(np.intp) + 1).T[::-1]
        inside = inside[depth[k, j, i] > RIM_MM]
    if len(inside):
        place = inside.mean(axis=0)
        nearest = inside[np.linalg.norm(inside - place, axis=1).argmin()]
        raise MeasurementError(
            f"The surface ends or has a hole inside the organ, near {text_place(nearest)}",
            "Close the hole, or make it reach beyond the organ",
            "hole",
        )


def _check_side(mesh: SurfaceMesh) -> None:
    """A closed surface that lost a few triangles outside the organ faces outwards: as an open one it would remove all but
    what it holds. Raises MeasurementError where the holes are small beside the surface.
    """
    from scipy import sparse

    edges = _rim_edges(mesh)
    count = len(mesh.points_mm)
    link = sparse.coo_matrix((np.ones(len(edges)), edges.T), shape=(count, count))
    _, loop = sparse.csgraph.connected_components(link, directed=False)
    ends = np.unique(edges)
    places, loop = mesh.points_mm[ends], np.unique(loop[ends], return_inverse=True)[1]
    many = np.bincount(loop)
    middles = np.stack([np.bincount(loop, weights=along) / many for along in places.T], axis=1)
    holes_mm2 = np.pi * float((np.bincount(loop, weights=((places - middles[loop]) ** 2).sum(axis=1)) / many).sum())
    if holes_mm2 < NEARLY_CLOSED * float(_areas_mm2(mesh).sum()):
        raise MeasurementError(
            f"The surface is closed but for a hole near {text_place(middles[0])}: it has no side to remove",
            "Close the hole",
            "hole",
        )


def _grid(corners_mm: FloatArray, step_mm: float) -> Grid:
    low, high = corners_mm.min(axis=0) - AROUND_MM, corners_mm.max(axis=0) + AROUND_MM
    size = np.ceil((high - low) / step_mm).astype(int) + 1
    return Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), (step_mm,) * 3, low)


def _closed_grid(model: LiverModel, mesh: SurfaceMesh) -> Grid:
    """About the part of the surface's box that the organ's box holds, finer for small surfaces."""
    low = np.maximum(mesh.points_mm.min(axis=0), model.corners_mm.min(axis=0))
    high = np.minimum(mesh.points_mm.max(axis=0), model.corners_mm.max(axis=0))
    step = float(np.clip((high - low).max() / STEPS_ACROSS, LEAST_STEP_MM, MOST_STEP_MM))
    return _grid(np.stack([low, high]), step)


def _near(mesh: SurfaceMesh, grid: Grid) -> tuple[npt.NDArray[np.intp], FloatArray, FloatArray]:
    """Numbers of the grid's points within 2 mm of the surface, their distances, and the side by the nearest face."""
    from scipy.spatial import cKDTree

    from planning.liver.margin import nearest_on_triangles

    step_mm = float(grid.spacing_mm[0])
    mesh = _within(mesh, grid)
    corners = mesh.points_mm[mesh.triangles]
    samples, owner = _samples(corners)
    index = np.rint(grid.to_index(samples)).astype(np.intp)
    reach = int(np.ceil(NEAR_MM / step_mm)) + 1
    inside = ((index >= -reach) & (index < np.array(grid.size_ijk) + reach)).all(axis=1)
    touched = np.zeros(grid.shape_kji, dtype=bool)
    i, j, k = np.clip(index[inside], 0, np.array(grid.size_ijk) - 1).T
    touched[k, j, i] = True
    if not touched.any():
        return np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0)
    flat = np.flatnonzero((distance_to_mm(touched, grid.spacing_mm) <= NEAR_MM + step_mm).reshape(-1))
    ni, nj, _ = grid.size_ijk
    points = grid.to_world(np.stack([flat % ni, flat // ni % nj, flat // (ni * nj)], axis=1))
    _, close = cKDTree(samples).query(points, k=min(NEAREST, len(samples)))
    triangles = owner[np.asarray(close).reshape(len(points), -1)]
    face = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    face /= np.maximum(np.linalg.norm(face, axis=1), 1e-12)[:, None]
    best = np.full(len(points), np.inf)
    facing = np.zeros(len(points))
    for column in range(triangles.shape[1]):
        chosen = triangles[:, column]
        away = points - nearest_on_triangles(points, corners[chosen])
        distance = np.linalg.norm(away, axis=1)
        turned = (away * face[chosen]).sum(axis=1)
        nearer, equal = distance < best - 1e-6, np.abs(distance - best) <= 1e-6
        facing = np.where(nearer, turned, np.where(equal, facing + turned, facing))
        best = np.minimum(best, distance)
    return flat, best, np.where(facing >= 0.0, 1.0, -1.0)


def _within(mesh: SurfaceMesh, grid: Grid) -> SurfaceMesh:
    """The triangles whose box comes within reach of the grid's."""
    corners = mesh.points_mm[mesh.triangles]
    low, high = grid.to_world(np.zeros(3)) - NEAR_MM - AROUND_MM, grid.to_world(np.array(grid.size_ijk) - 1.0)
    held = (corners.max(axis=1) >= low).all(axis=1) & (corners.min(axis=1) <= high + NEAR_MM + AROUND_MM).all(axis=1)
    return SurfaceMesh(mesh.points_mm, mesh.triangles[held])


def _samples(corners: FloatArray) -> tuple[FloatArray, npt.NDArray[np.intp]]:
    """Points on triangles (T, 3, 3) closer than 0.7 mm to each other, with their triangles; small ones have one."""
    longest = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
    parts = np.maximum(np.ceil(longest / SAMPLE_MM), 1).astype(int)
    points, owners = [], []
    for count in np.unique(parts):
        own = np.flatnonzero(parts == count)
        if count == 1:
            points.append(corners[own].mean(axis=1))
            owners.append(own)
            continue
        a, b = np.meshgrid(np.arange(count + 1), np.arange(count + 1), indexing="ij")
        kept = a + b <= count
        u, v = a[kept] / count, b[kept] / count
        weights = np.stack([1.0 - u - v, u, v], axis=1)
        points.append(np.einsum("wc,tcx->twx", weights, corners[own]).reshape(-1, 3))
        owners.append(np.repeat(own, len(weights)))
    return np.concatenate(points), np.concatenate(owners)


def _closed_field(mesh: SurfaceMesh, grid: Grid) -> npt.NDArray[np.float32]:
    flat, distance, _ = _near(mesh, grid)
    inside = _enclosed(mesh, grid)
    if not inside.any():
        raise MeasurementError("The surface encloses nothing of the organ", "Check that it is in LPS mm", "no_cut")
    return _with_near(np.where(inside, 1.0, -1.0), flat, distance, grid)


def _enclosed(mesh: SurfaceMesh, grid: Grid) -> npt.NDArray[np.bool_]:
    """What closed shells enclose together: overlapping ones join, one that faces inwards is a cavity.

    Raises MeasurementError for a shell that crosses itself: what it encloses cannot be said.
    """
    shells = _shells(mesh)
    if len(shells) > MOST_SHELLS:
        raise MeasurementError(
            f"The surface has {len(shells)} parts that do not hang together", "Repair it and try again", "parts"
        )
    outward = np.sign(sum(shell.volume_ml for shell in shells)) or 1.0
    winding = np.zeros(grid.shape_kji, dtype=np.int16)
    for shell in shells:
        held = filled(shell, grid)
        _check_crossing(shell, held, grid)
        winding += np.int16(np.sign(shell.volume_ml * outward)) * held
    return np.asarray(winding > 0)


def _shells(mesh: SurfaceMesh) -> list[SurfaceMesh]:
    """The parts of a surface that hang together by edges."""
    from scipy import sparse

    a, b, _ = _neighbours(mesh)
    total = len(mesh.triangles)
    link = sparse.coo_matrix((np.ones(len(a)), (a, b)), shape=(total, total))
    number, part = sparse.csgraph.connected_components(link, directed=False)
    return [SurfaceMesh(mesh.points_mm, mesh.triangles[part == n]) for n in range(number)]


def _check_crossing(shell: SurfaceMesh, held: npt.NDArray[np.bool_], grid: Grid) -> None:
    """A shell that lies wholly on the grid encloses as much as its faces say, or it crosses itself."""
    used = shell.points_mm[np.unique(shell.triangles)]
    low, high = grid.to_world(np.zeros(3)), grid.to_world(np.array(grid.size_ijk) - 1.0)
    if not ((used > low).all() and (used < high).all()):
        return
    counted_ml = float(np.count_nonzero(held)) * grid.voxel_mm3 / 1000.0
    # what the grid's steps may cost
    rough_ml = 0.25 * float(_areas_mm2(shell).sum()) * float(grid.spacing_mm[0]) / 1000.0
    if abs(counted_ml - abs(shell.volume_ml)) > CROSSED_SHARE * counted_ml + rough_ml:
        raise MeasurementError(
            "The surface crosses itself: what it encloses cannot be said", "Repair it and try again", "crossed"
        )


def _open_field(model: LiverModel, mesh: SurfaceMesh, grid: Grid) -> npt.NDArray[np.float32]:
    from scipy import ndimage

    flat, distance, side = _near(mesh, grid)
    sign = np.zeros(grid.shape_kji)
    points = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    organ = model.lookup.contains(points).reshape(grid.shape_kji)
    if not flat.size or not organ.reshape(-1)[flat].any():
        raise MeasurementError("The surface does not meet the organ", "Check that it is in LPS mm", "no_cut")
    band = np.zeros(grid.shape_kji, dtype=bool)
    near = flat[distance <= NEAR_MM]
    band.reshape(-1)[near] = True
    sign.reshape(-1)[near] = side[distance <= NEAR_MM]
    labels, _ = ndimage.label(organ & ~band)
    for number, box in enumerate(ndimage.find_objects(labels), start=1):
        wide = tuple(slice(max(part.start - 1, 0), part.stop + 1) for part in box)
        own = labels[wide] == number
        touching = sign[wide][ndimage.binary_dilation(own) & band[wide]]
        sign[wide][own] = _one_side(touching, grid, box)
    # what lies outside the organ takes the side of the nearest place that has one
    open_places = sign == 0.0
    nearest = ndimage.distance_transform_edt(open_places, return_distances=False, return_indices=True)
    return _with_near(sign[tuple(nearest)], flat, distance, grid)


def _one_side(touching: FloatArray, grid: Grid, box: tuple[slice, ...]) -> float:
    """The side of a piece of the organ by what it touches. Raises MeasurementError where it touches both."""
    if not len(touching):
        return 0.0
    positive = float((touching > 0.0).mean())
    if MIXED_SHARE < positive < 1.0 - MIXED_SHARE:
        k, j, i = ((part.start + part.stop) / 2.0 for part in box)
        where = text_place(grid.to_world(np.array([i, j, k])))
        raise MeasurementError(
            f"The surface does not part the organ in two: both its sides meet near {where}",
            "Give one surface that cuts right through",
            "hole",
        )
    return 1.0 if positive >= 0.5 else -1.0


def _with_near(
    sign: FloatArray, flat: npt.NDArray[np.intp], distance: FloatArray, grid: Grid
) -> npt.NDArray[np.float32]:
    touched = np.zeros(grid.shape_kji, dtype=bool)
    touched.reshape(-1)[flat[distance <= float(grid.spacing_mm[0])]] = True
    if not touched.any():
        return np.asarray(100.0 * sign, dtype=np.float32)
    field = np.maximum(distance_to_mm(touched, grid.spacing_mm), np.float32(NEAR_MM))
    near = distance <= NEAR_MM
    field.reshape(-1)[flat[near]] = distance[near]
    return np.asarray(field * sign, dtype=np.float32)
