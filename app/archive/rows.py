"""Rows of an archive's answer in words: patient and study, series, and what is here of them already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.archive.fetching import Chosen
from app.archive.kept import images_here
from app.i18n import text_value, tr
from app.texts import date_text

SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class ArchiveRow:
    """A study, or a series where `series` is not empty. told: images that the archive says it has, None where it does not.

    here: images that lie on this computer. facts: (name, value) pairs for the side.
    """

    study: str
    series: str
    title: str
    line: str
    when: str
    told: int | None
    here: int
    facts: tuple[tuple[str, str], ...]

    @property
    def chosen(self) -> Chosen:
        """What would be fetched."""
        return Chosen(self.study, self.series, self.told)

    @property
    def is_whole(self) -> bool:
        """True where at least as many images are here as the archive says that it has."""
        return self.here > 0 and self.told is not None and self.here >= self.told

    @property
    def badge(self) -> tuple[str, str]:
        """(words, state token) of what is here; empty words for nothing."""
        if not self.here:
            return "", ""
        if self.is_whole:
            return tr("Here"), "ok"
        if self.told is None:
            return tr("%n image(s) here", "", self.here), "acc"
        return tr("{count} of {whole} here", count=self.here, whole=self.told), "acc"


def study_row(row: Mapping[str, str]) -> ArchiveRow:
    """A study as the archive tells it."""
    uid, told = row["StudyInstanceUID"], _count(row["NumberOfStudyRelatedInstances"])
    name = person_name(row["PatientName"]) or row["PatientID"] or tr("No name")
    modalities = row["ModalitiesInStudy"].replace("/", ", ")
    born = date_text(row["PatientBirthDate"])
    series = _count(row["NumberOfStudyRelatedSeries"])
    sex = {"F": tr("female"), "M": tr("male")}.get(row["PatientSex"], "")
    line = [row["PatientID"], row["StudyDescription"], modalities, _images(told)]
    facts = (
        (tr("Patient"), name),
        (tr("Patient ID"), row["PatientID"]),
        (tr("Born"), SEPARATOR.join(part for part in (born, sex) if part)),
        (tr("Study"), row["StudyDescription"]),
        (tr("Date"), date_text(row["StudyDate"])),
        (tr("Accession"), row["AccessionNumber"]),
        (tr("Modality"), modalities),
        (tr("Series"), "" if series is None else text_value(series, 0)),
        (tr("Images"), "" if told is None else text_value(told, 0)),
    )
    return ArchiveRow(
        uid, "", name, SEPARATOR.join(part for part in line if part), date_text(row["StudyDate"]), told,
        images_here(uid), tuple((key, value) for key, value in facts if value),
    )  # fmt: skip


def series_row(row: Mapping[str, str], study: str) -> ArchiveRow:
    """A series of a study as the archive tells it."""
    uid, told = row["SeriesInstanceUID"], _count(row["NumberOfSeriesRelatedInstances"])
    number = row["SeriesNumber"]
    title = row["SeriesDescription"] or tr("Series {number}", number=number or "–")
    facts = (
        (tr("Series"), row["SeriesDescription"]),
        (tr("Number"), number),
        (tr("Modality"), row["Modality"]),
        (tr("Images"), "" if told is None else text_value(told, 0)),
    )
    line = [row["Modality"], tr("No. {number}", number=number) if number else "", _images(told)]
    return ArchiveRow(
        study, uid, title, SEPARATOR.join(part for part in line if part), "", told, images_here(study, uid),
        tuple((key, value) for key, value in facts if value),
    )  # fmt: skip


def person_name(text: str) -> str:
    """ "Muster, Anna" from DICOM's "Muster^Anna^^Dr."; the first of several ways to write it."""
    parts = text.partition("=")[0].split("^")
    return ", ".join(part.strip() for part in parts[:2] if part.strip())


def _images(told: int | None) -> str:
    return "" if told is None else tr("%n image(s)", "", told)


def _count(text: str) -> int | None:
    """A number as the archive tells it; it may tell none, or nonsense."""
    return int(text) if text.isdecimal() and len(text) < 10 else None
