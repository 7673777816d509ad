"""De-identification, rule by rule: the standard's table, keys, dates, words, pixels' bits, faces."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from faces import NOSE_MM, head
from pydicom import config
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from planning.dicom.privacy_head import face_sheet
from planning.dicom.privacy_keys import Pseudonyms, held_age, moved_date, moved_moment
from planning.dicom.privacy_pixels import plain_pixels, quiet_streams
from planning.dicom.privacy_profile import PrivacyOptions
from planning.dicom.privacy_walk import Walk, is_group_dropped
from planning.dicom.privacy_words import is_known, kept_text, names_head
from planning.errors import DicomError, MeasurementError

NAMES = Pseudonyms(bytes(range(32)))
VALUES = {
    "DA": "20210304", "TM": "101112", "DT": "20210304101112", "IS": "12", "DS": "1.5", "AS": "055Y", "UI": "1.2.3.4",
    "CS": "QUXWALD", "AE": "QUXWALD", "UR": "http://quxwald",
}  # fmt: skip
OPTIONS = ["uids", "device", "institution", "patient", "dates", "shifted", "descriptors", "structured", "graphics"]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    before = config.settings.reading_validation_mode, config.settings.writing_validation_mode
    config.settings.reading_validation_mode = config.settings.writing_validation_mode = config.IGNORE
    yield
    config.settings.reading_validation_mode, config.settings.writing_validation_mode = before


@pytest.fixture(scope="module")
def table(project_root: Path) -> dict[str, Any]:
    return json.loads((project_root / "assets" / "confidentiality.json").read_text(encoding="utf-8"))


def _holding(tag: int) -> Dataset:
    dataset = Dataset()
    kind = dictionary_VR(tag)
    if kind == "SQ":
        item = Dataset()
        item.ReferencedSOPInstanceUID, item.PatientComments = "1.2.3.4", "QUXWALD"
        dataset.add_new(tag, "SQ", [item])
    elif kind in ("US", "UL", "SS", "SL", "US or SS"):
        dataset.add_new(tag, "US" if " " in kind else kind, 3)
    elif kind in ("FL", "FD"):
        dataset.add_new(tag, kind, 3.0)
    elif kind in ("OB", "OW", "UN", "OB or OW"):
        dataset.add_new(tag, "OB", b"QUXWALD!")
    else:
        dataset.add_new(tag, kind, VALUES.get(kind, "QUXWALD"))
    return dataset


def _walked(dataset: Dataset, **options: bool) -> Dataset:
    return Walk(PrivacyOptions(**options), NAMES, "patient").walked(dataset)


def test_every_attribute_of_the_profile_gets_its_action(table: dict[str, Any]) -> None:
    assert len(table["attributes"]) > 640
    wrong = []
    for name, entry in table["attributes"].items():
        tag, action = int(name, 16), entry[0].split("/")[-1][0]
        if name in ("00100010", "00100020") or not _in_dictionary(tag):
            continue
        old = _holding(tag)
        new = _walked(old)
        text = str(new)
        if "QUXWALD" in text.upper():
            wrong.append((name, "leaks"))
        kind = dictionary_VR(tag)
        gone = tag not in new
        if action == "X" or is_group_dropped(tag >> 16):
            right = gone
        elif action == "Z":
            right = not gone and not new[tag].value
        elif action == "U":
            right = not gone and "1.2.3.4" not in text and "2.25." in text
        else:
            right = not gone and (kind == "SQ" or kind in ("FL", "FD", "US", "UL") or new[tag].value != old[tag].value)
        if not right:
            wrong.append((name, action, kind))
    assert not wrong


def _in_dictionary(tag: int) -> bool:
    from pydicom.datadict import dictionary_has_tag

    return dictionary_has_tag(tag)


@pytest.mark.parametrize("option", OPTIONS)
def test_every_attribute_that_an_option_keeps_is_kept_by_it_and_by_no_other(table: dict[str, Any], option: str) -> None:
    wrong = []
    for name, entry in table["attributes"].items():
        tag = int(name, 16)
        letter = (entry[1] if len(entry) > 1 else {}).get(option)
        if not _in_dictionary(tag) or is_group_dropped(tag >> 16) or name in ("00100010", "00100020"):
            continue
        old = _holding(tag)
        new = _walked(old, **{option: True})
        kind = dictionary_VR(tag)
        same = tag in new and kind != "SQ" and bool(new[tag].value) and new[tag].value == old[tag].value
        if letter == "K" and option != "patient" and kind not in ("SQ", "OB"):
            right = same
        elif letter == "C" and option == "shifted" and kind in ("DA", "DT"):
            right = tag in new and str(new[tag].value)[:8] == moved_date("20210304", NAMES.days("patient"))
        elif letter is None:
            right = str(new) == str(_walked(old))
        else:
            # what is cleaned keeps no word that is not known
            right = "QUXWALD" not in str(new).upper()
        if not right:
            wrong.append((name, letter, kind))
    assert not wrong


def test_where_the_sources_differ_the_stricter_is_taken(table: dict[str, Any]) -> None:
    listed = {row["tag"]: row["taken"] for row in table["differences"]}
    assert set(listed.values()) == {"X"}
    assert {tag[:4] for tag in listed} == {"0008", "0034", "0040", "0042", "0070", "0072", "0400"}
    assert len(listed) == 12
    assert all(table["attributes"][tag][0] == "X" for tag in listed)
    assert table["edition"] == "2026c"
    assert {source["licence"] for source in table["sources"]} == {"BSD-3-Clause", "Apache-2.0"}


def test_names_follow_from_the_key_and_from_nothing_else() -> None:
    other = Pseudonyms(bytes(32))
    assert NAMES.uid("1.2.3") == NAMES.uid("1.2.3") != other.uid("1.2.3")
    assert len(NAMES.uid("1.2.3")) <= 44
    assert NAMES.patient("A") != NAMES.patient("B")
    assert all(1 <= Pseudonyms(bytes([n]) * 32).days("A") <= 3650 for n in range(50))


def test_dates_move_together_and_bad_ones_fall_out() -> None:
    assert moved_date("20200301", 1) == "20200229"
    assert moved_moment("20200301101500.5+0100", 366) == "20190301101500.5+0100"
    for bad in ("2020", "20201301", "2020-01-01", "20200230", "١٢٣٤٥٦٧٨", ""):
        assert moved_date(bad, 3) == ""
    assert moved_moment("2020030110x", 1) == ""


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("089Y", "089Y"),
        ("090Y", "090Y"),
        ("101Y", "090Y"),
        ("900W", "900W"),
        ("999M", "999M"),
        ("55", ""),
        ("ANNA", ""),
    ],
)
def test_ages_above_89_become_90(said: str, kept: str) -> None:
    assert held_age(said) == kept


def test_text_that_the_profile_does_not_name_needs_known_words() -> None:
    assert all(
        map(is_known, ("GE MEDICAL SYSTEMS", "HELICAL MODE", "ORIGINAL", "CHEST", "HFS", "TP0", "SOMATOM Force"))
    )
    assert not any(map(is_known, ("MUELLER", "CHEST MUELLER", "19470219", "12 345 678", "A" * 65)))
    assert kept_text(0x00080008, ["ORIGINAL", "MUELLER"]) == ["ORIGINAL", ""]
    assert names_head("CT Kopf nativ")
    assert not names_head("CT Abdomen")


def test_only_standard_uids_stay_and_references_meet() -> None:
    old = Dataset()
    old.SOPClassUID, old.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "1.2.3.4"
    item = Dataset()
    item.ReferencedSOPInstanceUID, item.ReferencedSOPClassUID = "1.2.3.4", "1.2.840.10008.19470219"
    old.ReferencedSeriesSequence = [item]
    new = _walked(old)
    found = new.ReferencedSeriesSequence[0]
    assert new.SOPClassUID == old.SOPClassUID
    assert found.ReferencedSOPInstanceUID == new.SOPInstanceUID != old.SOPInstanceUID
    assert found.ReferencedSOPClassUID.startswith("2.25.")


def test_who_has_no_number_gets_none() -> None:
    # a made one would be the same for all of them, and join the series of different scans
    old = Dataset()
    old.SOPInstanceUID, old.SeriesInstanceUID = "", "1.2.3.4"
    new = _walked(old)
    assert not new.SOPInstanceUID
    assert new.SeriesInstanceUID == NAMES.uid("1.2.3.4")


def test_codes_say_what_their_vocabulary_says() -> None:
    old, good, bad = Dataset(), Dataset(), Dataset()
    good.CodeValue, good.CodingSchemeDesignator, good.CodeMeaning = "10200004", "SCT", "QUXWALD"
    bad.CodeValue, bad.CodingSchemeDesignator, bad.CodeMeaning = "77", "99HOSPITAL", "QUXWALD"
    old.AnatomicRegionSequence = [good, bad]
    (kept,) = _walked(old).AnatomicRegionSequence
    assert kept.CodeMeaning == "Liver"


def test_private_attributes_stay_only_where_the_standard_calls_them_safe() -> None:
    old = Dataset()
    block = old.private_block(0x2005, "Philips MR Imaging DD 001", create=True)
    block.add_new(0x0E, "FL", 2.5)
    block.add_new(0x0F, "FL", 7.5)
    old.private_block(0x0045, "ACME", create=True).add_new(1, "LO", "QUXWALD")
    assert not list(_walked(old))
    new = _walked(old, safe_private=True)
    assert [element.value for element in new] == ["Philips MR Imaging DD 001", 2.5]


def test_nested_too_deeply_or_damaged_is_no_way_through() -> None:
    old = Dataset()
    old[0x00280010] = RawDataElement(Tag(0x00280010), "LO", 8, b"QUXWALD ", 0, False, True, True)
    old[0x00180050] = RawDataElement(Tag(0x00180050), "DS", 8, b"QUXWALD ", 0, False, True, True)
    for tag, kind in (
        (0x00280010, "US"),
        (0x00209157, "UL"),
        (0x00189087, "FL"),
        (0x00281101, "SV"),
        (0x00660016, "OF"),
    ):
        old[tag] = RawDataElement(Tag(tag), kind, 40, b"QUXWALD! " * 4 + b"QUXW", 0, False, True, True)
    assert not _walked(old, safe_private=True).get("Rows")
    item = Dataset()
    item.add_new(0x7FE00010, "OW", b"QUXWALD!")
    old.ReferencedSeriesSequence = [item]
    new = _walked(old)
    assert "QUXWALD" not in str(new)
    assert not {0x00280010, 0x00209157, 0x00189087, 0x00281101, 0x00660016} & set(new.keys())
    for _ in range(30):
        outer = Dataset()
        outer.ReferencedSeriesSequence = [item]
        item = outer
    with pytest.raises(DicomError, match="deep"):
        _walked(item)


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("is_signed", [False, True])
def test_bits_beside_the_pixels_hold_nothing(big: bool, is_signed: bool) -> None:
    kind = np.dtype("u2").newbyteorder(">" if big else "<")
    stored = np.array([0, 1, 2047, 2048, 4095, 77])
    raw = ((stored << 2) | 0xC001).astype(kind).tobytes() + b"QUXWALD!"
    facts = {"bits_allocated": 16, "bits_stored": 12, "high_bit": 13, "is_signed": is_signed, "values": 6, "big": big}
    made = np.frombuffer(plain_pixels(raw, **facts), kind).astype(np.uint16)
    assert len(made) == 6
    assert np.array_equal((made >> 2) & 0xFFF, stored)
    assert not (made & 3).any()
    assert set(made >> 14) <= ({0, 3} if is_signed else {0})


def test_comments_in_compressed_streams_are_zeroed_and_nothing_else() -> None:
    def item(data: bytes) -> bytes:
        return b"\xfe\xff\x00\xe0" + len(data).to_bytes(4, "little") + data

    jpeg = (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\0\1\2\0\0\1\0\1QU\xff\xe1\x00\x09QUXWALD\xff\xfe\x00\x09QUXWALD"
        b"\xff\xda\x00\x04ab12\xff\x00\xff\xd034"
        b"\xff\xfe\x00\x09QUXWALD\xff\xd9QUXWALD!"
    )
    wavelets = (
        b"\xff\x4f\xff\x64\x00\x0b\x00\x01QUXWALD\xff\x90\x00\x0a\x00\x00\x00\x00\x00\x18\x00\x01\xff\x64\x00\x06\x00\x01QU"
        b"\xff\x93ab\xff\xd9QUXWALD!"
    )
    for stream, halves in ((jpeg, 1), (jpeg, 2), (wavelets, 1)):
        cut = len(stream) // halves
        data = item(b"") + b"".join(item(stream[at : at + cut]) for at in range(0, len(stream), cut))
        made = quiet_streams(data, "1.2.840.10008.1.2.4.50", 1)
        assert len(made) == len(data)
        assert b"QU" not in made
        assert all(new in (old, 0) for new, old in zip(made, data))
        for kept in (b"JF", b"ab"):
            assert (kept in made) == (kept in data)


def test_a_face_goes_and_the_brain_stays() -> None:
    volume, brain = head(4.0)
    sheet = face_sheet(volume.voxels, np.array(volume.grid.world_from_index), is_ct=True)
    k, j, i = np.indices(volume.voxels.shape)
    before = sheet.before(volume.grid.to_world(np.stack([i, j, k], axis=-1)))
    body = volume.voxels > -300
    assert not (before & brain).any()
    assert (before & body).sum() < 0.1 * body.sum()
    nose = np.array([NOSE_MM, (0, -94, -98), (0, -95, -50), (32, -84, 6)])
    assert sheet.before(nose).all()
    # what is left in front is no longer the face's shape: the middle has moved back by a nose's length
    left = body & ~before
    row, middle = round((-8 - volume.grid.origin_mm[2]) / 4.0), body.shape[2] // 2
    assert (left[row, :, middle].argmax() - body[row, :, middle].argmax()) * 4.0 > 25


@pytest.mark.parametrize("kind", ["tilted", "sagittal", "mr"])
def test_a_face_is_found_however_the_scan_was_made(kind: str) -> None:
    volume, brain = head(4.0)
    values, affine = volume.voxels, np.array(volume.grid.world_from_index)
    if kind == "mr":
        noise = np.random.default_rng(0).rayleigh(15, values.shape)
        values = np.where(values > -300, 300 + 0.1 * values, 0) + noise
    elif kind == "sagittal":
        values, brain, affine = values.transpose(2, 0, 1), brain.transpose(2, 0, 1), affine[:, [1, 2, 0, 3]]
    else:
        # each slice lies a quarter of a voxel further to the front than the one above
        moved = [round((k - len(values) // 2) / 4) for k in range(len(values))]
        values, brain = (np.stack([np.roll(one, -n, 0) for one, n in zip(a, moved)]) for a in (values, brain))
        affine[1, 3] -= len(values) // 2
        affine[1, 2] = 1.0
    sheet = face_sheet(values, affine, is_ct=kind != "mr")
    k, j, i = np.indices(values.shape)
    before = sheet.before(np.stack([i, j, k], axis=-1) @ affine[:3, :3].T + affine[:3, 3])
    assert not (before & brain).any()
    assert sheet.before(np.array([NOSE_MM, (0, -94, -98), (32, -84, 6)])).all()


@pytest.mark.parametrize("base_mm", [12.0, 0.0, -6.0])
def test_a_brain_without_skull_and_face_is_refused_and_keeps_its_front(base_mm: float) -> None:
    grid = head(3.0)[0].grid
    x, y, z = np.moveaxis(grid.to_world(np.indices(grid.shape_kji)[::-1].transpose(1, 2, 3, 0)), -1, 0)
    brain = ((x / 62) ** 2 + ((y - 2) / 80) ** 2 + ((z - 32) / 70) ** 2 <= 1) & (z > base_mm)
    with pytest.raises(MeasurementError, match="no face"):
        face_sheet(np.where(brain, 120, 0).astype(np.int16), np.array(grid.world_from_index), is_ct=False)


def test_a_head_without_its_crown_is_refused() -> None:
    volume, _ = head(4.0, top_mm=90.0)
    with pytest.raises(MeasurementError, match="crown"):
        face_sheet(volume.voxels, np.array(volume.grid.world_from_index), is_ct=True)
