"""`theatrum deidentify`: DICOM files in, the same pictures without identifiers out."""

from __future__ import annotations

import argparse
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planning.dicom.privacy import Made

# option of the command, the standard's own option, what it says
OPTIONS = (
    ("--retain-uids", "uids", "keep all UIDs (default: new ones, the same for the same old one)"),
    ("--retain-dates", "dates", "keep dates and times as they are (default: removed)"),
    ("--shift-dates", "shifted", "move each patient's dates back by one secret number of days; times stay"),
    ("--retain-patient-characteristics", "patient", "keep age (above 89: 90), sex, size, weight"),
    ("--retain-device", "device", "keep names and numbers of devices"),
    ("--retain-institution", "institution", "keep the institution's name and address"),
    ("--clean-descriptors", "descriptors", "keep the known words of descriptions (default: removed)"),
    ("--clean-graphics", "graphics", "keep drawn annotations, without their words; overlays are always removed"),
    ("--clean-structured", "structured", "keep reports' codes and numbers (default: reports are left out)"),
    ("--retain-safe-private", "safe_private", "keep the private attributes that the standard lists as safe"),
    ("--keep-burned-in", "burned_in", "keep pictures that may have names drawn into them (default: left out)"),
    ("--deface", "deface", "take the face from CT and MR scans of a head; where it cannot be taken, leave them out"),
)


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "deidentify",
        help="DICOM files without identifiers",
        description="Writes DICOM files anew without identifiers, by the basic profile of DICOM PS3.15: what is not known to "
        "name nobody is removed. Words within pixels are not found: pictures that may have some are left out.",
        epilog="example: theatrum deidentify ~/scans/disc1 -o disc1-open --shift-dates --report disc1-report.json",
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="DIR")
    parser.add_argument("--profile", choices=("basic",), default="basic", help="the standard's profile")
    for option, name, said in OPTIONS:
        parser.add_argument(option, dest=name, action="store_true", help=said)
    parser.add_argument("--key", type=Path, metavar="FILE", help="the secret by which new names follow from old ones; made "
                        "if it is not there. Without it a new one is made and forgotten")  # fmt: skip
    parser.add_argument("--report", type=Path, metavar="FILE", help="what was done with each attribute (.json, .csv)")
    parser.add_argument("--force", action="store_true", help="replace an existing output and report")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """De-identify and tell what was done."""
    import json

    from app.console import ConsoleProgress, print_json, print_rows, print_warnings
    from planning.dicom.child import prepare
    from planning.dicom.privacy import check_places, deidentify
    from planning.dicom.privacy_profile import PrivacyOptions
    from planning.errors import UsageError

    options = PrivacyOptions(**{name: getattr(arguments, name) for _, name, _ in OPTIONS})
    if options.dates and options.shifted:
        raise UsageError("--retain-dates and --shift-dates exclude each other", "Give one of them")
    if arguments.report is not None and arguments.report.suffix.lower() not in (".json", ".csv"):
        raise UsageError("A report ends in .json or .csv", "Name it so")
    _check_files(arguments)
    inside = _inside(arguments.report, arguments.output)
    check_places(arguments.paths, arguments.output, arguments.force, inside)
    key, key_is_new = _key(arguments.key)
    prepare()
    content: dict[str, Any] = {}

    def finish(made: Made, draft: Path) -> None:
        from planning.dicom.privacy_report import as_csv, told

        content.update(told(made, options))
        # what is left takes a moment and cannot be half done: a late Ctrl-C must not report a stop that was none
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        if key_is_new:
            _write(arguments.key, f"{key.hex()}\n", secret=True)
        if arguments.report is not None:
            is_table = arguments.report.suffix.lower() == ".csv"
            whole = {"schema": "theatrum.deidentify/1", **content}
            text = as_csv(content) if is_table else json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
            _write(draft / inside if inside else arguments.report, text)

    progress = ConsoleProgress(arguments.quiet)
    try:
        deidentify(
            arguments.paths,
            arguments.output,
            options,
            key=key,
            force=arguments.force,
            report=inside,
            progress=progress,
            finish=finish,
        )
    finally:
        progress.close()
    content["output"] = str(arguments.output)
    if arguments.json:
        print_json("deidentify", content)
        return 0
    print_rows(
        [
            ("Files written", str(content["files"])),
            ("Series", str(sum(series["files"] > 0 for series in content["series"]))),
            *((f"Left out: {row['text']}", str(row["files"])) for row in content["left_out"]),
        ]
    )
    print_warnings(content["warnings"])
    return 0


def _check_files(arguments: argparse.Namespace) -> None:
    from planning.errors import InputError

    output = arguments.output.resolve()
    if arguments.key is not None and output in (arguments.key.resolve(), *arguments.key.resolve().parents):
        raise InputError("The key lies in the output: who has it can undo the new names", "Keep it elsewhere", "key")
    report = arguments.report
    if report is None or output in report.resolve().parents:
        return
    if not report.resolve().parent.is_dir():
        raise InputError(f"The folder of {report.name} is not there", "Make it first", "not_there")
    if report.exists() and not arguments.force:
        raise InputError(f"{report.name} is there already", "Choose another name, or replace it with --force", "exists")


def _key(file: Path | None) -> tuple[bytes, bool]:
    """(the key, whether it is new and must be written)."""
    import secrets

    from planning.dicom.privacy_keys import KEY_BYTES
    from planning.errors import InputError

    if file is None or not file.exists():
        return secrets.token_bytes(KEY_BYTES), file is not None
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (ValueError, OSError):
        key = b""
    if len(key) != KEY_BYTES:
        raise InputError(f"{file.name} holds no key", f"A key is {2 * KEY_BYTES} hexadecimal digits", "key")
    return key, False


def _inside(report: Path | None, output: Path) -> str:
    """The place within the output, with "/", of a report that is to lie in it; else "" """
    if report is None:
        return ""
    whole, folder = report.resolve(), output.resolve()
    return whole.relative_to(folder).as_posix() if folder in whole.parents else ""


def _write(path: Path, text: str, *, secret: bool = False) -> None:
    import os

    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if secret else 0o666), "wb") as file:
        file.write(text.encode("utf-8"))
    part.replace(path)
