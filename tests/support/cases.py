"""Small cases for tests of the window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from planning.case.commands import AddImage, AddStructure, Batch
from planning.case.document import Document
from planning.case.model import Image, Structure
from planning.provenance import Provenance
from planning.registry import structure_style
from planning.volume import Mask, Volume


def make_case(path: Path, volume: Volume, **about: Any) -> Document:
    """A new case that holds one CT. about: what else its `Image` tells."""
    return make_moving_case(path, (volume,), ("",), **about)


def make_moving_case(path: Path, volumes: Sequence[Volume], labels: Sequence[str], **about: Any) -> Document:
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
        **about,
    )
    document.do(AddImage(image))
    return document


def add_structures(document: Document, masks: Mapping[str, Mask]) -> None:
    """The masks as structures of the case, one step."""
    commands = []
    for name, mask in masks.items():
        start, reference = document.put_mask(mask)
        commands.append(
            AddStructure(
                Structure(
                    name=name,
                    grid=mask.grid,
                    start_ijk=start,
                    array=reference,
                    voxel_count=mask.voxel_count,
                    color=structure_style(name).color,
                    provenance=Provenance("test"),
                )
            )
        )
    document.do(Batch(tuple(commands), "Structures"))
