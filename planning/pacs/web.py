"""Archives by DICOMweb (PS3.18): queries, fetching and sending over HTTP or HTTPS, with the rows and rules of the other way."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from pydicom import dcmread
from pydicom.dataset import Dataset

from planning.errors import InputError, NetworkError, TheatrumError
from planning.pacs.fetch import Fetched
from planning.pacs.intake import Intake, safe_uid
from planning.pacs.node import WebNode
from planning.pacs.query import RETURNED, UID, Wish, as_row
from planning.pacs.send import PASSING, Outgoing, Sent
from planning.pacs.web_bounds import bounded_client
from planning.progress import CancelToken, Progress, no_progress

AS_KEPT = (("application/dicom", "*"),)
"""Asked for so that an archive does not unpack what it keeps: some fail at that (docs/pacs.md)."""
AT_ONCE_BYTES = 64 << 20
PAGE = 500
"""Rows asked for at once."""
# Orthanc 1.10 reads an address as it is written: these stand for themselves, and no search may hold another letter
PLAIN_MARKS = {"%2A": "*", "%3F": "?", "%2C": ",", "%3A": ":"}
NOT_PLAIN = re.compile(r"[^A-Za-z0-9*?.,:_~-]+")


@contextmanager
def _client(node: WebNode, timeout_s: float) -> Iterator[Any]:
    """A client whose every failure is a NetworkError of one line."""
    import requests

    for chatty in ("retrying", "dicomweb_client"):
        # they log addresses with the numbers of patients' studies, and whole tracebacks
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    with requests.Session() as session:
        for scheme in ("http://", "https://"):
            session.mount(scheme, _plain_marks())
        # what a partner of this computer is does not depend on a person's proxies and passwords for the internet
        session.trust_env = False
        if node.tls is not None:
            # refuses files that cannot be used, in one line
            node.tls.client()
            session.verify = node.tls.authority
            if node.tls.certificate is not None:
                session.cert = (node.tls.certificate, node.tls.key) if node.tls.key else node.tls.certificate
        client = bounded_client(node.url.rstrip("/"), session, timeout_s, node.name)
        try:
            yield client
        except requests.exceptions.SSLError as error:
            raise NetworkError(
                f"{node.name} cannot be trusted or does not trust us ({_reason(error)})",
                "Check the certificates",
                "tls",
            ) from error
        except requests.exceptions.HTTPError as error:
            code = error.response.status_code if error.response is not None else 0
            hint = "Ask the archive's administrator" if code in (401, 403) else "Check the address and what was asked"
            raise NetworkError(f"{node.name} refuses it (HTTP {code})", hint, "network") from error
        except requests.exceptions.Timeout as error:
            raise NetworkError(f"{node.name} did not answer within {timeout_s:g} s", "Try again", "network") from error
        except requests.exceptions.ConnectionError as error:
            raise NetworkError(f"{node.name} cannot be reached", "Check the address", "network") from error
        except (TheatrumError, MemoryError):
            raise
        except Exception as error:
            if isinstance(error, OSError) and not isinstance(error, requests.exceptions.RequestException):
                # of the disk, not of the partner
                raise
            # what a partner answers may break its reader in any way
            raise NetworkError(
                f"{node.name} answers with what cannot be read", "Check the address", "network"
            ) from error


def _plain_marks() -> Any:
    """What carries requests, with the marks of a search written as themselves where an address may hold them."""
    from requests.adapters import HTTPAdapter

    class PlainMarks(HTTPAdapter):  # type: ignore[misc]
        def send(self, request: Any, *given: Any, **named: Any) -> Any:
            path, mark, search = str(request.url).partition("?")
            for coded, letter in PLAIN_MARKS.items():
                search = search.replace(coded, letter)
            request.url = path + mark + search
            return super().send(request, *given, **named)

    return PlainMarks()


def _reason(error: BaseException) -> str:
    text = str(error)
    for known in (
        "certificate verify failed",
        "Hostname mismatch",
        "doesn't match",
        "certificate required",
        "unknown ca",
    ):
        if known.lower() in text.lower():
            return known.lower()
    return "no agreement on a secured line"


def find_rows(
    node: WebNode, level: str, wish: Wish, timeout_s: float = 30.0, most: int | None = None
) -> list[dict[str, str]]:
    """Rows of a level (STUDY, SERIES or IMAGE), with the fields of `query.RETURNED`; the first `most` where that is given."""
    names = RETURNED[level]
    filters = {
        "STUDY": {
            "PatientID": wish.patient_id, "PatientName": wish.patient_name, "AccessionNumber": wish.accession,
            "StudyDate": wish.date, "ModalitiesInStudy": wish.modality, "StudyDescription": wish.description,
            "StudyInstanceUID": wish.study,
        },
        "SERIES": {"SeriesInstanceUID": wish.series, "Modality": wish.modality, "SeriesDescription": wish.description},
        "IMAGE": {"SOPInstanceUID": wish.image},
    }[level]  # fmt: skip
    given = {name: value for name, value in filters.items() if value}
    # blanks, carets, umlauts and others are asked for as any letters, and looked for in the answer
    asked = {name: NOT_PLAIN.sub("*", value) for name, value in given.items()}
    wider = {name: _pattern(value) for name, value in given.items() if asked[name] != value}
    common: dict[str, Any] = {
        "search_filters": asked,
        "fields": list(names),
        "get_remaining": most is None or bool(wider),
    }
    if most is not None and not wider:
        common["limit"] = most
    with _client(node, timeout_s) as client:
        if level == "STUDY":
            found = client.search_for_studies(**common)
        elif level == "SERIES":
            found = client.search_for_series(study_instance_uid=wish.study, **common)
        else:
            found = client.search_for_instances(
                study_instance_uid=wish.study, series_instance_uid=wish.series, **common
            )
        rows = [as_row(Dataset.from_json(one), names) for one in found]
    rows = [row for row in rows if all(pattern.fullmatch(row[name]) for name, pattern in wider.items())]
    return rows if most is None else rows[:most]


def _pattern(value: str) -> re.Pattern[str]:
    """What a search with `*` and `?` means (PS3.4 C.2.2.2.4), capitals or not."""
    letters = (".*" if letter == "*" else "." if letter == "?" else re.escape(letter) for letter in value)
    return re.compile("".join(letters), re.IGNORECASE)


def fetch_web(
    node: WebNode,
    wish: Wish,
    intake: Intake,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
    timeout_s: float = 30.0,
) -> Fetched:
    """WADO-RS of what is not in the folder yet: a series as a whole where none of it is here, else image by image."""
    if not wish.study:
        raise InputError("A study is fetched by its number", "Give --study; theatrum pacs find tells it", "query")
    progress(0.0, "Asking the archive")
    known = intake.known()
    series = find_rows(node, "SERIES", wish, timeout_s)
    images = [
        (one["SeriesInstanceUID"], row["SOPInstanceUID"])
        for one in series
        # what a partner calls a number is asked for again: nothing else may go into a question
        if safe_uid(one["SeriesInstanceUID"]) == one["SeriesInstanceUID"]
        for row in find_rows(
            node, "IMAGE", Wish(study=wish.study, series=one["SeriesInstanceUID"], image=wish.image), timeout_s
        )
    ]
    if not images:
        raise InputError("The archive has nothing like this", "Check --study, --series and --modality", "query")

    def came(image: Dataset) -> None:
        if cancel is not None:
            cancel.raise_if_set()
        whole = BytesIO()
        image.save_as(whole, enforce_file_format=True)
        intake.put(str(image.SOPInstanceUID), str(image.SOPClassUID), whole.getvalue())
        here = len(intake.arrived)
        progress((here + len(known)) / max(len(images), here + len(known)), f"Fetching image {here} of {len(images)}")

    with _client(node, timeout_s) as client:
        for one in dict.fromkeys(number for number, _ in images):
            wanted = [uid for number, uid in images if number == one]
            left = [uid for uid in wanted if uid not in known]
            if left == wanted and not wish.image:
                for image in client.iter_series(wish.study, one, media_types=AS_KEPT):
                    came(image)
                continue
            for uid in left:
                came(client.retrieve_instance(wish.study, one, uid, media_types=AS_KEPT))
    intake.settle()
    missing = tuple(uid for _, uid in images if uid not in intake.arrived and uid not in known)
    return Fetched(len(intake.arrived), sum(uid in known for _, uid in images), missing, len(intake.refused))


def send_web(
    node: WebNode,
    objects: Sequence[Outgoing],
    *,
    again: bool = False,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
    timeout_s: float = 30.0,
) -> Sent:
    """STOW-RS of what the archive does not have yet (all with `again`), some images in each request."""
    there = set() if again else _there(node, objects, timeout_s)
    left = [one for one in objects if one.uid not in there]
    failed: list[tuple[str, str]] = []
    may_pass = False
    done = [(one.abstract, one.uid) for one in objects if one.uid in there]
    with _client(node, timeout_s) as client:
        for batch in _batches(left):
            if cancel is not None:
                cancel.raise_if_set()
            answer = client.store_instances([dcmread(one.path) for one in batch])
            refused = {
                str(item.get("ReferencedSOPInstanceUID", "")): int(item.get("FailureReason") or 0)
                for item in answer.get("FailedSOPSequence") or ()
            }
            may_pass |= any(reason in PASSING or reason >> 8 == 0xA7 for reason in refused.values())
            stored = {
                str(item.get("ReferencedSOPInstanceUID", "")) for item in answer.get("ReferencedSOPSequence") or ()
            }
            silent = [one for one in batch if one.uid not in refused and one.uid not in stored]
            # of these it has said nothing: what it has is what it lists
            stored |= _there(node, silent, timeout_s)
            for one in batch:
                if one.uid in refused:
                    failed.append((one.path.name, f"is not taken (reason {refused[one.uid]:04X})"))
                elif one.uid in stored:
                    done.append((one.abstract, one.uid))
                else:
                    failed.append((one.path.name, "is not among what it says that it took"))
            told = len(done) + len(failed) - len(objects) + len(left)
            progress(told / max(len(left), 1), f"Sending image {told} of {len(left)}")
    return Sent(
        len(left) - len(failed), 0, len(objects) - len(left), tuple(failed), tuple(done), may_pass=may_pass
    )  # fmt: skip


def _there(node: WebNode, objects: Sequence[Outgoing], timeout_s: float) -> set[str]:
    """Which of these the archive lists."""
    found: set[str] = set()
    for study, series in dict.fromkeys((one.study, one.series) for one in objects):
        if UID.fullmatch(study) and UID.fullmatch(series):
            rows = find_rows(node, "IMAGE", Wish(study=study, series=series), timeout_s)
            found |= {row["SOPInstanceUID"] for row in rows}
    return found & {one.uid for one in objects}


def _batches(objects: Sequence[Outgoing]) -> Iterator[list[Outgoing]]:
    batch: list[Outgoing] = []
    size = 0
    for one in objects:
        batch.append(one)
        size += one.path.stat().st_size
        if size >= AT_ONCE_BYTES or len(batch) == 100:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
