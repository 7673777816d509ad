"""The parts of a liver plan as solids and files, moved apart, and cut guides that sit on the capsule."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from liver_case import liver_document

from app.cli import main
from planning.case.commands import SetPlan
from planning.case.document import Document
from planning.case.exporting_parts import export_parts
from planning.case.guiding import print_guides
from planning.case.plan_parts import PlanSolids
from planning.case.plans import liver_record
from planning.case.printing import print_parts
from planning.case.saving import save_copy
from planning.errors import InputError, MeasurementError, UsageError
from planning.files.meshes import read_meshes
from planning.geometry import Grid, Plane
from planning.liver.apart import parts_apart, split_surface
from planning.liver.cut_map import map_cut
from planning.liver.guide import CutLine, GuideShape, bridges_mm, cut_lines, make_guide, signed_distance_mm
from planning.liver.held import HeldVessels
from planning.liver.regions import EllipsoidRegion, PlaneRegion, onto_cut
from planning.liver.resection import AblationResection, PlaneResection, TerritoryResection, WedgeResection
from planning.liver.sheet import flat_sheet, sheet_region
from planning.liver.territories import ClosedOrgan
from planning.mesh import SurfaceMesh
from planning.printing.checks import is_manifold, self_intersections
from planning.printing.parts import printable
from planning.surface import surface_from_mask
from planning.volume import Mask

OBLIQUE = Plane((-12.0, 0.0, 0.0), (-0.9, -0.3, 0.2))
ROLES = {"portal": ["portal_vein"], "hepatic": ["hepatic_veins"]}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory):
    made = liver_document(tmp_path_factory.mktemp("parts") / "liver.theatrum")
    plans = {
        "A": [PlaneResection(OBLIQUE)],
        "B": [PlaneResection(OBLIQUE), WedgeResection(2, 5.0)],
        "T": [TerritoryResection(("portal_1",))],
    }
    for name, cuts in plans.items():
        made.do(SetPlan(liver_record(made, name, cuts, **ROLES)))
    yield made
    made.close()


def is_solid(mesh: SurfaceMesh) -> bool:
    """As it is written: a boolean may leave a crossing of a few micrometres, which every writer takes away."""
    slim = printable(mesh, 0.05)
    return mesh.is_watertight and slim.is_watertight and is_manifold(slim) and not self_intersections(slim)


@pytest.mark.parametrize("name", ["A", "B", "T"])
def test_parts_are_closed_and_hold_what_their_voxels_hold(document: Document, name: str) -> None:
    solids = PlanSolids(document, name)
    results = document.case.plans[name].results
    parts = {part.name: part for part in solids.organ}
    assert sum(part.voxels_ml for part in parts.values()) == pytest.approx(results["organ_ml"])
    assert parts["kept"].voxels_ml == pytest.approx(results["kept_ml"])
    assert set(parts) == ({"kept", "removed_1", "removed_2"} if name == "B" else {"kept", "removed"})
    for part in parts.values():
        assert is_solid(part.mesh)
        assert part.mesh.volume_ml == pytest.approx(part.voxels_ml, rel=0.003)
    whole = solids.cutter.organ.volume() / 1000.0
    assert sum(part.mesh.volume_ml for part in parts.values()) == pytest.approx(whole, rel=1e-4)


def test_what_crossing_cuts_remove_is_one_solid_that_does_not_meet_itself(document: Document) -> None:
    second, third = Plane((-5.0, -6.0, 2.0), (-0.5, -0.8, 0.1)), Plane((-8.0, 3.0, -4.0), (-0.7, 0.1, -0.7))
    document.do(SetPlan(liver_record(document, "P", [PlaneResection(cut) for cut in (OBLIQUE, second, third)])))
    solids = PlanSolids(document, "P")
    whole, parts = solids.removed_whole(), [part for part in solids.organ if part.role == "removed"]
    assert whole is not None
    assert len(parts) == 3
    assert self_intersections(whole.mesh) == 0
    assert is_solid(whole.mesh)
    assert whole.mesh.volume_ml == pytest.approx(sum(part.mesh.volume_ml for part in parts), rel=1e-4)
    assert whole.voxels_ml == pytest.approx(document.case.plans["P"].results["removed_ml"])


def test_the_face_of_a_cut_lies_exactly_in_its_plane(document: Document) -> None:
    (removed,) = [part for part in PlanSolids(document, "A").organ if part.role == "removed"]
    away = OBLIQUE.signed_distance_mm(removed.mesh.points_mm)
    assert away.min() > -2e-3
    # the rim and inside of the face, to a thousandth of a millimetre
    assert np.count_nonzero(np.abs(away) < 2e-3) > 50


def test_tumours_and_vessels_go_with_the_part_they_lie_in(document: Document) -> None:
    solids = PlanSolids(document, "A")
    tumors = {part.name: part for part in solids.tumors}
    assert set(tumors) == {"tumor_1", "tumor_2"}
    assert (tumors["tumor_1"].of, tumors["tumor_2"].of) == (1, 0)
    vessels = {part.name: part for part in solids.vessels}
    assert set(vessels) == {"portal_kept", "portal_removed", "hepatic_kept", "hepatic_removed"}
    for part in (*tumors.values(), *vessels.values()):
        assert is_solid(part.mesh)
    portal = document.mask("portal_vein").volume_ml
    assert vessels["portal_kept"].voxels_ml + vessels["portal_removed"].voxels_ml == pytest.approx(portal)
    assert sum(vessels[f"portal_{side}"].mesh.volume_ml for side in ("kept", "removed")) == pytest.approx(
        portal, rel=0.02
    )


def test_any_structure_is_printed_cut_along_the_plan(document: Document) -> None:
    parts = {part.name: part for part in print_parts(document, ["portal_vein", "tumor_1"], "A", along_plan=True)}
    # the first tumour lies on the removed side as a whole
    assert set(parts) == {"portal_vein_removed", "portal_vein_kept", "tumor_1"}
    portal = [parts["portal_vein_removed"], parts["portal_vein_kept"]]
    assert {part.whole for part in portal} == {"portal_vein"}
    assert sum(part.mask.voxel_count for part in portal) == document.mask("portal_vein").voxel_count
    for part, side in zip(portal, (1.0, -1.0), strict=True):
        assert part.solid is not None
        assert is_solid(part.solid)
        assert (side * OBLIQUE.signed_distance_mm(part.solid.points_mm)).min() > -2e-3


def test_territories_part_the_organ_without_overlap_or_rest(document: Document) -> None:
    solids = PlanSolids(document, "A", trees=True)
    parts = solids.territories("portal")
    assert [part.name for part in parts] == list(solids.model.portal.names)  # type: ignore[union-attr]
    assert sum(part.mesh.volume_ml for part in parts) == pytest.approx(solids.cutter.organ.volume() / 1000.0, rel=1e-4)
    for part in parts:
        assert part.mesh.is_watertight
        assert part.mesh.volume_ml == pytest.approx(part.voxels_ml, rel=0.003)
    with pytest.raises(MeasurementError):
        PlanSolids(document, "A").territories("portal")


def test_parts_are_written_together_or_one_by_one_without_a_patients_name(document: Document, tmp_path: Path) -> None:
    told = export_parts(document, tmp_path / "parts.3mf", "A")
    rows = {row["name"]: row for row in told["parts"]}
    assert {"kept", "removed", "tumor_1", "tumor_2", "portal_kept", "hepatic_removed"} <= set(rows)
    assert all(row["watertight"] and not row["self_intersections"] for row in rows.values())
    back = dict(read_meshes(tmp_path / "parts.3mf"))
    assert set(back) == set(rows)
    assert back["kept"].volume_ml == pytest.approx(rows["kept"]["voxels_ml"], rel=0.003)
    told = export_parts(document, tmp_path / "folder", "A", kind=".ply")
    assert sorted(path.name for path in (tmp_path / "folder").iterdir()) == sorted(f"{name}.ply" for name in rows)
    with pytest.raises(InputError):
        export_parts(document, tmp_path / "folder", "A", kind=".ply")
    with pytest.raises(UsageError):
        export_parts(document, tmp_path / "parts.stl", "A")
    assert json.loads(json.dumps(told))["parts"]


def test_a_surface_that_is_cut_loses_nothing() -> None:
    ball = surface_from_mask(_ball(30.0))
    regions = [
        PlaneRegion(Plane((8.0, 0.0, 0.0), (1.0, 0.0, 0.0))),
        PlaneRegion(Plane((0.0, 5.0, 0.0), (0.0, 1.0, 0.0))),
    ]
    pieces = split_surface(ball, regions)
    assert set(pieces) == {0, 1, 2}
    assert sum(_area(piece) for piece in pieces.values()) == pytest.approx(_area(ball), rel=1e-9)
    assert pieces[1].points_mm[:, 0].min() > 8.0 - 1e-9
    assert pieces[0].points_mm[:, 0].max() < 8.0 + 1e-9
    assert pieces[2].points_mm[:, 1].min() > 5.0 - 1e-9
    assert set(split_surface(ball, [PlaneRegion(Plane((80.0, 0.0, 0.0), (1.0, 0.0, 0.0)))])) == {0}


def test_parts_move_along_their_cut_and_what_is_outside_the_organ_stays(document: Document) -> None:
    solids = PlanSolids(document, "A")
    model, regions = solids.model, solids.cutter.regions
    cut = map_cut(model.organ, regions, model.targets)
    surfaces = {"liver": surface_from_mask(model.organ, kind="preview")}
    apart = parts_apart(surfaces, regions, cut, model.corners_mm.mean(axis=0))
    np.testing.assert_allclose(apart.ways[1], OBLIQUE.normal, atol=1e-9)
    assert set(apart.pieces["liver"]) == {0, 1}
    mesh, values = apart.faces[1]
    assert len(mesh.points_mm) == len(values)
    zone = EllipsoidRegion(np.array((20.0, 0.0, 0.0)), np.array((1.0, 0.0, 0.0)), 8.0, 6.0)
    inside = parts_apart(surfaces, [zone], map_cut(model.organ, [zone], model.targets), np.zeros(3))
    # a zone looks all round: it goes away from the organ's middle
    assert np.linalg.norm(inside.ways[1]) == pytest.approx(1.0)


def _ball(radius_mm: float) -> Mask:
    size = int(2 * radius_mm / 1.2) + 12
    grid = Grid.from_parts((size,) * 3, (1.2,) * 3, (-(size - 1) * 0.6,) * 3)
    places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    return Mask.from_full(grid, (np.linalg.norm(places, axis=1) <= radius_mm).reshape(grid.shape_kji))


def _area(mesh: SurfaceMesh) -> float:
    corners = mesh.points_mm[mesh.triangles]
    return float(
        0.5 * np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1).sum()
    )


def _sphere(radius_mm: float) -> SurfaceMesh:
    import manifold3d

    from planning.printing.solids import mesh_of

    return mesh_of(manifold3d.Manifold.sphere(radius_mm, 200), np.zeros(3))


def test_the_line_of_a_cut_is_found_on_the_capsule() -> None:
    (line,) = cut_lines(_sphere(50.0), PlaneRegion(Plane((30.0, 0.0, 0.0), (1.0, 0.0, 0.0))))
    assert isinstance(line, CutLine)
    assert line.is_closed
    assert line.length_mm == pytest.approx(2.0 * np.pi * 40.0, rel=0.005)
    # outward normals of a ball are its places
    np.testing.assert_allclose((line.normals * line.points_mm).sum(axis=1), 50.0, rtol=0.01)
    assert cut_lines(_sphere(50.0), PlaneRegion(Plane((80.0, 0.0, 0.0), (1.0, 0.0, 0.0)))) == ()


@pytest.mark.parametrize("kind", ["plane", "sheet"])
def test_a_guide_sits_at_its_clearance_has_its_slot_and_comes_off(kind: str) -> None:
    ball = _sphere(45.0)
    plane = Plane((10.0, 0.0, 0.0), (1.0, 0.0, 0.2))
    region = PlaneRegion(plane)
    if kind == "sheet":
        corners = 46.0 * np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=float)
        flat = flat_sheet(PlaneResection(plane), corners)
        heights = flat.heights_mm.copy()
        heights[2:4, 2:4] += 4.0
        region = sheet_region(replace(flat, heights_mm=heights))
    shape = GuideShape(slot_mm=2.0, clearance_mm=0.4, thickness_mm=3.0, wing_mm=14.0)
    guide = make_guide(ball, region, shape)
    assert is_solid(guide.mesh)
    assert guide.overlap_mm3 == 0.0
    assert guide.stuck_at_mm is None
    assert guide.gap_least_mm > 0.25
    assert guide.gap_mean_mm == pytest.approx(0.4, abs=0.06)
    assert guide.resting_share > 0.95
    assert guide.direction @ (0.0, -1.0, 0.0) >= 0.5
    radius = np.linalg.norm(guide.mesh.points_mm, axis=1)
    assert radius.min() > 45.2
    assert radius.max() < 45.0 + 0.4 + 3.0 + 0.15
    # a blade in the cut meets nothing between two bridges
    step = guide.covered_mm / (len(guide.run_mm) - 1)
    bars = bridges_mm(guide.covered_mm, shape)
    ends = np.concatenate([[0.0], bars])
    at = int((ends[0] + (bars[0] if len(bars) else guide.covered_mm)) / 2.0 / step)
    out = guide.run_mm[at] / np.linalg.norm(guide.run_mm[at])
    blade = onto_cut(region, guide.run_mm[at] + np.linspace(0.5, 3.2, 12)[:, None] * out)
    # a slot of 2 mm leaves a millimetre on both sides of it
    assert signed_distance_mm(guide.mesh, blade).min() > 0.9
    assert signed_distance_mm(guide.mesh, blade).max() < 1.3


def test_a_guide_tells_what_it_does_not_reach_and_refuses_what_cannot_be() -> None:
    ball = _sphere(45.0)
    region = PlaneRegion(Plane((10.0, 0.0, 0.0), (1.0, 0.0, 0.0)))
    guide = make_guide(ball, region, direction=np.array((0.0, -1.0, 0.0)))
    assert 30.0 < guide.covered_percent < 50.0
    assert guide.line_mm == pytest.approx(2.0 * np.pi * np.sqrt(45.0**2 - 10.0**2), rel=0.01)
    with pytest.raises(MeasurementError):
        make_guide(ball, PlaneRegion(Plane((60.0, 0.0, 0.0), (1.0, 0.0, 0.0))))
    with pytest.raises(UsageError):
        GuideShape(slot_mm=0.2)


def test_a_plans_guide_is_printed_and_read_back(document: Document, tmp_path: Path) -> None:
    told = print_guides(document, "A", (), tmp_path / "guide.3mf", GuideShape(wing_mm=12.0))
    (row,), (guide,) = told["objects"], told["guides"]
    assert row["watertight"]
    assert row["self_intersections"] == 0
    assert row["deviation_max_mm"] < 0.3
    assert guide["overlap_mm3"] < 1.0
    assert guide["covered_percent"] > 20.0
    assert told["warnings"][0]["code"] == "research"
    with pytest.raises(UsageError):
        print_guides(document, "A", (2,), tmp_path / "other.3mf", GuideShape())
    zone = AblationResection(np.array((20.0, 0.0, 0.0)), np.array((20.0, -80.0, 0.0)), 15.0, 12.0)
    document.do(SetPlan(liver_record(document, "Z", [zone])))
    with pytest.raises(UsageError):
        print_guides(document, "Z", (), tmp_path / "zone.3mf", GuideShape())


def test_a_great_vein_beside_the_liver_goes_with_no_part(document: Document) -> None:
    model = PlanSolids(document, "A").model
    grid = model.organ.grid
    places = grid.to_world(np.indices(grid.shape_kji).reshape(3, -1)[::-1].T)
    cava = np.hypot(places[:, 0] + 20.0, places[:, 1] - 20.0) <= 9.0
    twig = (np.hypot(places[:, 1] - 10.0, places[:, 2]) <= 3.0) & (places[:, 0] < -20.0) & (places[:, 0] > -50.0)
    vessels = Mask.from_full(grid, (cava | twig).reshape(grid.shape_kji))
    held = HeldVessels.of(ClosedOrgan.of(model.organ), vessels)
    inside = np.array([(-20.0, 20.0, 0.0), (-20.0, 28.0, 5.0), (-45.0, 10.0, 0.0)])
    assert ClosedOrgan.of(model.organ).contains(inside).all()
    assert held.contains(inside).tolist() == [False, False, True]


def test_commands_tell_files_as_one_object_and_refuse_in_one_line(
    document: Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy.theatrum"
    save_copy(document, copy)
    case = str(copy)
    assert main(["cut-guide", case, "-o", str(tmp_path / "g.stl"), "--plan", "A", "--wing-mm", "10", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "theatrum.cut-guide/1"
    assert told["guides"][0]["wing_mm"] == 10.0
    assert (tmp_path / "g.stl").is_file()
    for wrong in (
        ["cut-guide", case, "-o", str(tmp_path / "h.stl"), "--plan", "A", "--slot-mm", "0.1"],
        ["export", case, str(tmp_path / "p.3mf"), "--parts"],
        ["export", case, str(tmp_path / "p.3mf"), "--plan", "A", "--format", "ply"],
    ):
        assert main(wrong) == 2
        assert capsys.readouterr().err.startswith("theatrum: error: ")
    assert main(["pictures", case, str(tmp_path / "pictures"), "--plan", "none"]) == 3
    assert main(["export", case, str(tmp_path / "p.3mf"), "--plan", "none", "--parts"]) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.theatrum", "g.mm.txt", "g.stl"]
