"""What receiving is quick by gives what the slow ways of the libraries give: commands, parts of messages, numbers, threads."""

from __future__ import annotations

import socket
import struct
import threading
import time
from io import BytesIO, FileIO
from pathlib import Path

import numpy as np
import pytest
from archives import ct_series
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from planning.errors import NetworkError
from planning.pacs import to_disk
from planning.pacs.command import ELEMENTS, Command, decoded, encoded
from planning.pacs.intake import _numbers
from planning.pacs.to_disk import ToDisk
from planning.pacs.wire import BUFFER_BYTES, HEADER, MOST_PDU_BYTES, P_DATA, Line

VALUES = {"US": 0xA701, "UI": "1.2.840.10008.1.1", "AE": "ARCHIVE", "LO": "out of room"}
STORE: Command = {
    "AffectedSOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
    "CommandField": 1,
    "MessageID": 7,
    "Priority": 0,
    "CommandDataSetType": 1,
    "AffectedSOPInstanceUID": "1.2.3.4",
}


def _by_pydicom(command: Command) -> bytes:
    from pynetdicom import dsutils

    told = Dataset()
    for keyword, value in command.items():
        setattr(told, keyword, value)
    body = dsutils.encode(told, True, True) or b""
    return struct.pack("<HHLL", 0, 0, 4, len(body)) + body


@pytest.mark.parametrize("command", [STORE, {name: VALUES[kind] for name, (_, kind) in ELEMENTS.items()}, {}])
def test_commands_are_what_pydicom_writes_and_reads(command: Command) -> None:
    from pynetdicom import dsutils

    raw = _by_pydicom(command)
    assert encoded(command) == raw
    assert decoded(raw) == command
    read = dsutils.decode(BytesIO(encoded(command)), True, True)
    assert {element.keyword: element.value for element in read if element.tag.element} == command


def _element(number: int, value: bytes, group: int = 0) -> bytes:
    return struct.pack("<HHL", group, number, len(value)) + value


@pytest.mark.parametrize(
    "added",
    [
        _element(0x0900, b""),
        _element(0x0900, b"\0\0\0\0"),
        _element(0x1000, b"1.2\\1.3 "),
        _element(0x1000, b"1.2.3.5\0"),
        _element(0x0110, b"\x01\x00"),
        b"\0\0\0\x09\xff\xff\xff\xff",
        b"\0\0\0",
    ],
)
def test_what_is_no_command_is_refused(added: bytes) -> None:
    with pytest.raises(ValueError):
        decoded(encoded(STORE) + added)


def test_what_a_partner_adds_to_a_command_is_passed_over() -> None:
    added = _element(0x1020, b"") + _element(0x5010, b"ab") + _element(0x0010, b"1.2\0", group=9)
    assert decoded(encoded(STORE) + added) == STORE
    with pytest.raises(ValueError, match="no command holds PatientID"):
        encoded({"PatientID": "1"})


def test_parts_are_whole_whatever_of_them_comes_at_a_time() -> None:
    """The longest, more than one buffer holds; some that fill it to the byte; and many that lie in it together."""
    lengths = [3, BUFFER_BYTES - HEADER.size, 5, MOST_PDU_BYTES, *[17] * 300, BUFFER_BYTES, 0, 1]
    random = np.random.default_rng(3)
    parts = [random.bytes(length) for length in lengths]
    said = b"".join(HEADER.pack(P_DATA, len(part)) + part for part in parts)
    server = socket.create_server(("127.0.0.1", 0))
    theirs = socket.create_connection(server.getsockname())
    ours, _ = server.accept()
    server.close()

    def say() -> None:
        at = 0
        while at < len(said):
            step = int(random.choice([1, 7, 5000, 200_000]))
            theirs.sendall(said[at : at + step])
            at += step

    speaker = threading.Thread(target=say)
    speaker.start()
    with theirs, Line(ours, "partner", 20.0) as line:
        for part in parts:
            kind, content = line.read()
            assert kind == P_DATA
            assert bytes(content) == part
        speaker.join()
        begun = time.monotonic()
        with pytest.raises(NetworkError, match="did not answer"):
            line.read(0.3)
        assert 0.25 < time.monotonic() - begun < 5.0


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
@pytest.mark.filterwarnings("ignore:Invalid value for VR UI")
def test_numbers_are_those_that_pydicom_reads(tmp_path: Path, syntax: str) -> None:
    (plain,) = ct_series(tmp_path, 1)
    image = dcmread(plain)
    image.file_meta.TransferSyntaxUID = syntax
    # beyond the first block that is looked at
    image.ImageComments = image.AdditionalPatientHistory = "x" * 10_000
    path = tmp_path / "one.dcm"
    image.save_as(path, enforce_file_format=True)
    expected = (str(image.SOPInstanceUID), str(image.StudyInstanceUID), str(image.SeriesInstanceUID))
    with FileIO(path) as file:
        assert _numbers(file, path) == expected
    raw = path.read_bytes()
    at = raw.index(image.StudyInstanceUID.encode())
    # not a number, and not there at all: the same as the slow way, which a fast one must leave it to
    for change in (b"../up", b""):
        spoilt = tmp_path / "spoilt.dcm"
        value = change.ljust(len(image.StudyInstanceUID), b" ")
        spoilt.write_bytes(raw[:at] + value + raw[at + len(value) :])
        with FileIO(spoilt) as file:
            found = _numbers(file, spoilt)
        assert found == (expected[0], change.decode(), expected[2])
    # where a file says two things of itself, what another reader takes it for counts
    begin = raw.rindex(image.SOPInstanceUID.encode()) - 8
    end = begin + 8 + len(image.SOPInstanceUID) + len(image.SOPInstanceUID) % 2
    other = raw[begin:end].replace(image.SOPInstanceUID.encode()[-3:], b"999")
    twice = tmp_path / "twice.dcm"
    twice.write_bytes(raw[:end] + other + raw[end:])
    with FileIO(twice) as file:
        found = _numbers(file, twice)
    assert found is not None
    assert found[0] == str(dcmread(twice).SOPInstanceUID) != expected[0]


def _drafts(folder: Path, count: int) -> list[tuple[FileIO, Path, Path]]:
    made = []
    for number in range(count):
        draft = folder / f"{number}.part"
        file = FileIO(draft, "x+")
        file.write(b"%d" % number)
        made.append((file, draft, folder / f"{number}.dcm"))
    return made


def test_threads_of_the_disk_stay_for_what_comes_next_and_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    real = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        begun.append(thread.name)
        real(thread)

    monkeypatch.setattr(to_disk, "LINGER_S", 0.3)
    monkeypatch.setattr(threading.Thread, "start", start)
    disk, told = ToDisk(), []
    for file, draft, target in _drafts(tmp_path, 40):
        assert disk.take(file, draft, target, told.append)
        disk.settle(target)
        assert file.closed
    # one at a time needs one thread, not one for each
    assert len(begun) <= 3
    assert told == [None] * 40
    assert [(tmp_path / f"{number}.dcm").read_bytes() for number in range(40)] == [b"%d" % n for n in range(40)]
    until = time.monotonic() + 10.0
    while disk._threads and time.monotonic() < until:
        time.sleep(0.02)
    assert disk._threads == disk._idle == 0
    (tmp_path / "more").mkdir()
    ((file, draft, target),) = _drafts(tmp_path / "more", 1)
    assert disk.take(file, draft, target, told.append)
    disk.settle()
    assert target.read_bytes() == b"0"
