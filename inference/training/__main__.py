"""`python -m inference.training prepare|run|export`: the shipped model from the permissive scans, in one command each."""

from __future__ import annotations

import argparse
import signal
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inference.networks.nnunet import UNet

DATA = Path("../shared/data")
OUT = Path("out/training")

# How often each scan gives a patch. cmbcrc01068 is kept for validation and ircad01 for the test: neither trains.
SHARES = {"lidc0001": 3.5, "ts_abdomen": 3.0, "acrin001": 2.5, "lidc0002": 1.0, "kits00072": 0.8}


def _prepare(args: argparse.Namespace) -> int:
    from inference.training.scans import save, training_scans

    for scan in training_scans(args.data):
        print(save(scan, args.out / "scans"))
    return 0


def _run(args: argparse.Namespace) -> int:
    from inference.training.augment import Recipe, Source
    from inference.training.classes import INDEX
    from inference.training.loop import Plan, read_checkpoint, train
    from inference.training.measure import cmbcrc01068, dice_of, ircad01, logits_of
    from inference.training.scans import load

    if not (args.out / "scans").is_dir():
        _prepare(args)
    recipe = Recipe(spacing_mm=args.spacing)
    plan = Plan(recipe=recipe, steps=args.steps, seed=args.seed, rate=args.rate, threads=args.threads)
    first = read_checkpoint(args.out / args.start / "checkpoint.pt") if args.start else None
    scans = {path.stem: path for path in sorted((args.out / "scans").glob("*.npz"))}
    held = {name: load(scans[name]) for name in SHARES if name in scans}
    never = set.intersection(*(set(scan.absent) for scan in held.values()))
    sources = [
        Source(replace(scan, absent=tuple(sorted(set(scan.absent) - never))), SHARES[name])
        for name, scan in held.items()
    ]
    cases = [cmbcrc01068(args.out / "scans", plan.recipe.spacing_mm)]
    if (args.data / "ircad01").is_dir():
        cases.append(ircad01(args.data, plan.recipe.spacing_mm))

    def check(network: UNet) -> dict[str, float]:
        found: dict[str, float] = {}
        for case in cases:
            labels = logits_of(network, case.hu, plan.recipe).argmax(0).numpy()
            found |= {f"{case.name} {name}": round(v, 3) for name, v in dice_of(labels, case, INDEX).items()}
        return found

    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    train(
        plan,
        sources,
        args.out / args.name,
        until=args.until,
        start=first.weights if first else None,
        begun=first.history(args.start) if first else "",
        stop=asked.is_set,
        check=check,
        check_every=args.check_every,
    )
    return 0


def _export(args: argparse.Namespace) -> int:
    import json
    import tempfile

    from inference.manifest import read_manifest
    from inference.training.export import FINE, LIMITS, Trained, all_kept, export
    from inference.training.held_out import cmbcrc01068_rows, ircad01_rows
    from inference.training.loop import read_checkpoint
    from inference.training.scans import load
    from inference.zoo import InstalledModel

    scans = [load(args.out / "scans" / f"{name}.npz") for name in SHARES]
    kept = all_kept([label for scan in scans for label in set(scan.labels.ravel().tolist())])
    held = read_checkpoint(args.out / args.name / "checkpoint.pt")
    trained = [Trained("body", held.plan, held.weights, kept)]
    notes = [held.history(args.name)]
    if args.fine:
        held = read_checkpoint(args.out / args.fine / "checkpoint.pt")
        painted = tuple(name for name in kept if name in FINE)
        trained.append(Trained("fine", held.plan, held.weights, painted, "body", painted))
        notes.append(held.history(args.fine))
    facts: dict[str, Any] = {"limits": LIMITS, "notes": notes, "licence_text": Path("LICENSE")}
    with tempfile.TemporaryDirectory() as place:
        folder = export(trained, Path(place), args.version, measured=[], **facts)
        model = InstalledModel(folder, read_manifest(folder))
        rows = cmbcrc01068_rows(model, args.out / "scans")
        if (args.data / "ircad01").is_dir():
            rows += ircad01_rows(model, args.data)
    for row in rows:
        print(json.dumps(row))
    print(export(trained, args.into, args.version, measured=rows, **facts))
    return 0


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m inference.training", description=__doc__)
    commands = parser.add_subparsers(required=True)
    prepare = commands.add_parser("prepare", help="scans and labels onto the training grid")
    prepare.set_defaults(run=_prepare)
    run = commands.add_parser("run", help="train, or go on from the last checkpoint")
    run.add_argument("--name", default="body")
    run.add_argument("--steps", type=int, default=20_000, help="the length that the learning rate is planned for")
    run.add_argument("--until", type=int, help="stop at this step (resume later)")
    run.add_argument("--seed", type=int, default=1)
    run.add_argument("--threads", type=int, default=1)
    run.add_argument("--spacing", type=float, default=4.0, help="voxels of the network in mm")
    run.add_argument("--rate", type=float, default=2e-3, help="learning rate at the start")
    run.add_argument("--start", help="begin with the averaged weights of this run")
    run.add_argument("--check-every", type=int, default=500)
    run.set_defaults(run=_run)
    put = commands.add_parser("export", help="measure the last checkpoint on held-out scans and write the model folder")
    put.add_argument("version")
    put.add_argument("--name", default="body")
    put.add_argument("--fine", help="a run at a finer grid that draws the organs again, round what the first one found")
    put.add_argument("--into", type=Path, default=Path("assets/models/theatrum-ct-body"))
    put.set_defaults(run=_export)
    for command in (prepare, run, put):
        command.add_argument("--data", type=Path, default=DATA)
        command.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args(argv)
    return int(args.run(args))


if __name__ == "__main__":
    raise SystemExit(main())
