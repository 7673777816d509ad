"""`theatrum import`: a study in, a case file out."""

from __future__ import annotations

import argparse
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planning.case.document import Document
    from planning.case.keys import CaseKey


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "import",
        help="a study in (DICOM, NIfTI, NRRD, MHA), a case file out",
        description="Builds a case from one series. Identifiers are dropped unless --keep-identifiers is given.",
        epilog="example: theatrum import ~/scans/disc1 -o patient.theatrum --labels labels.nii.gz --names names.json",
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="CASE.theatrum")
    parser.add_argument("--series", metavar="ID_OR_INDEX", help="default: the largest importable volume")
    parser.add_argument("--labels", type=Path, metavar="FILE", help="a label map on the same grid")
    parser.add_argument("--names", type=Path, metavar="FILE.json", help='{"1": "liver"} or {"liver": 1}')
    parser.add_argument("--keep-identifiers", action="store_true", help="keep the patient's name and number")
    parser.add_argument("--fill-missing", action="store_true", help="interpolate missing slices and mark them")
    parser.add_argument(
        "--encrypt",
        action="store_true",
        help="encrypt the case from its first byte on; its pass-phrase is asked for, or given by --passphrase-file",
    )
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help="with --encrypt: the first line of FILE, - for the standard input",
    )
    parser.add_argument("--force", action="store_true", help="replace an existing case")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Import and tell what the case holds."""
    from planning.dicom.child import prepare

    # nothing here solves equations; numpy's idle solver threads would spin on the processors that pack and read
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # the reader starts while this side loads its own parts
    prepare()
    from app.commands.info import print_info
    from app.console import ConsoleProgress
    from planning.case.importing import case_info, import_study
    from planning.errors import UsageError

    if arguments.names is not None and arguments.labels is None:
        raise UsageError("--names tells the names of a label map", "Give --labels FILE too")
    if arguments.passphrase_file is not None and not arguments.encrypt:
        raise UsageError("--passphrase-file is for an encrypted case", "Give --encrypt too")
    key = _key(arguments.passphrase_file) if arguments.encrypt else None
    progress = ConsoleProgress(arguments.quiet)
    series: str | int | None = arguments.series
    if isinstance(series, str) and series.isdecimal():
        series = int(series)
    told: dict[str, Any] = {}

    def finishing(document: Document) -> None:
        told.update(case_info(document), case=str(arguments.output))
        # what is left takes a moment and cannot be half done: a late Ctrl-C must not report a stop that was none
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)

    import_study(
        arguments.paths,
        arguments.output,
        series=series,
        labels=arguments.labels,
        names=arguments.names,
        keep_identifiers=arguments.keep_identifiers,
        fill_missing=arguments.fill_missing,
        force=arguments.force,
        key=key,
        progress=progress,
        tell=finishing,
    )
    progress.close()
    print_info(told, "import" if arguments.json else None)
    return 0


def _key(source: Path | None) -> CaseKey:
    from app.passphrase import new_passphrase
    from planning.case.keys import new_key

    return new_key(new_passphrase(source))
