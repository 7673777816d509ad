"""Small true inputs of every kind that the program reads, made here by its own writers and by those of its libraries."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from planning.geometry import Grid
from planning.volume import Mask, Volume

GRID = Grid.from_parts((36, 34, 6), (1.25, 1.5, 2.0), (-7.0, 4.0, 50.0))


def values(grid: Grid = GRID) -> np.ndarray:
    """int16 HU `[k, j, i]`: round(3x + 2y + 5z + 40) at each voxel's place."""
    index = np.indices(grid.shape_kji).reshape(3, -1)[::-1].T
    return np.round(grid.to_world(index) @ (3, 2, 5) + 40).astype(np.int16).reshape(grid.shape_kji)


def ball(grid: Grid = GRID) -> Mask:
    """A mask in the middle."""
    index = np.indices(grid.shape_kji).astype(float)
    middle = (np.array(grid.shape_kji) - 1) / 2
    far = sum(((index[n] - middle[n]) / (middle[n] * 0.6)) ** 2 for n in range(3))
    return Mask.from_full(grid, far <= 1)


def packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Several files as one input: a zip without compression."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return whole.getvalue()


def packed_folder(folder: Path) -> bytes:
    """All files below a folder as one input."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return packed((path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths)


def unpacked(content: bytes, folder: Path) -> Path:
    """The files of an input below a folder that is made; parts of names that lead out of it are left out."""
    folder.mkdir(parents=True)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            parts = [part for part in entry.filename.split("/") if part not in ("", ".", "..")]
            place = folder.joinpath(*parts)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(archive.read(entry))
    return folder


def series(folder: Path, syntax: str = "1.2.840.10008.1.2.1") -> list[bytes]:
    """A CT of six slices whose every value says where it lies, in any transfer syntax that can be written here."""
    from pydicom import dcmread, dcmwrite
    from pydicom.uid import UID

    from planning.dicom.write import write_ct_series

    plain = syntax in ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.5")
    paths = write_ct_series(
        Volume(GRID, values(), quantity="HU"), folder, transfer_syntax=syntax if plain else "1.2.840.10008.1.2.1"
    )
    if plain:
        return [path.read_bytes() for path in paths]
    found = []
    for path in paths:
        dataset = dcmread(path)
        if syntax == "1.2.840.10008.1.2.2":
            dataset.PixelData = np.frombuffer(dataset.PixelData, "<i2").astype(">i2").tobytes()
            dataset.file_meta.TransferSyntaxUID = UID(syntax)
        elif syntax == "1.2.840.10008.1.2.1.99":
            dataset.file_meta.TransferSyntaxUID = UID(syntax)
        else:
            dataset.compress(UID(syntax))
        whole = io.BytesIO()
        little = syntax != "1.2.840.10008.1.2.2"
        # values are read before they are written in the other order
        dataset.walk(lambda data, element: element.value)
        if little:
            dataset.save_as(whole, enforce_file_format=True)
        else:
            dcmwrite(whole, dataset, implicit_vr=False, little_endian=False, force_encoding=True)
        found.append(whole.getvalue())
    return found


def pydicoms(*names: str) -> list[bytes]:
    """Test files that come with pydicom."""
    import pydicom

    folder = Path(pydicom.__file__).parent / "data" / "test_files"
    return [(folder / name).read_bytes() for name in names]


def case_file(folder: Path) -> Path:
    """A case with a CT, a structure and some steps."""
    from cases import add_structures, make_case

    from planning.case.commands import SetLabel

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "small.theatrum"
    with make_case(path, Volume(GRID, values(), quantity="HU")) as document:
        add_structures(document, {"liver": ball()})
        for number in range(3):
            document.do(SetLabel(f"label {number}"))
        document.undo()
    return path


def label_objects(folder: Path) -> list[bytes]:
    """DICOM SEG (both kinds), RTSTRUCT and surfaces of a small case."""
    from planning.case.dicom_out import export_dicom
    from planning.case.document import Document

    with Document.open(case_file(folder)) as document:
        told = export_dicom(document, folder / "out", ("seg", "labelmap", "rtstruct", "stl", "obj"), _NoDrawing())
    paths = [Path(name) for name in told["files"]]
    return [path.read_bytes() for path in paths if "image" not in path.relative_to(folder / "out").as_posix()]


class _NoDrawing:
    def report(self, document: Any, plans: Any) -> bytes:
        """No report is asked for."""
        raise AssertionError

    def pictures(self, document: Any, plan: Any) -> list[tuple[str, bytes]]:
        """No pictures are asked for."""
        raise AssertionError


@cache
def report() -> bytes:
    """A structured report with one group of two numbers and a region."""
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.sequence import Sequence
    from pydicom.uid import UID

    def code(value: str, scheme: str, meaning: str) -> Sequence:
        item = Dataset()
        item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
        return Sequence([item])

    def item(kind: str, name: Sequence, **more: Any) -> Dataset:
        made = Dataset()
        made.RelationshipType, made.ValueType, made.ConceptNameCodeSequence = "CONTAINS", kind, name
        for key, value in more.items():
            setattr(made, key, value)
        return made

    def number(value: str) -> Dataset:
        measured = Dataset()
        measured.NumericValue, measured.MeasurementUnitsCodeSequence = value, code("mm", "UCUM", "mm")
        return item("NUM", code("131187009", "SCT", "Major axis"), MeasuredValueSequence=Sequence([measured]))

    region = item(
        "SCOORD3D", code("111030", "DCM", "Region"), GraphicData=[0.0, 0.0, 0.0, 9.0, 0.0, 0.0, 9.0, 9.0, 0.0]
    )
    finding = item("CODE", code("121071", "DCM", "Finding"), ConceptCodeSequence=code("10200004", "SCT", "Liver"))
    tracking = item("TEXT", code("112039", "DCM", "Tracking"), TextValue="one")
    children = Sequence([tracking, finding, region, number("21.5"), number("-3e1")])
    group = item("CONTAINER", code("125007", "DCM", "Measurement Group"), ContentSequence=children)
    root = item("CONTAINER", code("126000", "DCM", "Imaging Measurement Report"), ContentSequence=Sequence([group]))
    root.Modality, root.SOPClassUID, root.SOPInstanceUID = "SR", UID("1.2.840.10008.5.1.4.1.1.88.34"), UID("2.25.7")
    root.file_meta = FileMetaDataset()
    root.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.1")
    root.file_meta.MediaStorageSOPClassUID, root.file_meta.MediaStorageSOPInstanceUID = root.SOPClassUID, UID("2.25.7")
    whole = io.BytesIO()
    root.save_as(whole, enforce_file_format=True)
    return whole.getvalue()


def volume_files(folder: Path, ending: str) -> list[bytes]:
    """An image and a label map in a format of volumes."""
    from planning.files.volumes import write_volume

    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for name, voxels in (("ct", values()), ("labels", ball().full().astype(np.uint8))):
        path = folder / f"{name}{ending}"
        write_volume(path, voxels, GRID)
        found.append(path.read_bytes())
    return found


def surface_files(folder: Path, ending: str) -> list[bytes]:
    """A ball as a surface file."""
    from planning.files.meshes import MeshObject, write_meshes
    from planning.surface import surface_from_mask

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"ball{ending}"
    write_meshes(path, [MeshObject("ball", surface_from_mask(ball()), "#aa3322", 1.0)])
    content = path.read_bytes()
    if ending != ".3mf":
        return [content]
    # one of our own lies on a printer's plate, and is refused for that
    found = [(name, data.replace(b"Theatrum", b"Elsewhere")) for name, data in parcel(content).items()]
    return [packed(found)]


def as_json(value: Any) -> bytes:
    """A JSON text."""
    return json.dumps(value).encode()


def names(content: bytes) -> list[str]:
    """The files of a parcel. Raises ValueError where it is none any more."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                archive.read(entry)
            return archive.namelist()
    except Exception as error:
        raise ValueError("no parcel") from error


def with_changed(content: bytes, dice: Any, change: Any) -> bytes:
    """One file of a parcel changed; its name is told in the comment of the parcel."""
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(whole, "w") as new:
        chosen = dice.randrange(len(old.namelist()))
        for number, entry in enumerate(old.infolist()):
            data = old.read(entry)
            new.writestr(entry.filename, change(data) if number == chosen else data)
        new.comment = str(chosen).encode()
    return whole.getvalue()


def changed_file(content: bytes) -> int:
    """The number of the changed file of a parcel."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return int(archive.comment or b"-1")


def parcel(content: bytes) -> dict[str, bytes]:
    """The files of a parcel by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
