"""One more series in an open case: its own image, undone as one step, honest about frames of reference."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cases import make_case

from planning.case.document import Document
from planning.case.importing import another_person, image_command, other_frame
from planning.case.plans import planning_image
from planning.dicom.write import write_ct_series
from planning.errors import CaseError
from planning.geometry import Grid
from planning.volume import Volume


def _volume(value: int, size: tuple[int, int, int] = (12, 10, 8)) -> Volume:
    grid = Grid.from_parts(size, (1.0, 1.0, 2.0))
    voxels = np.full(grid.shape_kji, value, dtype=np.int16)
    voxels[2, 3, 4] = value + 50
    return Volume(grid, voxels)


def test_a_second_series_becomes_an_image_of_its_own_and_one_step(tmp_path: Path) -> None:
    second = _volume(40, (9, 9, 6))
    write_ct_series(second, tmp_path / "scan", label="DOE JANE")
    path = tmp_path / "a.theatrum"
    with make_case(path, _volume(0)) as document:
        command = image_command(document, [tmp_path / "scan"])
        document.do(command)
        assert list(document.case.images) == ["CT", "CT 2"]
        assert planning_image(document.case).name == "CT"
        assert np.array_equal(document.volume("CT 2").voxels, second.voxels)
        document.undo()
        assert list(document.case.images) == ["CT"]
        document.redo()
    with Document.open(path) as again:
        assert np.array_equal(again.volume("CT 2").voxels, second.voxels)
        assert not again.case.identifiers_kept
    assert b"DOE" not in path.read_bytes()


def test_the_same_series_is_refused_a_second_time(tmp_path: Path) -> None:
    write_ct_series(_volume(40), tmp_path / "scan")
    with make_case(tmp_path / "a.theatrum", _volume(0)) as document:
        document.do(image_command(document, [tmp_path / "scan"]))
        with pytest.raises(CaseError, match="in the case already, as CT 2"):
            image_command(document, [tmp_path / "scan"])


def test_frames_of_reference_are_compared_and_no_identifier_tells_them(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_ct_series(_volume(40 if name == "one" else 41), tmp_path / name, description=name)
    path = tmp_path / "a.theatrum"
    with Document.create(path) as document:
        first = image_command(document, [tmp_path / "one"])
        document.do(first)
        document.do(image_command(document, [tmp_path / "two"]))
        codes = [finding.code for finding in document.case.images["CT 2"].findings]
        frame = first.image.study["frame"]
    assert codes == ["other_frame"]
    assert len(frame) == 16
    assert b"FrameOfReference" not in path.read_bytes()


@pytest.mark.parametrize(
    ("first", "second", "codes"),
    [
        ({"frame": "a"}, {"frame": "a"}, []),
        ({"frame": "a"}, {"frame": "b"}, ["other_frame"]),
        ({}, {"frame": "b"}, ["frame_unknown"]),
    ],
)
def test_what_is_said_of_two_frames(first: dict[str, str], second: dict[str, str], codes: list[str]) -> None:
    assert [finding.code for finding in other_frame(first, second)] == codes


def test_scans_of_a_man_and_of_a_woman_are_told_apart() -> None:
    assert [finding.code for finding in another_person({"sex": "M"}, {"sex": "F"})] == ["another_person"]
    assert not another_person({"sex": "M"}, {"sex": "M"})
    assert not another_person({}, {"sex": "F"})
