"""Trees with branches: parents, forks and lengths of analytic arteries; sections at a fork of a surface."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from arteries import artery, make_pelvis, standard_arteries
from roots import make_tube

from planning.errors import MeasurementError
from planning.vessel.plan import find_centerline
from planning.vessel.trees import find_tree


def test_the_iliac_tree_has_its_branches_where_they_were_built() -> None:
    arteries = standard_arteries(kinked=False)
    pelvis = make_pelvis(arteries, spacing=(1.0, 1.0, 1.2), noise_hu=15.0, bone=False)
    tree = find_tree(pelvis.volume, (6.0, 0.0, 60.0), reach_mm=260.0)
    rows = tree["branches"]
    assert len(rows) == 4
    assert rows[0]["parent"] is None
    assert np.linalg.norm(np.array(rows[1]["fork_mm"]) - pelvis.fork_mm) < 9.0
    assert rows[1]["parent"] == 0
    for side in ("right", "left"):
        truth = arteries[f"{side}_internal"]
        near = min(rows, key=lambda row: float(np.linalg.norm(np.array(row["end_mm"]) - truth.curve_mm[-1])))
        assert np.linalg.norm(np.array(near["end_mm"]) - truth.curve_mm[-1]) < 6.0
        assert np.linalg.norm(np.array(near["fork_mm"]) - truth.curve_mm[0]) < 9.0
        assert near["mean_diameter_mm"] == pytest.approx(5.4, abs=1.2)


def test_a_point_without_contrast_has_no_tree() -> None:
    pelvis = make_pelvis({"aorta": standard_arteries()["aorta"]}, spacing=(1.5, 1.5, 2.0), bone=False)
    with pytest.raises(MeasurementError, match="no contrast"):
        find_tree(pelvis.volume, (60.0, 20.0, 60.0))
    with pytest.raises(MeasurementError, match="outside"):
        find_tree(pelvis.volume, (600.0, 20.0, 60.0))


def test_a_thin_dark_sheet_across_a_vessel_is_crossed_and_told() -> None:
    from planning.vessel.plan import make_vessel_plan
    from planning.volume import Volume

    t = np.linspace(0.0, 1.0, 2000)
    curve = np.stack([0 * t + 0.2, 0 * t - 0.1, 50 * t], 1)
    volume = make_tube(curve, np.full(2000, 8.0), noise_hu=8.0)
    z = volume.grid.to_world(
        np.stack([np.zeros(volume.grid.size_ijk[2])] * 2 + [np.arange(volume.grid.size_ijk[2])], 1)
    )
    voxels = volume.voxels.copy()
    voxels[np.argmin(np.abs(z[:, 2] - 25.0))] = np.minimum(voxels[np.argmin(np.abs(z[:, 2] - 25.0))], 90)
    plan = make_vessel_plan(Volume(volume.grid, voxels), curve[200], curve[-200])
    assert plan["length_mm"] == pytest.approx(float(np.linalg.norm(curve[-200] - curve[200])), rel=0.01)
    assert "gap_crossed" in {warning["code"] for warning in plan["warnings"]}


def test_the_quick_centreline_is_as_long_as_the_vessel() -> None:
    vessel = artery("vessel", [(0, 0, 0), (30, 10, 20), (40, -10, 60), (10, 0, 100)], 4.0, 3.0)
    volume = make_tube(vessel.curve_mm, vessel.radius_mm)
    line = find_centerline(volume, [vessel.curve_mm[20], vessel.curve_mm[-20]])
    true = float(np.linalg.norm(np.diff(vessel.curve_mm[20:-19], axis=0), axis=1).sum())
    assert line.length_mm == pytest.approx(true, rel=0.006)


@pytest.mark.parametrize(("number", "length"), [(0, 77.812), (1, 76.156)])
@pytest.mark.parametrize("surface", ["aorta-surface.vtp", "aorta-surface-open-ends.stl"])
def test_another_programs_aorta_reads_as_it_read_it(
    shared_data: Path, number: int, length: float, surface: str
) -> None:
    import json

    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkIOXML import vtkXMLPolyDataReader

    from planning.files.meshes import read_mesh
    from planning.files.volumes import read_volume
    from planning.mesh import SurfaceMesh
    from planning.vessel.plan import make_vessel_plan
    from planning.volume import Volume

    folder = shared_data / "vmtk_aorta"
    flip = np.array((-1.0, -1.0, 1.0))  # the files are RAS
    reader = vtkXMLPolyDataReader()
    reader.SetFileName(str(folder / "aorta-centerline.vtp"))
    reader.Update()
    lines = reader.GetOutput()
    ids = lines.GetCell(number).GetPointIds()
    points = vtk_to_numpy(lines.GetPoints().GetData())[[ids.GetId(n) for n in range(ids.GetNumberOfIds())]] * flip
    mesh = read_mesh(folder / surface)
    voxels, grid = read_volume(folder / "aorta.mha")
    volume = Volume(grid, np.asarray(voxels, dtype=np.float32), quantity="")
    plan = make_vessel_plan(volume, points[0], points[-1], mesh=SurfaceMesh(mesh.points_mm * flip, mesh.triangles))
    assert plan["length_mm"] == pytest.approx(length, rel=0.01)
    stations = plan["stations"]
    places, tangents = (np.array([row[key] for row in stations]) for key in ("position_mm", "tangent"))
    within, closed = 0, 0
    for section in json.loads((folder / "reference.json").read_text(encoding="utf-8"))["sections"]:
        if section["group"] not in (0, 2 + number):
            continue
        point = np.array(section["first_contour_point_lps_as_stored"]) * flip
        off = np.abs(((point - places) * tangents).sum(axis=1))
        off[np.linalg.norm(point - places, axis=1) > 14.0] = np.inf
        found = stations[int(np.argmin(off))]
        if not section["closed"]:
            assert not found["closed"], section["cell"]
        else:
            closed += 1
            within += bool(found["closed"] and abs(found["area_mm2"] / section["area_mm2"] - 1.0) <= 0.02)
    # sections beside the fork and at the very end lie on planes of another tilt
    assert within >= closed - 2
