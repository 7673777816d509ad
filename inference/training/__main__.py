"""`python -m inference.training prepare|run|export`: the shipped model from the permissive scans, in one command each."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

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
    from inference.training.augment import Source
    from inference.training.classes import INDEX
    from inference.training.loop import Plan, train
    from inference.training.measure import cmbcrc01068, dice_of, ircad01, logits_of
    from inference.training.scans import load

    if not (args.out / "scans").is_dir():
        _prepare(args)
    plan = Plan(steps=args.steps, seed=args.seed, threads=args.threads)
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

    train(plan, sources, args.out / args.name, until=args.until, check=check, check_every=args.check_every)
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
    run.add_argument("--check-every", type=int, default=500)
    run.set_defaults(run=_run)
    for command in (prepare, run):
        command.add_argument("--data", type=Path, default=DATA)
        command.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args(argv)
    return int(args.run(args))


if __name__ == "__main__":
    raise SystemExit(main())
