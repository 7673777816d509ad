"""Does the confidence know when the shipped model is wrong? Scans times corruptions, run as the program runs them.

    python tests/benchmarks/bench_confidence.py             a sixth of it with the shipped model, printed
    python tests/benchmarks/bench_confidence.py run --model FOLDER [--out FILE]     one row a structure, can be resumed
    python tests/benchmarks/bench_confidence.py report FILE [--calibration OUT]     AUROC, tables, the fitted score

Patients are the training scans (which the model has seen), the validation scan and, for the report alone, the test scan.
A score is always fitted without the patient it is asked about, and never with the test scan.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

SPACING_MM = 2.5
TEST, VALIDATION = "ircad01", "cmbcrc01068"
LEAST_TRUE_ML = 3.0
BOOTSTRAPS = 2000

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Patient:
    """hu, labels: `[k, j, i]` in LPS at 2.5 mm; label 255 is left out of every count. known: structures it has truth for."""

    name: str
    hu: Array
    labels: Array
    known: tuple[str, ...]
    spacing_kji: tuple[float, float, float] = (SPACING_MM,) * 3


def patients(scans: Path, data: Path) -> Iterator[Patient]:
    """All that are there."""
    from inference.training.classes import CERTAIN_BACKGROUND, CLASSES, IGNORE, INDEX
    from inference.training.measure import ircad01
    from inference.training.scans import load

    for path in sorted(scans.glob("*.npz")):
        scan = load(path)
        labels = np.where(scan.labels == CERTAIN_BACKGROUND, 0, scan.labels).astype(np.uint8)
        known = [name for n, name in enumerate(CLASSES) if n and n not in scan.absent]
        sizes = np.bincount(labels.ravel(), minlength=256) * SPACING_MM**3 / 1000.0
        yield Patient(scan.name, scan.hu, labels, tuple(n for n in known if sizes[INDEX[n]] >= LEAST_TRUE_ML))
    if (data / "ircad01").is_dir():
        case = ircad01(data, SPACING_MM)
        labels = np.zeros(case.hu.shape, np.uint8)
        for name, mask in case.truth.items():
            labels[mask] = INDEX[name]
        # the reference's artery has branches and its veins are not the cava alone
        known = tuple(name for name in case.truth if name not in ("inferior_vena_cava", "portal_and_splenic_vein"))
        near = _near(labels == INDEX["aorta"], 8.0)
        labels[(labels == INDEX["aorta"]) & ~_trunk(labels == INDEX["aorta"])] = IGNORE
        labels[near & (labels == 0)] = 0
        yield Patient(TEST, case.hu, labels, known)


def _near(mask: Array, mm: float) -> Array:
    from scipy import ndimage

    return np.asarray(ndimage.distance_transform_edt(~mask, sampling=SPACING_MM) <= mm)


def _trunk(mask: Array) -> Array:
    """An artery's part that holds a ball of 5 mm radius, and what lies 4 mm about it: the aorta without branches."""
    from scipy import ndimage

    deep = ndimage.distance_transform_edt(mask, sampling=SPACING_MM) >= 5.0
    return np.asarray(mask & (ndimage.distance_transform_edt(~deep, sampling=SPACING_MM) <= 7.0))


Corruption = Callable[[Patient, np.random.Generator], Patient | None]


def _changed(
    patient: Patient, hu: Array, labels: Array | None = None, spacing: Sequence[float] | None = None
) -> Patient:
    new = patient.labels if labels is None else labels
    k, j, i = patient.spacing_kji if spacing is None else spacing
    hu = np.clip(np.round(hu), -2048, 3000).astype(np.int16)
    return Patient(patient.name, np.ascontiguousarray(hu), np.ascontiguousarray(new), patient.known, (k, j, i))


def noise(sigma: float) -> Corruption:
    """Noise as a reconstruction has it, a little correlated; sigma at the scan's own voxels."""

    def apply(patient: Patient, rng: np.random.Generator) -> Patient:
        from scipy import ndimage

        grain = ndimage.gaussian_filter(rng.standard_normal(patient.hu.shape), (0, 0.5, 0.5))
        return _changed(patient, patient.hu + sigma * grain / grain.std())

    return apply


def thick(mm: float) -> Corruption:
    """Slices that thick, without gaps."""

    def apply(patient: Patient, _rng: np.random.Generator) -> Patient:
        n = round(mm / SPACING_MM)
        count = len(patient.hu) // n
        if count < 4:
            count, n = max(len(patient.hu) // n, 1), n
        hu = patient.hu[: count * n].reshape(count, n, *patient.hu.shape[1:]).mean(axis=1)
        return _changed(patient, hu, patient.labels[n // 2 : count * n : n], (SPACING_MM * n, SPACING_MM, SPACING_MM))

    return apply


def crop(axis: int, share: tuple[float, float]) -> Corruption:
    """Only a part of the field of view."""

    def apply(patient: Patient, _rng: np.random.Generator) -> Patient | None:
        n = patient.hu.shape[axis]
        part = [slice(None)] * 3
        part[axis] = slice(int(share[0] * n), int(share[1] * n))
        if part[axis].stop - part[axis].start < 8:
            return None
        at = (part[0], part[1], part[2])
        return _changed(patient, patient.hu[at], patient.labels[at])

    return apply


def offset(hu: float) -> Corruption:
    """Values off by a constant, as after a wrong rescale."""
    return lambda patient, _rng: _changed(patient, patient.hu.astype(np.float32) + hu)


def mirrored(axis: int) -> Corruption:
    """Turned round along an axis while the header says otherwise; structures keep their true names."""
    return lambda patient, _rng: _changed(patient, np.flip(patient.hu, axis), np.flip(patient.labels, axis))


def turned(times: int) -> Corruption:
    """Turned by quarter turns in its slices."""
    return lambda patient, _rng: _changed(
        patient, np.rot90(patient.hu, times, (1, 2)), np.rot90(patient.labels, times, (1, 2))
    )


def streaks(strength: float) -> Corruption:
    """Two metal pieces in a third of the slices, with bright and dark fans of streaks."""

    def apply(patient: Patient, rng: np.random.Generator) -> Patient:
        hu = patient.hu.astype(np.float32)
        nk, nj, ni = hu.shape
        first = int(rng.uniform(0.2, 0.5) * nk)
        j, i = np.mgrid[0:nj, 0:ni].astype(np.float32)
        for _ in range(2):
            cj, ci = rng.uniform(0.35, 0.65) * nj, rng.uniform(0.3, 0.7) * ni
            radius = np.hypot(j - cj, i - ci)
            angle = np.arctan2(j - cj, i - ci)
            waves = sum(np.cos(n * angle + rng.uniform(0, 6.28)) for n in (6, 11, 17, 29)) / 2
            fan = strength * waves * 12 / (12 + radius)
            hu[first : first + max(nk // 3, 2)] += fan
            hu[first : first + max(nk // 3, 2)][:, radius < 2.5] = 3000
        return _changed(patient, hu)

    return apply


def without_contrast(patient: Patient, _rng: np.random.Generator) -> Patient | None:
    """Each labelled structure brought to what it has without contrast, with soft borders; None where nothing changes."""
    from scipy import ndimage

    from inference.training.augment import PHASES
    from inference.training.classes import INDEX

    hu, moved = patient.hu.astype(np.float32), False
    for name in patient.known:
        ranges = PHASES["native"].get(name.replace("_right", "_left"))
        inside = patient.labels == INDEX[name]
        if ranges is None or not inside.any():
            continue
        by = float(np.mean(ranges) - np.median(patient.hu[inside]))
        if by < -15:
            hu += by * ndimage.gaussian_filter(inside.astype(np.float32), 0.6)
            moved = True
    return _changed(patient, hu) if moved else None


CORRUPTIONS: dict[str, Corruption] = {
    "": lambda patient, _rng: patient,
    "noise 20": noise(20),
    "noise 40": noise(40),
    "noise 60": noise(60),
    "noise 80": noise(80),
    "slices 5": thick(5.0),
    "slices 7.5": thick(7.5),
    "slices 10": thick(10.0),
    "crop upper half": crop(0, (0.5, 1.0)),
    "crop lower half": crop(0, (0.0, 0.5)),
    "crop left": crop(2, (0.42, 1.0)),
    "crop right": crop(2, (0.0, 0.58)),
    "crop back": crop(1, (0.45, 1.0)),
    "HU +200": offset(200),
    "HU -200": offset(-200),
    "HU +100": offset(100),
    "HU -100": offset(-100),
    "mirrored": mirrored(2),
    "upside down": mirrored(0),
    "streaks": streaks(250),
    "strong streaks": streaks(700),
    "turned left": turned(1),
    "turned right": turned(3),
    "without contrast": without_contrast,
}


def run(args: argparse.Namespace) -> int:
    """All pairs that the file has not yet."""
    from inference.combine import finish
    from inference.confidence.calibration import difficulty_of
    from inference.confidence.measures import dice
    from inference.manifest import read_manifest
    from inference.pipeline import RunOptions, segment
    from inference.zoo import InstalledModel
    from planning.geometry import Grid

    model = InstalledModel(args.model, read_manifest(args.model))
    labels = {label.name: label for label in model.manifest.labels}
    done = set()
    if args.out.exists():
        done = {(row["case"], row["corruption"]) for row in map(json.loads, args.out.read_text().splitlines())}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    everyone = list(patients(args.scans, args.data))
    names = list(CORRUPTIONS)[:: args.every]
    pairs = [(patient, name) for name in names for patient in everyone if (patient.name, name) not in done]
    # in no order, so that a part of the rows already tells of the whole
    for n in np.random.default_rng(0).permutation(len(pairs)):
        patient, corruption = pairs[n]
        one = CORRUPTIONS[corruption](patient, np.random.default_rng([names.index(corruption), len(patient.name)]))
        if one is None:
            continue
        began = time.perf_counter()
        grid = Grid.from_parts(one.hu.shape[::-1], one.spacing_kji[::-1])
        found = segment(one.hu, grid, model, RunOptions(threads=args.threads, cache=args.cache))
        result = finish(found, one.hu, grid, model.manifest)
        counted = one.labels != 255
        rows = []
        for record in result.records:
            name = record.name
            if name not in one.known:
                continue
            truth = (one.labels == labels[name].index) & counted
            true_ml = float(truth.sum()) * grid.voxel_mm3 / 1000.0
            if true_ml < LEAST_TRUE_ML:
                continue
            rows.append({
                "case": patient.name, "corruption": corruption, "structure": name,
                "features": [round(float(v), 5) for v in record.features],
                "difficulty": round(difficulty_of(record.measures), 4),
                "dice": round(dice(result.mask(name) & counted, truth), 4),
                "network_dice": round(dice((found.labels == labels[name].index) & counted, truth), 4),
                "found_ml": round(record.volume_ml, 2), "true_ml": round(true_ml, 2),
                "light": record.light, "rules": [reason.code for reason in record.reasons],
                "ruled": _ruled(record.reasons), "agreement": record.measures.agreement, "entropy": record.measures.entropy,
            })  # fmt: skip
        with args.out.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows or [_nothing(patient.name, corruption)])
        print(f"{patient.name:14}{corruption:18}{time.perf_counter() - began:6.1f} s", flush=True)
    return 0


def quick(_args: argparse.Namespace) -> int:
    """What `make bench` runs."""
    import tempfile

    from inference.zoo import DEFAULT_MODEL, shipped_folder

    shipped, scans = shipped_folder(), Path("out/training/scans")
    models = sorted((shipped / DEFAULT_MODEL).iterdir()) if shipped is not None and shipped.is_dir() else []
    if not models or not scans.is_dir():
        print("needs the shipped model and the prepared training scans (python -m inference.training prepare)")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.jsonl"
        run(argparse.Namespace(
            model=models[-1], out=rows, scans=scans, data=Path("../shared/data"), cache=None, threads=None, every=6
        ))  # fmt: skip
        return report(argparse.Namespace(file=rows, calibration=None))


def _ruled(reasons: Sequence[Any]) -> str:
    """The light by rules alone, what stands for a missing calibration left out."""
    from inference.confidence.reasons import worst

    return worst(one.light for one in reasons if one.code not in ("uncalibrated", "unsure", "doubtful"))


def _nothing(case: str, corruption: str) -> dict[str, Any]:
    return {"case": case, "corruption": corruption, "structure": ""}


def auroc(score: Array, good: Array) -> float:
    """Chance that a good one scores above a bad one; NaN without both."""
    one, two = score[good], score[~good]
    if not len(one) or not len(two):
        return float("nan")
    order = np.argsort(np.concatenate([one, two]), kind="stable")
    values = np.concatenate([one, two])[order]
    rank = np.empty(len(values))
    _, starts, counts = np.unique(values, return_index=True, return_counts=True)
    for start, count in zip(starts, counts, strict=True):
        rank[start : start + count] = start + (count + 1) / 2
    own = np.empty(len(values))
    own[order] = rank
    return float((own[: len(one)].sum() - len(one) * (len(one) + 1) / 2) / (len(one) * len(two)))


def report(args: argparse.Namespace) -> int:
    """What the rows say."""
    from inference.confidence.calibration import Calibration, CaseResult, fitted, write_calibration
    from inference.confidence.verdict import SHARE_AT, confidence_of

    rows = [row for row in map(json.loads, args.file.read_text().splitlines()) if row["structure"]]
    results = [CaseResult.model_validate({key: row[key] for key in CaseResult.model_fields}) for row in rows]
    people = list(dict.fromkeys(row["case"] for row in rows))
    pairs = {(row["case"], row["corruption"]) for row in rows}
    chance = np.zeros(len(rows))
    for person in people:
        own = [n for n, row in enumerate(rows) if row["case"] == person]
        others = [one for one in results if one.case not in (person, TEST)]
        score = Calibration(model="", version="", model_hash="", weights=fitted(others))
        for n in own:
            chance[n] = confidence_of(np.array(results[n].features), rows[n]["found_ml"], rows[n]["ruled"], score)
    good = np.array([row["dice"] >= 0.8 for row in rows])
    person_of = np.array([people.index(row["case"]) for row in rows])
    clean = np.array([row["corruption"] == "" for row in rows])
    ruled = np.array([SHARE_AT[row["ruled"]] for row in rows])
    test = np.array([row["case"] == TEST for row in rows])
    print(
        f"{len(pairs)} scans × corruptions of {len(people)} patients, {len(rows)} structures, {int((~good).sum())} below 0.8"
    )
    for title, which in (
        ("all", np.ones(len(rows), bool)), ("not corrupted", clean), ("the test scan alone", test),
        ("not corrupted, never trained", clean & np.isin(person_of, [people.index(p) for p in (TEST, VALIDATION) if p in people])),
    ):  # fmt: skip
        value, low, high = _with_interval(chance, good, person_of, which)
        rules = auroc(ruled[which], good[which])
        print(f"AUROC {title}: {value:.3f} ({low:.3f} to {high:.3f}), rules alone {rules:.3f}; "
              f"{int((~good & which).sum())} of {int(which.sum())} below 0.8")  # fmt: skip
    green = np.array([row["light"] == "green" for row in rows])
    print(f"green: {int(green.sum())}, of them below 0.8: {int((green & ~good).sum())}")
    for row in rows:
        if row["light"] == "green" and row["dice"] < 0.8:
            print("  green but", row["case"], row["corruption"], row["structure"], row["dice"], row["agreement"])
    print("\n| corruption | structures | below 0.8 | called red of these | AUROC |\n|---|---|---|---|---|")
    red = np.array([row["ruled"] == "red" for row in rows]) | (chance < 0.5)
    for corruption in CORRUPTIONS:
        which = np.array([row["corruption"] == corruption for row in rows])
        bad = which & ~good
        caught = f"{int((bad & red).sum())}" if bad.any() else "–"
        value = auroc(chance[which], good[which])
        print(f"| {corruption or 'none'} | {int(which.sum())} | {int(bad.sum())} | {caught} | {value:.2f} |")
    print("\n| structure | n clean | mean Dice clean | network alone |\n|---|---|---|---|")
    for name in dict.fromkeys(row["structure"] for row in rows):
        own = [row for row in rows if row["structure"] == name and row["corruption"] == ""]
        if own:
            both = [float(np.mean([row[key] for row in own])) for key in ("dice", "network_dice")]
            print(f"| {name} | {len(own)} | {both[0]:.3f} | {both[1]:.3f} |")
    weights = fitted([one for one in results if one.case != TEST])
    print("\nweights", [round(w, 2) for w in weights])
    if args.calibration is not None:
        held = [one for one in results if one.case == VALIDATION and not one.corruption]
        write_calibration(
            Calibration(
                model=args.id, version=args.version, model_hash=args.hash, weights=weights, results=tuple(held),
                source=f"score: {len(pairs)} scans × corruptions of {len(people) - 1} patients, most of them training scans; "
                "volumes: one patient",
            ),
            args.calibration,
        )  # fmt: skip
    return 0


def _with_interval(score: Array, good: Array, person: Array, which: Array) -> tuple[float, float, float]:
    """AUROC and its 95 % interval by drawing patients."""
    rng = np.random.default_rng(1)
    people = np.unique(person[which])
    at = {p: np.flatnonzero(which & (person == p)) for p in people}
    found = []
    for _ in range(BOOTSTRAPS):
        drawn = np.concatenate([at[p] for p in rng.choice(people, len(people))]) if len(people) else np.zeros(0, int)
        value = auroc(score[drawn], good[drawn])
        if np.isfinite(value):
            found.append(value)
    low, high = np.percentile(found, [2.5, 97.5]) if found else (float("nan"), float("nan"))
    return auroc(score[which], good[which]), float(low), float(high)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers()
    parser.set_defaults(run=quick)
    one = commands.add_parser("run")
    one.add_argument("--model", type=Path, required=True)
    one.add_argument("--out", type=Path, default=Path("out/confidence/rows.jsonl"))
    one.add_argument("--scans", type=Path, default=Path("out/training/scans"))
    one.add_argument("--data", type=Path, default=Path("../shared/data"))
    one.add_argument("--cache", type=Path, default=Path("out/confidence/cache"))
    one.add_argument("--threads", type=int, default=1)
    one.add_argument("--every", type=int, default=1, help="only every nth corruption")
    one.set_defaults(run=run)
    two = commands.add_parser("report")
    two.add_argument("file", type=Path)
    two.add_argument("--calibration", type=Path)
    two.add_argument("--id", default="theatrum-ct-body")
    two.add_argument("--version", default="")
    two.add_argument("--hash", default="")
    two.set_defaults(run=report)
    args = parser.parse_args()
    return int(args.run(args))


if __name__ == "__main__":
    raise SystemExit(main())
