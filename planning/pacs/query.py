"""What an archive holds: patients, studies, series and images as it tells them (PS3.4 annex C, study root)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from planning.errors import InputError
from planning.pacs.association import Association, Context
from planning.pacs.services import PLAIN, STUDY_ROOT, find, identifier

FIND = Context(STUDY_ROOT["find"], PLAIN)

RETURNED = {
    "STUDY": (
        "PatientID", "PatientName", "PatientBirthDate", "PatientSex", "StudyInstanceUID", "StudyDate", "StudyTime",
        "StudyDescription", "AccessionNumber", "ModalitiesInStudy", "NumberOfStudyRelatedSeries",
        "NumberOfStudyRelatedInstances",
    ),
    "SERIES": (
        "StudyInstanceUID", "SeriesInstanceUID", "Modality", "SeriesNumber", "SeriesDescription",
        "NumberOfSeriesRelatedInstances",
    ),
    "IMAGE": ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID", "InstanceNumber"),
}  # fmt: skip
"""Asked for at each level. A patient is a study query with its matches put together: study root knows no level above."""

DAY = re.compile(r"[0-9]{8}")
# as archives know them: some have figures that PS3.5 forbids, none has other letters
UID = re.compile(r"[0-9.]{1,64}")


@dataclass(frozen=True, slots=True)
class Wish:
    """Which of the archive's objects are meant. Empty means any; `*` and `?` stand for letters in names."""

    patient_id: str = ""
    patient_name: str = ""
    accession: str = ""
    date: str = ""
    """YYYYMMDD, or a range FROM-TO with one side left out at will."""
    modality: str = ""
    description: str = ""
    study: str = ""
    series: str = ""
    image: str = ""

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if "\\" in value or not all(letter.isprintable() for letter in value) or len(value) > 324:
                raise InputError(f"'{value[:40]}' cannot be asked for", "Take printable letters without \\", "query")
        checked_days(self.date)
        for uid in (self.study, self.series, self.image):
            if uid and not UID.fullmatch(uid):
                raise InputError(
                    f"'{uid[:40]}' is no UID", "Take the figures and points that theatrum pacs find tells", "query"
                )

    @property
    def is_empty(self) -> bool:
        """True where nothing is asked for in particular."""
        return not any(getattr(self, name) for name in self.__slots__)


def checked_days(date: str) -> str:
    """A day or a range of days, "" for any. Raises InputError: an archive that cannot read it would answer with nothing."""
    first, to, last = date.partition("-")
    days = [_day(part) for part in (first, last) if part]
    if (to and not days) or (date and not to and not days) or None in days:
        raise InputError(f"'{date[:40]}' is no date", "Write YYYYMMDD or FROM-TO like 20260101-20260331", "query")
    if len(days) == 2 and first > last:
        raise InputError(f"'{date[:40]}' ends before it begins", "Write the earlier day first", "query")
    return date


def _day(text: str) -> datetime | None:
    if not DAY.fullmatch(text):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d")
    except ValueError:
        return None


def find_studies(association: Association, wish: Wish) -> list[dict[str, str]]:
    """Studies that match, newest first."""
    rows = _rows(association, "STUDY", {
        "PatientID": wish.patient_id, "PatientName": wish.patient_name, "AccessionNumber": wish.accession,
        "StudyDate": wish.date, "ModalitiesInStudy": wish.modality, "StudyDescription": wish.description,
        "StudyInstanceUID": wish.study,
    })  # fmt: skip
    return sorted(rows, key=lambda row: (row["StudyDate"], row["StudyTime"]), reverse=True)


def find_patients(association: Association, wish: Wish) -> list[dict[str, str]]:
    """Patients of the studies that match, with how many of these each has."""
    patients: dict[tuple[str, str], dict[str, str]] = {}
    for study in find_studies(association, wish):
        key = study["PatientID"], study["PatientName"]
        kept = ("PatientID", "PatientName", "PatientBirthDate", "PatientSex")
        row = patients.setdefault(key, {name: study[name] for name in kept} | {"Studies": "0"})
        row["Studies"] = str(int(row["Studies"]) + 1)
    return list(patients.values())


def find_series(association: Association, wish: Wish) -> list[dict[str, str]]:
    """Series of one study."""
    if not wish.study:
        raise InputError("Series are asked for within a study", "Give --study", "query")
    keys = {"StudyInstanceUID": wish.study, "SeriesInstanceUID": wish.series, "Modality": wish.modality,
            "SeriesDescription": wish.description}  # fmt: skip
    return sorted(_rows(association, "SERIES", keys), key=lambda row: _number(row["SeriesNumber"]))


def find_images(association: Association, study: str, series: str) -> list[dict[str, str]]:
    """Images of one series, by their number."""
    rows = _rows(association, "IMAGE", {"StudyInstanceUID": study, "SeriesInstanceUID": series})
    return sorted(rows, key=lambda row: _number(row["InstanceNumber"]))


def _rows(association: Association, level: str, keys: Mapping[str, str]) -> list[dict[str, str]]:
    names = RETURNED[level]
    asked = identifier(level, {name: keys.get(name, "") for name in {*names, *keys}})
    return [as_row(match, names) for match in find(association, asked)]


def as_row(match: Dataset, names: Sequence[str]) -> dict[str, str]:
    """A match as text: printable, several values with a stroke between them, empty where it says nothing."""
    return {name: _text(match, name) for name in names}


def _text(match: Dataset, name: str) -> str:
    value = match.get(name)
    if value is None:
        return ""
    if isinstance(value, MultiValue):
        return "/".join(str(one) for one in value)
    return "".join(letter for letter in str(value) if letter.isprintable()).strip()


def _number(text: str) -> tuple[int, str]:
    try:
        return int(text), ""
    except ValueError:
        return 1 << 31, text
