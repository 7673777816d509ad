"""What a person is told who calls an archive wrongly, and partners that are silent, secured, choosy or stumble at an object."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from archives import ct_series
from certificates import Certificates
from pydicom import dcmread
from pydicom.uid import (
    CTImageStorage,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGLSLossless,
    MRImageStorage,
    RLELossless,
)

from app.cli import main
from planning.errors import NetworkError
from planning.pacs.association import Context, associate
from planning.pacs.intake import Intake
from planning.pacs.listen import Listener
from planning.pacs.node import Node, Own, Tls
from planning.pacs.send import outgoing, send
from planning.pacs.services import PLAIN, VERIFICATION, echo

OWN = Own("US", port=0)
FIND = ["find", "A@127.0.0.1:1"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["self", "--port", "0"], 3, "0 is no port"),
        (["add", "n", "https://host:99999/x"], 3, "99999 is no port"),
        (["add", "n", "https://host:0/x"], 3, "0 is no port"),
        (["add", "n" * 5000, "A@h:1"], 3, "'n{40}…' is no name"),
        (["add", "n", "A@h:1", "--ca", "nofile.pem"], 3, "nofile.pem: No such file"),
        (["echo", "A@127.0.0.1:1", "--timeout", "-1"], 2, "above zero"),
        (["echo", "A@127.0.0.1:1", "--timeout", "0"], 2, "above zero"),
        (["echo", "A@127.0.0.1:1", "--timeout", "99999999"], 2, "86400 s at most"),
        ([*FIND, "--date", "abc"], 3, "'abc' is no date. Write YYYYMMDD or FROM-TO"),
        ([*FIND, "--date", "20260230"], 3, "'20260230' is no date"),
        ([*FIND, "--date", "-"], 3, "'-' is no date"),
        ([*FIND, "--date", "20260101-20250101"], 3, "ends before it begins"),
        ([*FIND, "--study", "x'y"], 3, "\"?'x'y' is no UID"),
        (["get", "A@127.0.0.1:1", "--study", "*", "-o", "in"], 3, "'\\*' is no UID"),
        (["get", "A@127.0.0.1:1", "--study", "1.2", "-o", "file.txt"], 3, "file.txt is a file. Choose a folder"),
        (["listen", "-o", "in", "--seconds", "-1"], 2, "above zero"),
        (["listen", "-o", "in", "--count", "0"], 2, "above zero"),
        (["listen", "-o", "in", "--allow", ""], 2, "at least one name"),
        (["listen", "-o", "in", "--allow", "GOOD,NOT\\GOOD", "--seconds", "1"], 3, "is no AE title"),
    ],
)
def test_a_wrong_call_is_refused_before_anybody_is_asked(
    arguments: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("THEATRUM_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file.txt").write_text("mine", encoding="utf-8")
    assert main(["pacs", *arguments]) == code
    error = capfd.readouterr().err.strip().splitlines()[-1]
    assert re.search(said, error)
    assert len(error) < 200
    assert not (tmp_path / "home" / "archives.json").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) in (["file.txt"], ["file.txt", "home"])


def test_dates_that_are_dates_are_asked(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for date in ("20240229", "20260101-", "-20260101", "20250101-20260101"):
        assert main(["pacs", *FIND, "--date", date]) == 3
        assert "cannot be reached" in capfd.readouterr().err


def test_an_address_is_listed_as_it_can_be_typed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("THEATRUM_HOME", str(tmp_path))
    assert main(["pacs", "add", "six", "QR@[::1]:104"]) == 0
    capfd.readouterr()
    assert main(["pacs", "nodes", "--json"]) == 0
    (row,) = json.loads(capfd.readouterr().out)["nodes"]
    assert (row["address"], row["host"]) == ("QR@[::1]:104", "::1")


@contextmanager
def _taker(
    syntaxes: list[str], stumbles_at: str = "", kinds: tuple[str, ...] = (CTImageStorage,)
) -> Iterator[tuple[Node, dict[str, bytes]]]:
    """pynetdicom as an archive that takes these transfer syntaxes alone, and ends the line at one object. Second: pixels."""
    from pynetdicom import AE, evt

    came: dict[str, bytes] = {}

    def stored(event: evt.Event) -> int:
        image = event.dataset
        if image.SOPInstanceUID == stumbles_at:
            event.assoc.abort()
            return 0xC001
        image.file_meta = event.file_meta
        came[str(image.SOPInstanceUID)] = image.PixelData
        return 0

    ae = AE("TAKER")
    ae.maximum_associations = 10
    for kind in kinds:
        ae.add_supported_context(kind, syntaxes)
    server = ae.start_server(("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_C_STORE, stored)])
    assert server is not None
    try:
        yield Node("taker", "127.0.0.1", server.socket.getsockname()[1], "TAKER"), came
    finally:
        server.shutdown()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return ct_series(tmp_path_factory.mktemp("ct"), 6, size=32, seed=3)


@pytest.mark.parametrize("taken", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_objects_go_unpacked_where_their_compression_is_not_taken(
    taken: str, files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    truth = {str(one.SOPInstanceUID): one.PixelData for one in map(dcmread, files)}
    for number, path in enumerate(files):
        image = dcmread(path)
        if number < 4:
            image.compress(JPEGLSLossless if number % 2 else RLELossless, generate_instance_uid=False)
        image.save_as(tmp_path / path.name)
    (tmp_path / "notes.xml").write_text("<notes/>", encoding="utf-8")
    monkeypatch.setenv("THEATRUM_HOME", str(tmp_path / "home"))
    with _taker([taken]) as (node, came):
        assert main(["pacs", "send", f"TAKER@127.0.0.1:{node.port}", str(tmp_path), "--quiet"]) == 0
    assert came == truth
    told = capfd.readouterr().out
    unpacked = 4 if taken == ExplicitVRLittleEndian else 6
    assert "6 objects sent to the archive" in told
    assert f"{unpacked} went unpacked" in told
    assert "1 file was left out: notes.xml is no readable DICOM file" in told


def test_what_cannot_go_is_told_by_name_with_what_to_do(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    damaged = dcmread(files[0])
    damaged.compress(JPEGLSLossless, generate_instance_uid=False)
    pixels = bytearray(damaged.PixelData)
    pixels[60:200] = b"\xff" * 140
    damaged.PixelData = bytes(pixels)
    damaged.save_as(tmp_path / "damaged.dcm")
    other = dcmread(files[1])
    other.SOPClassUID = other.file_meta.MediaStorageSOPClassUID = MRImageStorage
    other.save_as(tmp_path / "other.dcm")
    good = dcmread(files[2])
    good.save_as(tmp_path / "good.dcm")
    with _taker([ExplicitVRLittleEndian]) as (node, came):
        sent = send(node, OWN, outgoing([tmp_path])[0], answer_s=10.0)
        assert dict(sent.failed) == {
            "damaged.dcm": "is not taken in its compression, and cannot be unpacked",
            "other.dcm": "is of a kind that is not taken",
        }
        assert list(came) == [good.SOPInstanceUID]
        monkeypatch.setenv("THEATRUM_HOME", str(tmp_path / "home"))
        assert main(["pacs", "send", f"TAKER@127.0.0.1:{node.port}", str(tmp_path), "--quiet"]) == 3
    assert "leave these files out" in (error := capfd.readouterr().err)
    assert "the same command" not in error


@pytest.mark.parametrize("lines", [1, 5])
def test_an_object_that_breaks_the_line_each_time_is_named_and_holds_up_no_other(lines: int, files: list[Path]) -> None:
    bad = files[0]
    with _taker([ExplicitVRLittleEndian], str(dcmread(bad).SOPInstanceUID)) as (node, came):
        sent = send(node, OWN, outgoing(files)[0], lines=lines, answer_s=20.0)
        assert sent.failed == ((bad.name, "broke the line each time that it was sent"),)
    assert len(came) == 5


def test_a_silent_partner_costs_one_wait(files: list[Path]) -> None:
    came: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server, ExitStack() as links:

        def accept() -> None:
            while True:
                try:
                    came.append(links.enter_context(server.accept()[0]))
                except OSError:
                    return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        node = Node("mute", "127.0.0.1", server.getsockname()[1], "MUTE")
        with pytest.raises(NetworkError, match="did not answer within 0"):
            send(node, OWN, outgoing(files)[0], answer_s=0.3)
        assert len(came) == 1
        with pytest.raises(NetworkError, match="did not answer within 0"):
            send(node, OWN, outgoing(files)[0], answer_s=0.3, again=True, lines=2)
        assert len(came) == 3
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_secured_port_says_what_it_wants(tmp_path: Path) -> None:
    certificates = Certificates.made(tmp_path)
    them, us = certificates.pair("them"), certificates.pair("us")
    own = Own("THEM", port=0, tls=Tls(str(certificates.authority), str(them[0]), str(them[1])))

    def asked(tls: Tls | None) -> str:
        node = Node("them", "127.0.0.1", listener.port, "THEM", tls)
        with pytest.raises(NetworkError) as raised, associate(node, OWN, [Context(VERIFICATION, PLAIN)], 10.0) as one:
            echo(one)
        return str(raised.value)

    with Listener(own, Intake(tmp_path / "in")) as listener:
        plain = asked(None)
        assert "wants a secured line" in plain or "where it is the secured one" in plain
        assert "give one that it trusts" in asked(Tls(str(certificates.authority)))
        good = Node("them", "127.0.0.1", listener.port, "THEM", Tls(str(certificates.authority), *map(str, us)))
        with associate(good, OWN, [Context(VERIFICATION, PLAIN)], 10.0) as association:
            echo(association)


def test_nothing_found_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from pynetdicom import AE, evt
    from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelFind

    monkeypatch.setenv("THEATRUM_HOME", str(tmp_path))
    ae = AE("EMPTY")
    ae.add_supported_context(StudyRootQueryRetrieveInformationModelFind)
    server = ae.start_server(("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_C_FIND, lambda event: iter(()))])
    assert server is not None
    try:
        address = f"EMPTY@127.0.0.1:{server.socket.getsockname()[1]}"
        # longer than an accession number may be: the library would warn of it on the terminal
        assert main(["pacs", "find", address, "--accession", "A" * 40]) == 0
    finally:
        server.shutdown()
    told = capfd.readouterr()
    assert told.out.startswith("StudyDate")
    assert told.err == "nothing found\n"
