"""A user's models folder with small models of random weights, and a case they can run on."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inference.manifest import Card, Label, Licence, Manifest, Population, Validation, write_manifest
from inference.zoo import InstalledModel, Zoo
from planning.case.document import Document
from planning.geometry import Grid
from planning.volume import Volume
from tests.support.cases import make_case
from tests.support.small_models import make_model, make_stage, smooth_scan

GRID = Grid.from_parts((40, 36, 30), (3.0, 3.0, 3.0), (-60.0, -50.0, 100.0))
NAMES = ("liver", "spleen", "kidney_left")


def random_model(
    folder: Path, model_id: str = "small", *, licence: Licence | None = None, names: tuple[str, ...] = NAMES
) -> InstalledModel:
    """A model folder outside any zoo, structures named as organs."""
    stage = make_stage(folder, classes=len(names) + 1)
    made = make_model(folder, stage, licence=licence)
    labels = tuple(
        Label(index=n, name=name, code=("SCT", "10200004", "Liver") if name == "liver" else None)
        for n, name in enumerate(names, 1)
    )
    card = Card(
        intended_use="Tests of the program",
        training_population=Population(n=0, labels_by="model"),
        validation=(Validation(structure="liver", n=1, set="a phantom", dice=0.5),),
        limits=("It knows nothing",),
    )
    manifest = made.manifest.model_copy(
        update={"id": model_id, "labels": labels, "card": card, "title": "Small organs"}
    )
    if licence is not None:
        (folder / "LICENSE").write_text("Only for tests.\n")
        manifest = manifest.model_copy(update={"licence": licence.model_copy(update={"text": "LICENSE"})})
    write_manifest(Manifest.model_validate(manifest.model_dump(by_alias=True)), folder)
    return InstalledModel(folder, manifest)


def add_random_model(home: Path, model_id: str = "small", *, licence: Licence | None = None) -> InstalledModel:
    """The same in the zoo of a program whose home is `home` (THEATRUM_HOME)."""
    folder = home / "made" / model_id
    random_model(folder, model_id, licence=licence)
    return Zoo(home / "data" / "models").add(folder)


def scan_case(path: Path, grid: Grid = GRID) -> Path:
    """A case with a smooth scan that random weights find something in."""
    scan = smooth_scan(grid.shape_kji)
    with make_case(path, Volume(grid, scan)):
        pass
    return path


def voxels_of(path: Path) -> dict[str, int]:
    """Structures of a case and how many voxels each has."""
    with Document.open(path, read_only=True) as document:
        return {name: int(np.count_nonzero(document.mask(name).voxels)) for name in document.case.structures}
