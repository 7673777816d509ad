"""An archive in this process, made of pynetdicom: it is asked, gives, moves, takes and answers for what it was sent."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import (
    Comprehensive3DSRStorage,
    CTImageStorage,
    EncapsulatedPDFStorage,
    EncapsulatedSTLStorage,
    SegmentationStorage,
)

if TYPE_CHECKING:
    from pynetdicom import evt

KEPT = (CTImageStorage, SegmentationStorage, Comprehensive3DSRStorage, EncapsulatedPDFStorage, EncapsulatedSTLStorage)
LEVELS = {"STUDY": "StudyInstanceUID", "SERIES": "SeriesInstanceUID", "IMAGE": "SOPInstanceUID"}
COUNTS = {"STUDY": "NumberOfStudyRelatedInstances", "SERIES": "NumberOfSeriesRelatedInstances"}


@dataclass
class SmallArchive:
    """port: where it listens, as ARCHIVE. asked: numbers of images given, in order. taken: objects it was sent.

    more: how many images more than it has it says that it has. slow_s: before each image that it gives or takes.
    """

    held: list[Dataset]
    port: int = 0
    asked: list[str] = field(default_factory=list)
    wishes: list[Dataset] = field(default_factory=list)
    taken: list[Dataset] = field(default_factory=list)
    more: int = 0
    slow_s: float = 0.0
    refused: tuple[str, ...] = ()
    us: tuple[str, int] = ("127.0.0.1", 0)
    questions: list[Dataset] = field(default_factory=list)

    def found(self, event: evt.Event) -> Iterator[tuple[int, Dataset | None]]:
        """C-FIND: names by their beginning, other texts whole."""
        wish = event.identifier
        level = wish.QueryRetrieveLevel
        self.questions.append(wish)
        seen = set()
        for image in self.held:
            number = image[LEVELS[level]].value
            if number in seen or not self._fits(image, wish):
                continue
            seen.add(number)
            match = Dataset()
            match.QueryRetrieveLevel = level
            for element in wish:
                if element.keyword in image:
                    match[element.tag] = image[element.tag]
            match.ModalitiesInStudy = image.Modality
            if level in COUNTS:
                count = sum(one[LEVELS[level]].value == number for one in self.held)
                setattr(match, COUNTS[level], count + self.more)
            yield 0xFF00, match

    @staticmethod
    def _fits(image: Dataset, wish: Dataset) -> bool:
        name = str(wish.get("PatientName", "") or "")
        for key in ("StudyInstanceUID", "SeriesInstanceUID"):
            if wish.get(key) and wish[key].value != image[key].value:
                return False
        return not name or str(image.PatientName).startswith(name.rstrip("*"))

    def wanted(self, wish: Dataset) -> list[Dataset]:
        """What a C-GET or C-MOVE means."""
        numbers = wish.get("SOPInstanceUID")
        some = [one for one in self.held if not numbers or one.SOPInstanceUID in numbers]
        return [one for one in some if self._fits(one, wish)]

    def given(self, event: evt.Event) -> Iterator[int | tuple[int, Dataset | None]]:
        """C-GET."""
        self.wishes.append(event.identifier)
        yield len(self.wanted(event.identifier))
        yield from self._images(event)

    def moved(self, event: evt.Event) -> Iterator[object]:
        """C-MOVE, to the one partner that is known."""
        yield self.us
        yield len(self.wanted(event.identifier))
        yield from self._images(event)

    def _images(self, event: evt.Event) -> Iterator[tuple[int, Dataset]]:
        for image in self.wanted(event.identifier):
            time.sleep(self.slow_s)
            if not event.assoc.is_established:
                return
            self.asked.append(str(image.SOPInstanceUID))
            yield 0xFF00, image

    def stored(self, event: evt.Event) -> int:
        """C-STORE."""
        if event.request.AffectedSOPClassUID in self.refused:
            return 0xC123
        time.sleep(self.slow_s)
        taken = event.dataset
        self.taken.append(taken)
        return 0


@contextmanager
def small_archive(files: Sequence[Path]) -> Iterator[SmallArchive]:
    """One that holds these files and runs meanwhile."""
    from pynetdicom import AE, build_context, evt
    from pynetdicom.sop_class import (
        StudyRootQueryRetrieveInformationModelFind,
        StudyRootQueryRetrieveInformationModelGet,
        StudyRootQueryRetrieveInformationModelMove,
        Verification,
    )

    archive = SmallArchive([dcmread(path) for path in files])
    ae = AE("ARCHIVE")
    ae.require_called_aet = True
    ae.supported_contexts = [build_context(kind) for kind in KEPT]
    for context in ae.supported_contexts:
        context.scp_role, context.scu_role = True, True
    for service in (
        Verification,
        StudyRootQueryRetrieveInformationModelFind,
        StudyRootQueryRetrieveInformationModelGet,
        StudyRootQueryRetrieveInformationModelMove,
    ):
        ae.add_supported_context(service)
    # a move opens a line of its own
    ae.requested_contexts = [build_context(CTImageStorage)]
    handlers = [
        (evt.EVT_C_FIND, archive.found),
        (evt.EVT_C_GET, archive.given),
        (evt.EVT_C_MOVE, archive.moved),
        (evt.EVT_C_STORE, archive.stored),
        (evt.EVT_C_ECHO, lambda event: 0),
    ]
    server = ae.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers)
    assert server is not None
    # it collects garbage on its own thread, where Qt crashes when a widget goes
    server._gc = [0, sys.maxsize]
    archive.port = server.socket.getsockname()[1]
    try:
        yield archive
    finally:
        server.shutdown()
