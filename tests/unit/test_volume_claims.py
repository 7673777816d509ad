"""Volume files whose words leave a doubt about sizes are refused; those that are only written otherwise are read alike."""

from __future__ import annotations

import struct
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from planning.case.document import Document
from planning.case.importing import import_study
from planning.case.untrue_slices import untrue_findings
from planning.errors import InputError
from planning.files.volumes import read_volume, write_volume
from planning.geometry import Grid
from planning.volume import NOT_HU

VOXELS = np.arange(4 * 5 * 6, dtype=np.int16).reshape(4, 5, 6)


def _turned() -> Grid:
    from scipy.spatial.transform import Rotation

    matrix = np.eye(4)
    matrix[:3, :3] = Rotation.from_euler("xyz", (20, -35, 70), degrees=True).as_matrix() * (0.7, 0.8, 1.5)
    matrix[:3, 3] = (-120.0, 44.0, 210.0)
    return Grid((6, 5, 4), matrix)


def _nifti(folder: Path, *changes: tuple[int, str, tuple[float, ...]], grid: Grid | None = None) -> Path:
    path = folder / "scan.nii"
    write_volume(path, VOXELS, grid or _turned())
    whole = bytearray(path.read_bytes())
    for offset, kind, values in changes:
        struct.pack_into(f"<{len(values)}{kind}", whole, offset, *values)
    path.write_bytes(whole)
    return path


def _sform(grid: Grid, scale_k: float = 1.0, shift_mm: float = 0.0) -> tuple[int, str, tuple[float, ...]]:
    ras = np.diag((-1.0, -1.0, 1.0, 1.0)) @ grid.world_from_index
    ras[:3, 2] *= scale_k
    ras[2, 3] += shift_mm
    return 280, "f", tuple(ras[:3].ravel())


def test_affines_that_agree_are_read_and_those_that_do_not_are_refused(tmp_path: Path) -> None:
    grid = _turned()
    assert np.allclose(read_volume(_nifti(tmp_path))[1].world_from_index, grid.world_from_index, atol=1e-4)
    for wrong in (_sform(grid, scale_k=1.2), _sform(grid, shift_mm=5.0)):
        with pytest.raises(InputError, match="sform and qform"):
            read_volume(_nifti(tmp_path, wrong))
    # one of them alone is no contradiction: the codes of qform and sform
    alone = read_volume(_nifti(tmp_path, _sform(grid, shift_mm=5.0), (252, "h", (0, 1))))[1]
    assert np.allclose(alone.origin_mm, grid.origin_mm + (0, 0, 5), atol=1e-4)


def test_a_step_that_is_not_positive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not positive"):
        read_volume(_nifti(tmp_path, (252, "h", (1, 0)), (88, "f", (-1.5,))))


def test_a_slope_of_zero_scales_nothing(tmp_path: Path) -> None:
    assert np.array_equal(read_volume(_nifti(tmp_path, (112, "f", (0.0, 5.0))))[0], VOXELS)
    assert np.allclose(read_volume(_nifti(tmp_path, (112, "f", (0.5, 5.0))))[0], VOXELS * 0.5 + 5.0)


@pytest.mark.parametrize("scale", [0.001, 1000.0])
def test_a_scan_in_metres_or_micrometres_that_does_not_say_so_is_refused(tmp_path: Path, scale: float) -> None:
    grid = _turned()
    matrix = grid.world_from_index.copy()
    matrix[:3] *= scale
    path = _nifti(tmp_path, grid=Grid(grid.size_ijk, matrix))
    with pytest.raises(InputError, match="no scan of a person"):
        read_volume(path)
    # the same with its unit told (1: metres, 3: micrometres) is read
    told = _nifti(tmp_path, (123, "B", (1 if scale < 1 else 3,)), grid=Grid(grid.size_ijk, matrix))
    assert np.allclose(read_volume(told)[1].spacing_mm, grid.spacing_mm, rtol=1e-4)


def test_a_scan_in_centimetres_is_refused_and_a_small_phantom_is_not(tmp_path: Path) -> None:
    voxels = np.zeros((80, 90, 100), dtype=np.int16)
    for step_mm, refused in ((0.08, True), (0.5, False)):
        write_volume(tmp_path / "scan.nrrd", voxels, Grid((100, 90, 80), np.diag((step_mm, step_mm, step_mm, 1.0))))
        if refused:
            with pytest.raises(InputError, match="less than any scan"):
                read_volume(tmp_path / "scan.nrrd")
        else:
            read_volume(tmp_path / "scan.nrrd")


def _nrrd(path: Path, space: str = "left-posterior-superior", units: str = "") -> Path:
    path.write_bytes(
        f"NRRD0004\ntype: int16\ndimension: 3\nspace: {space}\nsizes: 6 5 4\n"
        f"space directions: (0.7,0,0) (0,0.8,0) (0,0,1.5)\n{units}endian: little\nencoding: raw\n"
        "space origin: (1,2,3)\n\n".encode()
        + VOXELS.tobytes()
    )
    return path


def test_an_nrrd_in_another_unit_or_of_no_body_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scan.nrrd"
    for units in ("", 'space units: "mm" "mm" "mm"\n', 'space units: "" "" ""\n'):
        assert np.allclose(read_volume(_nrrd(path, units=units))[1].spacing_mm, (0.7, 0.8, 1.5))
    with pytest.raises(InputError, match=r"not in millimetres \(cm\)"):
        read_volume(_nrrd(path, units='space units: "cm" "cm" "cm"\n'))
    with pytest.raises(InputError, match="how its axes lie"):
        read_volume(_nrrd(path, space="3D-left-handed"))
    head, rest = _nrrd(path).read_bytes().split(b"\n\n", 1)
    kept = [line for line in head.split(b"\n") if not line.startswith(b"space")]
    for alone in (kept, [*kept, b"space dimension: 3", b"space directions: (1,0,0) (0,1,0) (0,0,1)"]):
        path.write_bytes(b"\n".join(alone) + b"\n\n" + rest)
        with pytest.raises(InputError, match="how its axes lie"):
            read_volume(path)


def _mha(path: Path, more: str = "", matrix: str = "1 0 0 0 1 0 0 0 1") -> Path:
    path.write_bytes(
        f"ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nTransformMatrix = {matrix}\n"
        f"Offset = 1 2 3\n{more}ElementSpacing = 0.7 0.8 1.5\nDimSize = 6 5 4\nElementType = MET_SHORT\n"
        "ElementDataFile = LOCAL\n".encode()
        + VOXELS.tobytes()
    )
    return path


def test_an_mha_that_asks_for_scaling_or_stretches_its_axes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scan.mha"
    plain = "ElementToIntensityFunctionSlope = 1\nElementToIntensityFunctionOffset = 0\n"
    assert np.array_equal(read_volume(_mha(path, plain))[0], VOXELS)
    with pytest.raises(InputError, match="be scaled"):
        read_volume(_mha(path, "ElementToIntensityFunctionSlope = 2\n"))
    with pytest.raises(InputError, match="unit vectors"):
        read_volume(_mha(path, matrix="2 0 0 0 2 0 0 0 2"))
    whole = _mha(path).read_bytes()
    for other in (b"Orientation", b"Rotation"):
        path.write_bytes(whole.replace(b"TransformMatrix", other, 1))
        assert np.array_equal(read_volume(path)[0], VOXELS)
    path.write_bytes(whole.replace(b"TransformMatrix", b"AnyComment", 1))
    with pytest.raises(InputError, match="how its axes lie"):
        read_volume(path)


def test_a_ct_that_shows_no_air_is_told_at_import_and_with_each_plan_made_by_its_values(tmp_path: Path) -> None:
    grid = Grid((20, 20, 12), np.diag((1.0, 1.0, 1.0, 1.0)))
    hounsfield = np.where(np.arange(20) < 10, -900, 300).astype(np.int16) + np.zeros(grid.shape_kji, np.int16)
    for name, voxels, doubted in (("plain", hounsfield, False), ("added", hounsfield + 1024, True)):
        write_volume(tmp_path / f"{name}.nii.gz", voxels.astype(np.int16), grid)
        import_study((tmp_path / f"{name}.nii.gz",), tmp_path / f"{name}.theatrum")
        with Document.open(tmp_path / f"{name}.theatrum") as document:
            (image,) = document.case.images.values()
            assert (NOT_HU in {finding.code for finding in image.findings}) == doubted
            assert (image.quantity == "HU") != doubted
            for kind in ("tavr", "vessel", "liver"):
                plan = SimpleNamespace(kind=kind, inputs={}, results={})
                told = {finding.code for finding in untrue_findings(document.case, image, plan)}  # type: ignore[arg-type]
                assert (NOT_HU in told) == (doubted and kind != "liver")
