"""Input that cannot be used: exit 3, one clear line, nothing written."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.cli import main
from planning.dicom.write import write_ct_series
from planning.geometry import Grid
from planning.volume import Volume


def _series(folder: Path, count: int = 8) -> list[Path]:
    grid = Grid.from_parts((16, 14, count), (0.9, 0.8, 2.0), (-7, 4, 50))
    voxels = np.random.default_rng(0).integers(-200, 400, grid.shape_kji).astype(np.int16)
    return write_ct_series(Volume(grid, voxels), folder)


def _gap(folder: Path) -> Path:
    _series(folder)[3].unlink()
    return folder


def _uneven(folder: Path) -> Path:
    import pydicom

    for path in _series(folder)[4:]:
        dataset = pydicom.dcmread(path)
        dataset.ImagePositionPatient[2] = float(dataset.ImagePositionPatient[2]) + 0.7
        dataset.save_as(path)
    return folder


def _not_a_number(folder: Path) -> Path:
    for path in _series(folder):
        raw = path.read_bytes()
        at = raw.index(b"\x20\x00\x32\x00DS")
        path.write_bytes(raw[: at + 8] + b"nan" + raw[at + 11 :])
    return folder


def _truncated(folder: Path) -> Path:
    for path in _series(folder):
        path.write_bytes(path.read_bytes()[:-100])
    return folder


def _file(name: str, content: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        folder.mkdir()
        (folder / name).write_bytes(content)
        return folder / name

    return make


def _zip(name: str, content: bytes, times: int = 1) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        folder.mkdir()
        path = folder / "scan.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(times):
                archive.writestr(name.format(number), content)
        return path

    return make


def _empty(folder: Path) -> Path:
    folder.mkdir()
    return folder


CASES: dict[str, Callable[[Path], Path]] = {
    "gap": _gap,
    "uneven": _uneven,
    "nan": _not_a_number,
    "truncated": _truncated,
    "pdf": _file("a.dcm", b"%PDF-1.7 no scan"),
    "text": _file("a.txt", b"just words"),
    "zip that climbs": _zip("../../evil.dcm", b"x"),
    "zip bomb": _zip("{}.bin", bytes(40 << 20), 8),
    "nothing": _empty,
    "not there": lambda folder: folder / "nowhere",
}


@pytest.mark.parametrize("kind", CASES)
def test_unusable_input_is_refused_with_one_line_and_leaves_nothing(
    kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    source = CASES[kind](tmp_path / "scan")
    target = tmp_path / "out"
    target.mkdir()
    assert main(["import", str(source), "-o", str(target / "case.theatrum"), "--quiet"]) == 3
    lines = [line for line in capfd.readouterr().err.splitlines() if line.strip()]
    assert len(lines) == 1
    assert lines[0].startswith("theatrum: error: ")
    assert not list(target.iterdir())


def test_missing_slices_are_filled_and_marked_when_asked(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source = _gap(tmp_path / "scan")
    case = tmp_path / "case.theatrum"
    assert main(["import", str(source), "-o", str(case), "--quiet", "--fill-missing", "--json"]) == 0
    import json

    told = json.loads(capfd.readouterr().out)
    assert told["images"][0]["size_ijk"] == [16, 14, 8]
    assert told["images"][0]["filled_slices"] == [3]
    assert any(warning["code"] == "filled_slices" for warning in told["warnings"])
