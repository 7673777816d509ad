"""Made acquisitions whose values tell where each voxel is: HU = round(3x + 2y + 5z + 40.1)."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import numpy as np
import pydicom
import pytest

from planning.case.document import Document
from planning.case.importing import import_study
from planning.dicom.load import load_series
from planning.dicom.scan import scan
from planning.dicom.write import number_text, write_ct_series
from planning.errors import InputError
from planning.geometry import Grid
from planning.volume import Volume

# no value falls half way between two numbers, where rounding would be a matter of luck
OFFSET = 40.1
GRADIENT = np.array((3.0, 2.0, 5.0))
SIZE, SPACING, ORIGIN = (34, 26, 8), (1.25, 1.5, 2.0), (-20.0, 7.0, 60.0)


def _turned(x: float, y: float, z: float) -> np.ndarray:
    from scipy.spatial.transform import Rotation

    return Rotation.from_euler("xyz", (x, y, z), degrees=True).as_matrix()


DIRECTIONS = {
    "axial": np.eye(3),
    "feet first, prone": np.diag((-1.0, -1.0, 1.0)),
    "feet first, supine": np.diag((-1.0, 1.0, -1.0)),
    "sagittal": np.array(((0, 0, -1), (1, 0, 0), (0, -1, 0)), dtype=float),
    "coronal": np.array(((1, 0, 0), (0, 0, 1), (0, -1, 0)), dtype=float),
    "on the side": _turned(0, 0, 90),
    "oblique": _turned(23, -31, 12),
    "double oblique": _turned(-71, 40, 155),
    "nearly axial": _turned(0.5, -0.3, 0.2),
}


def _values(grid: Grid) -> np.ndarray:
    index = np.indices(grid.shape_kji).reshape(3, -1)[::-1].T
    return np.round(grid.to_world(index) @ GRADIENT + OFFSET).reshape(grid.shape_kji).astype(np.int16)


def _position_error_mm(volume: Volume) -> float:
    off = np.abs(volume.voxels - _values(volume.grid).astype(float))[volume.voxels > -1000]
    # half a unit is rounding of the values themselves
    return float(max(0.0, off.max() - 0.5) / np.linalg.norm(GRADIENT))


def _grid(direction: np.ndarray) -> Grid:
    return Grid.from_parts(SIZE, SPACING, ORIGIN, direction)


@pytest.mark.parametrize("name", DIRECTIONS)
def test_every_voxel_lies_at_its_place(name: str, tmp_path: Path) -> None:
    grid = _grid(DIRECTIONS[name])
    paths = write_ct_series(Volume(grid, _values(grid)), tmp_path / "made")
    for number, old in enumerate(np.random.default_rng(1).permutation(len(paths))):
        shutil.move(paths[old], tmp_path / "made" / f"x{number}")
    volume = load_series([tmp_path / "made"]).volumes[0]
    assert _position_error_mm(volume) == 0
    assert volume.grid.is_same(grid, 1e-3)


@pytest.mark.parametrize("degrees", [5.0, -5.0, 15.0, -18.5, 25.0, -30.0])
def test_tilted_slices_are_straightened_up_to_their_last_pixel(degrees: float, tmp_path: Path) -> None:
    import pydicom

    grid = _grid(np.eye(3))
    for k, path in enumerate(write_ct_series(Volume(grid, _values(grid)), tmp_path / "made")):
        dataset = pydicom.dcmread(path)
        drift = k * SPACING[2] * np.tan(np.radians(degrees))
        x, y, z = (float(v) for v in dataset.ImagePositionPatient)
        dataset.ImagePositionPatient = [number_text(x), number_text(y + drift), number_text(z)]
        values = np.frombuffer(dataset.PixelData, "<i2").astype(float) + GRADIENT[1] * drift
        dataset.PixelData = np.round(values).astype("<i2").tobytes()
        dataset.save_as(path)
    loaded = load_series([tmp_path / "made"])
    assert any(finding.code == "gantry_tilt" for finding in loaded.findings)
    assert _position_error_mm(loaded.volumes[0]) <= 0.1


def test_a_series_for_each_phase_is_one_heart_in_time(tmp_path: Path) -> None:
    import pydicom

    grid = _grid(np.eye(3))
    for phase in range(3):
        folder = tmp_path / "made" / str(phase)
        for path in write_ct_series(
            Volume(grid, _values(grid) + np.int16(100 * phase)), folder, description=f"s{phase}"
        ):
            dataset = pydicom.dcmread(path)
            dataset.StudyInstanceUID, dataset.FrameOfReferenceUID = "1.2.3", "1.2.4"
            dataset.SeriesDescription = f"CorCTA 0.75 {10 * phase + 5} %"
            dataset.save_as(path)
    loaded = load_series([tmp_path / "made"])
    assert loaded.phases == ("5 % of R–R (guessed)", "15 % of R–R (guessed)", "25 % of R–R (guessed)")
    assert [int(volume.voxels.max() - _values(grid).max()) for volume in loaded.volumes] == [0, 100, 200]


def test_halves_in_two_frames_of_reference_are_listed_apart_and_why_is_said(tmp_path: Path) -> None:
    grid = _grid(np.eye(3))
    other = pydicom.uid.generate_uid()
    for path in sorted(write_ct_series(Volume(grid, _values(grid)), tmp_path / "made"))[5:]:
        dataset = pydicom.dcmread(path)
        dataset.FrameOfReferenceUID = other
        dataset.save_as(path)
    loaded = load_series([tmp_path / "made"])
    assert loaded.volumes[0].grid.size_ijk[2] == 5
    assert {"mixed_frames", "series_chosen"} <= {finding.code for finding in loaded.findings}


def test_a_zip_in_a_zip_is_opened(tmp_path: Path) -> None:
    grid = _grid(np.eye(3))
    with zipfile.ZipFile(tmp_path / "inner.zip", "w") as archive:
        for path in write_ct_series(Volume(grid, _values(grid)), tmp_path / "made"):
            archive.write(path, f"a/{path.name}")
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.write(tmp_path / "inner.zip", "disc/inner.zip")
    assert _position_error_mm(load_series([tmp_path / "outer.zip"]).volumes[0]) == 0


def test_what_is_imported_in_blocks_is_what_is_loaded_whole(tmp_path: Path) -> None:
    grid = Grid.from_parts((34, 26, 53), SPACING, ORIGIN)
    write_ct_series(Volume(grid, _values(grid)), tmp_path / "made")
    case = import_study([tmp_path / "made"], tmp_path / "case.theatrum")
    with Document.open(case, read_only=True) as document:
        assert np.array_equal(document.volume("CT").voxels, load_series([tmp_path / "made"]).volumes[0].voxels)


def test_padding_far_below_the_range_does_not_turn_into_bone(tmp_path: Path) -> None:
    import pydicom

    grid = _grid(np.eye(3))
    for path in write_ct_series(Volume(grid, _values(grid)), tmp_path / "made"):
        dataset = pydicom.dcmread(path)
        values = np.frombuffer(dataset.PixelData, "<i2").reshape(26, 34).copy() + np.int16(1024)
        values[:, :3] = -32768
        dataset.RescaleIntercept, dataset.PixelData = "-1024", values.tobytes()
        dataset.save_as(path)
    voxels = load_series([tmp_path / "made"]).volumes[0].voxels
    assert (voxels[:, :, :3] == -1024).all()
    assert np.array_equal(voxels[:, :, 3:], _values(grid)[:, :, 3:])


def test_a_header_may_not_point_outside_its_folder(tmp_path: Path) -> None:
    header = tmp_path / "scan.mhd"
    header.write_text(
        "ObjectType = Image\nNDims = 3\nDimSize = 4 4 4\nElementType = MET_SHORT\nElementDataFile = /etc/passwd\n"
    )
    with pytest.raises(InputError, match="another folder"):
        load_series([header])


@pytest.mark.parametrize(
    ("kept", "step_mm", "can_be_filled"),
    [
        ((0, 1, 2, 5, 6, 7), 2.0, True),
        ((0, 1, 4, 7), 2.0, True),
        ((0, 1, 2, 5, 6, 7), 8.0, True),
        # more would be made up than was seen
        ((0, 1, 7), 2.0, False),
    ],
)
def test_a_gap_is_filled_only_as_far_as_slices_on_both_sides_tell_of_it(
    kept: tuple[int, ...], step_mm: float, can_be_filled: bool, tmp_path: Path
) -> None:
    grid = Grid.from_parts(SIZE, (*SPACING[:2], step_mm), ORIGIN)
    for number, path in enumerate(write_ct_series(Volume(grid, _values(grid)), tmp_path / "made")):
        if number not in kept:
            path.unlink()
    (info,) = scan([tmp_path / "made"]).series
    assert not info.importable
    assert info.fillable is can_be_filled
    if can_be_filled:
        assert load_series([tmp_path / "made"], fill_missing=True).volumes[0].grid.size_ijk[2] == 8
    else:
        with pytest.raises(InputError, match="hoose another series"):
            load_series([tmp_path / "made"], fill_missing=True)
