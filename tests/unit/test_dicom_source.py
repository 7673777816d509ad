"""A case that keeps identifiers knows which file each slice came from; one that does not knows none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pydicom
import pytest

from planning.case.document import Document
from planning.case.importing import import_study
from planning.case.manifest import image_json
from planning.case.reading import image_from_json
from planning.dicom.header import read_facts
from planning.dicom.write import write_ct_series
from planning.errors import CaseError, DicomError
from planning.geometry import Grid
from planning.volume import Volume


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    grid = Grid.from_parts((12, 10, 5), (0.8, 0.7, 2.0), (3.0, -4.0, 5.0))
    write_ct_series(Volume(grid, np.arange(600, dtype=np.int16).reshape(grid.shape_kji)), folder)
    return folder


def test_slices_know_their_files_only_when_asked(study: Path, tmp_path: Path) -> None:
    import_study([study], tmp_path / "kept.theatrum", keep_identifiers=True)
    import_study([study], tmp_path / "dropped.theatrum")
    with Document.open(tmp_path / "kept.theatrum", read_only=True) as document:
        image = document.case.images["CT"]
        by_height = sorted(
            (pydicom.dcmread(path) for path in study.iterdir()), key=lambda one: one.ImagePositionPatient[2]
        )
        assert image.series is not None
        assert image.series.instances == (tuple(one.SOPInstanceUID for one in by_height),)
        assert image.series.series == by_height[0].SeriesInstanceUID
        assert np.array_equal(document.volume("CT").voxels[2], by_height[2].pixel_array)
    with Document.open(tmp_path / "dropped.theatrum", read_only=True) as document:
        assert document.case.images["CT"].series is None
    assert by_height[0].SeriesInstanceUID.encode() not in (tmp_path / "dropped.theatrum").read_bytes()


def test_filled_slices_refer_to_nothing(study: Path, tmp_path: Path) -> None:
    paths = sorted(study.iterdir())
    import_study(
        [path for n, path in enumerate(paths) if n != 2],
        tmp_path / "filled.theatrum",
        keep_identifiers=True,
        fill_missing=True,
    )
    with Document.open(tmp_path / "filled.theatrum", read_only=True) as document:
        assert document.case.images["CT"].series is None


def test_a_case_of_before_has_no_series_and_a_wrong_one_is_refused(study: Path, tmp_path: Path) -> None:
    import_study([study], tmp_path / "kept.theatrum", keep_identifiers=True)
    with Document.open(tmp_path / "kept.theatrum", read_only=True) as document:
        written = json.loads(json.dumps(image_json(document.case.images["CT"])))
    assert image_json(image_from_json(written)) == written
    before = {key: value for key, value in written.items() if key != "series"}
    assert image_from_json(before).series is None
    written["series"]["instances"][0].pop()
    with pytest.raises(CaseError, match="differ in number"):
        image_from_json(written)


def test_a_drive_that_is_gone_damages_no_file(study: Path) -> None:
    with pytest.raises(DicomError, match=r"^it cannot be read \(No such file") as told:
        read_facts(str(study / "gone.dcm"), 0)
    # one that is counted among a series' damaged files has the code "truncated"
    assert told.value.code == "unreadable"
