"""Does the confidence know when the shipped model is wrong? Scans times corruptions, run as the program runs them.

    python tests/benchmarks/bench_confidence.py             a sixth of it with the shipped model, printed
    python tests/benchmarks/bench_confidence.py run --model FOLDER [--out FILE]     one row a structure, can be resumed
    python tests/benchmarks/bench_confidence.py report FILE… [--calibration OUT --model FOLDER]    AUROC, tables, the score

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
TEST = "ircad01"
HELD_OUT = ("cmbcrc01068",)
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
    """All pairs that the files have not yet."""
    from inference.combine import finish
    from inference.manifest import read_manifest
    from inference.pipeline import RunOptions, segment
    from inference.zoo import InstalledModel
    from planning.geometry import Grid

    model = InstalledModel(args.model, read_manifest(args.model))
    done = {(row["case"], row["corruption"]) for row in _rows([args.out])} if args.out.exists() else set()
    args.out.parent.mkdir(parents=True, exist_ok=True)
    everyone = list(patients(args.scans, args.data))
    names = list(CORRUPTIONS)[:: args.every]
    pairs = [(patient, name) for name in names for patient in everyone]
    # in no order, so that a part of the rows already tells of the whole
    mine = np.random.default_rng(0).permutation(len(pairs))[args.part[0] :: args.part[1]]
    for number, n in enumerate(mine, 1):
        patient, corruption = pairs[n]
        if (patient.name, corruption) in done:
            continue
        one = CORRUPTIONS[corruption](patient, np.random.default_rng([names.index(corruption), len(patient.name)]))
        if one is None:
            continue
        began, busy = time.perf_counter(), time.process_time()
        grid = Grid.from_parts(one.hu.shape[::-1], one.spacing_kji[::-1])
        found = segment(one.hu, grid, model, RunOptions(threads=args.threads, cache=args.cache))
        result = finish(found, one.hu, grid, model.manifest)
        rows = _told(one, corruption, found, result, grid.voxel_mm3 / 1000.0, model.manifest)
        with args.out.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows or [_nothing(patient.name, corruption)])
        print(f"{number:4} of {len(mine)} {patient.name:14}{corruption:18}{time.perf_counter() - began:6.1f} s, "
              f"{time.process_time() - busy:5.1f} CPU s", flush=True)  # fmt: skip
    return 0


def _told(
    one: Patient, corruption: str, found: Any, result: Any, voxel_ml: float, manifest: Any
) -> list[dict[str, Any]]:
    """A row for each structure that there is truth for."""
    from inference.confidence.calibration import difficulty_of
    from inference.confidence.measures import dice

    counted, rows = one.labels != 255, []
    for record in result.records:
        name = record.name
        if name not in one.known:
            continue
        index = manifest.label(name).index
        truth = (one.labels == index) & counted
        true_ml = float(truth.sum()) * voxel_ml
        if true_ml < LEAST_TRUE_ML:
            continue
        rows.append({
            "model": found.model_hash, "case": one.name, "corruption": corruption, "structure": name,
            "features": [round(float(v), 5) for v in record.features],
            "difficulty": round(difficulty_of(record.measures), 4),
            "dice": round(dice(result.mask(name) & counted, truth), 4),
            "network_dice": round(dice((found.labels == index) & counted, truth), 4),
            "found_ml": round(record.volume_ml, 2), "true_ml": round(true_ml, 2),
            "interval_ml": [round(v, 2) for v in record.interval_ml], "light": record.light, "engine": record.engine,
            "reasons": [[reason.code, reason.light] for reason in record.reasons],
        })  # fmt: skip
    return rows


def _rows(files: Sequence[Path]) -> list[dict[str, Any]]:
    """Of all files; they must be of one model."""
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    if len({row["model"] for row in rows if row["structure"]}) > 1:
        raise SystemExit("these rows are of several models")
    return rows


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
            model=models[-1], out=rows, scans=scans, data=Path("../shared/data"), cache=None, threads=None, every=6,
            part=(0, 1),
        ))  # fmt: skip
        return report(argparse.Namespace(files=[rows], calibration=None, model=None))


def _nothing(case: str, corruption: str) -> dict[str, Any]:
    """A row for a pair in which no structure was large enough, so that it is not run again."""
    return {"case": case, "corruption": corruption, "structure": None}


def auroc(score: Array, good: npt.NDArray[np.bool_]) -> float:
    """Chance that a good one has the higher score than a bad one; nan without both."""
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


@dataclass(frozen=True, slots=True)
class Study:
    """All rows, and for each the score of weights that were fitted without its patient and without the test scan."""

    rows: list[dict[str, Any]]
    results: list[Any]
    chance: Array
    weights: tuple[float, ...]

    @classmethod
    def of(cls, rows: list[dict[str, Any]]) -> Study:
        """Rows that have a structure."""
        from inference.confidence.calibration import Calibration, CaseResult, fitted
        from inference.confidence.reasons import Reason
        from inference.confidence.verdict import confidence_of

        results = [CaseResult.model_validate({key: row[key] for key in CaseResult.model_fields}) for row in rows]
        chance = np.zeros(len(rows))
        for person in {row["case"] for row in rows}:
            others = [one for one in results if one.case not in (person, TEST)]
            score = Calibration(model="", version="", model_hash="", weights=fitted(others))
            for n, (row, one) in enumerate(zip(rows, results, strict=True)):
                if row["case"] == person:
                    reasons = [Reason(code, "", light) for code, light in row["reasons"]]
                    chance[n] = confidence_of(np.array(one.features), row["found_ml"], reasons, score)
        return cls(rows, results, chance, fitted([one for one in results if one.case != TEST]))

    def where(self, key: str, *values: Any) -> npt.NDArray[np.bool_]:
        """Rows whose `key` is one of the values."""
        return np.array([row[key] in values for row in self.rows])

    @property
    def good(self) -> npt.NDArray[np.bool_]:
        """Dice of 0.8 and more."""
        return np.array([row["dice"] >= 0.8 for row in self.rows])


def report(args: argparse.Namespace) -> int:
    """What the rows say."""
    every = _rows(args.files)
    study = Study.of([row for row in every if row["structure"]])
    rows, good = study.rows, study.good
    people = list(dict.fromkeys(row["case"] for row in rows))
    pairs = {(row["case"], row["corruption"]) for row in rows}
    print(
        f"{len(pairs)} scans × corruptions of {len(people)} patients, {len(rows)} structures, {int((~good).sum())} below 0.8"
    )
    person = np.array([people.index(row["case"]) for row in rows])
    clean, ruled = study.where("corruption", ""), study.where("structure", "lung_left", "lung_right", "bone")
    unseen = study.where("case", TEST, *HELD_OUT)
    for title, which in (
        ("all", np.ones(len(rows), bool)), ("without lungs and bone", ~ruled), ("corrupted", ~clean),
        ("not corrupted", clean), ("not corrupted, without lungs and bone", clean & ~ruled),
        ("never trained", unseen), ("never trained, without lungs and bone", unseen & ~ruled),
        ("never trained, not corrupted", unseen & clean), ("the test scan alone", study.where("case", TEST)),
    ):  # fmt: skip
        value, low, high = _with_interval(study.chance, good, person, which)
        print(
            f"AUROC {title}: {value:.3f} ({low:.3f} to {high:.3f}); {int((~good & which).sum())} of {int(which.sum())} below 0.8"
        )
    _print_lights(study)
    _print_intervals(study)
    _print_corruptions(study)
    _print_structures(study)
    print("\nweights", [round(w, 2) for w in study.weights])
    if args.calibration is not None:
        print("written:", _keep(study, args.model, args.calibration))
    return 0


def _print_lights(study: Study) -> None:
    good = study.good
    for light in ("green", "amber", "red"):
        which = study.where("light", light)
        print(f"{light}: {int(which.sum())}, of them below 0.8: {int((which & ~good).sum())}")
    for row in study.rows:
        if row["light"] == "green" and row["dice"] < 0.8:
            print("  green but", row["case"], row["corruption"], row["structure"], row["dice"])


def _print_intervals(study: Study) -> None:
    """Without a calibration, as the rows were run."""
    for title, clean in (("not corrupted", True), ("corrupted", False)):
        held = [
            row["interval_ml"][0] <= row["true_ml"] <= row["interval_ml"][1]
            for row in study.rows
            if row["found_ml"] > 0 and (row["corruption"] == "") is clean
        ]
        if held:
            print(f"uncalibrated intervals hold the true volume, {title}: {np.mean(held):.0%} of {len(held)}")


def _print_corruptions(study: Study) -> None:
    good, red = study.good, study.where("light", "red") | (study.chance < 0.5)
    print("\n| corruption | structures | below 0.8 | red or below a half of these | AUROC |\n|---|---|---|---|---|")
    for corruption in CORRUPTIONS:
        which = study.where("corruption", corruption)
        bad = which & ~good
        caught = f"{int((bad & red).sum())}" if bad.any() else "–"
        value = f"{auroc(study.chance[which], good[which]):.2f}" if bad.any() and (which & good).any() else "–"
        print(f"| {corruption or 'none'} | {int(which.sum())} | {int(bad.sum())} | {caught} | {value} |")


def _print_structures(study: Study) -> None:
    print("\n| structure | n clean | mean Dice clean | network alone |\n|---|---|---|---|")
    for name in dict.fromkeys(row["structure"] for row in study.rows):
        own = [row for row in study.rows if row["structure"] == name and row["corruption"] == ""]
        if own:
            both = [float(np.mean([row[key] for row in own])) for key in ("dice", "network_dice")]
            print(f"| {name} | {len(own)} | {both[0]:.3f} | {both[1]:.3f} |")


def _keep(study: Study, folder: Path, into: Path) -> Path:
    """The calibration that goes with the model of the rows: the score of all but the test scan, volumes of who never trained.

    The test scan's volumes are kept out too: it is asked about, not learned from.
    """
    from inference.confidence.calibration import Calibration, write_calibration
    from inference.manifest import read_manifest
    from inference.pipeline import model_hash

    manifest = read_manifest(folder)
    if {row["model"] for row in study.rows} != {model_hash(manifest)}:
        raise SystemExit(f"the rows are not of {manifest.id} {manifest.version}")
    pairs = {(row["case"], row["corruption"]) for row in study.rows if row["case"] != TEST}
    people = {case for case, _ in pairs}
    held = tuple(one for one in study.results if one.case in HELD_OUT and not one.corruption)
    return write_calibration(
        Calibration(
            model=manifest.id, version=manifest.version, model_hash=model_hash(manifest), weights=study.weights, results=held,
            source=f"score: {len(pairs)} scans × corruptions of {len(people)} patients, not the test scan, most of them training "
            "scans; volumes: one patient",
        ),
        into,
    )  # fmt: skip


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


def _part(text: str) -> tuple[int, int]:
    number, of = map(int, text.split("/"))
    return number, of


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
    one.add_argument(
        "--part", type=_part, default=(0, 1), help="n/of: every of-th pair from the nth, to share the work"
    )
    one.set_defaults(run=run)
    two = commands.add_parser("report")
    two.add_argument("files", type=Path, nargs="+")
    two.add_argument("--calibration", type=Path, help="where to write what was learned, for the folder of --model")
    two.add_argument("--model", type=Path)
    two.set_defaults(run=report)
    args = parser.parse_args()
    if getattr(args, "calibration", None) is not None and args.model is None:
        parser.error("--calibration needs --model")
    return int(args.run(args))


if __name__ == "__main__":
    raise SystemExit(main())
