"""An archive that speaks DICOMweb over a secured line, in this process: it is asked, gives, and takes."""

from __future__ import annotations

import io
import json
import re
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pydicom import dcmread
from pydicom.dataset import Dataset

ROOT, BOUND = "/dicom-web", "----images"
TOLD = ("PatientName", "PatientID", "StudyInstanceUID", "StudyDate", "StudyDescription", "Modality", "SeriesInstanceUID",
        "SeriesDescription", "SeriesNumber", "SOPInstanceUID", "SOPClassUID", "InstanceNumber")  # fmt: skip
KEYS = {"studies": "StudyInstanceUID", "series": "SeriesInstanceUID", "instances": "SOPInstanceUID"}


@dataclass
class SmallWeb:
    """url: where it answers. asked: paths, in order. taken: objects that it was sent. certified: lines with a certificate."""

    held: list[Dataset]
    url: str = ""
    asked: list[str] = field(default_factory=list)
    taken: list[Dataset] = field(default_factory=list)
    certified: int = 0


@contextmanager
def small_web(files: Sequence[Path], context: ssl.SSLContext) -> Iterator[SmallWeb]:
    """An archive with these images at https://localhost:PORT/dicom-web."""
    made = SmallWeb([dcmread(file) for file in files])

    class Handler(_Handler):
        archive = made

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A line that was not trusted is no event."""

    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    made.url = f"https://localhost:{server.server_port}{ROOT}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    archive: SmallWeb
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Quiet."""

    def setup(self) -> None:
        self.request.do_handshake()
        self.archive.certified += bool(self.request.getpeercert())
        super().setup()

    def do_GET(self) -> None:
        whole = urlsplit(self.path)
        path, wanted = whole.path.removeprefix(ROOT), parse_qs(whole.query)
        self.archive.asked.append(path)
        parts = path.strip("/").split("/")
        given = dict(zip(parts[::2], parts[1::2]))
        images = [
            one for one in self.archive.held if all(str(one[KEYS[kind]].value) == uid for kind, uid in given.items())
        ]
        if len(parts) % 2:
            self._rows(KEYS[parts[-1]], images, wanted)
        else:
            self._images(images)

    def _rows(self, key: str, images: list[Dataset], wanted: dict[str, list[str]]) -> None:
        pattern = re.escape(wanted.get("PatientName", wanted.get("00100010", ["*"]))[0]).replace(r"\*", ".*")
        groups: dict[str, list[Dataset]] = {}
        for one in images:
            if re.fullmatch(pattern, str(one.PatientName), re.IGNORECASE):
                groups.setdefault(str(one[key].value), []).append(one)
        rows = []
        for members in groups.values():
            row = Dataset()
            for name in TOLD:
                if name in members[0]:
                    row[name] = members[0][name]
            row.NumberOfStudyRelatedInstances = row.NumberOfSeriesRelatedInstances = len(members)
            row.ModalitiesInStudy, row.NumberOfStudyRelatedSeries = "CT", 1
            rows.append(row.to_json_dict())
        first = int(wanted.get("offset", ["0"])[0])
        self._answer(
            json.dumps(rows[first : first + int(wanted.get("limit", ["1000"])[0])]).encode(), "application/dicom+json"
        )

    def _images(self, images: list[Dataset]) -> None:
        body = b""
        for one in images:
            content = io.BytesIO()
            one.save_as(content, enforce_file_format=True)
            body += f"--{BOUND}\r\nContent-Type: application/dicom\r\n\r\n".encode() + content.getvalue() + b"\r\n"
        self._answer(
            body + f"--{BOUND}--\r\n".encode(), f'multipart/related; type="application/dicom"; boundary={BOUND}'
        )

    def do_POST(self) -> None:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        whole = BytesParser().parsebytes(head + self.rfile.read(int(self.headers["Content-Length"])))
        answer = Dataset()
        answer.ReferencedSOPSequence = []
        for part in whole.get_payload():
            one = dcmread(io.BytesIO(part.get_payload(decode=True)))
            self.archive.taken.append(one)
            item = Dataset()
            item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = one.SOPClassUID, one.SOPInstanceUID
            answer.ReferencedSOPSequence.append(item)
        self._answer(answer.to_json().encode(), "application/dicom+json")

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
