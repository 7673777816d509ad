"""Every awkward DICOM of the shared collection: its outcome is what its row of the manifest asks for."""

from __future__ import annotations

import csv
import logging
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import manifest_rows as rows
import numpy as np
import numpy.typing as npt
import pytest
from manifest_rows import FOLDERS, listed, loaded

from planning.dicom.decode import FrameReader
from planning.dicom.header import read_facts
from planning.dicom.label_objects import read_label_object
from planning.dicom.load import load_series
from planning.dicom.measured_report import report_content
from planning.errors import DicomError, InputError

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "dicom_robustness"
HOSTILE = (
    "text",
    "pdf",
    "zeros",
    "length_lie",
    "deflate_bomb_96MiB",
    "jpegls_65535",
    "rle_cut",
    "wrong_transfer_syntax",
)
PADDED = ("padding_minus2000", "padding_wrong_vr")


def _rows() -> list[str]:
    try:
        with (REAL / "MANIFEST.tsv").open(encoding="utf-8") as file:
            return [row["file"] for row in csv.DictReader(file, delimiter="\t")]
    except OSError:
        return []


def _of(kind: type) -> list[str]:
    return [row for row in _rows() if isinstance(rows.expected_of(row), kind)]


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "dicom_robustness"


@pytest.fixture(autouse=True, scope="module")
def _quiet() -> Iterator[None]:
    logging.getLogger("pydicom").setLevel(logging.CRITICAL)
    yield
    _values.cache_clear()


def _off(volume: Any, phase: int) -> npt.NDArray[np.float64]:
    """How far each voxel that is no padding lies from the formula of its place, `[k, j, i]`."""
    index = np.indices(volume.voxels.shape).reshape(3, -1)[::-1].T
    expected = np.round(volume.grid.to_world(index) @ (3, 2, 5) + 40) + 100 * phase
    off = np.abs(volume.voxels - expected.reshape(volume.voxels.shape))
    return np.where(volume.voxels > -1000, off, 0.0)


@lru_cache(maxsize=4)
def _values(path: Path) -> npt.NDArray[np.float64]:
    """All frames of a file, rescaled, `[k, j, i]`."""
    facts = read_facts(str(path), 0)
    assert facts.pixels is not None
    first, reader = facts.frames[0], FrameReader()
    return np.array([reader.read(facts, n) for n in range(facts.pixels.frames)]) * first.slope + first.intercept


def _held_to(found: Any, wanted: rows.Volume) -> None:
    assert len(found.volumes) == wanted.phases
    assert sorted(one.code for one in found.findings) == sorted(wanted.says)
    for phase, volume in enumerate(found.volumes):
        assert np.linalg.det(volume.grid.direction) == pytest.approx(1.0, abs=1e-6)
        if wanted.size is not None:
            assert volume.grid.size_ijk == wanted.size
        if wanted.spacing_mm is not None:
            assert volume.grid.spacing_mm == pytest.approx(wanted.spacing_mm, abs=1e-5)
        if wanted.hu is not None:
            assert (volume.voxels.min(), volume.voxels.max()) == wanted.hu
        if wanted.formula:
            # straightened slices are bent at their borders, where there is nothing on the other side
            inner = (slice(None), slice(3, -3), slice(1, -1)) if "gantry_tilt" in wanted.says else ()
            assert _off(volume, phase)[inner].max() <= wanted.most_off


def test_each_row_of_the_manifest_has_its_code(folder: Path) -> None:
    found = _rows()
    assert len(found) == 167
    assert [row for row in found if rows.expected_of(row) is None] == []
    assert set(rows.EXPECTED) <= set(found)


@pytest.mark.parametrize("row", _of(rows.Volume))
def test_what_is_a_volume_is_read_in_its_place(folder: Path, row: str) -> None:
    wanted = rows.expected_of(row)
    assert len(listed(folder / row).series) == wanted.series
    _held_to(loaded(folder / row), wanted)


@pytest.mark.parametrize("row", _of(rows.Refused))
def test_what_is_no_volume_is_refused_and_says_why(folder: Path, row: str) -> None:
    wanted = rows.expected_of(row)
    if wanted.skipped:
        with pytest.raises(InputError) as refused:
            listed(folder / row)
        said = str(refused.value)
        assert wanted.says in said or "only 6 other files" in said
    else:
        found = listed(folder / row)
        assert [wanted.says in [one.text for one in series.problems] for series in found.series] == [True]
        assert not found.series[0].importable
    with pytest.raises(InputError):
        loaded(folder / row)


@pytest.mark.parametrize("row", _of(rows.Pixels))
def test_a_single_slice_has_its_true_values(folder: Path, row: str) -> None:
    wanted, path = rows.expected_of(row), folder / row
    (series,) = listed(path).series
    assert wanted.listed in [one.text for one in series.problems]
    with pytest.raises(InputError):
        loaded(path)
    if wanted.like:
        assert np.abs(_values(path) - _values(folder / wanted.like)).max() <= wanted.most_hu
    if wanted.hu is not None:
        values = _values(path)
        assert wanted.hu[0] <= values.min() <= values.max() <= wanted.hu[1]
    assert read_facts(str(path), 0).is_lossy == wanted.lossy


@pytest.mark.parametrize("row", _of(rows.SliceOf))
def test_a_slice_alone_is_no_volume(folder: Path, row: str) -> None:
    (series,) = listed(folder / row).series
    assert [one.text for one in series.problems] == [rows.SINGLE]


@pytest.mark.parametrize("name", [name for name in FOLDERS if isinstance(FOLDERS[name], rows.Volume)])
def test_the_folder_of_slices_is_a_volume(folder: Path, name: str) -> None:
    wanted = FOLDERS[name]
    assert isinstance(wanted, rows.Volume)
    assert len(listed(folder / name).series) == wanted.series
    _held_to(loaded(folder / name), wanted)


@pytest.mark.parametrize("row", _of(rows.Segments))
def test_a_segmentation_has_its_voxels(folder: Path, row: str) -> None:
    wanted = rows.expected_of(row)
    layers, grid, names = read_label_object(folder / row, row, None, False)
    assert grid.size_ijk == wanted.size
    found = {name: sum(int((layer == value).sum()) for layer in layers) for value, name in names.items() if value}
    assert found == wanted.voxels
    if wanted.grid_of:
        volume = loaded(folder / wanted.grid_of).volumes[0]
        assert volume.grid.is_same(grid)
        if wanted.grid_of == "ct_3slice":
            # noisy, but liver; mirrored it lies over lung and fat
            liver = layers[0] == 1
            assert np.percentile(volume.voxels[liver], 25) > 0
            assert all(np.percentile(volume.voxels[np.flip(liver, n)], 25) < -50 for n in (1, 2))


@pytest.mark.parametrize("row", _of(rows.Report))
def test_a_report_tells_its_measurements(folder: Path, row: str) -> None:
    wanted = rows.expected_of(row)
    groups = report_content(folder / row, row)["groups"]
    assert len(groups) == wanted.groups
    number = groups[0]["numbers"][0]
    assert (number["name"]["meaning"], pytest.approx(number["value"]), number["unit"]) == wanted.first
    assert listed(folder / row).series[0].problems[0].text == rows.SR


# what the manifest says of some rows beyond their code


def test_straight_slices_of_a_multi_frame_file_are_its_single_ones(folder: Path) -> None:
    for size in ("24x38x3", "23x38x3"):
        one, many = (loaded(folder / f"dcmqi_{size}" / kind).volumes[0] for kind in ("image", "multiframe"))
        assert one.grid.is_same(many.grid)
        assert np.array_equal(one.voxels, many.voxels)


def test_enhanced_ct_has_its_published_geometry(folder: Path) -> None:
    volume = loaded(folder / "enhanced_ct" / "eCT_Supplemental.dcm").volumes[0]
    assert volume.grid.origin_mm[:2] == pytest.approx((99.5, -301.5))
    # its rows run to the right and the normal to the feet: right-handed axes begin at the head
    assert sorted(float(volume.grid.to_world((0, 0, k))[2]) for k in range(2)) == pytest.approx([-159, -149])


@pytest.mark.filterwarnings("ignore")
def test_a_frame_that_is_cut_short_is_never_shown(folder: Path) -> None:
    facts = read_facts(str(folder / "pydicom_data" / "emri_small_jpeg_2k_lossless_too_short.dcm"), 0)
    with pytest.raises(DicomError, match="cannot be decoded"):
        FrameReader().read(facts, 9)


def test_an_icon_is_not_taken_for_the_image(folder: Path) -> None:
    facts = read_facts(str(folder / "other" / "suyash_1.dcm"), 0)
    assert facts.pixels is not None
    assert (facts.pixels.rows, facts.pixels.columns, facts.study["units"]) == (168, 168, "SUV")


@pytest.mark.parametrize("row", [row for row in _rows() if getattr(rows.expected_of(row), "only_if_filled", False)])
def test_gaps_are_filled_only_when_asked_and_each_slice_lies_where_it_was_taken(folder: Path, row: str) -> None:
    found = loaded(folder / row, fill=True)
    assert "filled_slices" in [one.code for one in found.findings]
    assert found.filled_slices
    # rounded twice
    assert _off(found.volumes[0], 0).max() <= 1
    volume, truth = found.volumes[0], loaded(folder / "synthetic" / "ok_axial").volumes[0]
    ends = [volume.grid.to_world((0, 0, k))[2] for k in (0, volume.grid.size_ijk[2] - 1)]
    last = {"synthetic/uneven_spacing": 111.5, "synthetic/missing_slice": 112.0, "synthetic/truncated": 110.0}[row]
    assert ends == pytest.approx([truth.grid.origin_mm[2], last])


@pytest.mark.parametrize(
    ("name", "fill", "step"), [("tilt_philips_minus18", False, 1), ("tilt_philips_plus16", False, 1), ("tilt_ge_variable", True, 5)]
)  # fmt: skip
def test_tilted_slices_are_found_at_their_own_header_positions(folder: Path, name: str, fill: bool, step: int) -> None:
    from scipy import ndimage

    found = loaded(folder / name, fill=fill)
    assert "gantry_tilt" in [one.code for one in found.findings]
    volume = found.volumes[0]
    paths = sorted((folder / name).iterdir())
    facts = [read_facts(str(path), 0) for path in paths]
    ordered = sorted(range(len(facts)), key=lambda n: facts[n].frames[0].position or ())
    # between slices that are far apart nothing is known: the first and the last lie as they were taken
    for n in [ordered[0], ordered[-1]] if fill else ordered[::step]:
        frame, form = facts[n].frames[0], facts[n].pixels
        assert frame.position
        assert frame.orientation
        assert frame.spacing
        assert form
        row, column = np.meshgrid(
            np.arange(100, form.rows - 100, 7), np.arange(100, form.columns - 100, 7), indexing="ij"
        )
        right, down = np.array(frame.orientation[:3]), np.array(frame.orientation[3:])
        world = (
            np.array(frame.position)
            + column[..., None] * frame.spacing[1] * right
            + row[..., None] * frame.spacing[0] * down
        )
        values = _values(paths[n])[0][row, column]

        def beside(
            pixels: float, world: Any = world, down: Any = down, frame: Any = frame, values: Any = values
        ) -> float:
            index = volume.grid.to_index((world + pixels * frame.spacing[0] * down).reshape(-1, 3))
            there = ndimage.map_coordinates(volume.voxels.astype(np.float32), index[:, ::-1].T, order=1, mode="nearest")
            return float(np.sqrt(np.mean((there - values.ravel()) ** 2)))

        assert beside(0.0) < 0.5 * min(beside(-1.0), beside(1.0))


@pytest.mark.parametrize("name", PADDED)
def test_padding_becomes_air(folder: Path, name: str) -> None:
    assert (loaded(folder / "synthetic" / name).volumes[0].voxels[:, :, :4] == -1024).all()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_the_programs_own_child(folder: Path, name: str) -> None:
    with pytest.raises(InputError):
        load_series([folder / "synthetic" / "hostile" / f"{name}.dcm"])


def test_a_segmentation_of_slides_is_not_taken_onto_a_ct(folder: Path) -> None:
    grid = loaded(folder / "ct_3slice").volumes[0].grid
    path = folder / "seg_sr" / "seg_image_sm_control_labelmap_palette_color.dcm"
    _, own, _ = read_label_object(path, path.name, grid, False)
    assert not own.is_same(grid, 0.01)


def test_the_real_feet_first_chest(shared_data: Path) -> None:
    found = loaded(shared_data / "lidc0001_dicom")
    volume = found.volumes[0]
    assert volume.grid.size_ijk == (512, 512, 133)
    assert volume.grid.origin_mm == pytest.approx((-166, -171.7, -340), abs=1e-3)
    assert volume.voxels.dtype == np.int16
    assert volume.voxels.min() == -1024
    assert not found.identifiers
