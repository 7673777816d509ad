"""PET as SUVbw where the files tell all that it takes, and as it is stored where they do not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from planning.dicom.load import load_series
from planning.dicom.suv import suv_factor
from planning.dicom.write import write_ct_series
from planning.geometry import Grid
from planning.volume import Volume

PET = "1.2.840.10008.5.1.4.1.1.128"
HALF_LIFE_S = 6586.2
# 70 kg, 400 MBq, one hour before the scan: the formula by hand
FACTOR = 70_000 / (4e8 * 2 ** (-3600 / HALF_LIFE_S))


def _told(**changed: object) -> Dataset:
    tracer = Dataset()
    tracer.RadionuclideTotalDose, tracer.RadionuclideHalfLife = "400000000", str(HALF_LIFE_S)
    tracer.RadiopharmaceuticalStartDateTime = "20200102093000.00"
    made = Dataset()
    made.Units, made.DecayCorrection, made.PatientWeight = "BQML", "START", "70"
    made.CorrectedImage = ["NORM", "ATTN", "DECY", "SCAT"]
    made.SeriesDate, made.SeriesTime = "20200102", "103000.00"
    made.AcquisitionDate, made.AcquisitionTime = "20200102", "103005"
    made.RadiopharmaceuticalInformationSequence = Sequence([tracer])
    for name, value in changed.items():
        setattr(tracer if name.startswith("Radio") else made, name, value)
    return made


def test_the_factor_is_that_of_the_formula() -> None:
    assert suv_factor(_told()) == pytest.approx(FACTOR, rel=1e-12)
    assert suv_factor(_told(DecayCorrection="ADMIN")) == pytest.approx(70_000 / 4e8, rel=1e-12)
    assert suv_factor(_told(Units="GML")) == 1.0


def test_an_injection_before_midnight_is_before_the_scan() -> None:
    told = _told(
        SeriesTime="003000", AcquisitionTime="003000", RadiopharmaceuticalStartDateTime="",
        RadiopharmaceuticalStartTime="233000",
    )  # fmt: skip
    assert suv_factor(told) == pytest.approx(FACTOR, rel=1e-12)


@pytest.mark.parametrize(
    "changed",
    [
        {"PatientWeight": ""}, {"PatientWeight": "0"}, {"Units": "CNTS"}, {"DecayCorrection": "NONE"},
        {"RadionuclideTotalDose": ""}, {"RadionuclideHalfLife": "-1"}, {"SeriesTime": ""},
        {"RadiopharmaceuticalStartDateTime": "", "RadiopharmaceuticalStartTime": ""},
        {"RadiopharmaceuticalStartDateTime": "20200102113000"}, {"RadiopharmaceuticalStartDateTime": "20191201093000"},
        {"SeriesTime": "113000"}, {"Units": "GML", "SUVType": "LBM"},
        # not corrected for what the body takes away; in megabecquerels; in grams
        {"CorrectedImage": ["NORM", "DECY"]}, {"CorrectedImage": "DECY"}, {"CorrectedImage": ""},
        {"RadionuclideTotalDose": "400"}, {"PatientWeight": "70000"},
    ],
)  # fmt: skip
def test_without_all_that_it_takes_there_is_none(changed: dict[str, object]) -> None:
    assert suv_factor(_told(**changed)) is None


def _series(folder: Path, change: Callable[[Dataset, int], None] = lambda told, number: None) -> np.ndarray:
    grid = Grid.from_parts((6, 5, 4), (4.0, 4.0, 4.0))
    stored = np.arange(120, dtype=np.int16).reshape(grid.shape_kji)
    for number, path in enumerate(write_ct_series(Volume(grid, stored, quantity="HU"), folder)):
        image = dcmread(path)
        image.update(_told())
        image.SOPClassUID = image.file_meta.MediaStorageSOPClassUID = PET
        image.Modality, image.RescaleSlope = "PT", str(2 + number)
        change(image, number)
        image.save_as(path)
    return stored * (2.0 + np.arange(4)[:, None, None])


def test_a_series_is_read_as_suv(tmp_path: Path) -> None:
    activity = _series(tmp_path / "pet")
    (volume,) = load_series([tmp_path / "pet"]).volumes
    assert volume.quantity == "SUV"
    assert np.allclose(volume.voxels, activity * FACTOR, rtol=1e-6)


def test_a_series_without_a_weight_stays_as_it_is_stored(tmp_path: Path) -> None:
    activity = _series(tmp_path / "pet", lambda told, number: setattr(told, "PatientWeight", ""))
    (volume,) = load_series([tmp_path / "pet"]).volumes
    assert volume.quantity == ""
    assert np.allclose(volume.voxels, activity)


def test_that_values_are_suv_is_not_taken_from_a_file(tmp_path: Path) -> None:
    _series(tmp_path / "pet", lambda told, number: setattr(told, "Units", "SUV"))
    (volume,) = load_series([tmp_path / "pet"]).volumes
    assert volume.quantity == ""


def test_slices_in_different_units_are_no_volume(tmp_path: Path) -> None:
    def lost(told: Dataset, number: int) -> None:
        if number == 3:
            told.PatientWeight = ""

    _series(tmp_path / "pet", lost)
    assert load_series([tmp_path / "pet"]).grid.size_ijk[2] == 3
