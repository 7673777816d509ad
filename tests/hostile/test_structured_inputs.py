"""Inputs made up from their grammar (Hypothesis): what is whole is read whole however it is cut, the rest is refused."""

from __future__ import annotations

import contextlib
import itertools
import struct
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from fuzz_network import CT, pdu, talking
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.dicom.elements import NUMBER_TAGS, numbers, text
from planning.dicom.header import read_facts
from planning.dicom.quick import Element, QuickHeader
from planning.errors import DicomError, InputError, NetworkError
from planning.files.volumes import read_volumes
from planning.pacs.association import COMMAND, LAST
from planning.pacs.command import encoded

FEW = settings(max_examples=40, deadline=None, database=None)


def _command() -> bytes:
    command = {"AffectedSOPClassUID": CT, "CommandField": 1, "MessageID": 7}
    return encoded({**command, "CommandDataSetType": 1, "AffectedSOPInstanceUID": "1.2.3"})


def _cut(whole: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted({place % (len(whole) + 1) for place in places}), len(whole)]
    return [whole[a:b] for a, b in itertools.pairwise(edges)]


def _fragments(whole: bytes, kind: int, places: list[int]) -> list[bytes]:
    parts = _cut(whole, places)
    return [
        struct.pack(">LBB", len(part) + 2, 1, kind | (LAST if number == len(parts) - 1 else 0)) + part
        for number, part in enumerate(parts)
    ]


@FEW
@given(st.binary(max_size=300), st.lists(st.integers(0, 10_000), max_size=6), st.lists(st.booleans(), max_size=16))
def test_a_message_is_the_same_however_it_is_cut(data: bytes, places: list[int], joined: list[bool]) -> None:
    fragments = [*_fragments(_command(), COMMAND, places), *_fragments(data, 0, places)]
    pdus: list[bytes] = []
    for number, fragment in enumerate(fragments):
        if pdus and number < len(joined) and joined[number]:
            pdus[-1] += fragment
        else:
            pdus.append(fragment)
    with talking(b"".join(map(pdu, pdus))) as talk:
        message = talk.receive()
    assert message is not None
    assert message.data == data
    assert message.command["MessageID"] == 7


@FEW
@given(st.binary(min_size=1, max_size=200))
def test_other_bytes_from_a_partner_are_told_in_one_line(said: bytes) -> None:
    with talking(said, within_s=0.05) as talk, contextlib.suppress(NetworkError):
        # it goes, as a partner may
        assert talk.receive() is None


@FEW
@given(
    st.sampled_from(sorted(NUMBER_TAGS)), st.sampled_from(["DS", "IS", "US", "FD", "UN", None]), st.binary(max_size=40)
)
def test_numbers_of_any_bytes_are_finite_or_none(tag: int, kind: str | None, value: bytes) -> None:
    found = numbers(QuickHeader({tag: Element(kind, value)}, "latin-1"), tag)
    assert found is None or all(abs(number) < float("inf") for number in found)


@FEW
@given(st.binary(max_size=60), st.sampled_from(["latin-1", "utf-8"]))
def test_text_of_any_bytes_has_nothing_that_a_terminal_obeys(value: bytes, encoding: str) -> None:
    found = text(QuickHeader({0x0008103E: Element("LO", value)}, encoding), "SeriesDescription")
    assert not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in found)


@FEW
@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.integers(0, 0xFFFF), st.binary(max_size=30)), max_size=12))
def test_any_elements_are_a_file_that_is_read_or_refused(elements: list[tuple[int, int, bytes]]) -> None:
    body = b"".join(struct.pack("<HHL", group, number, len(value)) + value for group, number, value in elements)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "one.dcm"
        path.write_bytes(bytes(128) + b"DICM" + body)
        with contextlib.suppress(DicomError):
            assert read_facts(str(path), 0).path == str(path)


@FEW
@given(
    st.lists(st.integers(-(1 << 15), (1 << 15) - 1), min_size=8, max_size=8),
    st.integers(0, 2048),
    st.lists(st.floats(width=32), min_size=16, max_size=16),
)
@pytest.mark.filterwarnings("ignore")
def test_any_nifti_header_is_a_grid_or_refused(dims: list[int], code: int, numbers_in_it: list[float]) -> None:
    head = bytearray(352 + 512)
    head[:4], head[344:348] = struct.pack("<i", 348), b"n+1\0"
    head[40:56], head[70:72] = struct.pack("<8h", *dims), struct.pack("<h", code)
    head[108:112], head[254:256] = struct.pack("<f", numbers_in_it[0]), struct.pack("<h", 1)
    head[112:120], head[280:328] = struct.pack("<2f", *numbers_in_it[1:3]), struct.pack("<12f", *numbers_in_it[4:])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "one.nii"
        path.write_bytes(bytes(head))
        with contextlib.suppress(InputError):
            volumes, grid = read_volumes(path)
            assert volumes[0].shape == grid.shape_kji
