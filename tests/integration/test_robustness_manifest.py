"""Every awkward DICOM of the shared collection: its outcome as the manifest says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from planning.dicom.load import load_series
from planning.dicom.scan import scan
from planning.errors import InputError

# straight: every voxel is HU = round(3x + 2y + 5z + 40) at its place
STRAIGHT = (
    "ok_axial",
    "shuffled_instance_numbers",
    "descending_z",
    "prone_feet_first",
    "sagittal",
    "coronal",
    "double_oblique",
    "left_handed_order",
    "spacing_tags_lie",
    "duplicate_slice_same",
    "localizer_in_series",
    "slope_per_slice",
    "high_bits_overlay",
    "monochrome1",
    "odd_number_strings",
    "charset_japanese",
    "charset_wrong",
    "hostile_names",
    "big_endian",
    "implicit",
    "deflated",
    "mixed_transfer_syntax",
    "no_preamble",
    "enhanced_ct_shuffled.dcm",
    "enhanced_ct_rescale_per_frame.dcm",
    "series_with_strangers",
    "two_slices",
)
NEARLY = ("tilt_0p05", "jitter_0p01mm", "tilt_0p3", "tilt_15", "tilt_m18p5")
REFUSED = {
    "uneven_spacing": "uneven_spacing",
    "missing_slice": "missing_slices",
    "duplicate_slice_conflict": "duplicate_positions",
    "no_pixel_spacing": "no_geometry",
    "no_position": "no_geometry",
    "no_orientation": "no_geometry",
    "orientation_not_unit": "no_geometry",
    "orientation_not_orthogonal": "no_geometry",
    "zero_spacing": "no_geometry",
    "nan_position": "no_geometry",
    "decimal_comma": "no_geometry",
    "all_one_position": "duplicate_positions",
    "single_slice": "missing_slices",
    "truncated": "truncated",
}
HOSTILE = (
    "text.dcm",
    "pdf.dcm",
    "zeros.dcm",
    "length_lie.dcm",
    "deflate_bomb_96MiB.dcm",
    "jpegls_65535.dcm",
    "rle_cut.dcm",
    "wrong_transfer_syntax.dcm",
)


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "dicom_robustness"


def _error_hu(volume, phase: int = 0) -> float:
    index = np.indices(volume.voxels.shape).reshape(3, -1)[::-1].T
    expected = np.round(volume.grid.to_world(index) @ (3, 2, 5) + 40) + 100 * phase
    voxels = volume.voxels.reshape(-1)
    inside = voxels > -1000
    return float(np.abs(voxels - expected)[inside].max())


@pytest.mark.parametrize("name", STRAIGHT)
def test_every_voxel_lies_where_its_value_says(folder: Path, name: str) -> None:
    loaded = load_series([folder / "synthetic" / name])
    assert _error_hu(loaded.volumes[0]) == 0


@pytest.mark.parametrize("name", NEARLY)
def test_tilt_and_jitter_stay_within_interpolation(folder: Path, name: str) -> None:
    loaded = load_series([folder / "synthetic" / name])
    volume = loaded.volumes[0]
    inner = volume.voxels[:, 3:-3, 1:-1]
    index = np.indices(volume.voxels.shape)[:, :, 3:-3, 1:-1].reshape(3, -1)[::-1].T
    expected = np.round(volume.grid.to_world(index) @ (3, 2, 5) + 40)
    assert np.abs(inner.reshape(-1) - expected).max() <= 1
    tilted = any(finding.code == "gantry_tilt" for finding in loaded.findings)
    assert tilted == (name in ("tilt_0p3", "tilt_15", "tilt_m18p5"))


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_volume_is_listed_with_its_problem_and_refused(folder: Path, name: str) -> None:
    found = scan([folder / "synthetic" / name])
    assert any(problem.code == REFUSED[name] for series in found.series for problem in series.problems)
    with pytest.raises(InputError):
        load_series([folder / "synthetic" / name])


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(folder: Path, name: str) -> None:
    with pytest.raises(InputError):
        load_series([folder / "synthetic" / "hostile" / name])


@pytest.mark.parametrize("name", ["rows_lie", "frames_lie"])
def test_headers_that_lie_about_size_are_refused(folder: Path, name: str) -> None:
    with pytest.raises(InputError):
        load_series([folder / "synthetic" / name])


@pytest.mark.parametrize(("name", "phases"), [("cardiac_4d", 3), ("phases_by_acquisition", 2)])
def test_phases_are_told_apart(folder: Path, name: str, phases: int) -> None:
    loaded = load_series([folder / "synthetic" / name])
    assert len(loaded.volumes) == phases
    assert [_error_hu(volume, n) for n, volume in enumerate(loaded.volumes)] == [0] * phases


@pytest.mark.parametrize("name", ["padding_minus2000", "padding_wrong_vr"])
def test_padding_becomes_air(folder: Path, name: str) -> None:
    volume = load_series([folder / "synthetic" / name]).volumes[0]
    assert (volume.voxels[:, :, :4] == -1024).all()
    assert _error_hu(volume) == 0


def test_missing_rescale_is_said(folder: Path) -> None:
    assert any(finding.code == "not_hu" for finding in load_series([folder / "synthetic" / "no_rescale"]).findings)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("two_patients_one_series_uid", 2),
        ("enhanced_ct_two_stacks.dcm", 2),
        ("mixed_size", 2),
        ("mixed_pixel_spacing", 2),
    ],
)
def test_what_does_not_belong_together_is_split(folder: Path, name: str, count: int) -> None:
    found = scan([folder / "synthetic" / name])
    assert sum(series.kind == "volume" for series in found.series) == count


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("ct_3slice", (512, 512, 3)),
        ("tilt_philips_minus18", None),
        ("tilt_philips_plus16", None),
        ("d2n_gantrytilting_001", None),
        ("d2n_siemens_multiframe_anatomical_001", (256, 256, 8)),
        ("dcmqi_24x38x3/image", (24, 38, 3)),
        ("dcmqi_24x38x3/multiframe", (24, 38, 3)),
    ],
)
def test_real_series_import(folder: Path, name: str, size: tuple[int, int, int] | None) -> None:
    loaded = load_series([folder / name])
    if size is not None:
        assert loaded.volumes[0].grid.size_ijk == size
    else:
        assert any(finding.code == "gantry_tilt" for finding in loaded.findings)


def test_enhanced_ct_has_its_published_geometry(folder: Path) -> None:
    volume = load_series([folder / "enhanced_ct" / "eCT_Supplemental.dcm"]).volumes[0]
    assert volume.grid.spacing_mm == pytest.approx((0.388672, 0.388672, 10), abs=1e-5)
    assert volume.grid.origin_mm[:2] == pytest.approx((99.5, -301.5))
    # its rows run to the right and the normal to the feet: right-handed axes begin at the head
    heights = sorted(float(volume.grid.to_world((0, 0, k))[2]) for k in range(2))
    assert heights == pytest.approx([-159, -149])


def test_every_lossless_encoding_gives_the_same_pixels(folder: Path) -> None:
    from planning.dicom.decode import FrameReader
    from planning.dicom.header import read_facts

    def pixels(name: str) -> np.ndarray:
        return FrameReader().read(read_facts(str(folder / "transfer_syntax" / name), 0), 0)

    truth = pixels("ct_implicit.dcm")
    for name in (
        "deflated",
        "RLE_lossless",
        "JPEG_lossless_SV1",
        "JPEG_lossless_process_14",
        "JPEGLS_lossless",
        "JPEG_2000_lossless",
    ):
        assert np.array_equal(pixels(f"ct_{name}.dcm"), truth), name
    for name in ("JPEG_extended_12_bit", "JPEG_spectral_selection", "JPEG_full_progression", "JPEGLS_nearlossless"):
        assert pixels(f"ct_{name}.dcm").shape == truth.shape


def test_the_real_feet_first_chest(shared_data: Path) -> None:
    loaded = load_series([shared_data / "lidc0001_dicom"])
    volume = loaded.volumes[0]
    assert volume.grid.size_ijk == (512, 512, 133)
    assert volume.grid.origin_mm == pytest.approx((-166, -171.7, -340), abs=1e-3)
    assert volume.voxels.dtype == np.int16
    assert volume.voxels.min() == -1024
    assert not loaded.identifiers
