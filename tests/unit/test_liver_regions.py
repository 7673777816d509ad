"""Every kind of resection: counts as asking each voxel, margins against analytic truth, plain words for the impossible."""

from __future__ import annotations

import numpy as np
import pytest

from planning.errors import InputError, MeasurementError, UsageError
from planning.geometry import Grid, Plane, unit
from planning.liver.asked import check_spared, check_territories
from planning.liver.model import LiverModel, removed_mask
from planning.liver.plan import plan_resections
from planning.liver.realise import solved
from planning.liver.regions import SIDE_TOLERANCE_MM
from planning.liver.resection import (
    AblationResection,
    PlaneResection,
    SheetResection,
    SurfaceResection,
    TerritoryResection,
    WedgeResection,
    resection_from_json,
)
from planning.liver.sheet import fit_sheet, flat_sheet, handles_mm, pull_sheet, sheet_region, with_net
from planning.liver.voxels import OrganVoxels
from planning.mesh import SurfaceMesh
from planning.volume import Mask

ORGAN_MM = 48.0
TUMOR_MM, TUMOR_AT = 8.0, np.array((18.0, 6.0, -4.0))
SPACING = (1.2, 1.2, 1.5)


def _grid() -> Grid:
    size = tuple(int(n) for n in np.ceil(2.0 * (ORGAN_MM + 6.0) / np.array(SPACING)))
    return Grid.from_parts(size, SPACING, -(np.array(size) - 1) / 2.0 * SPACING)


def _mask(inside) -> Mask:
    grid = _grid()
    places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    return Mask.from_full(grid, inside(places).reshape(grid.shape_kji))


def _tube(places: np.ndarray, start, end, radius: float) -> np.ndarray:
    a, along = np.array(start, dtype=float), np.subtract(end, start, dtype=float)
    share = np.clip(((places - a) @ along) / (along @ along), 0.0, 1.0)
    return np.linalg.norm(places - a - share[:, None] * along, axis=1) <= radius


def _tree(places: np.ndarray, lift: float) -> np.ndarray:
    lines = (((0, 40, lift), (0, 0, lift)), ((0, 0, lift), (-40, 2, lift)), ((0, 0, lift), (38, -4, lift)))
    return np.logical_or.reduce([_tube(places, *line, 2.6) for line in lines])


@pytest.fixture(scope="module")
def model() -> LiverModel:
    return LiverModel.prepare(
        organ=[("liver", _mask(lambda p: np.linalg.norm(p, axis=1) <= ORGAN_MM))],
        tumors=[("tumor", _mask(lambda p: np.linalg.norm(p - TUMOR_AT, axis=1) <= TUMOR_MM))],
        portal=[("portal_vein", _mask(lambda p: _tree(p, -16.0)))],
        hepatic=[("hepatic_veins", _mask(lambda p: _tree(p, 16.0)))],
    )


def _ball(center, radius: float, rings: int = 40) -> SurfaceMesh:
    """A closed ball, outward."""
    from planning.liver.regions import EllipsoidRegion

    mesh = EllipsoidRegion(np.asarray(center, dtype=float), np.array((0.0, 0, 1)), radius, radius).surface(
        np.zeros((8, 3)), 2.0 * np.pi * radius / (2 * rings)
    )
    # regions look inwards, files outwards
    return SurfaceMesh(mesh.points_mm, mesh.triangles[:, ::-1])


def _square(at: float, reach: float = 80.0, step: float = 4.0, hole: bool = False) -> SurfaceMesh:
    """An open sheet at x = at, facing +x."""
    from planning.liver.regions import net_triangles

    side = np.arange(-reach, reach + 1e-6, step)
    y, z = np.meshgrid(side, side, indexing="ij")
    points = np.stack([np.full(y.size, at), y.reshape(-1), z.reshape(-1)], axis=1)
    triangles = net_triangles(len(side), len(side))
    normal = np.cross(*(points[triangles[0]][n] - points[triangles[0]][0] for n in (1, 2)))
    triangles = triangles if normal[0] > 0 else triangles[:, ::-1]
    if hole:
        middle = points[triangles].mean(axis=1)
        triangles = triangles[np.linalg.norm(middle - (at, 3.0, 5.0), axis=1) > 9.0]
    return SurfaceMesh(points, triangles)


def _every_kind(model: LiverModel) -> list:
    plane = PlaneResection(Plane(np.array((5.0, 0, 0)), np.array((1.0, 0.3, -0.2))))
    return [
        plane,
        pull_sheet(flat_sheet(plane, model.corners_mm, (7, 5)), np.array((5.0, 4, 6)), 9.0),
        WedgeResection(1, 6.0),
        TerritoryResection(("portal_1",)),
        SurfaceResection(_ball((10.0, 0, 0), 20.0)),
        SurfaceResection(_square(7.3)),
        AblationResection(TUMOR_AT, TUMOR_AT + (60.0, 10, 0), 16.0, 13.0),
    ]


def test_removed_and_kept_are_the_organ_for_every_kind_alone_and_together(model: LiverModel) -> None:
    kinds = _every_kind(model)
    for resections in [[one] for one in kinds] + [kinds]:
        plan = plan_resections(model, resections)
        assert plan["removed_voxels"] + plan["kept_voxels"] == model.voxels.count
        assert 0 < plan["removed_voxels"] < model.voxels.count
        parts = removed_mask(model, resections)
        assert np.count_nonzero(parts == 1) == plan["removed_voxels"]
        assert np.count_nonzero(parts == 2) == plan["kept_voxels"]
        assert len(plan["resections"]) == len(resections)


def test_blocks_give_what_asking_every_voxel_gives(model: LiverModel) -> None:
    voxels = model.voxels
    for resection in _every_kind(model):
        (region,) = model.regions([resection])
        if region.voxels is None:
            every = region.signed_mm(voxels.places_mm) > SIDE_TOLERANCE_MM
            np.testing.assert_array_equal(voxels.removed([region]), every, resection.kind)


def test_voxels_are_sorted_into_blocks_without_loss(model: LiverModel) -> None:
    voxels = OrganVoxels.of(model.organ)
    assert len(np.unique(voxels.flat)) == model.organ.voxel_count
    sizes = np.diff(voxels.first)
    away = np.linalg.norm(voxels.places_mm - np.repeat(voxels.centers_mm, sizes, axis=0), axis=1)
    assert away.max() <= voxels.reach_mm + 1e-9


def test_every_kind_is_kept_as_json_and_made_again_the_same(model: LiverModel) -> None:
    for resection in _every_kind(model):
        again = resection_from_json(solved(model, resection).as_json())
        first, second = model.evaluate([resection]), model.evaluate([again])
        # a surface file is kept in float32
        assert abs(first.removed_voxels - second.removed_voxels) <= (5 if resection.kind == "surface" else 0)
    with pytest.raises(UsageError, match="not known"):
        resection_from_json({"kind": "laser"})


def test_a_flat_net_is_its_plane_and_a_pulled_one_goes_through_the_place(model: LiverModel) -> None:
    plane = PlaneResection(Plane(np.array((9.0, 0, 0)), unit((1.0, 0.2, 0.1))))
    flat = flat_sheet(plane, model.corners_mm, (14, 14))
    assert model.evaluate([flat]).removed_voxels == model.evaluate([plane]).removed_voxels
    place = np.array((9.0, 5.0, -7.0))
    foot = plane.plane.project(place)
    pulled = pull_sheet(flat, place, 7.0)
    raised = foot + 7.0 * plane.plane.normal
    assert abs(float(sheet_region(pulled).signed_mm(raised[None])[0])) < 0.15
    far = plane.plane.project(np.array((9.0, -40.0, 40.0)))
    assert abs(float(sheet_region(pulled).signed_mm(far[None])[0])) < 0.05


def test_a_finer_net_keeps_the_surface_and_has_its_handles_on_it(model: LiverModel) -> None:
    coarse = pull_sheet(flat_sheet(_every_kind(model)[0], model.corners_mm, (5, 5)), np.array((5.0, 4, 6)), 9.0)
    fine = with_net(coarse, (14, 14))
    places = handles_mm(fine).reshape(-1, 3)
    assert np.abs(sheet_region(coarse).signed_mm(places)).max() < 0.4
    assert np.abs(sheet_region(fine).signed_mm(places)).max() < 0.1
    with pytest.raises(MeasurementError, match="cannot be used"):
        with_net(coarse, (3, 8))


def test_a_line_on_the_capsule_lies_on_the_cut_that_is_fitted_to_it(model: LiverModel) -> None:
    turn = np.linspace(0.0, 2.0 * np.pi, 40, endpoint=False)
    ring = np.stack([12.0 + 3.0 * np.cos(2 * turn), 45.0 * np.cos(turn), 45.0 * np.sin(turn)], axis=1)
    cut = fit_sheet(ring, model.corners_mm, inside_mm=np.zeros(3), toward_mm=TUMOR_AT)
    assert np.abs(sheet_region(cut).signed_mm(ring)).max() < 1.0
    assert float(sheet_region(cut).signed_mm(np.array([[40.0, 0, 0]]))[0]) > 0.0
    with pytest.raises(MeasurementError, match="too short"):
        fit_sheet(ring[:2], model.corners_mm, inside_mm=np.zeros(3), toward_mm=TUMOR_AT)
    straight = np.stack([np.full(20, 12.0), np.linspace(-40, 40, 20), np.full(20, 44.0)], axis=1)
    cut = fit_sheet(straight, model.corners_mm, inside_mm=np.zeros(3), toward_mm=TUMOR_AT)
    assert np.abs(sheet_region(cut).signed_mm(straight)).max() < 0.5


def test_a_bent_cut_has_the_margin_of_its_sphere() -> None:
    """A sheet that follows a ball about the tumour lies everywhere as far from it."""
    organ = [("liver", _mask(lambda p: np.linalg.norm(p, axis=1) <= ORGAN_MM))]
    tumor = [("tumor", _mask(lambda p: np.linalg.norm(p - (20.0, 0, 0), axis=1) <= TUMOR_MM))]
    model = LiverModel.prepare(organ=organ, tumors=tumor)
    base = Plane(np.array((20.0, 0, 0)), np.array((1.0, 0, 0)))
    flat = flat_sheet(PlaneResection(base), model.corners_mm, (30, 30))
    away = handles_mm(flat).reshape(-1, 3) - base.origin_mm
    across = np.linalg.norm(away, axis=1)
    radius = TUMOR_MM + 7.0
    wanted = np.where(across < radius, -np.sqrt(np.maximum(radius**2 - across**2, 0.0)), 0.0)
    bowl = SheetResection(flat.base, flat.right, flat.half_mm, wanted.reshape(30, 30))
    margin = model.evaluate([bowl]).minimum
    assert margin is not None
    # the net rounds the rim of the bowl off, so somewhere it comes nearer than the ball
    assert 3.5 < margin.minimum_mm < 7.4
    assert abs(float(np.linalg.norm(margin.at_mm - margin.tumor_at_mm)) - margin.minimum_mm) < 1e-6


@pytest.mark.parametrize("asked", [3.0, 6.0, 10.0])
def test_a_wedge_never_keeps_a_voxel_nearer_than_asked_and_is_near_the_least_possible(
    model: LiverModel, asked: float
) -> None:
    wedge = solved(model, WedgeResection(1, asked))
    numbers = model.evaluate([wedge])
    assert numbers.minimum is not None
    assert numbers.minimum.minimum_mm - numbers.minimum.uncertainty_mm >= asked
    kept = ~model.voxels.removed(model.regions([wedge]))
    assert np.linalg.norm(model.voxels.places_mm[kept] - TUMOR_AT, axis=1).min() >= TUMOR_MM + asked
    # the least of all: a ball of the asked radius, with the ±, and its shadow straight out of the organ
    radius = TUMOR_MM + asked + numbers.minimum.uncertainty_mm
    best = np.inf
    for direction in _directions():
        away = model.voxels.places_mm - TUMOR_AT
        along = away @ direction
        across = np.sqrt(np.maximum((away**2).sum(axis=1) - along**2, 0.0))
        best = min(best, np.count_nonzero((across < radius) & (along > -np.sqrt(np.maximum(radius**2 - across**2, 0)))))
    bare = LiverModel.prepare(organ=[("liver", model.organ)], tumors=[("tumor", model.tumors[0].mask)])
    assert bare.evaluate([WedgeResection(1, asked)]).removed_voxels <= 1.05 * best


def _directions() -> np.ndarray:
    outward = unit(TUMOR_AT)
    generator = np.random.default_rng(5)
    return np.array([unit(outward + 0.5 * generator.normal(size=3)) for _ in range(300)] + [outward])


def test_a_wedge_spares_the_vessel_it_is_told_to_or_says_what_margin_would(model: LiverModel) -> None:
    assert model.portal is not None
    name = model.portal.names[
        int(model.portal.branch[np.linalg.norm(model.portal.tree.points_mm - (30.0, -2.0, -16.0), axis=1).argmin()])
    ]
    spared = model.evaluate([WedgeResection(1, 3.0, spare=(name,))])
    assert spared.minimum is not None
    assert all(cut.name != name for cut in model.vessel_cuts([WedgeResection(1, 3.0, spare=(name,))]))
    with pytest.raises(MeasurementError, match=f"not possible without {name}: the largest margin that spares it is"):
        model.evaluate([WedgeResection(1, 14.0, spare=(name,))])
    with pytest.raises(MeasurementError, match="no branch"):
        model.evaluate([WedgeResection(1, 3.0, spare=("aorta",))])
    with pytest.raises(MeasurementError, match="There is no tumour 7"):
        model.evaluate([WedgeResection(7, 3.0)])


def test_a_territory_is_removed_to_the_voxel_with_its_branch(model: LiverModel) -> None:
    assert model.portal is not None
    for name, volume in zip(model.portal.names, model.portal.volumes_ml, strict=True):
        cut = TerritoryResection((name,))
        assert model.evaluate([cut]).removed_voxels * model.voxel_ml == pytest.approx(volume, rel=1e-12)
    with pytest.raises(MeasurementError, match="no territory 'IX'"):
        model.evaluate([TerritoryResection(("IX",))])


def test_a_closed_surface_removes_its_inside_with_the_balls_own_volume_and_margin(model: LiverModel) -> None:
    numbers = model.evaluate([SurfaceResection(_ball(TUMOR_AT, 15.0))])
    assert numbers.removed_voxels * model.voxel_ml == pytest.approx(4 / 3 * np.pi * 15.0**3 / 1000.0, rel=0.01)
    assert numbers.minimum is not None
    # the least over a whole concentric surface finds the tumour's highest step: never too kind
    assert 6.5 < numbers.minimum.minimum_mm < 7.05


def test_an_open_surface_cuts_like_its_plane_and_either_side_can_go(model: LiverModel) -> None:
    plane = model.evaluate([PlaneResection(Plane(np.array((6.3, 0, 0)), np.array((1.0, 0, 0))))])
    sheet = model.evaluate([SurfaceResection(_square(6.3))])
    assert sheet.removed_voxels == plane.removed_voxels
    assert sheet.minimum is not None
    assert plane.minimum is not None
    assert sheet.minimum.minimum_mm == pytest.approx(plane.minimum.minimum_mm, abs=0.03)
    facing_away = SurfaceMesh(_square(6.3).points_mm, _square(6.3).triangles[:, ::-1])
    assert model.evaluate([SurfaceResection(facing_away, "tumor")]).removed_voxels == plane.removed_voxels


def test_surfaces_that_cannot_cut_are_refused_with_the_place(model: LiverModel) -> None:
    with pytest.raises(MeasurementError, match=r"hole inside the organ, near L 6, "):
        model.evaluate([SurfaceResection(_square(6.3, hole=True))])
    with pytest.raises(MeasurementError, match="ends or has a hole"):
        model.evaluate([SurfaceResection(_square(6.3, reach=20.0))])
    with pytest.raises(MeasurementError, match="does not meet"):
        model.evaluate([SurfaceResection(_square(300.0))])
    with pytest.raises(MeasurementError, match="no triangles"):
        model.evaluate([SurfaceResection(SurfaceMesh(np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int32)))])


def test_a_closed_surface_with_a_hole_beyond_the_organ_is_not_taken_for_an_open_one(model: LiverModel) -> None:
    ball = _ball((34.0, 0.0, 0.0), 24.0)
    beyond = ball.points_mm[ball.triangles].mean(axis=1)[:, 0] > 56.5
    assert 0 < beyond.sum() < len(beyond) / 20
    torn = SurfaceMesh(ball.points_mm, ball.triangles[~beyond])
    with pytest.raises(MeasurementError, match="closed but for a hole near L 5"):
        model.evaluate([SurfaceResection(torn)])
    whole = model.evaluate([SurfaceResection(ball)]).removed_voxels
    assert model.evaluate([SurfaceResection(torn, "tumor")]).removed_voxels == pytest.approx(whole, rel=0.02)


def test_numbers_that_no_branch_can_have_are_refused_before_any_work() -> None:
    check_territories(["portal_8", "VI"], ["portal"])
    check_spared(["portal_25"], ["portal"])
    for name in ("portal_99", "portal_0", "portal_100", "hepatic_1"):
        with pytest.raises(MeasurementError, match=f"There is no territory '{name}'"):
            check_territories([name], ["portal"])
        with pytest.raises(MeasurementError, match=f"There is no branch '{name}' to spare"):
            check_spared([name], ["portal"])


def test_an_ablation_zone_has_the_ellipsoids_volume_and_margin(model: LiverModel) -> None:
    zone = AblationResection(TUMOR_AT, TUMOR_AT + (50.0, 0, 0), 17.0, 14.0)
    numbers = model.evaluate([zone])
    assert numbers.removed_voxels * model.voxel_ml == pytest.approx(4 / 3 * np.pi * 17 * 14**2 / 1000.0, rel=0.01)
    assert numbers.minimum is not None
    assert 5.5 < numbers.minimum.minimum_mm < 6.05
    beside = model.evaluate([AblationResection(TUMOR_AT + (0, 9.0, 0), TUMOR_AT + (50.0, 9, 0), 17.0, 14.0)])
    assert beside.minimum is not None
    # the tumour sticks out of the zone by 3 mm: the cut is that deep in it
    assert beside.minimum.minimum_mm == pytest.approx(14.0 - 9.0 - TUMOR_MM, abs=0.4)
    with pytest.raises(UsageError, match="semi-axes"):
        AblationResection(TUMOR_AT, TUMOR_AT + (50.0, 0, 0), 1.0, 14.0)


def test_a_cut_through_a_tumour_is_as_deep_as_asking_every_place_of_it(model: LiverModel) -> None:
    generator = np.random.default_rng(8)
    (target,) = model.targets
    for number in range(6):
        normal = unit(generator.normal(size=3))
        cut = PlaneResection(Plane(TUMOR_AT + generator.uniform(-6.0, 6.0) * normal, normal))
        if number % 2:
            cut = pull_sheet(flat_sheet(cut, model.corners_mm, (8, 8)), TUMOR_AT, generator.uniform(-3.0, 3.0))
        (region,) = model.regions([cut])
        places = region.surface(model.corners_mm, 0.4).points_mm
        places = places[target.surface.is_inside(places)]
        least = model.evaluate([cut]).minimum
        assert least is not None
        assert least.minimum_mm == pytest.approx(target.nearest(places)[0].min(), abs=0.06)


def _mended(points: np.ndarray, triangles: np.ndarray) -> SurfaceResection:
    return SurfaceResection(SurfaceMesh(points, triangles))


def test_surface_files_are_mended_where_nothing_must_be_guessed(model: LiverModel) -> None:
    generator = np.random.default_rng(3)
    square, ball = _square(6.3), _ball((10.0, 0, 0), 20.0)
    plane = model.evaluate([SurfaceResection(square)]).removed_voxels
    inside = model.evaluate([SurfaceResection(ball)]).removed_voxels
    turned = generator.random(len(square.triangles)) < 0.3
    mixed = np.where(turned[:, None], square.triangles[:, ::-1], square.triangles)
    assert model.evaluate([_mended(square.points_mm, mixed)]).removed_voxels == plane
    # every triangle with its own corners, written a little apart
    loose = (
        square.points_mm[square.triangles].reshape(-1, 3) + generator.normal(size=(3 * len(square.triangles), 3)) * 1e-4
    )
    assert model.evaluate([_mended(loose, np.arange(len(loose)).reshape(-1, 3))]).removed_voxels == plane
    assert model.evaluate([_mended(ball.points_mm, ball.triangles[:, ::-1])]).removed_voxels == inside
    # a shell within counts as a cavity only where it faces inwards; overlapping ones are one
    inner = _ball((10.0, 0, 0), 10.0)
    points = np.concatenate([ball.points_mm, inner.points_mm])
    both = np.concatenate([ball.triangles, inner.triangles + len(ball.points_mm)])
    cavity = np.concatenate([ball.triangles, inner.triangles[:, ::-1] + len(ball.points_mm)])
    assert model.evaluate([_mended(points, both)]).removed_voxels == inside
    hollow = model.evaluate([_mended(points, cavity)]).removed_voxels
    # each is sampled at its own step
    assert hollow == pytest.approx(inside - model.evaluate([SurfaceResection(inner)]).removed_voxels, abs=10)
    other = _ball((19.3, 1.1, 0.7), 20.0)
    joined = _mended(
        np.concatenate([ball.points_mm, other.points_mm]),
        np.concatenate([ball.triangles, other.triangles + len(ball.points_mm)]),
    )
    separate = model.evaluate([SurfaceResection(ball), SurfaceResection(other)]).removed_voxels
    assert model.evaluate([joined]).removed_voxels == pytest.approx(separate, rel=0.002)


def test_surface_files_in_other_units_or_axes_are_told_so(model: LiverModel) -> None:
    square, ball = _square(6.3), _ball((10.0, 0, 0), 20.0)
    with pytest.raises(MeasurementError, match="in metres"):
        model.evaluate([_mended(square.points_mm / 1000.0, square.triangles)])
    with pytest.raises(MeasurementError, match="no voxel"):
        model.evaluate([SurfaceResection(_ball((44.0, 44, 44), 4.0))])
    away = ball.points_mm + (90.0, 0, 0)
    with pytest.raises(MeasurementError, match="does not meet"):
        model.evaluate([_mended(away, ball.triangles)])


@pytest.mark.parametrize("radius", [6.0, 10.0, 20.0])
def test_a_closed_surface_counts_the_voxels_of_its_ball(model: LiverModel, radius: float) -> None:
    center = np.array((5.0, 3.0, 2.0))
    removed = model.evaluate([SurfaceResection(_ball(center, radius, rings=120))]).removed_voxels
    true = np.count_nonzero(np.linalg.norm(model.voxels.places_mm - center, axis=1) < radius)
    assert removed == pytest.approx(true, rel=0.002)


def test_a_surface_of_any_format_comes_back_where_it_was_written(tmp_path) -> None:
    from planning.files.meshes import MeshObject, read_mesh, write_meshes

    ball = _ball((10.0, -20.0, 30.0), 12.0, rings=12)
    for ending in (".stl", ".ply", ".obj", ".vtp", ".glb"):
        path = tmp_path / f"ball{ending}"
        write_meshes(path, [MeshObject("ball", ball, "#DD8265")])
        again = read_mesh(path)
        np.testing.assert_allclose(again.points_mm.min(axis=0), ball.points_mm.min(axis=0), atol=1e-3)
        np.testing.assert_allclose(again.points_mm.max(axis=0), ball.points_mm.max(axis=0), atol=1e-3)
    # a printer's file lies on the plate: as a surface of the patient it would cut at the wrong place
    write_meshes(tmp_path / "ball.3mf", [MeshObject("ball", ball, "#DD8265")])
    with pytest.raises(InputError, match="for a printer"):
        read_mesh(tmp_path / "ball.3mf")


def test_a_3mf_of_another_program_lies_where_it_places_its_object(tmp_path) -> None:
    import lib3mf

    from planning.files.meshes import read_mesh

    wrapper = lib3mf.get_wrapper()
    model = wrapper.CreateModel()
    item = model.AddMeshObject()
    points = np.array([(0, 0, 0), (10, 0, 0), (0, 10, 0), (0, 0, 10)], dtype=np.float32)
    faces = np.array([(0, 2, 1), (0, 1, 3), (0, 3, 2), (1, 2, 3)], dtype=np.uint32)
    item.SetGeometry(
        (lib3mf.Position * 4).from_buffer_copy(points.tobytes()),
        (lib3mf.Triangle * 4).from_buffer_copy(faces.tobytes()),
    )
    transform = wrapper.GetTranslationTransform(5.0, -7.0, 9.0)
    model.AddBuildItem(item, transform)
    model.QueryWriter("3mf").WriteToFile(str(tmp_path / "other.3mf"))
    np.testing.assert_allclose(read_mesh(tmp_path / "other.3mf").points_mm.min(axis=0), (5.0, -7.0, 9.0), atol=1e-4)
