"""Small cases for tests of the window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from planning.case.commands import AddImage
from planning.case.document import Document
from planning.case.model import Image
from planning.provenance import Provenance
from planning.volume import Volume


def make_case(path: Path, volume: Volume) -> Document:
    """A new case that holds one CT."""
    return make_moving_case(path, (volume,), ("",))


def make_moving_case(path: Path, volumes: Sequence[Volume], labels: Sequence[str]) -> Document:
    """A new case that holds one CT of several heart phases."""
    document = Document.create(path)
    references = tuple(document.store.put_array(volume.voxels) for volume in volumes)
    image = Image(
        name="CT",
        modality="CT",
        grid=volumes[0].grid,
        arrays=references,
        phases=tuple(labels),
        provenance=Provenance("test"),
    )
    document.do(AddImage(image))
    return document
