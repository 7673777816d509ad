"""Limits on what an archive may answer over HTTP: an answer without an end, one that drips, and pages that repeat."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

from planning.errors import NetworkError

MOST_ROWS = 100_000
MOST_TEXT_BYTES = 1 << 28
"""Of a list of rows."""
MOST_OBJECT_BYTES = 1 << 31
"""Of one object, which a reader holds in memory; the answer may hold more of them where it is read as it comes."""
GRACE_S, SLOWEST_BYTES_PER_S = 60.0, 1024.0
# as the reader finds it: as a word of its own
BOUNDARY = re.compile(r';\s*boundary="?([^";]+)', re.IGNORECASE)


def bounded(name: str) -> Callable[..., Any]:
    """A hook of `requests` that holds every answer of this archive to the limits. Reading raises NetworkError."""

    def hold(response: Any, *_: Any, stream: bool = False, **__: Any) -> Any:
        told = str(response.headers.get("Content-Type", ""))
        found = BOUNDARY.search(told) if told.lower().startswith("multipart") else None
        # nothing but the whole delimiter ends an object for its reader, and one that reads all at once holds all
        between = b"\r\n--" + found[1].encode("utf-8", "replace") if found and stream else None
        response.raw = _Bounded(response.raw, name, MOST_OBJECT_BYTES if found else MOST_TEXT_BYTES, between)
        return response

    return hold


class _Bounded:
    """The bytes of an answer as they come: at most so many, or so many between two delimiters."""

    def __init__(self, raw: Any, name: str, most_bytes: int, between: bytes | None) -> None:
        self._raw, self._name, self._most_bytes, self._between = raw, name, most_bytes, between
        self._begun = time.monotonic()
        self._all, self._since, self._end = 0, 0, b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def stream(self, amount: int = 1 << 16, decode_content: bool | None = None) -> Iterator[bytes]:
        """See urllib3; counted after unpacking."""
        for part in self._raw.stream(amount, decode_content=decode_content):
            self._count(part)
            yield part

    def read(self, *given: Any, **named: Any) -> bytes:
        """See urllib3."""
        part: bytes = self._raw.read(*given, **named)
        self._count(part)
        return part

    def _count(self, part: bytes) -> None:
        self._all += len(part)
        self._since += len(part)
        if self._between is not None:
            seen = self._end + part
            at = seen.rfind(self._between)
            if at >= 0:
                self._since = len(seen) - at
            self._end = seen[-len(self._between) :]
        if self._since > self._most_bytes:
            raise NetworkError(f"{self._name} sends an answer without an end", "Ask for less", "network")
        took = time.monotonic() - self._begun
        if took > GRACE_S and self._all < SLOWEST_BYTES_PER_S * took:
            raise NetworkError(f"{self._name} answers too slowly to wait for", "Try again", "network")


def bounded_client(url: str, session: Any, timeout_s: float, name: str) -> Any:
    """A client of dicomweb-client that asks for one page after another until there is none, or the same comes again."""
    from dicomweb_client import DICOMwebClient

    class Paged(DICOMwebClient):  # type: ignore[misc]
        def _http_get_application_json(
            self, url: str, params: Any = None, stream: bool = False, get_remaining: bool = False
        ) -> list[dict[str, Any]]:
            if not get_remaining:
                rows: list[dict[str, Any]] = super()._http_get_application_json(url, params, stream)
                return rows
            rows, last = [], None
            while len(rows) <= MOST_ROWS:
                page = super()._http_get_application_json(url, {**(params or {}), "offset": len(rows)}, stream)
                # an archive that knows no offset begins with the first again
                if not page or page == last:
                    return rows
                rows.extend(page)
                last = page
            raise NetworkError(f"{name} sends more than {MOST_ROWS} matches", "Ask for less", "network")

    session.hooks["response"].append(bounded(name))
    client = Paged(url, session=session, timeout=timeout_s)
    client.set_http_retry_params(retry=False)
    return client
