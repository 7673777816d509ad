"""What the list of series shows: small pictures, facts, and one slice decoded alone."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from planning.dicom.preview import read_preview
from planning.dicom.scan import scan
from planning.dicom.write import write_ct_series
from planning.errors import InputError
from planning.files.volumes import write_volume
from planning.geometry import Grid
from planning.volume import Volume

GRID = Grid.from_parts((300, 280, 9), (0.9, 0.8, 2.0), (-7, 4, 50))


@pytest.fixture(scope="module")
def volume() -> Volume:
    return Volume(GRID, np.random.default_rng(0).integers(-200, 400, GRID.shape_kji).astype(np.int16))


@pytest.mark.parametrize("kind", ["folder", "zip", ".nii.gz", ".nrrd", ".mha"])
def test_the_middle_slice_is_shown(kind: str, volume: Volume, tmp_path: Path) -> None:
    source = tmp_path / f"scan{kind if kind.startswith('.') else ''}"
    if kind.startswith("."):
        lowered = volume.voxels - np.int16(100)
        write_volume(source, lowered, GRID)
        expected = lowered[4]
    else:
        write_ct_series(volume, source, description="Chest")
        expected = volume.voxels[4]
    if kind == "zip":
        packed = tmp_path / "scan.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            for path in sorted(source.iterdir()):
                archive.write(path, f"a/{path.name}")
        source = packed
    found = scan([source])
    preview = read_preview([source], 1, found=found)
    assert np.array_equal(preview.pixels, expected)
    assert preview.spacing_mm == pytest.approx((0.8, 0.9))
    assert (preview.slice_number, preview.slice_count, preview.quantity) == (5, 9, "HU")
    assert preview.right == pytest.approx((1, 0, 0))
    assert preview.down == pytest.approx((0, 1, 0))
    small = found.series[0].thumbnail
    assert small is not None
    assert small.shape == (140, 150)
    assert np.abs(small - expected[::2, ::2][:140, :150]).mean() < 200


def test_an_unknown_series_is_refused(volume: Volume, tmp_path: Path) -> None:
    write_ct_series(volume, tmp_path / "scan")
    with pytest.raises(InputError, match="no series '7'"):
        read_preview([tmp_path / "scan"], 7)


def test_facts_tell_series_apart_and_name_nobody(shared_data: Path) -> None:
    (info,) = scan([shared_data / "dicom_robustness" / "synthetic" / "cardiac_4d"]).series
    assert info.facts["gated"] == "yes"
    assert info.facts["phase"] == "5 % of R–R to 75 % of R–R"
    assert info.facts["patient_position"] == "HFS"
    assert not {"name", "number", "birth date"} & set(info.facts)
