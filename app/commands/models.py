"""`theatrum models`: the models on this machine: listed, shown, added, accepted, removed, tried, calibrated."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.console import actions_of

if TYPE_CHECKING:
    from inference.zoo import InstalledModel, Zoo

NOT_STATED = "not stated"
EXAMPLES = (
    "examples: theatrum models list; theatrum models add Dataset291_results --id organs; "
    "theatrum models card organs; theatrum models calibrate organs --cases labelled/"
)


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "models",
        help="the models on this machine",
        description="Lists, shows, adds, removes and tries models. Adding reads another program's files as data, in a "
        "process with limits and without network; nothing in them is run.",
        epilog=EXAMPLES,
    )
    action = actions_of(parser)

    action("list", "list the models")
    card = action("card", "what a model is for, what it was checked on, its licence")
    add = action(
        "add",
        "add a model from a folder or file",
        "PATH is an nnU-Net results folder, a TotalSegmentator weight folder, a MONAI bundle, an Auto3DSeg .pt, an ONNX "
        "file, an nnInteractive folder or a Theatrum model folder.",
    )
    add.add_argument("path", type=Path, metavar="PATH")
    add.add_argument("--id", metavar="ID", help="what to call it (small letters, digits, . _ -)")
    add.add_argument("--accept-licence", action="store_true", help="a person read the licence and accepts it")
    accept = action("accept", "accept a model's licence after reading it")
    remove = action("remove", "remove a model that was added")
    check = action("check", "try a model: its files, its network, a small run")
    calibrate = action(
        "calibrate",
        "learn from labelled cases how far to trust a model",
        "Runs the model on labelled cases (.theatrum files with structures of the model's names, or NAME.nii.gz beside "
        "NAME_labels.nii.gz with its names in a .json) and keeps on this "
        "machine how well it did; lights and intervals then rest on these cases.",
    )
    calibrate.add_argument("--cases", type=Path, required=True, metavar="DIR")
    for each in (card, accept, remove, check, calibrate):
        each.add_argument("id", metavar="ID", help='an id, or "id version"')
    for each in (add, check, calibrate):
        each.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Do the action."""
    from app.models import zoo

    actions: dict[str, Callable[[argparse.Namespace, Zoo], int]] = {
        "list": _list,
        "card": _card,
        "add": _add,
        "accept": _accept,
        "remove": _remove,
        "check": _check,
        "calibrate": _calibrate,
    }
    return actions[arguments.action](arguments, zoo())


def model_row(models: Zoo, model: InstalledModel) -> dict[str, Any]:
    """A model in a list."""
    from inference.road import labels_of

    manifest = model.manifest
    return {
        "id": manifest.id,
        "version": manifest.version,
        "title": manifest.title,
        "kind": manifest.kind,
        "shipped": model.shipped,
        "structures": [label.name for label in labels_of(manifest)],
        "licence": {
            "id": manifest.licence.id,
            "commercial": manifest.licence.commercial,
            "accepted": models.is_accepted(model),
        },
        "bytes": model.bytes_on_disk,
    }


def _list(arguments: argparse.Namespace, models: Zoo) -> int:
    from app.console import print_json, print_rows

    rows = [model_row(models, model) for model in models.installed()]
    broken = [{"folder": str(one.folder), "reason": one.reason} for one in models.broken()]
    if arguments.json:
        print_json("models", {"models": rows, "not_usable": broken})
        return 0
    if not rows and not broken:
        print("No model is on this machine. theatrum models add PATH adds one.")
    print_rows(
        [
            (
                f"{row['id']} {row['version']}",
                row["title"],
                f"{len(row['structures'])} structures",
                row["licence"]["id"] if row["licence"]["accepted"] else f"{row['licence']['id']}, not accepted",
            )
            for row in rows
        ]
    )
    for one in broken:
        print(f"not usable: {one['folder']}: {one['reason']}")
    return 0


def _card(arguments: argparse.Namespace, models: Zoo) -> int:
    from app.console import print_json, print_pairs
    from inference.road import labels_of, own_results

    model = models.find(arguments.id)
    manifest, card = model.manifest, model.manifest.card
    own = own_results(models, model)
    content = {
        **model_row(models, model),
        "card": card.model_dump(mode="json"),
        "own_cases": own,
        "labels": [
            {"name": label.name, "code": label.code, "volume_ml": label.volume_ml} for label in labels_of(manifest)
        ],
        "parity": None if manifest.parity is None else manifest.parity.model_dump(mode="json"),
        "source": manifest.source.model_dump(mode="json"),
        "licence_text": model.licence_text(),
    }
    if arguments.json:
        print_json("models", content)
        return 0
    population = card.training_population
    print(f"{manifest.title}  {manifest.id} {manifest.version} (research use only, not a medical device)")
    print_pairs([("Intended use", card.intended_use or NOT_STATED), ("Not for", card.not_for or NOT_STATED)])
    stated = {name.replace("_", " "): value for name, value in population.model_dump().items()}
    stated["scans"] = stated.pop("n")
    print_pairs(
        [(f"Trained on: {name}", NOT_STATED if value is None else str(value)) for name, value in stated.items()]
    )
    print_pairs([("Parity", parity_words(model)), ("From", manifest.source.importer or "trained for this program")])
    for row in card.validation:
        told = [f"n = {row.n}", row.set]
        told += [] if row.dice is None else [f"Dice {row.dice:.3f}"]
        told += [] if row.hd95_mm is None else [f"95 % distance {row.hd95_mm:.1f} mm"]
        print(f"  checked: {row.structure}: {', '.join(told)}")
    for result in own:
        print(f"  your own cases: {result['structure']}: n = {result['n']}, Dice {result['dice']:.3f}")
    for limit in (*card.limits, *manifest.source.notes):
        print(f"  note: {limit}")
    print("Structures: " + ", ".join(label.name for label in labels_of(manifest)))
    accepted = "accepted" if models.is_accepted(model) else "not accepted"
    allowed = "treated as not for commercial use"
    if manifest.licence.commercial is not None:
        allowed = "commercial use allowed" if manifest.licence.commercial else "not for commercial use"
    print(f"Licence: {manifest.licence.id}, {allowed}{'' if manifest.licence.commercial else f', {accepted}'}")
    if model.licence_text():
        print()
        print(model.licence_text().rstrip())
    return 0


def parity_words(model: InstalledModel) -> str:
    """How the imported model compares with its own program."""
    parity = model.manifest.parity
    if parity is None:
        return "not measured" if model.manifest.source.importer else "made here, nothing to compare with"
    return f"{100 * parity.equal_voxels:.3f} % of voxels equal with {parity.against} ({parity.case})"


def _add(arguments: argparse.Namespace, models: Zoo) -> int:
    from app.console import ConsoleProgress, print_json, print_pairs, print_warnings
    from inference.keeping import add_model
    from inference.road import labels_of

    progress = ConsoleProgress(arguments.quiet)
    try:
        model = add_model(models, arguments.path, arguments.id, progress=progress)
    finally:
        progress.close()
    if arguments.accept_licence:
        models.accept(model)
    manifest = model.manifest
    warnings = [{"code": "import", "text": note} for note in manifest.source.notes]
    if not models.is_accepted(model):
        text = (
            f"Its licence ({manifest.licence.id}) must be accepted before it runs: theatrum models accept {manifest.id}"
        )
        warnings.append({"code": "licence", "text": text})
    parity = None if manifest.parity is None else manifest.parity.model_dump(mode="json")
    content = {**model_row(models, model), "parity": parity, "warnings": warnings}
    if arguments.json:
        print_json("models", content)
        return 0
    print(f"Added {manifest.id} {manifest.version}: {manifest.title}")
    print_pairs(
        [
            ("Structures", str(len(labels_of(manifest)))),
            ("Parity", parity_words(model)),
            ("Licence", manifest.licence.id),
            ("On the disk", f"{model.bytes_on_disk / 1e6:.1f} MB"),
        ]
    )
    print_warnings(warnings)
    return 0


def _accept(arguments: argparse.Namespace, models: Zoo) -> int:
    from app.console import print_json

    model = models.find(arguments.id)
    models.accept(model)
    if arguments.json:
        print_json("models", model_row(models, model))
        return 0
    print(f"The licence of {model.key} ({model.manifest.licence.id}) is accepted on this machine.")
    return 0


def _remove(arguments: argparse.Namespace, models: Zoo) -> int:
    from app.console import print_json

    model = models.remove(arguments.id)
    if arguments.json:
        print_json("models", {"removed": {"id": model.manifest.id, "version": model.manifest.version}})
        return 0
    print(f"Removed {model.key}.")
    return 0


def _check(arguments: argparse.Namespace, models: Zoo) -> int:
    from app.console import ConsoleProgress, print_json, print_rows
    from inference.keeping import check_model

    model = models.find(arguments.id)
    progress = ConsoleProgress(arguments.quiet)
    try:
        checks = check_model(models, model, progress)
    finally:
        progress.close()
    all_well = all(check.ok for check in checks)
    rows = [{"name": one.name, "ok": one.ok, "seconds": one.seconds, "detail": one.detail} for one in checks]
    if arguments.json:
        content = {"id": model.manifest.id, "version": model.manifest.version, "checks": rows, "ok": all_well}
        print_json("models", content)
    else:
        print_rows([(one.name, "ok" if one.ok else "WRONG", f"{one.seconds:.1f} s", one.detail) for one in checks])
    return 0 if all_well else 1


def _calibrate(arguments: argparse.Namespace, models: Zoo) -> int:
    from app.console import ConsoleProgress, print_json, print_rows, print_warnings
    from app.models import network_cache, on_command_line
    from inference.confidence.calibration import LEAST_PATIENTS
    from inference.road import calibrate_on, own_results

    model = models.find(arguments.id)
    progress = ConsoleProgress(arguments.quiet)
    try:
        with on_command_line(model):
            learned = calibrate_on(models, model, arguments.cases, cache=network_cache(), progress=progress)
    finally:
        progress.close()
    rows = [{**row, "calibrated": row["n"] >= LEAST_PATIENTS} for row in own_results(models, model)]
    warnings = [{"code": "skipped", "text": f"{name} was left out: {why}"} for name, why in learned.skipped]
    warnings += [{"code": "calibration", "text": note} for note in learned.notes]
    if arguments.json:
        content = {
            "id": model.manifest.id,
            "version": model.manifest.version,
            "patients": len(learned.calibration.patients),
            "own_cases": rows,
            "warnings": warnings,
        }
        print_json("models", content)
        return 0
    print(f"{model.manifest.title} on your own {len(learned.calibration.patients)} cases:")
    print_rows(
        [
            (
                row["structure"],
                f"n = {row['n']}",
                f"Dice {row['dice']:.3f}",
                f"volume {row['volume_error_percent']:+.1f} %",
                "calibrated" if row["calibrated"] else "uncalibrated",
            )
            for row in rows
        ]
    )
    print_warnings(warnings)
    return 0
