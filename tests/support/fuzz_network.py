"""Partners on the network that send anything: what they would say is recorded from true ones and changed."""

from __future__ import annotations

import contextlib
import io
import random
import shutil
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import fuzz_seeds as seeds
from fuzz_mutate import mutated, mutated_json
from fuzz_run import Target, Wrong

from planning.errors import NetworkError

CT = "1.2.840.10008.5.1.4.1.1.2"
PLAIN = "1.2.840.10008.1.2.1"


def _said(act: Any) -> bytes:
    """What a partner writes on its line in `act`."""
    from planning.pacs.wire import Line

    ours, theirs = socket.socketpair()
    got = bytearray()

    def read() -> None:
        while part := theirs.recv(1 << 16):
            got.extend(part)

    reader = threading.Thread(target=read)
    reader.start()
    with Line(_Tcp(ours), "partner"):
        act(Line(_Tcp(ours), "partner"))
        ours.shutdown(socket.SHUT_WR)
        reader.join()
    theirs.close()
    return bytes(got)


class _Tcp:
    """One end of a pair of sockets of this machine, which knows no options of TCP."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link

    def setsockopt(self, *_: Any) -> None:
        """There are none."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._link, name)


def caller(folder: Path) -> list[bytes]:
    """A partner that asks for an association, an echo, stores two images and goes."""
    from pydicom import dcmread

    from planning.pacs import wire
    from planning.pacs.association import Accepted, Association, Context, _request
    from planning.pacs.services import C_ECHO, C_STORE, VERIFICATION, request

    images = seeds.series(folder / "plain")[:2]

    def act(line: Any) -> None:
        from pynetdicom.pdu import A_ASSOCIATE_RQ

        asked = A_ASSOCIATE_RQ()
        asked.from_primitive(
            _request("THEATRUM", "OTHER", [Context(VERIFICATION, (PLAIN,)), Context(CT, (PLAIN, "1.2.840.10008.1.2"))])
        )
        line.write(asked.encode())
        agreed = {1: Accepted(1, VERIFICATION, PLAIN), 3: Accepted(3, CT, PLAIN)}
        talk = Association(line, agreed, 600)
        talk.send(agreed[1], request(talk, C_ECHO, VERIFICATION))
        for image in images:
            head = dcmread(io.BytesIO(image), stop_before_pixels=True)
            at = image.index(b"\x08\x00", 132 + 12 + int.from_bytes(image[140:144], "little"))
            command = request(talk, C_STORE, CT, Priority=0, AffectedSOPInstanceUID=str(head.SOPInstanceUID))
            talk.send(agreed[3], command, image[at:])
        line.write(wire.HEADER.pack(wire.RELEASE_RQ, 4) + b"\0\0\0\0")

    return [_said(act)]


def _listen(content: bytes, folder: Path) -> None:
    """The receiving node meets it: no error leaves its line, and what lies in the folder is whole and where it belongs."""

    from planning.pacs.intake import Intake
    from planning.pacs.listen import Listener
    from planning.pacs.node import Own

    into = folder.with_name(folder.name + "-into")
    listener = Listener(Own("THEATRUM"), Intake(into), idle_s=2.0)
    ours, theirs = socket.socketpair()
    try:
        feeder = threading.Thread(target=_feed, args=(theirs, content), daemon=True)
        feeder.start()
        listener._line(_Tcp(ours), "partner")  # type: ignore[arg-type]
        feeder.join(5.0)
        listener.intake.close()
        for path in [one for one in into.rglob("*") if one.is_file()] if into.exists() else []:
            if path.relative_to(into).parts[0] == ".arriving" or _number(path) != path.stem:
                raise Wrong(f"{path.relative_to(into)} lies in the folder")
    finally:
        _hang_up(theirs)
        shutil.rmtree(into, ignore_errors=True)
    if listener.faults:
        raise NetworkError(listener.faults[-1])


def _number(path: Path) -> str:
    """Which object a file says it is; its other elements may claim lengths that no memory holds."""
    from pydicom import dcmread

    return str(dcmread(path, stop_before_pixels=True, specific_tags=["SOPInstanceUID"]).SOPInstanceUID)


def _hang_up(link: socket.socket) -> None:
    """Closing alone does not wake a thread that waits for the other side."""
    with contextlib.suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)
    link.close()


@contextmanager
def talking(content: bytes, within_s: float = 2.0) -> Iterator[Any]:
    """An association whose partner says this, over TCP of this machine."""
    from planning.pacs.association import Accepted, Association
    from planning.pacs.wire import Line

    server = socket.create_server(("127.0.0.1", 0))
    theirs = socket.create_connection(server.getsockname())
    ours, _ = server.accept()
    server.close()
    threading.Thread(target=_say, args=(theirs, content), daemon=True).start()
    with Line(ours, "partner", within_s) as line:
        yield Association(line, {1: Accepted(1, CT, "1.2.840.10008.1.2.1")}, 0)
    theirs.close()


def _say(link: socket.socket, content: bytes) -> None:
    try:
        link.sendall(content)
    except OSError:
        return


def pdu(content: bytes) -> bytes:
    """Data of a message."""
    from planning.pacs.wire import HEADER, P_DATA

    return HEADER.pack(P_DATA, len(content)) + content


def _feed(link: socket.socket, content: bytes) -> None:
    """Say it all, whatever comes back."""
    answers = threading.Thread(target=_drain, args=(link,), daemon=True)
    answers.start()
    try:
        link.sendall(content)
        link.shutdown(socket.SHUT_WR)
    except OSError:
        return
    answers.join(3.0)


def _drain(link: socket.socket) -> None:
    try:
        while link.recv(1 << 16):
            pass
    except OSError:
        return


def _archive(folder: Path) -> list[bytes]:
    """An archive that accepts all, answers a query with three rows, and sends two images for a C-GET."""
    from pydicom import dcmread
    from pydicom.dataset import Dataset
    from pydicom.uid import UID

    from planning.pacs.association import Accepted, Association
    from planning.pacs.fetch import FIND, _contexts
    from planning.pacs.services import C_STORE, STUDY_ROOT, encoded, request

    images = seeds.series(folder / "plain")[:2]

    def accept(line: Any, count: int, chosen: dict[int, str]) -> None:
        from pynetdicom.pdu import A_ASSOCIATE_AC
        from pynetdicom.pdu_primitives import A_ASSOCIATE
        from pynetdicom.presentation import PresentationContext

        from planning.pacs.association import APPLICATION_CONTEXT, _about_us

        answer = A_ASSOCIATE()
        answer.application_context_name = UID(APPLICATION_CONTEXT)
        answer.calling_ae_title, answer.called_ae_title = "THEATRUM", "ARCHIVE"
        answer.result, answer.result_source = 0, 1
        results = []
        for place in range(count):
            one = PresentationContext()
            one.context_id, one.result = 2 * place + 1, 0 if 2 * place + 1 in chosen else 3
            one.transfer_syntax = [UID(chosen.get(2 * place + 1, PLAIN))]
            results.append(one)
        answer.presentation_context_definition_results_list = results
        answer.user_information = _about_us()
        reply = A_ASSOCIATE_AC()
        reply.from_primitive(answer)
        line.write(reply.encode())

    def row(**told: str) -> Dataset:
        made = Dataset()
        for name, value in told.items():
            setattr(made, name, value)
        return made

    head = [dcmread(io.BytesIO(image), stop_before_pixels=True) for image in images]
    study, one = str(head[0].StudyInstanceUID), str(head[0].SeriesInstanceUID)

    def finding(rows: Sequence[Dataset]) -> Any:
        def act(line: Any) -> None:
            context = Accepted(1, STUDY_ROOT["find"], PLAIN)
            accept(line, len([FIND]), {1: PLAIN})
            talk = Association(line, {1: context}, 0)
            for number, batch in enumerate(([rows[0]], rows[1:]), start=1):
                for each in batch:
                    talk.send(context, _answer(0x8020, number, 0xFF00), encoded(each, context))
                talk.send(context, _answer(0x8020, number, 0))

        return act

    def getting(line: Any) -> None:
        offered = _contexts([CT])
        accept(line, len(offered), {1: PLAIN, 3: PLAIN})
        control, images_on = Accepted(1, STUDY_ROOT["get"], PLAIN), Accepted(3, CT, PLAIN)
        talk = Association(line, {1: control, 3: images_on}, 0)
        for image, told in zip(images, head):
            at = image.index(b"\x08\x00", 132 + 12 + int.from_bytes(image[140:144], "little"))
            command = request(talk, C_STORE, CT, Priority=0, AffectedSOPInstanceUID=str(told.SOPInstanceUID))
            talk.send(images_on, command, image[at:])
            talk.send(control, _answer(0x8010, 1, 0xFF00))
        talk.send(control, _answer(0x8010, 1, 0))

    rows = [
        row(StudyInstanceUID=study, SeriesInstanceUID=one, Modality="CT", SeriesNumber="1"),
        *(row(SOPInstanceUID=str(each.SOPInstanceUID), SOPClassUID=CT, InstanceNumber="1") for each in head),
    ]
    return [seeds.packed([("find", _said(finding(rows))), ("get", _said(getting)), ("study", study.encode())])]


def _answer(field: int, number: int, status: int) -> Any:
    return {
        "AffectedSOPClassUID": CT,
        "CommandField": field,
        "MessageIDBeingRespondedTo": number,
        "Status": status,
    }


def _one_of_lines(known: Sequence[bytes], dice: random.Random) -> bytes:
    return seeds.with_changed(known[0], dice, lambda data: mutated(data, dice))


def _fetch(content: bytes, folder: Path) -> None:
    """A query and a fetch from it. What arrives stays; what is said is a line."""

    from planning.pacs import association, fetch
    from planning.pacs.intake import Intake
    from planning.pacs.node import Node, Own
    from planning.pacs.query import Wish
    from planning.pacs.wire import Line

    files = seeds.parcel(content)
    said = [files.get("find", b""), *[files.get("get", b"")] * 3]
    links: list[socket.socket] = []

    def connected(node: Node, answer_s: float = 1.0) -> Line:
        ours, theirs = socket.socketpair()
        links.extend((ours, theirs))
        part = said[min(len(links) // 2 - 1, len(said) - 1)]
        threading.Thread(target=_feed, args=(theirs, part), daemon=True).start()
        return Line(_Tcp(ours), "partner", answer_s)  # type: ignore[arg-type]

    into = folder.with_name(folder.name + "-into")
    intake = Intake(into)
    try:
        study = files["study"].decode("latin-1")
        if not all(letter in "0123456789." for letter in study):
            study = "1.2.3"
        with mock.patch.object(association.wire, "connected", connected):
            fetch.fetch(Node("archive", "h", 104, "ARCHIVE"), Own("THEATRUM"), Wish(study=study), intake, answer_s=1.0)
    finally:
        for link in links:
            _hang_up(link)
        intake.close()
        wrong = [
            path.relative_to(into)
            for path in (into.rglob("*") if into.exists() else ())
            if path.is_file() and (path.suffix != ".dcm" or _number(path) != path.stem)
        ]
        shutil.rmtree(into, ignore_errors=True)
        if wrong:
            raise Wrong(f"{wrong} lies in the folder")


def _web(folder: Path) -> list[bytes]:
    """What a DICOMweb archive answers: rows of series and images, and a series as one multipart body."""
    from pydicom import dcmread

    images = seeds.series(folder / "plain")[:2]
    head = [dcmread(io.BytesIO(image), stop_before_pixels=True) for image in images]
    rows = [
        {"0020000D": _element("UI", head[0].StudyInstanceUID), "0020000E": _element("UI", head[0].SeriesInstanceUID)}
    ]
    listed = [
        {"00080018": _element("UI", one.SOPInstanceUID), "00080016": _element("UI", one.SOPClassUID)} for one in head
    ]
    body = (
        b"".join(b"--cut\r\nContent-Type: application/dicom\r\n\r\n" + image + b"\r\n" for image in images) + b"--cut--"
    )
    kind = b'multipart/related; type="application/dicom"; boundary=cut'
    files = (("series", seeds.as_json(rows)), ("instances", seeds.as_json(listed)), ("body", body), ("kind", kind))
    return [seeds.packed((*files, ("study", str(head[0].StudyInstanceUID).encode())))]


def _element(kind: str, value: Any) -> dict[str, Any]:
    return {"vr": kind, "Value": [str(value)]}


def _one_of_answers(known: Sequence[bytes], dice: random.Random) -> bytes:
    def change(data: bytes) -> bytes:
        return mutated_json(data, dice) if data.startswith(b"[") else mutated(data, dice)

    return seeds.with_changed(known[0], dice, change)


@contextmanager
def _answers(files: dict[str, bytes]) -> Any:
    """`requests` gets its answers from here, whatever the address."""
    import requests
    from urllib3 import HTTPResponse

    class Adapter(requests.adapters.HTTPAdapter):
        def send(self, request: Any, **_: Any) -> Any:
            kind, body = b"application/dicom+json", files.get("series", b"")
            if "/instances" in request.url:
                body = files.get("instances", b"")
            elif "application/dicom+json" not in request.headers.get("Accept", ""):
                kind, body = files.get("kind", b""), files.get("body", b"")
            told = {"Content-Type": "".join(letter for letter in kind.decode("latin-1") if letter.isprintable())}
            raw = HTTPResponse(io.BytesIO(body), headers=told, status=200, preload_content=False)
            return self.build_response(request, raw)

    with mock.patch.object(requests.Session, "get_adapter", return_value=Adapter()):
        yield


def _fetch_web(content: bytes, folder: Path) -> None:

    from planning.pacs.intake import Intake
    from planning.pacs.node import WebNode
    from planning.pacs.query import Wish
    from planning.pacs.web import fetch_web

    into = folder.with_name(folder.name + "-into")
    intake = Intake(into)
    try:
        with _answers(seeds.parcel(content)):
            fetch_web(WebNode("archive", "http://127.0.0.1:1/dicom-web"), Wish(study="1.2.3"), intake)
    finally:
        intake.close()
        wrong = [
            path.relative_to(into)
            for path in (into.rglob("*") if into.exists() else ())
            if path.is_file() and (path.suffix != ".dcm" or _number(path) != path.stem)
        ]
        shutil.rmtree(into, ignore_errors=True)
        if wrong:
            raise Wrong(f"{wrong} lies in the folder")


def _prepare() -> None:
    import logging

    import dicomweb_client
    import pynetdicom.pdu

    _ = (dicomweb_client, pynetdicom.pdu)
    logging.getLogger("pynetdicom").setLevel(logging.CRITICAL)


def network_targets() -> tuple[Target, ...]:
    """The receiving node, a query and fetch, and the same over HTTP."""

    def lines(known: Sequence[bytes], dice: random.Random) -> bytes:
        return mutated(dice.choice(known), dice, known)

    return (
        Target("network, receiving", "planning.pacs.listen", caller, lines, _listen, None, _prepare),
        Target("network, fetching", "planning.pacs.fetch", _archive, _one_of_lines, _fetch, None, _prepare),
        Target("network, DICOMweb", "planning.pacs.web", _web, _one_of_answers, _fetch_web, None, _prepare),
    )
