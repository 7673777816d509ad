"""Mutated inputs for every parser, and those that once went wrong. `make fuzz` runs as many as one likes."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fuzz_run import Target, fuzz, judge
from fuzz_targets import targets

from planning.dicom.decode import FrameReader
from planning.dicom.header import read_facts
from planning.errors import DicomError

CORPUS = Path(__file__).parent / "corpus"
ALL = {target.name: target for target in targets()}
# those that load torch or answer over sockets are heavier than a test may be
LIGHT = [name for name in ALL if not name.startswith(("model", "network, fetching"))]
INPUTS = 12


@pytest.fixture(autouse=True)
def _quiet() -> None:
    warnings.simplefilter("ignore")
    logging.getLogger("pydicom").setLevel(logging.CRITICAL)


def _in_place(target: Target) -> Target:
    """Without the program's disposable child, which costs a second each."""
    return Target(target.name, target.what, target.make, target.change, target.run, None, target.prepare)


@pytest.mark.parametrize("name", LIGHT)
def test_true_inputs_are_taken_and_mutated_ones_refused_or_taken(name: str, tmp_path: Path) -> None:
    target = ALL[name]
    for content in target.make(tmp_path / "seeds"):
        assert judge(_in_place(target), content, tmp_path) == ("accepted", "")
    outcome = fuzz(target, 60.0, seed=7, most=INPUTS)
    assert outcome.inputs == INPUTS
    assert not outcome.faults, outcome.finds


def _kept() -> list[Path]:
    return sorted(path for path in CORPUS.iterdir() if "--" in path.name)


@pytest.mark.parametrize("path", _kept(), ids=lambda path: path.name)
def test_what_once_went_wrong_is_refused_or_taken(path: Path, tmp_path: Path) -> None:
    target = ALL[path.name.split("--")[0].replace("_", " ")]
    target.prepare()
    # what kills its reader needs the program's own road, with a reader that may die
    chosen = target if path.name.endswith("killed-reader") else _in_place(target)
    kind, said = judge(chosen, path.read_bytes(), tmp_path)
    assert kind in ("accepted", "refused"), said


def test_a_decoder_s_time_begins_when_its_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    import pydicom

    # a file of many frames may be gigabytes: on a slow computer reading it takes longer than a decoder has
    told: list[str] = []
    real = pydicom.dcmread

    @contextmanager
    def in_time(form: object) -> Iterator[None]:
        told.append("decoding")
        yield

    def reading(*given: Any, **named: Any) -> Any:
        told.append("reading")
        return real(*given, **named)

    facts = read_facts(str(Path(pydicom.__file__).parent / "data" / "test_files" / "MR_small_RLE.dcm"), 0)
    monkeypatch.setattr("planning.dicom.decode._in_time", in_time)
    monkeypatch.setattr(pydicom, "dcmread", reading)
    assert FrameReader().read(facts, 0).any()
    assert told == ["reading", "decoding"]


def _pydicoms() -> list[Path]:
    import pydicom

    folder = Path(pydicom.__file__).parent / "data"
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc", ".json"))


def test_pydicoms_own_files_are_refused_or_have_pydicoms_own_pixels() -> None:
    import pydicom

    compared = 0
    for path in _pydicoms():
        try:
            facts = read_facts(str(path), 0)
        except DicomError:
            continue
        if not facts.is_volume_class or facts.pixels is None:
            continue
        form = facts.pixels
        true = pydicom.dcmread(path, force=True)
        pixels = true.pixel_array.reshape(-1, form.rows, form.columns)
        assert len(pixels) == form.frames
        for frame in range(form.frames):
            assert np.array_equal(FrameReader().read(facts, frame), pixels[frame]), path.name
        for frame in facts.frames:
            if frame.position is not None and "ImagePositionPatient" in true:
                assert frame.position == pytest.approx([float(v) for v in true.ImagePositionPatient])
        compared += 1
    assert compared >= 15
