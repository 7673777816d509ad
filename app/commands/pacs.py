"""`theatrum pacs`: archives on the network: known ones, is one there, what it holds, fetched from it, sent to it, received."""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.console import ConsoleProgress, actions_of, names, positive, print_json, print_rows, whole
from planning.errors import Cancelled, InputError, NetworkError, UsageError

if TYPE_CHECKING:
    from planning.pacs.node import Address, Node, Own, Tls, WebNode
    from planning.pacs.query import Wish

EXAMPLES = (
    "examples: theatrum pacs add hospital ARCHIVE@10.1.2.3:104; theatrum pacs echo hospital; "
    "theatrum pacs find hospital --patient-name 'Doe*' --modality CT; theatrum pacs get hospital --study UID -o scans; "
    "theatrum pacs send hospital results/; theatrum pacs listen -o inbox"
)
COLUMNS = {
    "patient": ("PatientID", "PatientName", "PatientBirthDate", "PatientSex", "Studies"),
    "study": ("StudyDate", "PatientID", "PatientName", "ModalitiesInStudy", "StudyDescription", "StudyInstanceUID"),
    "series": ("SeriesNumber", "Modality", "SeriesDescription", "NumberOfSeriesRelatedInstances", "SeriesInstanceUID"),
    "image": ("InstanceNumber", "SOPClassUID", "SOPInstanceUID"),
}
MOST_SECONDS = 86400.0
MOST_NAMED = 3
"""Files that a line names; what became of the others is much the same."""


def _wait(text: str) -> float:
    """A time to wait for an answer: above zero, a day at most."""
    value = positive(text)
    if value > MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"{MOST_SECONDS:g} s at most are waited, got {text!r}")
    return value


def _some(text: str) -> int:
    """A whole number above zero."""
    value = whole(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"a whole number above zero is needed, got {text!r}")
    return value


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "pacs",
        help="query, fetch and send studies",
        description="Talks to archives by DICOM, secured by TLS where the archive offers it, or by DICOMweb. NODE is the "
        "name of a known archive, TITLE@HOST:PORT, or a DICOMweb address like https://archive/dicom-web.",
        epilog=EXAMPLES,
    )
    action = actions_of(parser)

    action("nodes", "the archives that this computer knows, and what it calls itself")
    add = action("add", "add an archive, or replace the one of this name")
    add.add_argument("name", metavar="NAME")
    add.add_argument("address", metavar="ADDRESS", help="TITLE@HOST:PORT, or a DICOMweb address")
    add.add_argument(
        "--move", action="store_true", help="get fetches by a line that the archive makes to us (C-MOVE, not C-GET)"
    )
    _secured(add)
    remove = action("remove", "forget an archive")
    remove.add_argument("name", metavar="NAME")
    itself = action("self", "what this computer calls itself, and where it receives")
    itself.add_argument("--title", metavar="TITLE", help="AE title")
    itself.add_argument("--port", type=whole, metavar="N")
    itself.add_argument("--address", metavar="IP", help="127.0.0.1 for this computer alone, 0.0.0.0 for every network")
    _secured(itself)

    def talk(name: str, help_text: str) -> argparse.ArgumentParser:
        made = action(name, help_text)
        made.add_argument("node", metavar="NODE")
        _secured(made)
        return made

    echo = talk("echo", "is an archive there, and does it talk to us")
    find = talk("find", "what an archive holds")
    find.add_argument("--level", choices=tuple(COLUMNS), default="study")
    get = talk("get", "fetch a study or series on the same line (C-GET); what is in the folder already stays")
    move = talk("move", "have a study or series sent to us, or to another node (C-MOVE)")
    move.add_argument("--to", metavar="TITLE", help="another node that the archive knows, instead of -o")
    send = talk("send", "send objects to an archive; what it has already is not sent again")
    send.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    send.add_argument("--again", action="store_true", help="send also what the archive has already")
    send.add_argument("--lines", type=_some, metavar="N", help="connections at once (default 5)")
    send.add_argument("--commit", action="store_true", help="ask for the archive's word that it keeps them")
    listen = action(
        "listen", "receive objects until Ctrl-C", "Only this computer is listened to unless --address says so."
    )
    listen.add_argument(
        "--allow", type=names, metavar="TITLES", help="AE titles that may send, with commas (default: any)"
    )
    listen.add_argument("--address", metavar="IP")
    listen.add_argument("--count", type=_some, metavar="N", help="end after this many objects")
    listen.add_argument("--seconds", type=positive, metavar="S", help="end after this time")
    _secured(listen)

    for each in (find, get, move):
        _wishes(each)
    for each in (get, move, listen):
        each.add_argument("-o", "--output", type=Path, required=each is not move, metavar="DIR")
    for each in (echo, find, get, move, send, listen):
        each.add_argument("--title", metavar="TITLE", help="our AE title")
        each.add_argument("--port", type=whole, metavar="N", help="our port")
        each.add_argument("--timeout", type=_wait, default=30.0, metavar="S", help="for each answer (default 30 s)")
        each.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def _secured(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ca", metavar="FILE.pem", help="TLS: who judges the partner's certificate")
    parser.add_argument("--cert", metavar="FILE.pem", help="TLS: our certificate")
    parser.add_argument("--key", metavar="FILE.pem", help="TLS: its key")
    parser.add_argument(
        "--server-name", metavar="NAME", help="TLS: what the partner's certificate says, if not its host"
    )


def _wishes(parser: argparse.ArgumentParser) -> None:
    for option, what in (
        ("--patient-id", "ID"), ("--patient-name", "NAME, with * and ?"), ("--accession", "NUMBER"),
        ("--date", "YYYYMMDD or FROM-TO"), ("--modality", "CT, MR …"), ("--description", "TEXT, with * and ?"),
        ("--study", "UID"), ("--series", "UID"), ("--image", "UID"),
    ):  # fmt: skip
        parser.add_argument(option, default="", metavar=what.partition(",")[0].partition(" ")[0], help=what)


def run(arguments: argparse.Namespace) -> int:
    """Do the action."""
    # what a partner's values break is told by us in a line; the library's own lines name this machine's folders
    warnings.filterwarnings("ignore", category=UserWarning, module="pydicom")
    actions: dict[str, Callable[[argparse.Namespace], int]] = {
        "nodes": _nodes, "add": _add, "remove": _remove, "self": _self, "echo": _echo, "find": _find, "get": _get,
        "move": _move, "send": _send, "listen": _listen,
    }  # fmt: skip
    return actions[arguments.action](arguments)


def _kept() -> Path:
    from app.paths import config_folder

    return config_folder() / "archives.json"


def _addresses() -> Address:
    from planning.pacs.node import read_addresses

    return read_addresses(_kept())


def _tls(arguments: argparse.Namespace) -> Tls | None:
    from planning.pacs.node import Tls

    if arguments.ca is None:
        if arguments.cert or arguments.key or arguments.server_name:
            raise UsageError("--cert, --key and --server-name belong to --ca", "Give --ca FILE.pem too")
        return None
    files = [arguments.ca, arguments.cert, arguments.key]
    ca, cert, key = (str(Path(file).absolute()) if file else None for file in files)
    assert ca is not None
    tls = Tls(ca, cert, key, arguments.server_name)
    # files that are not there are told now, not at the first talk
    tls.client()
    return tls


def _node_at(name: str, address: str, tls: Tls | None) -> Node | WebNode:
    from planning.pacs.node import Node, WebNode, short

    if "://" in address:
        return WebNode(name, address, tls)
    title, at, place = address.partition("@")
    host, colon, port = place.rpartition(":")
    if not (at and colon and port.isdecimal()):
        raise UsageError(f"'{short(address)}' is no TITLE@HOST:PORT", "Write it like ARCHIVE@10.1.2.3:104")
    return Node(name, host.strip("[]"), int(port), title, tls)


def _any_node(arguments: argparse.Namespace) -> Node | WebNode:
    from dataclasses import replace

    tls = _tls(arguments)
    if "@" in arguments.node or "://" in arguments.node:
        return _node_at("the archive", arguments.node, tls)
    node = _addresses().node(arguments.node)
    return node if tls is None else replace(node, tls=tls)


def _node(arguments: argparse.Namespace) -> Node:
    """A node that speaks DICOM itself."""
    from planning.pacs.node import Node

    node = _any_node(arguments)
    if not isinstance(node, Node):
        raise UsageError(f"{node.name} speaks DICOMweb, which has no {arguments.action}", "Take find, get or send")
    return node


def _own(arguments: argparse.Namespace) -> Own:
    from dataclasses import replace

    own = _addresses().own
    given = {"title": arguments.title, "port": arguments.port, "address": getattr(arguments, "address", None)}
    return replace(own, **{name: value for name, value in given.items() if value is not None})


def _wish(arguments: argparse.Namespace) -> Wish:
    from planning.pacs.query import Wish

    return Wish(
        arguments.patient_id, arguments.patient_name, arguments.accession, arguments.date, arguments.modality,
        arguments.description, arguments.study, arguments.series, arguments.image,
    )  # fmt: skip


def _tell(arguments: argparse.Namespace, content: dict[str, Any], lines: Sequence[str]) -> int:
    if arguments.json:
        print_json("pacs", {"action": arguments.action, **content})
    else:
        for line in lines:
            print(line)
    return 0


def _nodes(arguments: argparse.Namespace) -> int:
    from planning.pacs.node import place

    known = _addresses()
    own = known.own
    rows = [_as_row(node) for node in known.nodes]
    mine = {"title": own.title, "address": own.address, "port": own.port, "secured": own.tls is not None}
    if arguments.json:
        return _tell(arguments, {"nodes": rows, "self": mine}, ())
    print_rows([(one["name"], one["address"], "TLS" if one["secured"] else "") for one in rows])
    print(f"this computer: {own.title}@{place(own.address, own.port)}{' TLS' if own.tls else ''}")
    return 0


def _as_row(node: Node | WebNode) -> dict[str, Any]:
    from planning.pacs.node import WebNode, place

    if isinstance(node, WebNode):
        return {"name": node.name, "address": node.url, "secured": node.url.startswith("https:")}
    return {
        "name": node.name, "address": f"{node.title}@{place(node.host, node.port)}", "title": node.title, "host": node.host,
        "port": node.port, "secured": node.tls is not None, "by": node.by,
    }  # fmt: skip


def _add(arguments: argparse.Namespace) -> int:
    from dataclasses import replace

    from planning.pacs.node import MOVE, Node, short, write_addresses

    if "@" in arguments.name:
        raise InputError(
            f"'{short(arguments.name)}' is no name of a node", "Take up to 40 letters, figures, blanks and dots"
        )
    node = _node_at(arguments.name, arguments.address, _tls(arguments))
    if arguments.move:
        if not isinstance(node, Node):
            raise UsageError("DICOMweb has no C-MOVE", "Leave --move out")
        node = replace(node, by=MOVE)
    write_addresses(_kept(), _addresses().with_node(node))
    return _tell(arguments, {"node": node.name}, [f"{node.name} is known; try: theatrum pacs echo '{node.name}'"])


def _remove(arguments: argparse.Namespace) -> int:
    from planning.pacs.node import write_addresses

    write_addresses(_kept(), _addresses().without(arguments.name))
    return _tell(arguments, {"node": arguments.name}, [f"{arguments.name} is forgotten"])


def _self(arguments: argparse.Namespace) -> int:
    from dataclasses import replace

    from planning.pacs.node import Address, checked_port, place, write_addresses

    known = _addresses()
    tls = _tls(arguments)
    own = _own(arguments) if tls is None else replace(_own(arguments), tls=tls)
    # where it receives is told to others: "any free port" is none that they could be told
    checked_port(own.port)
    write_addresses(_kept(), Address(own, known.nodes))
    return _tell(
        arguments,
        {"self": {"title": own.title, "address": own.address, "port": own.port, "secured": own.tls is not None}},
        [f"this computer: {own.title}@{place(own.address, own.port)}{' TLS' if own.tls else ''}"],
    )


def _echo(arguments: argparse.Namespace) -> int:
    from planning.pacs.association import Context, associate
    from planning.pacs.services import PLAIN, VERIFICATION, echo

    node = _node(arguments)
    begun = time.monotonic()
    with associate(node, _own(arguments), [Context(VERIFICATION, PLAIN)], arguments.timeout) as association:
        echo(association)
    seconds = time.monotonic() - begun
    return _tell(arguments, {"node": node.name, "seconds": seconds}, [f"{node.name} answers ({seconds:.2f} s)"])


def _find(arguments: argparse.Namespace) -> int:
    from planning.pacs.association import associate
    from planning.pacs.node import WebNode
    from planning.pacs.query import FIND, find_images, find_patients, find_series, find_studies
    from planning.pacs.web import find_rows

    wish, level = _wish(arguments), arguments.level
    if level == "image" and not (wish.study and wish.series):
        raise UsageError("Images are asked for within a series", "Give --study and --series")
    if level == "series" and not wish.study:
        raise UsageError("Series are asked for within a study", "Give --study")
    node = _any_node(arguments)
    if isinstance(node, WebNode):
        if level == "patient":
            raise UsageError(f"{node.name} speaks DICOMweb, which lists no patients", "Take --level study")
        return _tell_rows(arguments, find_rows(node, level.upper(), wish, arguments.timeout))
    with associate(node, _own(arguments), [FIND], arguments.timeout) as association:
        if level == "image":
            rows = find_images(association, wish.study, wish.series)
        else:
            rows = {"patient": find_patients, "study": find_studies, "series": find_series}[level](association, wish)
    return _tell_rows(arguments, rows)


def _tell_rows(arguments: argparse.Namespace, rows: list[dict[str, str]]) -> int:
    if arguments.json:
        return _tell(arguments, {"level": arguments.level, "rows": rows}, ())
    columns = COLUMNS[arguments.level]
    print_rows([columns, *([row.get(name, "") for name in columns] for row in rows)])
    if not rows:
        sys.stderr.write("nothing found\n")
    return 0


def _get(arguments: argparse.Namespace) -> int:
    from planning.pacs.bring import bring
    from planning.pacs.fetch import fetch
    from planning.pacs.intake import Intake
    from planning.pacs.node import MOVE, WebNode
    from planning.pacs.web import fetch_web

    node = _any_node(arguments)
    intake, progress = Intake(arguments.output), ConsoleProgress(arguments.quiet)
    try:
        if isinstance(node, WebNode):
            got = fetch_web(node, _wish(arguments), intake, progress, timeout_s=arguments.timeout)
        elif node.by == MOVE:
            got = bring(node, _own(arguments), _wish(arguments), intake, progress, answer_s=arguments.timeout)
        else:
            got = fetch(node, _own(arguments), _wish(arguments), intake, progress, answer_s=arguments.timeout)
    except NetworkError as error:
        if not intake.arrived:
            raise
        said = f"{len(intake.arrived)} images are in {arguments.output}; the same command fetches the rest"
        raise NetworkError(error.what, said, "network") from error
    finally:
        intake.close()
        progress.close()
    if got.missing:
        raise NetworkError(
            f"{len(got.missing)} of {got.new + got.known + len(got.missing)} images did not come",
            "The same command asks for these again",
            "network",
        )
    return _tell(
        arguments,
        {"folder": str(arguments.output), "new": got.new, "known": got.known, "missing": list(got.missing)},
        [f"{got.new} images fetched into {arguments.output}" + (f"; {got.known} were there" if got.known else "")],
    )


def _move(arguments: argparse.Namespace) -> int:
    from contextlib import ExitStack

    from planning.pacs.association import associate
    from planning.pacs.fetch import wanted
    from planning.pacs.intake import Intake
    from planning.pacs.listen import Listener
    from planning.pacs.services import Counts, contexts_for_retrieval, identifier, move

    if (arguments.output is None) == (arguments.to is None):
        raise UsageError("A move goes to a folder here or to another node", "Give one of -o and --to")
    node, own = _node(arguments), _own(arguments)
    progress = ConsoleProgress(arguments.quiet)
    intake = Intake(arguments.output) if arguments.output is not None else None
    known = intake.known() if intake is not None else {}
    counts = []
    with ExitStack() as open_:
        if intake is not None:
            open_.enter_context(Listener(own, intake))
        association = open_.enter_context(associate(node, own, contexts_for_retrieval(), arguments.timeout))
        series = wanted(association, _wish(arguments))
        for number, one in enumerate(series):
            missing = [uid for uid in one.images if uid not in known]
            if one.images and not missing:
                continue

            def told(now: Counts, number: int = number) -> None:
                done = now.done + now.failed + now.warned
                share = done / max(done + (now.left or 0), 1)
                progress((number + share) / len(series), f"Moving image {done} of {done + (now.left or 0)}")

            keys: dict[str, str | list[str]] = {"StudyInstanceUID": one.study, "SeriesInstanceUID": one.series}
            if arguments.image:
                asked = identifier("IMAGE", {**keys, "SOPInstanceUID": arguments.image})
            else:
                asked = identifier("SERIES", keys)
            counts.append(move(association, asked, arguments.to or own.title, told))
    progress.close()
    failed = sum(one.failed for one in counts)
    missing = [uid for one in series for uid in one.images if intake and uid not in intake.arrived and uid not in known]
    if failed or missing:
        raise NetworkError(
            f"{max(failed, len(missing))} images did not come", "The same command asks for these again", "network"
        )
    new = len(intake.arrived) if intake is not None else sum(one.done + one.warned for one in counts)
    return _tell(
        arguments,
        {"to": arguments.to or own.title, "new": new, "known": len(known)},
        [f"{new} images moved to {arguments.output or arguments.to}"],
    )


def _send(arguments: argparse.Namespace) -> int:
    from planning.pacs.commit import commit
    from planning.pacs.node import WebNode
    from planning.pacs.send import LINES, outgoing, send
    from planning.pacs.web import send_web

    node, own = _any_node(arguments), _own(arguments)
    if arguments.commit and isinstance(node, WebNode):
        raise UsageError(f"{node.name} speaks DICOMweb, which has no storage commitment", "Leave --commit out")
    objects, skipped = outgoing(arguments.paths)
    if not objects:
        raise InputError("There is no DICOM object to send", "Check the paths", "input")
    progress = ConsoleProgress(arguments.quiet)
    lines = min(max(arguments.lines or LINES, 1), 16)
    try:
        if isinstance(node, WebNode):
            sent = send_web(node, objects, again=arguments.again, progress=progress, timeout_s=arguments.timeout)
        else:
            sent = send(
                node, own, objects, again=arguments.again, lines=lines, progress=progress, answer_s=arguments.timeout
            )
    finally:
        progress.close()
    if sent.failed:
        named = "; ".join(f"{name} {why}" for name, why in sent.failed[:MOST_NAMED])
        more = "; …" if len(sent.failed) > MOST_NAMED else ""
        raise NetworkError(
            f"{len(sent.failed)} of {len(objects)} objects were not taken: {named}{more}",
            f"{sent.stored} are there now; {sent.advice}",
            "network",
        )
    content: dict[str, Any] = {
        "stored": sent.stored, "warned": sent.warned, "there_before": sent.there_before,
        "unpacked": sent.unpacked,
        "skipped": [{"file": file, "reason": reason} for file, reason in skipped],
    }  # fmt: skip
    lines_told = [f"{sent.stored} objects sent to {node.name}"]
    if sent.there_before:
        lines_told.append(f"{sent.there_before} were there already")
    if sent.unpacked:
        lines_told.append(f"{sent.unpacked} went unpacked: {node.name} does not take them as they are")
    lines_told += _skipped_told(skipped)
    if arguments.commit and not isinstance(node, WebNode):
        kept = commit(node, own, sent.uids, answer_s=arguments.timeout)
        if kept.failed:
            raise NetworkError(
                f"{node.name} does not keep {len(kept.failed)} of them", "Send them with --again", "network"
            )
        content["committed"] = kept.kept
        lines_told.append(f"{node.name} answers for {kept.kept} of them")
    return _tell(arguments, content, lines_told)


def _skipped_told(skipped: Sequence[tuple[str, str]]) -> list[str]:
    """A line for what was not sent, with the first few by name."""
    if not skipped:
        return []
    named = ", ".join(f"{file} {reason}" for file, reason in skipped[:MOST_NAMED])
    some = "1 file was" if len(skipped) == 1 else f"{len(skipped)} files were"
    return [f"{some} left out: {named}{', …' if len(skipped) > MOST_NAMED else ''}"]


def _listen(arguments: argparse.Namespace) -> int:
    from dataclasses import replace

    from planning.pacs.intake import Incoming, Intake
    from planning.pacs.listen import Listener
    from planning.pacs.node import Node, checked_title, place

    tls = _tls(arguments)
    own = _own(arguments) if tls is None else replace(_own(arguments), tls=tls)
    allowed = frozenset(map(checked_title, arguments.allow or ()))
    progress = ConsoleProgress(arguments.quiet)
    intake = Intake(arguments.output)
    until = None if arguments.seconds is None else time.monotonic() + arguments.seconds

    def arrival(incoming: Incoming, status: int) -> None:
        progress(0.0, f"Received {len(intake.arrived)} objects")

    partners = tuple(node for node in _addresses().nodes if isinstance(node, Node))
    listener = Listener(own, intake, allowed, arrival, partners=partners)
    with listener:
        if not arguments.quiet:
            progress(0.0, f"Listening as {own.title} at {place(own.address, listener.port)}")
        try:
            while (until is None or time.monotonic() < until) and not (
                arguments.count is not None and len(intake.arrived) >= arguments.count
            ):
                time.sleep(0.1)
        except (Cancelled, KeyboardInterrupt):
            # the ordinary end of listening
            pass
    progress.close()
    return _tell(
        arguments,
        {"received": len(intake.arrived), "refused": len(intake.refused), "faults": listener.faults},
        [
            f"{len(intake.arrived)} objects received into {arguments.output}",
            *(f"look here: {one}" for one in listener.faults),
        ],
    )
