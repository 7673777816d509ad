"""Talking to archives: our two sides with each other, with pynetdicom's, and with partners that lie, drip, break off or refuse."""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import re
import socket
import struct
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

import pytest
from archives import ct_series, free_port
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from app.cli import main
from planning.errors import Cancelled, InputError, NetworkError
from planning.pacs import fetch as fetching
from planning.pacs.association import Accepted, Context, associate
from planning.pacs.fetch import fetch
from planning.pacs.intake import Incoming, Intake, safe_uid
from planning.pacs.listen import Listener
from planning.pacs.node import Address, Node, Own, read_addresses, write_addresses
from planning.pacs.query import FIND, Wish, find_studies
from planning.pacs.send import outgoing, send
from planning.pacs.services import PLAIN, VERIFICATION, echo
from planning.pacs.to_disk import AT_ONCE, ToDisk
from planning.progress import CancelToken
from planning.running import writer

OWN = Own("US", port=0)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return ct_series(tmp_path_factory.mktemp("ct"), 30)


def _uids(files: list[Path]) -> dict[str, bytes]:
    return {str(one.SOPInstanceUID): one.PixelData for one in map(dcmread, files)}


def _inside(folder: Path) -> dict[str, bytes]:
    return _uids(sorted(folder.rglob("*.dcm")))


@contextmanager
def _archive(
    files: list[Path], *, stop_after: int | None = None, lists: bool = True
) -> Iterator[tuple[Node, list[str]]]:
    """pynetdicom as an archive that holds these files: another program's find and get. Second: images asked for, in order."""
    from pynetdicom import AE, StoragePresentationContexts, evt
    from pynetdicom.sop_class import (
        StudyRootQueryRetrieveInformationModelFind,
        StudyRootQueryRetrieveInformationModelGet,
    )

    held = [dcmread(path) for path in files]
    asked: list[str] = []

    def found(event: evt.Event) -> Iterator[tuple[int, Dataset | None]]:
        wish = event.identifier
        if wish.QueryRetrieveLevel == "IMAGE" and not lists:
            yield 0xA900, None
            return
        seen = set()
        for image in held:
            level = {"STUDY": "StudyInstanceUID", "SERIES": "SeriesInstanceUID", "IMAGE": "SOPInstanceUID"}
            number = image[level[wish.QueryRetrieveLevel]].value
            if number in seen:
                continue
            seen.add(number)
            match = Dataset()
            match.QueryRetrieveLevel = wish.QueryRetrieveLevel
            for element in wish:
                if element.keyword in image:
                    match[element.tag] = image[element.tag]
            yield 0xFF00, match

    def got(event: evt.Event) -> Iterator[int | tuple[int, Dataset | None]]:
        wish = event.identifier
        numbers = wish.get("SOPInstanceUID")
        wanted = [one for one in held if numbers is None or one.SOPInstanceUID in numbers]
        yield len(wanted)
        for count, image in enumerate(wanted):
            if stop_after is not None and len(asked) == stop_after:
                asked.append("broken off")
                event.assoc.abort()
                return
            asked.append(str(image.SOPInstanceUID))
            yield 0xFF00, image
            del count

    ae = AE("ARCHIVE")
    ae.supported_contexts = [*StoragePresentationContexts]
    for context in ae.supported_contexts:
        context.scp_role, context.scu_role = True, True
    ae.add_supported_context(StudyRootQueryRetrieveInformationModelFind)
    ae.add_supported_context(StudyRootQueryRetrieveInformationModelGet)
    handlers = [(evt.EVT_C_FIND, found), (evt.EVT_C_GET, got)]
    server = ae.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers)
    assert server is not None
    try:
        yield Node("archive", "127.0.0.1", server.socket.getsockname()[1], "ARCHIVE"), asked
    finally:
        server.shutdown()


@contextmanager
def _partner(act: Callable[[socket.socket], None]) -> Iterator[Node]:
    """A partner of raw bytes: `act` is done to each line that comes."""
    server = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve() -> None:
        server.settimeout(0.1)
        while not ended.is_set():
            try:
                link, _ = server.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            with link:
                link.settimeout(5.0)
                try:
                    act(link)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield Node("partner", "127.0.0.1", server.getsockname()[1], "ANY")
    finally:
        ended.set()
        thread.join()
        server.close()


def test_what_is_sent_arrives_and_is_not_sent_again_to_who_answers_for_it(tmp_path: Path, files: list[Path]) -> None:
    with Listener(Own("THEM", port=0), Intake(tmp_path / "in")) as listener:
        node = Node("them", "127.0.0.1", listener.port, "THEM")
        with associate(node, OWN, [Context(VERIFICATION, PLAIN)]) as association:
            echo(association)
        objects, skipped = outgoing([files[0].parent])
        assert len(objects) == 30
        assert not skipped
        sent = send(node, OWN, objects)
        assert (sent.stored, sent.there_before, sent.failed) == (30, 0, ())
    assert _inside(tmp_path / "in") == _uids(files)
    assert not list(tmp_path.rglob("*.part"))
    assert not (tmp_path / "in" / ".arriving").exists()


@pytest.mark.parametrize(("refusals", "stored"), [(1, 30), (2, 29)])
def test_who_lost_its_breath_is_asked_once_more(
    refusals: int, stored: int, tmp_path: Path, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Listener(Own("THEM", port=0), Intake(tmp_path)) as listener:
        node = Node("them", "127.0.0.1", listener.port, "THEM")
        objects, _ = outgoing([files[0].parent])
        finish, refused = listener.intake.finish, []

        def choked(intake: Intake, incoming: Incoming, *placed: Callable[[int], None]) -> int:
            if incoming.uid == objects[3].uid and len(refused) < refusals:
                refused.append(incoming.uid)
                intake.drop(incoming)
                return 0xC000
            return finish(incoming, *placed)

        monkeypatch.setattr(Intake, "finish", choked)
        sent = send(node, OWN, objects, again=True)
    assert (sent.stored, len(sent.failed), len(refused)) == (stored, 30 - stored, refusals)


def test_a_study_is_found_and_fetched_from_another_programs_archive(tmp_path: Path, files: list[Path]) -> None:
    with _archive(files) as (node, asked):
        with associate(node, OWN, [FIND]) as association:
            (study,) = find_studies(association, Wish(patient_name="Muster*"))
        assert study["PatientName"] == "Muster^Anna"
        wish = Wish(study=study["StudyInstanceUID"])
        first = fetch(node, OWN, wish, Intake(tmp_path))
        assert (first.new, first.known, first.missing) == (30, 0, ())
        assert _inside(tmp_path) == _uids(files)
        # one is lost, one is spoilt: these two alone are asked for again
        inside = sorted(tmp_path.rglob("*.dcm"))
        inside[0].unlink()
        inside[1].write_bytes(b"\0" * 2000)
        asked.clear()
        second = fetch(node, OWN, wish, Intake(tmp_path))
        assert (second.new, second.known) == (2, 28)
        assert sorted(asked) == sorted(path.stem for path in inside[:2])
    assert _inside(tmp_path) == _uids(files)


def test_a_line_that_breaks_is_made_anew_and_nothing_is_fetched_twice(tmp_path: Path, files: list[Path]) -> None:
    study = str(dcmread(files[0]).StudyInstanceUID)
    with _archive(files, stop_after=11) as (node, asked):
        got = fetch(node, OWN, Wish(study=study), Intake(tmp_path))
    assert (got.new, got.missing) == (30, ())
    assert asked[11] == "broken off"
    came = [one for one in asked if one != "broken off"]
    # the image that was under way when the line broke may have to come again
    assert len(came) - len(set(came)) <= 1
    assert _inside(tmp_path) == _uids(files)


@pytest.mark.parametrize("most", [1, 16])
def test_series_come_over_several_lines_as_far_as_the_archive_lets_us(
    most: int, tmp_path: Path, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "AT_ONCE", 4)
    study, at_once = str(dcmread(files[0]).StudyInstanceUID), [0, 0]
    real, lock = fetching.associate, threading.Lock()

    @contextmanager
    def counted(node: Node, own: Own, contexts: list[Context], answer_s: float) -> Iterator[object]:
        with lock:
            if at_once[0] >= most:
                raise NetworkError(f"{node.name} has no more room for connections", "", "network")
            at_once[0] += 1
            at_once[1] = max(at_once)
        try:
            with real(node, own, contexts, answer_s) as association:
                yield association
        finally:
            with lock:
                at_once[0] -= 1

    monkeypatch.setattr(fetching, "associate", counted)
    with _archive(files) as (node, asked):
        got = fetch(node, OWN, Wish(study=study), Intake(tmp_path))
    assert (got.new, got.missing) == (30, ())
    assert len(asked) == len(set(asked)) == 30
    assert at_once[1] == min(most, fetching.LINES)
    assert _inside(tmp_path) == _uids(files)


def test_an_archive_that_lists_no_images_gives_the_whole_series(tmp_path: Path, files: list[Path]) -> None:
    study = str(dcmread(files[0]).StudyInstanceUID)
    with _archive(files, lists=False) as (node, _):
        got = fetch(node, OWN, Wish(study=study), Intake(tmp_path))
    assert got.new == 30


def test_a_fetch_that_is_stopped_keeps_what_came_and_goes_on_from_there(tmp_path: Path, files: list[Path]) -> None:
    study = str(dcmread(files[0]).StudyInstanceUID)
    cancel, intake = CancelToken(), Intake(tmp_path)

    def progress(fraction: float, text: str = "") -> None:
        if len(intake.arrived) >= 7:
            cancel.set()

    with _archive(files) as (node, _):
        with pytest.raises(Cancelled):
            fetch(node, OWN, Wish(study=study), intake, progress, cancel)
        came = len(_inside(tmp_path))
        assert 7 <= came < 30
        assert not list(tmp_path.rglob("*.part"))
        rest = fetch(node, OWN, Wish(study=study), Intake(tmp_path))
    assert (rest.new, rest.known) == (30 - came, came)


def test_what_a_partner_is_told_is_stored_reaches_its_place_or_is_told_as_refused(
    tmp_path: Path, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from planning.pacs import to_disk

    written, real = [], to_disk._placed
    # several threads write: only a count that no two of them can read alike finds the twelfth
    calls = itertools.count()

    def placed(file: FileIO, draft: Path, target: Path) -> None:
        time.sleep(0.02)
        if next(calls) == 11:
            written.append(target)
            raise OSError(errno.ENOSPC, "No space left on device")
        real(file, draft, target)
        written.append(target)

    monkeypatch.setattr(to_disk, "_placed", placed)
    told: list[int] = []
    intake = Intake(tmp_path / "in")
    with Listener(Own("THEM", port=0), intake, arrival=lambda incoming, status: told.append(status)) as listener:
        node = Node("them", "127.0.0.1", listener.port, "THEM")
        assert send(node, OWN, outgoing([files[0].parent])[0], again=True).stored == 30
    # leaving waits until all are on the disk; the one that the disk had no room for is not taken for one that arrived
    assert sorted(told) == [0] * 29 + [0xA700]
    assert len(intake.arrived) == len(_inside(tmp_path / "in")) == 29
    assert set(intake.refused.values()) == {0xA700}
    assert not list(tmp_path.rglob("*.part"))


def test_who_asks_what_a_folder_holds_takes_nothing_from_those_who_receive_into_it(
    tmp_path: Path, files: list[Path]
) -> None:
    one = dcmread(files[0])
    uid = str(one.SOPInstanceUID)
    command = {"AffectedSOPInstanceUID": uid, "AffectedSOPClassUID": str(CTImageStorage)}
    receiving, asking = Intake(tmp_path / "in"), Intake(tmp_path / "in")
    incoming = receiving.open(Accepted(1, CTImageStorage, str(one.file_meta.TransferSyntaxUID)), command)
    incoming.write(memoryview(files[0].read_bytes()[outgoing([files[0]])[0][0].start :]))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = incoming.path.with_name(f"{writer(gone.pid)}-{'0' * 32}.part")
    left.write_bytes(b"half")
    assert asking.known() == {}
    assert not left.exists()
    assert receiving.finish(incoming) == 0
    receiving.settle()
    assert set(asking.known()) == {uid}


def test_who_fails_at_being_told_keeps_no_object_from_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda what: said.append(str(what.exc_value)))
    waiting = ToDisk()

    def fails(error: OSError | None) -> None:
        raise BrokenPipeError("nobody reads it")

    def take() -> None:
        for number in range(3 * AT_ONCE):
            draft = tmp_path / f"{number}.part"
            assert waiting.take(FileIO(draft, "x+"), draft, tmp_path / f"{number}.dcm", fails)
        waiting.settle()

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    assert len(list(tmp_path.glob("*.dcm"))) == 3 * AT_ONCE == len(said)


def test_an_object_may_not_choose_its_place(tmp_path: Path, files: list[Path]) -> None:
    evil = dcmread(files[0])
    with warnings.catch_warnings(action="ignore"):
        evil.StudyInstanceUID, evil.SeriesInstanceUID = "../../up", "/etc"
    evil.save_as(tmp_path / "evil.dcm")
    with Listener(Own("THEM", port=0), Intake(tmp_path / "in")) as listener:
        node = Node("them", "127.0.0.1", listener.port, "THEM")
        objects, _ = outgoing([tmp_path / "evil.dcm"])
        assert send(node, OWN, objects, again=True).stored == 1
    (path,) = (tmp_path / "in").rglob("*.dcm")
    assert path.resolve().is_relative_to((tmp_path / "in").resolve())
    assert path.parts[-3:-1] == (safe_uid("../../up"), safe_uid("/etc"))
    assert not (tmp_path / "up").exists()


def test_another_object_of_the_same_number_does_not_replace_the_first(tmp_path: Path, files: list[Path]) -> None:
    other = dcmread(files[0])
    other.PatientName = "Other"
    other.save_as(tmp_path / "other.dcm")
    with Listener(Own("THEM", port=0), Intake(tmp_path / "in")) as listener:
        node = Node("them", "127.0.0.1", listener.port, "THEM")
        first, second = outgoing([files[0]])[0], outgoing([tmp_path / "other.dcm"])[0]
        assert send(node, OWN, first, again=True).stored == 1
        assert send(node, OWN, first, again=True).stored == 1
        failed = send(node, OWN, second, again=True).failed
    assert len(failed) == 1
    assert "another object of the same number" in failed[0][1]
    (path,) = (tmp_path / "in").rglob("*.dcm")
    assert str(dcmread(path).PatientName) == "Muster^Anna"


def test_who_is_not_allowed_or_calls_another_is_refused_in_one_line(tmp_path: Path) -> None:
    with Listener(Own("THEM", port=0), Intake(tmp_path), frozenset({"FRIEND"})) as listener:
        node = Node("them", "127.0.0.1", listener.port, "THEM")
        with pytest.raises(NetworkError, match="does not know our AE title"):
            associate(node, OWN, [Context(VERIFICATION, PLAIN)])
        with pytest.raises(NetworkError, match="the AE title that it was called by"):
            associate(Node("x", "127.0.0.1", listener.port, "X"), Own("FRIEND"), [Context(VERIFICATION, PLAIN)])
        with associate(node, Own("FRIEND"), [Context(VERIFICATION, PLAIN)]) as association:
            echo(association)
        with pytest.raises(NetworkError, match="does not offer queries"), associate(node, Own("FRIEND"), [FIND]) as one:
            find_studies(one, Wish())


def _reads_request(link: socket.socket) -> None:
    head = link.recv(6, socket.MSG_WAITALL)
    link.recv(struct.unpack(">L", head[2:])[0], socket.MSG_WAITALL)


def _drips(link: socket.socket) -> None:
    _reads_request(link)
    for byte in b"\x02\x00\x00\x00\x10\x00" + b"\0" * 4000:
        link.sendall(bytes([byte]))
        time.sleep(0.05)


def _silent(link: socket.socket) -> None:
    _reads_request(link)
    link.recv(1)


def _lies(link: socket.socket) -> None:
    _reads_request(link)
    link.sendall(b"\x02\x00\xff\xff\xff\xff" + b"x" * 100)


def _speaks_http(link: socket.socket) -> None:
    link.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def _nonsense(link: socket.socket) -> None:
    _reads_request(link)
    link.sendall(b"\x02\x00\x00\x00\x00\x50" + b"\xa5" * 80)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (_drips, "did not answer within 1 s"),
        (_silent, "did not answer within 1 s"),
        (_lies, "announces a message part of 4294967295 bytes"),
        (_speaks_http, "does not speak DICOM"),
        (_nonsense, "answers with what cannot be read"),
        (lambda link: None, "ended the connection"),
    ],
)
def test_a_partner_that_does_not_behave_costs_one_line_and_a_second(
    act: Callable[[socket.socket], None], said: str
) -> None:
    begun = time.monotonic()
    with _partner(act) as node, pytest.raises(NetworkError, match=said):
        associate(node, OWN, [Context(VERIFICATION, PLAIN)], answer_s=1.0)
    assert time.monotonic() - begun < 10.0


@pytest.mark.parametrize(
    "bytes_",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x01\x00\xff\xff\xff\xff",
        b"\x01\x00\x00\x00\x00\x08abcdefgh",
        b"\x04\x00\x00\x00\x00\x04\x00\x00\x00\x00",
        b"",
    ],
)
def test_the_receiving_node_outlives_strangers(bytes_: bytes, tmp_path: Path, files: list[Path]) -> None:
    with Listener(Own("THEM", port=0), Intake(tmp_path), idle_s=0.5) as listener:
        with socket.create_connection(("127.0.0.1", listener.port)) as link:
            link.sendall(bytes_)
            link.settimeout(10.0)
            with contextlib.suppress(ConnectionResetError):
                assert link.recv(100) == b""
        node = Node("them", "127.0.0.1", listener.port, "THEM")
        assert send(node, OWN, outgoing(files[:1])[0], again=True).stored == 1
        assert len(listener.faults) == 1


def test_an_object_that_breaks_off_leaves_nothing(tmp_path: Path, files: list[Path]) -> None:
    (one,) = outgoing(files[:1])[0]
    with Listener(Own("THEM", port=0), Intake(tmp_path), idle_s=5.0) as listener:
        node = Node("them", "127.0.0.1", listener.port, "THEM")
        association = associate(node, OWN, [Context(CTImageStorage, (ExplicitVRLittleEndian,))])
        context = association.context_for(CTImageStorage)
        assert context is not None
        from planning.pacs.services import C_STORE, request

        command = request(association, C_STORE, CTImageStorage, Priority=0, AffectedSOPInstanceUID=one.uid)
        whole: list[bytes] = []
        association.line.write = lambda data: whole.append(bytes(data))  # type: ignore[method-assign]
        association.send(context, command, files[0].read_bytes()[one.start :])
        link = association.line._link
        link.sendall(b"".join(whole)[:-50])
        link.close()
        until = time.monotonic() + 10.0
        while not listener.faults and time.monotonic() < until:
            time.sleep(0.02)
        assert listener.faults
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_full_disk_is_told_to_the_sender(tmp_path: Path, files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planning.pacs.intake.LEAST_FREE_BYTES", 1 << 62)
    with Listener(Own("THEM", port=0), Intake(tmp_path)) as listener:
        node = Node("them", "127.0.0.1", listener.port, "THEM")
        failed = send(node, OWN, outgoing(files[:1])[0], again=True).failed
    assert "is out of room or power" in failed[0][1]
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_archives_are_kept_whole_and_a_spoilt_list_is_told(tmp_path: Path) -> None:
    place = tmp_path / "archives.json"
    known = Address().with_node(Node("one", "host", 104, "A")).with_node(Node("ONE", "other", 105, "B"))
    write_addresses(place, known)
    assert read_addresses(place) == known
    assert [node.host for node in known.nodes] == ["other"]
    place.write_text('{"nodes": [{"name": 3}]}', encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read"):
        read_addresses(place)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["echo", "nowhere"], 3, "No node is named 'nowhere'"),
        (["echo", "A@127.0.0.1:{port}"], 3, "cannot be reached"),
        (["echo", "A@a..b:104"], 3, "is not known to the network"),
        (["echo", "A@"], 2, "is no TITLE@HOST:PORT"),
        (["echo", "A@127.0.0.1:99999"], 3, "99999 is no port"),
        (["echo", "A TITLE MUCH TOO LONG@h:1"], 3, "is no AE title"),
        (["find", "A@h:1", "--level", "series"], 2, "within a study"),
        (["get", "A@h:1", "-o", "x", "--cert", "c.pem"], 2, "belong to --ca"),
        (["echo", "A@h:1", "--ca", "missing.pem"], 3, "not known to the network|cannot be used|cannot be reached"),
        (["send", "A@h:1", "missing.dcm"], 3, "is not there"),
        (["move", "A@h:1", "--study", "1.2"], 2, "Give one of -o and --to"),
    ],
)
def test_bad_calls_are_one_line(
    arguments: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("THEATRUM_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    given = [one.format(port=free_port()) for one in arguments]
    assert main(["pacs", *given]) == code
    error = capfd.readouterr().err
    assert len(error.strip().splitlines()) == 1
    assert re.search(said, error)
    assert not (tmp_path / "x").exists()


def test_the_commands_tell_in_json(
    tmp_path: Path, files: list[Path], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("THEATRUM_HOME", str(tmp_path / "home"))

    def said(*arguments: str) -> dict[str, object]:
        assert main(["pacs", *arguments, "--json"]) == 0
        told: dict[str, object] = json.loads(capfd.readouterr().out)
        assert told["schema"] == "theatrum.pacs/1"
        return told

    with _archive(files) as (node, _):
        said("add", "near", f"{node.title}@{node.host}:{node.port}")
        assert [one["name"] for one in said("nodes")["nodes"]] == ["near"]  # type: ignore[attr-defined]
        rows = said("find", "near", "--modality", "CT", "--quiet")["rows"]
        study = rows[0]["StudyInstanceUID"]  # type: ignore[index]
        got = said("get", "near", "--study", study, "-o", str(tmp_path / "in"), "--quiet")
        assert (got["new"], got["known"]) == (30, 0)
        assert said("remove", "near")["node"] == "near"


def test_a_long_series_is_asked_for_in_parts(
    tmp_path: Path, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "AT_ONCE", 8)
    study = str(dcmread(files[0]).StudyInstanceUID)
    with _archive(files) as (node, asked):
        assert fetch(node, OWN, Wish(study=study), Intake(tmp_path)).new == 30
    assert len(asked) == len(set(asked)) == 30
