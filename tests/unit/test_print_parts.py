"""Walls, drains, pegs, plates, marks, orientation, splitting, nesting and estimates of printed models, against known shapes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planning.errors import InputError, UsageError
from planning.geometry import Grid, Plane
from planning.mesh import SurfaceMesh
from planning.printing.base import with_base, with_marks
from planning.printing.build import build
from planning.printing.crossing import self_intersections
from planning.printing.hollow import drained, hollowed, walled
from planning.printing.lettering import outline_of
from planning.printing.nest import nested
from planning.printing.options import PrintOptions
from planning.printing.orient import least_supports
from planning.printing.parts import PrintPart
from planning.printing.pegs import measured_gap_mm, place_pegs, with_joints
from planning.printing.plan import check_print_place, make_print
from planning.printing.printers import catalogue, estimate, material_named, printer_named
from planning.printing.proof import surface_samples_mm
from planning.printing.solids import halves, mesh_of
from planning.printing.split import bed_cuts, fits
from planning.surface import surface_from_mask
from planning.surface_pieces import pieces_of, solid_count
from planning.volume import Mask


def _box(*size: float) -> SurfaceMesh:
    import manifold3d

    return mesh_of(manifold3d.Manifold.cube(size, True), np.array((10.0, -40.0, 70.0)))


def _mask(inside: np.ndarray, step_mm: float = 1.0) -> Mask:
    grid = Grid.from_parts(inside.shape[::-1], (step_mm,) * 3, (-20.0, 5.0, 80.0))
    return Mask.from_full(grid, inside)


def _rod(length: int = 44, radius: float = 5.0, first: int = 8) -> Mask:
    """A straight vessel along z that begins at slice `first`."""
    k, j, i = np.indices((60, 24, 24))
    return _mask((np.hypot(i - 11.5, j - 11.5) <= radius) & (k >= first) & (k < first + length))


def _ball(radius: float = 14.0) -> Mask:
    size = int(2 * radius) + 8
    k, j, i = np.indices((size,) * 3) - (size - 1) / 2
    return _mask(np.sqrt(i**2 + j**2 + k**2) <= radius)


def _surface(mask: Mask, kind: str) -> SurfaceMesh:
    from planning.printing.parts import closed

    return closed(surface_from_mask(mask, kind=kind))


def test_what_cannot_be_printed_is_refused_before_anything_is_made() -> None:
    for wrong in (
        {"hollow_mm": 0.1},
        {"hollow_mm": 1e8},
        {"vessel_walls_mm": 0.1},
        {"hollow_mm": 0.5, "printer": "fff-256"},
        {"bed_mm": (10.0, 10.0, 10.0)},
        {"printer": "nothing"},
        {"material": "wood"},
        {"clearance_mm": 4.0, "cut": Plane((0, 0, 0), (0, 0, 1)), "pegs": True},
    ):
        with pytest.raises(InputError):
            PrintOptions(**wrong)
    for wrong in (
        {"pegs": True},
        {"drain": True},
        {"open_at_mm": ((0.0, 0.0, 0.0),)},
        {"nest": True},
        {"split": True},
        {"printer": "sla-145", "material": "pla"},
        {"label": "two\nlines"},
        {"tolerance_mm": 6.0},
    ):
        with pytest.raises(UsageError):
            PrintOptions(**wrong)
    assert PrintOptions(printer="sla-145").gap_mm == printer_named("sla-145").process.clearance_mm
    assert PrintOptions().gap_mm == 0.3


def test_a_folder_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "model.3mf").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        check_print_place(tmp_path / "model.3mf", force=True)


def test_what_was_asked_and_meets_nothing_is_told() -> None:
    part = PrintPart("ball", _ball(6.0), "#d08770", "organ")
    far = Plane((1e6, 0.0, 0.0), (1.0, 0.0, 0.0))
    codes = {item.code for item in build([part], PrintOptions(vessel_walls_mm=1.0, cut=far)).findings}
    assert codes == {"no_vessel", "cut_misses"}
    through = Plane(tuple(float(x) for x in _surface(part.mask, "organ").points_mm.mean(axis=0)), (1.0, 0.0, 0.0))
    assert not build([part], PrintOptions(cut=through)).findings


def test_every_printer_has_a_material_and_every_row_a_source() -> None:
    rows = catalogue()
    for printer in rows.printers:
        assert any(material.process == printer.process.name for material in rows.materials)
        assert min(printer.bed_mm) >= 30.0
    assert all(row.source for row in (*rows.processes, *rows.printers, *rows.materials))


def test_an_estimate_is_that_of_a_box() -> None:
    box, pla, resin = _box(100.0, 40.0, 20.0), material_named("pla"), material_named("resin-clear")
    told = estimate([box], [20.0], pla)
    outside = 2 * (100 * 40 + 100 * 20 + 40 * 20) * pla.shell_mm / 1000.0
    own = outside + pla.infill_share * (80.0 - outside)
    assert told["model_ml"] == pytest.approx(own, rel=1e-3)
    assert told["mass_g"] == pytest.approx(own * (1 + pla.support_share) * pla.density_g_ml, rel=1e-3)
    assert told["hours"] == pytest.approx(told["used_ml"] / pla.ml_per_hour)
    assert estimate([box], [20.0, 30.0], resin)["hours"] == pytest.approx(50.0 * resin.hours_per_mm)
    assert estimate([box], [20.0], resin)["model_ml"] == pytest.approx(80.0, rel=1e-3)


def test_a_vessels_wall_is_as_thick_as_asked_and_open_where_it_was_named() -> None:
    mask = _rod()
    lumen = _surface(mask, "vessel")
    closed_wall = walled(lumen, mask, 2.0)
    assert closed_wall.openings == 0
    middle = mask.grid.to_world((11.5, 11.5, 30.0))
    points = surface_samples_mm(closed_wall.mesh)
    ring = points[np.abs(points[:, 2] - middle[2]) < 6.0]
    radius = np.linalg.norm(ring[:, :2] - middle[:2], axis=1)
    inner = float(np.median(radius[radius < 6.2]))
    assert float(np.median(radius[radius > 6.2])) - inner == pytest.approx(2.0, abs=0.12)
    top = mask.grid.to_world((11.5, 11.5, 51.0))
    opened = walled(lumen, mask, 2.0, [top, (500.0, 0.0, 0.0)])
    assert opened.openings == 1
    assert opened.missed == ((500.0, 0.0, 0.0),)
    assert opened.mesh.is_watertight
    assert self_intersections(opened.mesh) == 0
    assert opened.mesh.points_mm[:, 2].max() < top[2]
    # the bottom stays closed: its cap lies the wall's thickness below the lumen
    assert opened.mesh.points_mm[:, 2].min() == pytest.approx(lumen.points_mm[:, 2].min() - 2.0, abs=0.2)


def test_a_vessels_wall_is_open_at_the_scans_border() -> None:
    mask = _rod(60, first=0)
    wall = walled(_surface(mask, "vessel"), mask, 1.5)
    assert wall.openings == 2
    assert wall.mesh.is_watertight
    assert self_intersections(wall.mesh) == 0
    inside = wall.mesh.volume_ml * 1000.0 / (np.pi * (6.5**2 - 5.0**2))
    assert inside == pytest.approx(59.0, abs=2.0)


def test_drain_holes_lead_out_of_the_lowest_and_the_highest_point_of_a_hollow() -> None:
    ball = _surface(_ball(), "organ")
    hollow = hollowed(ball, 2.0)
    (cavity,) = hollow.cavities
    open_ball, holes = drained(hollow, np.array((0.0, 0.0, 1.0)), 2, 3.5)
    assert holes == 2
    assert open_ball.is_watertight
    # two round holes through a wall of 2 mm
    lost = (hollow.shell.volume_ml - open_ball.volume_ml) * 1000.0
    assert lost == pytest.approx(2 * np.pi * 1.75**2 * 2.0, rel=0.25)
    # a solid with two holes into one hollow is a ring: Euler number 0
    edges = 3 * len(open_ball.triangles) // 2
    assert len(open_ball.points_mm) - edges + len(open_ball.triangles) == 0
    assert cavity.volume_ml == pytest.approx(4 / 3 * np.pi * 12.0**3 / 1000.0, rel=0.03)


@pytest.mark.parametrize("clearance", [0.12, 0.3, 0.5])
def test_d_shaped_pegs_fit_with_the_gap_that_was_asked(clearance: float) -> None:
    plane = Plane((12.0, -40.0, 70.0), (1.0, 0.2, 0.1))
    first, second = halves(_box(60.0, 40.0, 30.0), plane)
    assert first is not None
    assert second is not None
    pegs = place_pegs(first, second, plane, clearance)
    assert [peg.radius_mm for peg in pegs] == [3.0, 2.0]
    # without the plane the face is found by itself
    found = place_pegs(first, second, None, clearance)
    assert len(found) == 2
    assert found[0].axis @ plane.normal > 0.999
    sockets, plugs = with_joints(first, pegs, ()), with_joints(second, (), pegs)
    for peg in pegs:
        gap = measured_gap_mm(peg, sockets, plugs)
        assert gap == pytest.approx(clearance, abs=0.05)
        # a cut that is not flat comes back beyond the peg's end: both pieces meet there, which is no gap of the peg
        beyond = surface_samples_mm(sockets, 200_000) - peg.at_mm
        far = beyond @ peg.axis
        aside = np.linalg.norm(beyond - np.outer(far, peg.axis), axis=1)
        met = peg.at_mm + beyond[(far > peg.length_mm + 2.0) & (aside < 1.0)][:1]
        corners = np.concatenate([plugs.points_mm, met + [[0, 0, 0], [1, 0, 0], [0, 1, 0]]])
        last = len(plugs.points_mm) + np.arange(3)[None]
        more = SurfaceMesh(corners, np.concatenate([plugs.triangles, last]).astype(np.int32))
        assert measured_gap_mm(peg, sockets, more) == gap
        rest = plugs.points_mm - peg.at_mm
        height = rest @ peg.axis
        rim = rest[(height > 0.9 * peg.length_mm) & (np.linalg.norm(rest - np.outer(height, peg.axis), axis=1) < 4.0)]
        # the flat of the D: not as wide to one side as to the others
        across = np.linalg.norm(rim - (rim @ peg.axis)[:, None] * peg.axis, axis=1)
        assert across.max() == pytest.approx(peg.radius_mm, abs=0.02)
        assert 0.6 * peg.radius_mm < across.min() or len(rim) > 4
    assert self_intersections(sockets) == 0
    assert self_intersections(plugs) == 0


def test_a_cut_through_the_middles_of_voxels_leaves_pieces_that_do_not_touch_themselves() -> None:
    mask = _ball()
    size = mask.grid.size_ijk
    for axis in range(3):
        place = mask.grid.to_world(tuple(n // 2 for n in size))
        for half in halves(_surface(mask, "organ"), Plane(place, np.eye(3)[axis])):
            assert half is not None
            assert half.is_watertight
            assert self_intersections(half) == 0


def test_letters_have_the_height_that_was_asked_and_l_is_not_mirrored() -> None:
    low_x, low_y, high_x, high_y = outline_of("L", 6.0).bounds()
    assert high_y - low_y == pytest.approx(6.0, abs=0.05)
    # the foot of an L lies to the right of its stem
    points = np.concatenate(outline_of("L", 6.0).to_polygons())
    assert points[points[:, 0] > (low_x + high_x) / 2][:, 1].max() < 0.0
    assert outline_of("", 6.0).is_empty()
    # R has a hole
    assert outline_of("R", 6.0).num_contour() == 2


def test_a_base_has_a_scale_bar_of_its_length_and_raised_words_on_the_front() -> None:
    part = _box(100.0, 60.0, 40.0)
    based = with_base([part], "Case 7")
    assert based.scale_mm == 50.0
    assert self_intersections(based.mesh) == 0
    floor = part.points_mm[:, 2].min() + 1.0
    raised = based.mesh.points_mm[np.abs(based.mesh.points_mm[:, 2] - floor - 0.8) < 0.02]
    assert raised[:, 1].max() < part.points_mm[:, 1].min()
    front = based.mesh.points_mm[:, 1].min()
    bar = raised[np.abs(raised[:, 1] - front - 9.5) < 0.7]
    assert np.ptp(bar[:, 0]) == pytest.approx(50.0, abs=0.01)
    plain = with_base([part])
    assert plain.mesh.volume_ml < based.mesh.volume_ml
    # the bar is in the plate's millimetres: of a model in another size it says so
    half = with_base([part], model_scale=0.5)
    assert half.scale_mm == 50.0
    assert plain.mesh.volume_ml + 0.005 < half.mesh.volume_ml
    assert self_intersections(half.mesh) == 0


def test_marks_are_engraved_on_the_right_sides_and_as_deep_as_told() -> None:
    ball = _surface(_ball(22.0), "organ")
    marked, letters = with_marks(ball)
    assert letters == ("R", "L")
    assert self_intersections(marked) == 0
    middle = ball.points_mm.mean(axis=0)
    away = np.linalg.norm(marked.points_mm - middle, axis=1)
    # deeper than the surface anywhere else: only the floors of the letters, on both sides
    deep = marked.points_mm[away < 22.0 - 0.5]
    assert deep[:, 0].min() < middle[0] - 18.0
    assert deep[:, 0].max() > middle[0] + 18.0
    assert 0.02 < (ball.volume_ml - marked.volume_ml) < 0.15
    assert with_marks(_box(5.0, 5.0, 5.0))[1] == ()


def test_a_part_lies_on_its_flat_side_and_a_mushroom_on_its_head() -> None:
    import manifold3d

    turn = (20.0, -35.0, 50.0)
    slab = manifold3d.Manifold.cube((60.0, 40.0, 8.0), True).rotate(turn)
    lying = least_supports(mesh_of(slab, np.zeros(3)))
    assert lying.overhang_cm2 == pytest.approx(0.0, abs=1e-6)
    assert lying.height_mm == pytest.approx(8.0, abs=0.02)
    assert np.linalg.det(lying.turn) == pytest.approx(1.0)
    stem = manifold3d.Manifold.cylinder(40.0, 4.0, 4.0, 48)
    mushroom = stem + manifold3d.Manifold.cylinder(5.0, 25.0, 25.0, 96).translate((0.0, 0.0, 40.0))
    standing = least_supports(mesh_of(mushroom, np.zeros(3)))
    # what was up is down
    assert standing.turn[2] @ (0.0, 0.0, 1.0) == pytest.approx(-1.0, abs=1e-3)
    assert standing.support_ml == pytest.approx(0.0, abs=1e-6)


def test_footprints_do_not_meet_and_a_new_plate_begins_when_one_is_full() -> None:
    sizes = [(50.0, 40.0), (90.0, 30.0), (40.0, 40.0), (95.0, 95.0), (20.0, 20.0), (300.0, 10.0)]
    spots = nested(sizes, (100.0, 100.0), 5.0)
    assert [spot.fits for spot in spots] == [True] * 5 + [False]
    boxes = []
    for (width, depth), spot in zip(sizes, spots, strict=True):
        w, d = (depth, width) if spot.turned else (width, depth)
        boxes.append((spot.plate, spot.x_mm, spot.y_mm, spot.x_mm + w, spot.y_mm + d))
    for n, one in enumerate(boxes):
        for other in boxes[:n]:
            apart = max(one[1] - other[3], other[1] - one[3], one[2] - other[4], other[2] - one[4])
            assert one[0] != other[0] or apart >= 5.0 - 1e-9
    assert all(max(box[3:]) <= 100.0 for box, spot in zip(boxes, spots, strict=True) if spot.fits)
    assert len({spot.plate for spot in spots}) == 3


def test_a_long_part_is_split_until_all_fits_and_no_volume_is_lost() -> None:
    mesh, bed = _box(250.0, 40.0, 30.0), (100.0, 100.0, 100.0)
    pieces: list[SurfaceMesh] = [mesh]
    for number, plane in bed_cuts(mesh, bed, pegs=True):
        first, second = halves(pieces[number], plane)
        assert first is not None
        assert second is not None
        pieces[number] = first
        pieces.append(second)
    assert len(pieces) == 4
    assert all(fits(piece, bed, 10.0) for piece in pieces)
    assert sum(piece.volume_ml for piece in pieces) == pytest.approx(mesh.volume_ml, rel=1e-5)
    assert bed_cuts(_box(90.0, 40.0, 30.0), bed, pegs=True) == []


def test_turned_and_nested_parts_are_read_back_where_they_are_in_the_patient(tmp_path: Path) -> None:
    k, j, i = np.indices((30, 40, 70))
    bar = ((i - 34) / 30) ** 2 + ((j - 20) / 14) ** 2 + ((k - 15) / 9) ** 2 <= 1
    part = PrintPart("bar", _mask(bar), "#DD8265", "organ")
    options = PrintOptions(orient=True, nest=True, split=True, pegs=True, bed_mm=(42.0, 42.0, 42.0), material="pla")
    told = make_print([part, replace(part, name="other")], tmp_path / "m.3mf", options)
    assert [row["name"] for row in told["objects"]] == ["bar_1", "bar_2", "other_1", "other_2"]
    assert told["plates"] == len(told["files"]) > 1
    assert [Path(file).name for file in told["files"]] == [f"m-plate_{n + 1}.3mf" for n in range(told["plates"])]
    for row in told["objects"]:
        assert row["watertight"]
        assert row["self_intersections"] == 0
        assert row["deviation_max_mm"] < 0.3
        placement = np.asarray(row["placement"])
        np.testing.assert_allclose(placement[:3, :3] @ placement[:3, :3].T, np.eye(3), atol=1e-9)
        assert np.linalg.det(placement[:3, :3]) == pytest.approx(1.0)
    for peg in told["pegs"]:
        assert peg["gap_mm"] == pytest.approx(0.3, abs=0.05)
    assert told["estimate"]["plates"] == told["plates"]
    assert json.dumps(told)


def test_a_shell_is_seen_through_and_leaves_room_for_what_lies_inside(tmp_path: Path) -> None:
    mask = _ball(16.0)
    k, j, i = np.indices(mask.grid.shape_kji)
    rod = np.zeros(mask.grid.shape_kji, dtype=bool)
    rod[:, 18:22, 18:22] = True
    parts = [
        PrintPart("liver", mask, "#DD8265", "organ"),
        PrintPart("portal_vein", _mask(rod & (k > 3) & (k < 36)), "#3B82E0", "vessel"),
    ]
    told = make_print(parts, tmp_path / "m.3mf", PrintOptions(shell=True))
    liver, vein = told["objects"]
    assert liver["volume_ml"] == pytest.approx(mask.volume_ml - 4 * 4 * 32 / 1000.0, rel=0.01)
    assert vein["volume_ml"] == pytest.approx(vein["structure_volume_ml"], rel=0.02)
    assert liver["watertight"]
    del i, j


def test_a_surface_keeps_every_piece_and_what_meets_in_an_edge_or_a_corner_stays_together() -> None:
    inside = np.zeros((40, 40, 40), dtype=bool)
    inside[4:14, 4:14, 4:14] = inside[14:22, 14:22, 4:12] = inside[22:28, 22:28, 12:18] = True
    # one voxel alone, and a thread of single voxels from corner to corner
    inside[34, 6, 6] = True
    inside[range(6, 14), range(30, 38), range(30, 38)] = True
    mask = _mask(inside)
    assert [piece.voxel_count for piece in pieces_of(mask)] == [1728, 8, 1]
    for kind in ("vessel", "organ"):
        mesh = surface_from_mask(mask, kind=kind)
        assert solid_count(mesh) == 3
        assert mesh.is_watertight
        assert mesh.volume_ml == pytest.approx(mask.volume_ml, rel=1e-3)
        assert self_intersections(mesh) == 0
