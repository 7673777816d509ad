"""`theatrum segment`: structures found by a model that runs on this machine."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.console import names

if TYPE_CHECKING:
    from inference.road import Found

DEVICES = ("auto", "cpu", "cuda", "mps", "xpu")
QUALITIES = ("fast", "standard", "best")


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "segment",
        help="structures found by a local model",
        description="Runs a model on the case's scan, on this machine, and puts what it finds into the case as one step. "
        "Every structure gets a light (green, amber, red) with its reasons; a red one is planned with only after a person "
        "let it (theatrum labels CASE accept NAME). What a person made is never replaced without --force.",
        epilog="examples: theatrum segment patient.theatrum; "
        "theatrum segment patient.theatrum --structures liver,spleen --device cpu --json",
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument("--model", metavar="ID", help="see theatrum models list; default: the one that ships")
    parser.add_argument("--structures", type=names, action="extend", metavar="NAMES", help="only these, with commas")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--quality", choices=QUALITIES, default="standard", help="default: standard")
    parser.add_argument(
        "--reproducible", action="store_true", help="full precision and fixed threads: the same each time"
    )
    parser.add_argument("--force", action="store_true", help="replace structures of the same name that a person made")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Find, put into the case, tell."""
    from app.console import ConsoleProgress, keep, print_json
    from app.models import network_cache, on_command_line, zoo
    from inference.pipeline import RunOptions
    from inference.road import default_model, find_structures, found_command, found_structures, wanted_structures
    from planning.case.document import Document
    from planning.case.plans import planning_image

    models = zoo()
    model = default_model(models, arguments.model)
    structures = wanted_structures(model.manifest, arguments.structures or ())
    with on_command_line(model):
        models.require_accepted(model)
    options = RunOptions(
        structures=structures,
        device=arguments.device,
        quality=arguments.quality,
        reproducible=arguments.reproducible,
        cache=network_cache(),
    )
    progress = ConsoleProgress(arguments.quiet)
    with Document.open(arguments.case) as document:
        try:
            volume = document.volume(planning_image(document.case).name)
            found = find_structures(models, model, volume, options, progress)
            made = found_structures(document, found, force=arguments.force)
        finally:
            progress.close()
        keep(document, found_command(document.case, made, found))
        called = dict(zip(found.masks, (one.name for one in made), strict=True))
    content = _content(found, called)
    if arguments.json:
        print_json("segment", content)
    else:
        _print_summary(content)
    return 0


def _content(found: Found, called: dict[str, str]) -> dict[str, Any]:
    """The contract's keys, and each structure's name in the case (None for one that was not found)."""
    manifest = found.model.manifest
    beside = [
        {
            "code": "kept_beside",
            "text": f"The case has a {name} that no model made: the model's is called {own} (--force replaces)",
        }
        for name, own in called.items()
        if own != name
    ]
    return {
        "model": {"id": manifest.id, "version": manifest.version, "licence": manifest.licence.id},
        "device": found.run.device,
        "precision": found.run.precision,
        "seconds": found.run.seconds,
        "peak_memory_mb": found.run.peak_memory_mb,
        "structures": [record.as_json() | {"structure": called.get(record.name)} for record in found.records],
        "model_sha256": found.run.model_hash,
        "calibration_cases": found.calibrated_on,
        "cleaned_up": [change.in_words() for change in found.run.changes],
        "warnings": [*(finding.as_json() for finding in found.findings), *beside],
    }


def _print_summary(content: dict[str, Any]) -> None:
    """A line for each structure: volume, interval, light and why."""
    from app.console import print_rows, print_warnings, text_number
    from planning.case.trust import WORDS

    model = content["model"]
    print(f"Found by {model['id']} {model['version']} (research use only, not a medical device)")
    print_rows(
        [
            (
                item["structure"] or item["name"],
                text_number(item["volume_ml"], "ml") if item["structure"] else "not found",
                _interval(item) if item["structure"] else "",
                WORDS[item["light"]],
            )
            for item in content["structures"]
        ]
    )
    for item in content["structures"]:
        for reason in item["reasons"]:
            print(f"  {item['structure'] or item['name']}: {reason}")
    print_rows(
        [
            ("Computed in", text_number(content["seconds"], "s")),
            ("On", f"{content['device']}, {content['precision']}"),
            ("Memory", text_number(content["peak_memory_mb"], "MB", 0)),
        ]
    )
    print_warnings(content["warnings"])


def _interval(item: dict[str, Any]) -> str:
    low, high = item["interval_ml"]
    return f"{low:.0f} to {high:.0f} ml" if item["calibrated"] else "not calibrated"
