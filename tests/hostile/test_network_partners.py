"""Partners that lie about lengths, drip, never end, send bombs, or choose names: bounded time, memory and disk."""

from __future__ import annotations

import io
import resource
import socket
import struct
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fuzz_network import CT, caller, pdu, talking
from pydicom import dcmread

from planning.errors import NetworkError
from planning.pacs import intake as intakes
from planning.pacs import listen, web_bounds
from planning.pacs.association import Accepted, Message
from planning.pacs.intake import OUT_OF_ROOM, Incoming, Intake, read_head
from planning.pacs.listen import Listener
from planning.pacs.node import Own
from planning.pacs.services import find
from planning.pacs.wire import P_DATA

DEFLATED = "1.2.840.10008.1.2.1.99"


def test_a_length_that_lies_costs_no_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with talking(struct.pack(">BxL", P_DATA, 0xFFFFFFFF)) as talk, pytest.raises(NetworkError, match="announces"):
        talk.receive()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_empty_parts_without_an_end_end_the_line() -> None:
    with talking(pdu(b"") * 1000) as talk, pytest.raises(NetworkError, match="wrong lengths"):
        talk.receive()


def test_a_pdu_of_a_hundred_thousand_parts_is_read_in_time() -> None:
    part = struct.pack(">LBB", 3, 1, 1) + b"x"
    begun = time.process_time()
    with talking(pdu(part * 140_000)) as talk, pytest.raises(NetworkError, match="without an end"):
        talk.receive()
    assert time.process_time() - begun < 3.0


def test_who_connects_and_asks_for_nothing_loses_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listen, "ASK_S", 0.5)
    with Listener(Own("THEATRUM", port=0), Intake(tmp_path / "in")) as node:
        silent = [socket.create_connection(("127.0.0.1", node.port)) for _ in range(listen.MOST_LINES)]
        for link in silent:
            # the first byte of an association, and then one at a time
            link.sendall(b"\x01")
        until = time.monotonic() + 10
        while len(node.faults) < len(silent) and time.monotonic() < until:
            silent[0].sendall(b"\0") if not node.faults else None
            time.sleep(0.1)
        assert len(node.faults) == len(silent)
        assert sum("did not answer" in fault for fault in node.faults) >= len(silent) - 1
        with socket.create_connection(("127.0.0.1", node.port)) as true:
            true.sendall(caller(tmp_path / "seeds")[0])
            _until_closed(true)
        for link in silent:
            link.close()
    assert len(node.intake.arrived) == 2


def _until_closed(link: socket.socket) -> None:
    link.settimeout(10)
    while link.recv(1 << 16):
        pass


def test_an_object_without_an_end_leaves_room_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "draft"
    incoming = Incoming(path, "1.2", CT, path.open("xb"))
    incoming.write(memoryview(bytes(1 << 20)))
    assert not incoming.refusal
    monkeypatch.setattr(intakes, "CHECKED_EVERY_BYTES", 1 << 20)
    monkeypatch.setattr(intakes.shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    incoming.write(memoryview(bytes(1 << 20)))
    assert incoming.refusal == OUT_OF_ROOM
    incoming.write(memoryview(bytes(1 << 20)))
    incoming.file.close()
    assert path.stat().st_size < 1 << 20


def _bomb(bytes_in_it: int) -> bytes:
    """Deflated elements, then an endless one."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    head = b"".join(
        struct.pack("<HH2sH", group, number, b"UI", len(value)) + value
        for group, number, value in ((8, 0x16, CT.encode() + b"\0"), (8, 0x18, b"1.2.3\0"), (0x20, 0xD, b"1.2\0"))
    )
    long = struct.pack("<HH2sHL", 0x7FE0, 0x10, b"OW", 0, bytes_in_it)
    found = packer.compress(head + long)
    for _ in range(bytes_in_it >> 22):
        found += packer.compress(bytes(1 << 22))
    return found + packer.flush()


def test_a_deflated_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = _bomb(1 << 28)
    meta = struct.pack("<HH2sH", 2, 0x10, b"UI", len(DEFLATED) + len(DEFLATED) % 2) + DEFLATED.encode().ljust(22, b"\0")
    meta = struct.pack("<HH2sHL", 2, 0, b"UL", 4, len(meta)) + meta
    path = tmp_path / "bomb.dcm"
    path.write_bytes(bytes(128) + b"DICM" + meta + bomb)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    head = read_head(path)
    assert head is not None
    assert (str(head.SOPInstanceUID), str(head.StudyInstanceUID)) == ("1.2.3", "1.2")
    with pytest.raises(ValueError, match="unpacks"):
        Message(Accepted(1, CT, DEFLATED), head, bomb).dataset()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_matches_without_an_end_are_not_all_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    from planning.pacs import services

    monkeypatch.setattr(services, "MOST_MATCH_BYTES", 1000)
    command = dcmread(io.BytesIO(_reply()), force=True)
    answers = iter([Message(Accepted(1, services.STUDY_ROOT["find"], "1.2.840.10008.1.2"), command, b"\0" * 400)] * 9)
    monkeypatch.setattr(services, "answered", lambda _: next(answers))
    with talking(b"") as talk:
        talk.contexts = {1: Accepted(1, services.STUDY_ROOT["find"], "1.2.840.10008.1.2")}
        with pytest.raises(NetworkError, match=r"without an end|cannot be read"):
            list(find(talk, services.identifier("STUDY", {})))


def _reply() -> bytes:
    # CommandField, MessageIDBeingRespondedTo, Status of a pending answer
    return b"".join(
        struct.pack("<HHLH", 0, number, 2, value) for number, value in ((0x100, 0x8020), (0x120, 1), (0x900, 0xFF00))
    )


class _Raw:
    """An answer of HTTP that goes on and on."""

    def __init__(self, part: bytes) -> None:
        self._part = part

    def stream(self, amount: int, decode_content: bool | None = None) -> Iterator[bytes]:
        while True:
            yield self._part


def _answer(part: bytes, kind: str, *, stream: bool = True) -> Any:
    response = SimpleNamespace(headers={"Content-Type": kind}, raw=_Raw(part))
    return web_bounds.bounded("archive")(response, stream=stream)


@pytest.mark.parametrize("kind", ["application/dicom+json", "multipart/related; boundary=cut"])
def test_an_answer_over_http_without_an_end_is_left(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_bounds, "MOST_TEXT_BYTES", 10_000)
    monkeypatch.setattr(web_bounds, "MOST_OBJECT_BYTES", 10_000)
    with pytest.raises(NetworkError, match="without an end"):
        for _ in _answer(b"x" * 999, kind).raw.stream(999):
            pass


@pytest.mark.parametrize(
    ("part", "kind", "stream"),
    [
        # the letters of the delimiter alone, another word that ends in "boundary", and an answer that is read at once
        (b"x" * 990 + b"cut", "multipart/related; boundary=cut", True),
        (b"x" * 990 + b"\r\n--no", "multipart/related; xboundary=no; boundary=cut", True),
        (b"\r\n--cut\r\n" + b"x" * 900, "multipart/related; boundary=cut", False),
    ],
)
def test_what_does_not_end_an_object_for_its_reader_ends_none(
    part: bytes, kind: str, stream: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_bounds, "MOST_OBJECT_BYTES", 10_000)
    with pytest.raises(NetworkError, match="without an end"):
        for _, _ in zip(range(1000), _answer(part, kind, stream=stream).raw.stream(999), strict=False):
            pass


def test_many_objects_in_one_answer_are_none_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_bounds, "MOST_OBJECT_BYTES", 10_000)
    parts = _answer(b"\r\n--cut\r\n" + b"x" * 900, "multipart/related; boundary=cut").raw.stream(999)
    assert sum(len(next(parts)) for _ in range(50)) > 40_000


def test_an_answer_over_http_that_drips_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_bounds, "GRACE_S", -1.0)
    monkeypatch.setattr(web_bounds, "SLOWEST_BYTES_PER_S", 1e12)
    with pytest.raises(NetworkError, match="too slowly"):
        next(_answer(b"x", "application/dicom+json").raw.stream(1))


def test_the_same_page_again_is_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    import requests
    from dicomweb_client import DICOMwebClient

    asked: list[int] = []

    def page(self: Any, url: str, params: Any, stream: bool = False) -> list[dict[str, Any]]:
        asked.append(params["offset"])
        return [{"00080018": {"vr": "UI", "Value": ["1.2"]}}] * 3

    monkeypatch.setattr(DICOMwebClient, "_http_get_application_json", page)
    client = web_bounds.bounded_client("http://127.0.0.1:1", requests.Session(), 1.0, "archive")
    assert len(client.search_for_studies(get_remaining=True)) == 3
    assert asked == [0, 3]
