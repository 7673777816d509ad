"""Names planted all over a series are nowhere in the case, unless they are kept on purpose."""

from __future__ import annotations

import os
import random
import string
from pathlib import Path

import numpy as np
import pytest

from app.cli import main
from planning.dicom.clean import clean_description, clean_kernel
from planning.dicom.write import write_ct_series
from planning.geometry import Grid
from planning.volume import Volume

KEYWORDS = (
    "PatientName PatientID PatientComments StudyDescription SeriesDescription InstitutionName OperatorsName StationName "
    "ProtocolName AccessionNumber ImageComments ConvolutionKernel Manufacturer ManufacturerModelName PatientAge PatientSex "
    "ContrastBolusAgent ScanOptions BodyPartExamined PatientPosition FilterType RescaleType"
)
KEPT = ("PatientName", "PatientID", "AccessionNumber")


@pytest.fixture
def planted(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """(folder of a series, word by the place where it was planted)."""
    import pydicom
    from pydicom.dataset import Dataset

    letters = random.Random(3)
    words: dict[str, str] = {}

    def word(place: str) -> str:
        words[place] = "".join(letters.choice(string.ascii_uppercase) for _ in range(10))
        return words[place]

    folder = tmp_path / word("folder")
    grid = Grid.from_parts((20, 18, 6))
    voxels = np.random.default_rng(0).normal(70, 18, grid.shape_kji).astype(np.int16)
    values = {keyword: word(keyword) for keyword in KEYWORDS.split()}
    private, nested, file = word("private"), word("nested"), word("file")
    for number, path in enumerate(write_ct_series(Volume(grid, voxels), folder)):
        with pydicom.config.disable_value_validation():
            dataset = pydicom.dcmread(path)
            for keyword, value in values.items():
                setattr(dataset, keyword, value)
            dataset.private_block(0x0045, "ACME", create=True).add_new(1, "LO", private)
            inner = Dataset()
            inner.PersonName = nested
            outer = Dataset()
            outer.ReferencedImageSequence = [inner]
            dataset.RequestAttributesSequence = [outer]
            dataset.save_as(folder / f"{file}{number}.dcm")
        path.unlink()
    return folder, words


def _found(path: Path, words: dict[str, str]) -> set[str]:
    raw = path.read_bytes()
    return {
        place
        for place, word in words.items()
        if any(
            form in raw
            for form in (word.encode(), word.lower().encode(), word.encode("utf-16le"), word.encode().hex().encode())
        )
    }


@pytest.mark.filterwarnings("ignore")
def test_planted_names_stay_out(planted: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    folder, words = planted
    case = tmp_path / "case.theatrum"
    assert main(["import", str(folder), "-o", str(case), "--quiet"]) == 0
    assert _found(case, words) == set()
    home = Path(os.environ["THEATRUM_HOME"])
    assert not any(_found(path, words) for path in home.rglob("*") if path.is_file())


@pytest.mark.filterwarnings("ignore")
def test_names_are_kept_on_purpose(planted: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    folder, words = planted
    case = tmp_path / "case.theatrum"
    assert main(["import", str(folder), "-o", str(case), "--quiet", "--keep-identifiers"]) == 0
    assert set(KEPT) <= _found(case, words)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("CHEST  1.0  B30f", "CHEST 1.0 B30f"),
        ("Thorax^TAVI (Adult) MUELLER", "Thorax TAVI"),
        ("MUELLER Hans", ""),
        ("20190817", ""),
        # a date and a record's number in pieces
        ("CT Abdomen 04/03/75 5mm", "CT Abdomen 5mm"),
        ("Thorax 123 456 789", "Thorax"),
        ("Thorax 3.1975", "Thorax"),
        ("Abdomen 1.0 70% 0.75mm", "Abdomen 1.0 70% 0.75mm"),
    ],
)
def test_descriptions_keep_known_words_only(said: str, kept: str) -> None:
    assert clean_description(said) == kept


@pytest.mark.parametrize("kernel", ["STANDARD", "B30f", "Br40d\\3", "FC08", "YA", "BONEPLUS"])
def test_kernels_of_known_form_are_kept(kernel: str) -> None:
    assert clean_kernel(kernel) == kernel
    for name in ("SCHMIDT", "Meier", "Jon Doe", "JON"):
        assert clean_kernel(name) == ""
