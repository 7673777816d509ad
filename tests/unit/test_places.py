"""Places that cannot be written: one calm line, never half a file, never a bug's message."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.cli import main
from app.opening import ImportRequest, import_series
from planning.case.document import Document
from planning.case.saving import save_copy
from planning.errors import Cancelled, CaseError, InputError
from planning.files.meshes import ENDINGS, MeshObject, write_meshes
from planning.files.place import system_refusal
from planning.files.volumes import write_volume
from planning.geometry import Grid
from planning.mesh import SurfaceMesh
from planning.progress import CancelToken


@contextlib.contextmanager
def _files_of_at_most(size: int) -> Iterator[None]:
    # the system refuses the next byte, as a full disk does
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _mesh() -> MeshObject:
    points = np.random.default_rng(0).normal(size=(6000, 3))
    return MeshObject("liver", SurfaceMesh(points, np.arange(6000, dtype=np.int32).reshape(-1, 3)), "#DD8265")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_surface_that_finds_no_room_is_refused_and_leaves_nothing(tmp_path: Path, ending: str) -> None:
    with _files_of_at_most(40_000), pytest.raises(InputError, match="the disk is full"):
        write_meshes(tmp_path / f"liver{ending}", [_mesh()])
    assert not list(tmp_path.iterdir())
    write_meshes(tmp_path / f"liver{ending}", [_mesh()])


@pytest.mark.parametrize("room", [40_000, 100_000])
@pytest.mark.parametrize("ending", [".nii", ".nii.gz", ".nrrd", ".mha"])
def test_an_image_that_finds_no_room_is_refused_and_leaves_nothing(tmp_path: Path, ending: str, room: int) -> None:
    voxels = np.random.default_rng(0).integers(0, 2000, (20, 64, 64)).astype(np.int16)
    with _files_of_at_most(room), pytest.raises(InputError, match="cannot be written"):
        write_volume(tmp_path / f"ct{ending}", voxels, Grid.from_parts((64, 64, 20), (1, 1, 1), (0, 0, 0)))
    assert not list(tmp_path.iterdir())


def test_a_name_that_is_too_long_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    long = tmp_path / f"{'a' * 300}.theatrum"
    assert main(["import", str(tmp_path), "-o", str(long)]) == 3
    assert "too long" in capsys.readouterr().err


def test_a_refused_draft_is_told_by_the_name_that_was_asked_for(tmp_path: Path) -> None:
    draft = OSError(errno.ENOENT, "No such file or directory", str(tmp_path / ".theatrum-1x.pdf"))
    told = system_refusal(draft, tmp_path / "report.pdf")
    assert told is not None
    assert told.what == "report.pdf cannot be written (No such file or directory)"
    ours = OSError(errno.ENOENT, "No such file or directory", "/lib/missing.json")
    assert system_refusal(ours, tmp_path / "report.pdf") is None


def test_a_copy_that_finds_no_room_is_told_by_its_own_name(tmp_path: Path) -> None:
    write_volume(tmp_path / "ct.nii", np.arange(32000, dtype=np.int16).reshape(20, 40, 40), _grid())
    assert main(["import", str(tmp_path / "ct.nii"), "-o", str(tmp_path / "open.theatrum")]) == 0
    with Document.open(tmp_path / "open.theatrum", read_only=True) as document:
        with _files_of_at_most(8192), pytest.raises(CaseError) as told:
            save_copy(document, tmp_path / "copy.theatrum")
        assert "open.theatrum" not in told.value.what
    assert not list(tmp_path.glob("*copy*"))


def test_an_import_stopped_at_its_very_end_leaves_no_case(tmp_path: Path) -> None:
    write_volume(tmp_path / "ct.nii", np.arange(32000, dtype=np.int16).reshape(20, 40, 40), _grid())
    stop = CancelToken()
    target = tmp_path / "case-0001.theatrum"

    def stop_when_done(fraction: float, text: str = "") -> None:
        if target.exists():
            stop.set()

    with pytest.raises(Cancelled):
        import_series(ImportRequest((tmp_path / "ct.nii",), None), target, stop_when_done, stop)
    assert [path.name for path in tmp_path.iterdir()] == ["ct.nii"]


def _grid() -> Grid:
    return Grid.from_parts((40, 40, 20), (1, 1, 1), (0, 0, 0))
