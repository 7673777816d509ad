"""Small cases for tests of the window."""

from __future__ import annotations

from pathlib import Path

from planning.case.commands import AddImage
from planning.case.document import Document
from planning.case.model import Image
from planning.provenance import Provenance
from planning.volume import Volume


def make_case(path: Path, volume: Volume) -> Document:
    """A new case that holds one CT."""
    document = Document.create(path)
    reference = document.store.put_array(volume.voxels)
    document.do(
        AddImage(Image(name="CT", modality="CT", grid=volume.grid, arrays=(reference,), provenance=Provenance("test")))
    )
    return document
