"""Who talks to whom: an archive, this program as a partner, and what secures the line between them."""

from __future__ import annotations

import json
import re
import ssl
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from planning.errors import InputError
from planning.files.place import writing

AE_TITLE = re.compile(r"[!-\[\]-~](?:[ -\[\]-~]{0,14}[!-\[\]-~])?")
NAME = re.compile(r"[\w .-]{1,40}")
LOOPBACK = "127.0.0.1"
GET, MOVE = "get", "move"
MOST_TOLD = 40


def short(text: str) -> str:
    """What was typed, as far as an error's one line has room for it."""
    return text if len(text) <= MOST_TOLD else f"{text[:MOST_TOLD]}…"


def place(host: str, port: int) -> str:
    """HOST:PORT as it can be typed again; an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


@dataclass(frozen=True, slots=True)
class Tls:
    """Certificates in PEM files. `authority` judges the partner; `certificate` and `key` are shown to it."""

    authority: str
    certificate: str | None = None
    key: str | None = None
    name: str | None = None
    """What the partner's certificate must say, when it is not the host of the node."""

    def client(self) -> ssl.SSLContext:
        """A context that checks the partner. Raises InputError where a file cannot be used."""
        return self._with_own(ssl.PROTOCOL_TLS_CLIENT)

    def server(self) -> ssl.SSLContext:
        """A context that lets in only who shows a certificate of the authority."""
        if self.certificate is None:
            raise InputError("A receiving node with TLS needs a certificate of its own", "Give --cert and --key", "tls")
        context = self._with_own(ssl.PROTOCOL_TLS_SERVER)
        context.verify_mode = ssl.CERT_REQUIRED
        return context

    def _with_own(self, protocol: int) -> ssl.SSLContext:
        context = ssl.SSLContext(protocol)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_verify_locations(self.authority)
            if self.certificate is not None:
                # a key with a pass-phrase would wait at a terminal that may not be there
                context.load_cert_chain(self.certificate, self.key, password=lambda: "")
        except (OSError, ssl.SSLError) as error:
            files = ", ".join(Path(name).name for name in (self.authority, self.certificate, self.key) if name)
            raise InputError(
                f"The certificates cannot be used ({files}: {error.strerror or error})",
                "Give PEM files; the key without a pass-phrase",
                "tls",
            ) from error
        return context


@dataclass(frozen=True, slots=True)
class Node:
    """An archive: where it listens and what it calls itself."""

    name: str
    host: str
    port: int
    title: str
    tls: Tls | None = None
    by: str = GET
    """How images are fetched: "get" on the same line, "move" by a line that the archive makes to us."""

    def __post_init__(self) -> None:
        checked_name(self.name)
        if self.by not in (GET, MOVE):
            raise InputError(f"'{short(self.by)}' is no way to fetch", "Take get or move", "node")
        if not self.host or not self.host.isprintable() or " " in self.host:
            raise InputError(f"'{short(self.host)}' is no host", "Give a name or an address", "node")
        checked_port(self.port)
        checked_title(self.title)


@dataclass(frozen=True, slots=True)
class WebNode:
    """An archive that speaks DICOMweb (PS3.18): the address under which it has `studies`."""

    name: str
    url: str
    tls: Tls | None = None

    def __post_init__(self) -> None:
        checked_name(self.name)
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise InputError(f"'{self.url[:80]}' is no address", "Write it like https://archive/dicom-web", "node")
        try:
            port = parts.port
        except ValueError as error:
            written = parts.netloc.rpartition(":")[2]
            raise InputError(f"{short(written)} is no port", "Give a number from 1 to 65535", "node") from error
        if port is not None:
            checked_port(port)


@dataclass(frozen=True, slots=True)
class Own:
    """This program as others see it. It listens to this computer alone unless an address says otherwise."""

    title: str = "THEATRUM"
    address: str = LOOPBACK
    port: int = 11112
    tls: Tls | None = None

    def __post_init__(self) -> None:
        checked_port(self.port, least=0)
        checked_title(self.title)


def checked_name(name: str) -> str:
    """A name under which a person knows an archive. Raises InputError."""
    if not NAME.fullmatch(name):
        raise InputError(
            f"'{short(name)}' is no name of a node", "Take up to 40 letters, figures, blanks and dots", "node"
        )
    return name


def checked_title(title: str) -> str:
    """An AE title: up to 16 printable ASCII characters without backslash (PS3.5, VR AE). Raises InputError."""
    if not AE_TITLE.fullmatch(title):
        raise InputError(f"'{short(title)}' is no AE title", "Take up to 16 ASCII letters and figures", "node")
    return title


def checked_port(port: int, least: int = 1) -> int:
    """A TCP port. Raises InputError."""
    if not least <= port <= 65535:
        raise InputError(f"{port} is no port", "Give a number from 1 to 65535", "node")
    return port


@dataclass(frozen=True, slots=True)
class Address:
    """What one computer knows: its partners by name, and itself."""

    own: Own = Own()
    nodes: tuple[Node | WebNode, ...] = ()

    def node(self, name: str) -> Node | WebNode:
        """The node of this name. Raises InputError with the names that there are."""
        for node in self.nodes:
            if node.name.casefold() == name.casefold():
                return node
        known = ", ".join(node.name for node in self.nodes)
        hint = f"Known: {known}" if known else "Add it with theatrum pacs add"
        raise InputError(f"No node is named '{short(name)}'", hint, "node")

    def with_node(self, node: Node | WebNode) -> Address:
        """With this node, in the place of one of the same name."""
        others = tuple(one for one in self.nodes if one.name.casefold() != node.name.casefold())
        return Address(self.own, (*others, node))

    def without(self, name: str) -> Address:
        """Without the node of this name. Raises InputError where there is none."""
        gone = self.node(name)
        return Address(self.own, tuple(one for one in self.nodes if one is not gone))


def read_addresses(path: Path) -> Address:
    """What a file keeps; nothing but the defaults where there is none. Raises InputError."""
    if not path.exists():
        return Address()
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        nodes = tuple(_made(WebNode if "url" in one else Node, one) for one in kept["nodes"])
        return Address(_made(Own, kept["own"]), nodes)
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise InputError(
            f"The list of archives cannot be read ({path.name}: {error})", "Mend or remove it", "node"
        ) from error


def write_addresses(path: Path, addresses: Address) -> None:
    """Keep the list; the former one stays until the new one is whole."""
    part = path.with_name(f".{path.name}.part")
    with writing(path):
        part.write_text(json.dumps(asdict(addresses), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        part.replace(path)


def _made(kind: Any, kept: dict[str, Any]) -> Any:
    known = {field.name for field in fields(kind)}
    values = {key: value for key, value in kept.items() if key in known}
    if values.get("tls") is not None:
        values["tls"] = Tls(**values["tls"])
    if not isinstance(values.get("port", 1), int):
        raise ValueError("a port is a whole number")
    return kind(**values)
