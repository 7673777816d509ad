"""The lines to a partner: whole PDUs (PS3.8 §9.3) in bounded size and time, written and read in the caller's thread."""

from __future__ import annotations

import socket
import ssl
import struct
import time
from types import TracebackType

from planning.errors import NetworkError
from planning.pacs.node import Node, place

OWN_PDU_BYTES = 131072
"""The longest PDU that is asked for. Some partners go a little beyond what they were told."""
MOST_PDU_BYTES = 1 << 20
BUFFER_BYTES = 4 * OWN_PDU_BYTES
"""What is taken from a socket at a time, as far as it has come."""
LOOK_S = 1.0
"""Time-outs are set anew only near the end of the time: each setting costs a call of the system."""
CONNECT_S = 10.0
ANSWER_S = 30.0
ASSOCIATE_RQ, ASSOCIATE_AC, ASSOCIATE_RJ, P_DATA, RELEASE_RQ, RELEASE_RP, ABORT = range(1, 8)
HEADER = struct.Struct(">BxL")
SILENT = "silent"
"""The code of the error for a partner of which nothing is heard."""
TLS_RECORDS = (b"\x15\x03", b"\x16\x03")
"""How an alert and a handshake of TLS begin: no PDU's second byte is anything but 0."""
PORT_HINT = "Check the port; where it is the secured one, give certificates (TLS)"
OWN_HINT = "Where it asks for our certificate, give one that it trusts"


class Line:
    """A connected socket that carries PDUs. Every failure is a NetworkError that names the partner."""

    def __init__(self, link: socket.socket, partner: str, answer_s: float = ANSWER_S) -> None:
        self._link = link
        self._partner = partner
        self.answer_s = answer_s
        self._heard = False
        self._set_s: float | None = None
        self._buffer = memoryview(bytearray(BUFFER_BYTES))
        # what came and was not read yet
        self._from = self._to = 0
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Line:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._link.close()

    def failed(self, what: str, hint: str = "Try again; what arrived is kept", code: str = "network") -> NetworkError:
        """The error to raise for something that this partner did."""
        return NetworkError(f"{self._partner} {what}", hint, code)

    def _ended(self, error: OSError | None = None) -> NetworkError:
        """The error for a line that is no more. Who ends it before a word may have wanted another kind of line."""
        secured = isinstance(self._link, ssl.SSLSocket)
        if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
            return self.failed(f"ended the secured line ({tls_reason(error)})", OWN_HINT, "tls")
        if self._heard:
            return self.failed("ended the connection")
        return self.failed("ended the connection before it said anything", OWN_HINT if secured else PORT_HINT)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send all of it, within the time for an answer."""
        self._allow(self.answer_s)
        try:
            self._link.sendall(data)
        except TimeoutError as error:
            raise self.failed(f"takes nothing more since {self.answer_s:g} s") from error
        except OSError as error:
            raise self._ended(error) from error

    def read(self, within_s: float | None = None) -> tuple[int, memoryview]:
        """The next PDU: its type and what it holds, which stays until the next is read.

        A partner that drips bytes has no longer than a silent one.
        """
        until = time.monotonic() + (self.answer_s if within_s is None else within_s)
        self._take(HEADER.size, until)
        kind, length = HEADER.unpack_from(self._buffer, self._from)
        if not self._heard and bytes(self._buffer[self._from : self._from + 2]) in TLS_RECORDS:
            raise self.failed("wants a secured line (TLS)", "Give certificates, or the port that is not secured", "tls")
        self._heard = True
        if not ASSOCIATE_RQ <= kind <= ABORT:
            raise self.failed("does not speak DICOM", "Check the port")
        if length > MOST_PDU_BYTES:
            raise self.failed(
                f"announces a message part of {length} bytes, more than {MOST_PDU_BYTES}", "Check the port"
            )
        self._take(HEADER.size + length, until)
        begin, end = self._from + HEADER.size, self._from + HEADER.size + length
        self._from = end
        return kind, self._buffer[begin:end]

    def _take(self, count: int, until: float) -> None:
        """Wait until this many bytes lie in the buffer; what came beyond them is kept."""
        if self._from == self._to:
            self._from = self._to = 0
        if self._from + count > len(self._buffer):
            self._make_room(count)
        while self._to - self._from < count:
            left = until - time.monotonic()
            if left <= 0:
                raise self.failed(f"did not answer within {self.answer_s:g} s", code=SILENT)
            self._allow(min(left, LOOK_S))
            try:
                now = self._link.recv_into(self._buffer[self._to :])
            except TimeoutError:
                continue
            except OSError as error:
                raise self._ended(error) from error
            if not now:
                raise self._ended()
            self._to += now

    def _make_room(self, count: int) -> None:
        left = bytes(self._buffer[self._from : self._to])
        if count > len(self._buffer):
            self._buffer = memoryview(bytearray(count))
        self._buffer[: len(left)] = left
        self._from, self._to = 0, len(left)

    def _allow(self, seconds: float) -> None:
        """The time for the next call of the socket."""
        if seconds != self._set_s:
            self._link.settimeout(seconds)
            self._set_s = seconds


def connected(node: Node, answer_s: float = ANSWER_S) -> Line:
    """A line to the node, secured where it asks for that. Raises NetworkError with the reason of a refusal."""
    partner = f"{node.name} ({place(node.host, node.port)})"
    try:
        link = socket.create_connection((node.host, node.port), timeout=min(CONNECT_S, answer_s))
    except (socket.gaierror, UnicodeError) as error:
        # a part of a name that is empty or longer than 63 letters is asked of nobody
        raise NetworkError(f"{partner} is not known to the network", "Check the host's name", SILENT) from error
    except TimeoutError as error:
        raise NetworkError(f"{partner} does not answer", "Check address, port and firewall", SILENT) from error
    except OSError as error:
        said = error.strerror or str(error)
        raise NetworkError(f"{partner} cannot be reached ({said})", "Check address and port", SILENT) from error
    if node.tls is None:
        return Line(link, partner, answer_s)
    try:
        context = node.tls.client()
        return Line(context.wrap_socket(link, server_hostname=node.tls.name or node.host), partner, answer_s)
    except (OSError, ssl.SSLError) as error:
        link.close()
        raise NetworkError(
            f"{partner} cannot be trusted or does not trust us ({tls_reason(error)})", TLS_HINT, "tls"
        ) from error
    except BaseException:
        link.close()
        raise


TLS_HINT = "Check the certificates and that the port is the secured one"


def tls_reason(error: OSError) -> str:
    """Why a secured line did not come to be, in a few words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, TimeoutError):
        return "no answer to the handshake"
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.replace("_", " ").lower()
    return error.strerror or "the connection was ended"
