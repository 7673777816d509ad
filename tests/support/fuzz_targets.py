"""Every parser of what comes from outside, each with true inputs, a way to change them and what it must keep."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import fuzz_seeds as seeds
import numpy as np
from fuzz_mutate import mutated, mutated_gzip, mutated_json, mutated_zip
from fuzz_run import Target, Wrong

HEADER = 1200
SYNTAXES = {
    "plain": "1.2.840.10008.1.2.1",
    "implicit": "1.2.840.10008.1.2",
    "big": "1.2.840.10008.1.2.2",
    "deflated": "1.2.840.10008.1.2.1.99",
    "rle": "1.2.840.10008.1.2.5",
    "jpegls": "1.2.840.10008.1.2.4.80",
    "j2k": "1.2.840.10008.1.2.4.90",
}


def _bytes(hot: int = 0) -> Callable[[Sequence[bytes], random.Random], bytes]:
    def change(known: Sequence[bytes], dice: random.Random) -> bytes:
        return mutated(dice.choice(known), dice, known, hot)

    return change


def _json(known: Sequence[bytes], dice: random.Random) -> bytes:
    return mutated_json(dice.choice(known), dice)


def _zipped(known: Sequence[bytes], dice: random.Random) -> bytes:
    return mutated_zip(dice.choice(known), dice, lambda name, data: mutated(data, dice, hot=4000))


def _folder(known: Sequence[bytes], dice: random.Random) -> bytes:
    """One file of several is changed: tables as tables, the rest as bytes."""

    def inner(name: str, data: bytes) -> bytes:
        return mutated_json(data, dice) if name.endswith(".json") else mutated(data, dice, hot=4000)

    while True:
        found = mutated_zip(dice.choice(known), dice, inner)
        try:
            # the bytes of the parcel itself are no input of the program
            seeds.names(found)
            return found
        except ValueError:
            continue


# DICOM images


def _images(folder: Path) -> list[bytes]:
    return [
        seeds.packed((f"{number}.dcm", one) for number, one in enumerate(seeds.series(folder / name, syntax)))
        for name, syntax in SYNTAXES.items()
    ]


def _one_of_series(known: Sequence[bytes], dice: random.Random) -> bytes:
    return seeds.with_changed(dice.choice(known), dice, lambda data: mutated(data, dice, hot=HEADER))


def _unpacked(content: bytes, folder: Path) -> Path:
    """The input's files beside the folder that must stay empty."""
    return seeds.unpacked(content, folder.with_name(folder.name + "-in"))


def _read_series(content: bytes, folder: Path, *, road: bool) -> None:
    """A series of six with one changed slice: what is accepted has every true slice's values where they lie."""
    inside = _unpacked(content, folder)
    try:
        if road:
            from planning.dicom.load import load_series

            volumes = [(one.voxels, one.grid) for one in load_series([inside]).volumes]
        else:
            volumes = _in_place(sorted(inside.iterdir()))
        _check_true_slices(volumes, seeds.changed_file(content))
    finally:
        shutil.rmtree(inside, ignore_errors=True)


def _in_place(paths: Sequence[Path]) -> list[tuple[Any, Any]]:
    """What the disposable child does, in this process."""
    from planning.dicom.model import ReadRequest
    from planning.dicom.worker import read_study
    from planning.geometry import Grid

    layout: list[Any] = []
    arrays: dict[int, Any] = {}

    def send(message: tuple[Any, ...]) -> None:
        if message[0] == "layout":
            layout.append(message)
        elif message[0] == "mapped":
            arrays[message[1]] = np.memmap(message[2], dtype=np.dtype(message[3]), mode="r", shape=message[4])

    files = tuple((str(path), path.name) for path in paths)
    try:
        read_study(ReadRequest(files, load=True), send, lambda: None)
        grid = Grid(layout[0][2], np.array(layout[0][3]))
        return [(np.array(arrays[number]), grid) for number in sorted(arrays)]
    finally:
        _close_shared()


def _close_shared() -> None:
    """The shared memory of one input is of no use to the next."""
    import os

    for name in os.listdir("/proc/self/fd"):
        try:
            if "theatrum-voxels" in os.readlink(f"/proc/self/fd/{name}"):
                os.close(int(name))
        except OSError:
            continue


def _check_true_slices(volumes: Sequence[tuple[Any, Any]], changed: int) -> None:
    grid, truth = seeds.GRID, seeds.values()
    for k in (n for n in range(grid.size_ijk[2]) if n != changed):
        place = grid.to_world((4, 4, k))
        for voxels, where in volumes:
            at = np.asarray(where.to_index(place))
            near = np.rint(at).astype(int)
            if (near < 0).any() or (near >= np.array(where.size_ijk)).any() or np.abs(at - near).max() > 0.01:
                continue
            value = float(voxels[near[2], near[1], near[0]])
            if abs(value - float(truth[k, 4, 4])) > 0.5:
                raise Wrong(f"slice {k} reads {value:g} where it holds {truth[k, 4, 4]}")


def _frames(folder: Path) -> list[bytes]:
    own = [seeds.series(folder / name, SYNTAXES[name])[2] for name in ("rle", "jpegls", "j2k", "deflated")]
    return [
        *own,
        *seeds.pydicoms(
            "MR_small_RLE.dcm", "MR_small_jpeg_ls_lossless.dcm", "MR_small_jp2klossless.dcm", "JPEG-lossy.dcm",
            "JPGExtended.dcm", "JPEG2000.dcm", "SC_rgb_jpeg_gdcm.dcm", "rtdose_rle_1frame.dcm", "image_dfl.dcm",
        ),
    ]  # fmt: skip


def _decode(content: bytes, folder: Path) -> None:
    """The pixels of one file, whatever it is an image of."""
    from planning.dicom.decode import FrameReader
    from planning.dicom.header import read_facts

    path = folder.with_name(folder.name + ".dcm")
    path.write_bytes(content)
    try:
        facts = read_facts(str(path), 0)
        if facts.pixels is not None:
            values = FrameReader().read(facts, min(facts.pixels.frames - 1, 3))
            if values.shape != (facts.pixels.rows, facts.pixels.columns):
                raise Wrong(f"an image of {values.shape}")
    finally:
        path.unlink()


def _scan_one(content: bytes, folder: Path) -> None:
    from planning.dicom.scan import scan

    inside = folder.with_name(folder.name + "-in")
    inside.mkdir()
    try:
        (inside / "one.dcm").write_bytes(content)
        scan([inside])
    finally:
        shutil.rmtree(inside)


# objects in DICOM


def _label_object(content: bytes, folder: Path, *, road: bool) -> None:
    path = folder.with_name(folder.name + ".dcm")
    path.write_bytes(content)
    try:
        if road:
            from planning.files.labels import read_label_maps

            maps = [(one.voxels, one.grid) for one in read_label_maps(path, grid=seeds.GRID)]
        else:
            from planning.dicom.label_objects import read_label_object

            layers, grid, _ = read_label_object(path, path.name, seeds.GRID, False)
            maps = [(voxels, grid) for voxels in layers]
        for voxels, grid in maps:
            if tuple(voxels.shape) != tuple(grid.shape_kji):
                raise Wrong(f"labels of {voxels.shape} on a grid of {grid.shape_kji}")
    finally:
        path.unlink()


def _report(content: bytes, folder: Path, *, road: bool) -> None:
    import math

    path = folder.with_name(folder.name + ".dcm")
    path.write_bytes(content)
    try:
        if road:
            from planning.dicom.report_reading import read_report

            told = read_report(path)
        else:
            from planning.dicom.measured_report import report_content

            told = report_content(path, path.name)
        for group in told["groups"]:
            if not all(math.isfinite(one["value"]) for one in group["numbers"]):
                raise Wrong("a number that is none")
    finally:
        path.unlink()


def _deidentify(content: bytes, folder: Path, *, road: bool) -> None:
    from planning.dicom.privacy import deidentify
    from planning.dicom.privacy_file import answer_privacy
    from planning.dicom.privacy_profile import PrivacyOptions, PrivacyRequest

    path = folder.with_name(folder.name + ".dcm")
    path.write_bytes(content)
    try:
        if road:
            deidentify([path], folder / "out", PrivacyOptions())
            return
        from planning.dicom.model import ReadRequest

        into = folder.with_name(folder.name + "-into")
        into.mkdir()
        task = PrivacyRequest(PrivacyOptions(), bytes(32), str(into), "test")
        answers: list[Any] = []
        try:
            answer_privacy(ReadRequest(((str(path), path.name),), load=False, privacy=task), answers.append)
            if answers[-1][0] == "left out" and any(one.is_file() for one in into.rglob("*")):
                raise Wrong("a file that was left out is there")
            heads = [one.read_bytes().split(b"\xe0\x7f\x10\x00")[0] for one in into.rglob("*") if one.is_file()]
            if any(b"SECRET^NAME" in head for head in heads):
                # pixels that a splice made of letters are pixels
                raise Wrong("a name went through")
        finally:
            shutil.rmtree(into)
    finally:
        path.unlink()


def _named(folder: Path) -> list[bytes]:
    """Images and a report whose patient has a name that must not go through."""
    import io

    from pydicom import dcmread

    found = []
    for content in (seeds.series(folder / "plain")[0], *seeds.pydicoms("MR_small.dcm", "CT_small.dcm"), seeds.report()):
        dataset = dcmread(io.BytesIO(content))
        dataset.PatientName, dataset.PatientID = "SECRET^NAME", "SECRET^NAME"
        dataset.StudyInstanceUID = dataset.get("StudyInstanceUID", "2.25.1")
        dataset.SeriesInstanceUID = dataset.get("SeriesInstanceUID", "2.25.2")
        whole = io.BytesIO()
        dataset.save_as(whole)
        found.append(whole.getvalue())
    return found


# volumes and surfaces


def _volume(content: bytes, folder: Path, *, ending: str, road: bool) -> None:
    path = folder.with_name(f"{folder.name}-in{ending}")
    path.write_bytes(content)
    try:
        if road:
            from planning.dicom.load import load_series

            found = [(one.voxels, one.grid) for one in load_series([path]).volumes]
        else:
            from planning.files.volumes import image_values, read_volumes

            volumes, grid = read_volumes(path)
            found = [(image_values(one, path.name), grid) for one in volumes]
        for voxels, grid in found:
            if tuple(voxels.shape) != tuple(grid.shape_kji) or not np.isfinite(grid.world_from_index).all():
                raise Wrong(f"voxels of {voxels.shape} on a grid of {grid.shape_kji}")
            if np.linalg.det(grid.world_from_index[:3, :3]) <= 0:
                raise Wrong("a left-handed grid")
    finally:
        path.unlink()


def _surface(content: bytes, folder: Path, *, ending: str, road: bool) -> None:
    path = folder.with_name(f"{folder.name}-in{ending}")
    path.write_bytes(content)
    try:
        if road:
            from planning.files.meshes import read_mesh

            mesh = read_mesh(path)
        else:
            from planning.files.meshes import whole_in_lps

            mesh = whole_in_lps(path)
        if not np.isfinite(mesh.points_mm).all():
            raise Wrong("a point that is no number")
        if len(mesh.triangles) and not 0 <= mesh.triangles.min() <= mesh.triangles.max() < len(mesh.points_mm):
            raise Wrong("a corner that is no point")
    finally:
        path.unlink()


def _surface_target(ending: str) -> Target:
    change = _zipped if ending in (".3mf", ".usdz") else _bytes(hot=600)

    def prepare() -> None:
        from planning.files import meshes

        _ = meshes.ENDINGS
        import trimesh
        from vtkmodules import vtkIOGeometry, vtkIOPLY, vtkIOXML

        _ = (trimesh, vtkIOGeometry, vtkIOPLY, vtkIOXML)

    return Target(
        f"surface {ending}",
        "planning.files.meshes",
        lambda folder: seeds.surface_files(folder, ending),
        change,
        partial(_surface, ending=ending, road=False),
        partial(_surface, ending=ending, road=True),
        prepare,
    )


def _volume_target(ending: str) -> Target:
    def change(known: Sequence[bytes], dice: random.Random) -> bytes:
        content = dice.choice(known)
        return mutated_gzip(content, dice, 352) if ending == ".nii.gz" else mutated(content, dice, known, 600)

    return Target(
        f"volume {ending}",
        "planning.files.volumes",
        lambda folder: seeds.volume_files(folder, ending),
        change,
        partial(_volume, ending=ending, road=False),
        partial(_volume, ending=ending, road=True),
    )


def _zip(content: bytes, folder: Path) -> None:
    """What a zip stands for; the unpacked files are gone afterwards."""
    from planning.dicom.sources import open_sources

    path = folder.with_name(f"{folder.name}-in.zip")
    path.write_bytes(content)
    try:
        with open_sources([path]) as files:
            for place, _ in files:
                if not Path(place).is_file():
                    raise Wrong("a file that is not there")
    finally:
        path.unlink()


def _zips(folder: Path) -> list[bytes]:
    import io
    import zipfile

    inner = seeds.packed([("a.dcm", b"a" * 900), ("b/c.dcm", b"b" * 90)])
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (("one.dcm", bytes(5000)), ("two.nii.gz", b"x" * 100), ("inner.zip", inner)):
            archive.writestr(name, data)
    return [inner, whole.getvalue()]


# case files


def _case(content: bytes, folder: Path) -> None:
    from planning.case.verify import verify_case

    path = folder.with_name(f"{folder.name}-in.theatrum")
    path.write_bytes(content)
    try:
        verify_case(path)
    finally:
        for one in path.parent.glob(f"{path.name}*"):
            one.unlink()


def _crafted_case(known: Sequence[bytes], dice: random.Random) -> bytes:
    """A case whose journal or snapshot says something else, with hashes that fit again: made, not damaged."""
    import json

    import zstandard

    from planning.case import journal
    from planning.case.manifest import text_sha256

    connection = sqlite3.connect(":memory:")
    connection.deserialize(dice.choice(known))
    rows = connection.execute("SELECT * FROM journal ORDER BY seq").fetchall()
    chosen = dice.choice([*range(len(rows)), -1])
    head = journal.GENESIS
    for number, row in enumerate(rows):
        text = row[5] if isinstance(row[5], str) else zstandard.ZstdDecompressor().decompress(row[5]).decode()
        if number == chosen:
            text = mutated_json(text.encode(), dice).decode("utf-8", "replace")
        changed = (*row[:5], text, row[6], head)
        head = journal.step_sha256(changed)
        connection.execute(
            "UPDATE journal SET parameters_json=?, previous_sha256=?, sha256=? WHERE seq=?",
            (text, changed[7], head, row[0]),
        )
    connection.execute("UPDATE meta SET value=? WHERE key='head'", (f"{len(rows)} {head}",))
    if chosen == -1:
        for seq, text, _ in connection.execute("SELECT seq, manifest_json, sha256 FROM snapshot").fetchall():
            text = mutated_json(str(text).encode(), dice).decode("utf-8", "replace")
            at = head if seq == len(rows) else rows[seq - 1][8] if seq else journal.GENESIS
            digest = text_sha256(f"{seq} {at} {text}")
            connection.execute("UPDATE snapshot SET manifest_json=?, sha256=? WHERE seq=?", (text, digest, seq))
    else:
        connection.execute("DELETE FROM snapshot")
    if dice.random() < 0.2:
        value = json.dumps(dice.choice([[1 << 19] * 3, [0, 1, 1], [-1, 5, 5], "x", [1e9], None]))
        connection.execute("UPDATE array SET shape=?", (value,))
    connection.commit()
    return bytes(connection.serialize())


SEAL = "mutated inputs"


def _sealed_case(folder: Path) -> list[bytes]:
    """An encrypted case; its key is made from the same words and the file's own first bytes, as any program would."""
    from planning.case import keys
    from planning.case.encrypting import encrypt_case

    path = seeds.case_file(folder)
    encrypt_case(path, key=keys.new_key(SEAL, keys.LIGHT))
    return [path.read_bytes()]


def _open_sealed(content: bytes, folder: Path) -> None:
    from planning.case import keys
    from planning.case.verify import verify_case

    path = folder.with_name(f"{folder.name}-in.theatrum")
    path.write_bytes(content)
    try:
        header = keys.header_of(path)
        verify_case(path, None if header is None else _sealing(header))
    finally:
        for one in path.parent.glob(f"{path.name}*"):
            one.unlink()


@cache
def _sealing(header: bytes) -> Any:
    from planning.case import keys

    return keys.derived(header, SEAL)


def _recover(content: bytes, folder: Path) -> None:
    """What is brought back is whole, and where nothing is nothing is written."""
    from planning.case.recovering import recover_case
    from planning.case.verify import verify_case

    path = folder.with_name(f"{folder.name}-in.theatrum")
    path.write_bytes(content)
    try:
        verify_case(recover_case(path, folder / "back.theatrum").output)
    finally:
        for one in path.parent.glob(f"{path.name}*"):
            one.unlink()


def _cases(folder: Path) -> list[bytes]:
    return [seeds.case_file(folder).read_bytes()]


# tables that a person or another program writes


def _table(read: Callable[[Path], Any]) -> Callable[[bytes, Path], None]:
    def run(content: bytes, folder: Path) -> None:
        path = folder.with_name(f"{folder.name}-in.json")
        path.write_bytes(content)
        try:
            read(path)
        finally:
            path.unlink()

    return run


def _names(path: Path) -> None:
    from planning.files.labels import read_names

    names = read_names(path)
    if not all(isinstance(key, int) and value.strip() for key, value in names.items()):
        raise Wrong("names that are none")


def _addresses(path: Path) -> None:
    from planning.pacs.node import read_addresses

    read_addresses(path)


def _anatomy(path: Path) -> None:
    from app.commands.liver import _anatomy as read

    read(path)


def _vessels(path: Path) -> None:
    from planning.case.vessel_plans import vessels_of_file

    vessels_of_file(path)


def _routes(path: Path) -> None:
    from app.commands.tavr import _routes as read

    read(path)


def _lumen_edits(path: Path) -> None:
    from app.commands.vessel import _edits
    from planning.vessel.edits import edits_of

    edits_of(_edits(path))


def _settings(path: Path) -> None:
    import os

    from app.settings import load_settings

    home = path.parent / f"{path.name}-home"
    os.environ["THEATRUM_HOME"] = str(home)
    try:
        from app.settings import settings_file

        settings_file().parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, settings_file())
        load_settings()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _manifest(path: Path) -> None:
    from inference.manifest import MANIFEST_NAME, read_manifest

    folder = path.with_suffix(".d")
    folder.mkdir()
    try:
        shutil.copyfile(path, folder / MANIFEST_NAME)
        read_manifest(folder)
    finally:
        shutil.rmtree(folder)


# models of other programs


def _model(content: bytes, folder: Path, *, road: bool) -> None:
    from inference import importers
    from inference.importers.child import convert_in_child

    inside = _unpacked(content, folder)
    path = next(inside.glob("*.onnx"), inside)
    try:
        if road:
            convert_in_child(path, folder / "made")
            return
        into = folder.with_name(folder.name + "-made")
        into.mkdir()
        try:
            importers.convert(importers.load(), path, into)
        finally:
            shutil.rmtree(into)
    finally:
        shutil.rmtree(inside)
        shutil.rmtree(folder / "made", ignore_errors=True)


def _nnunet(folder: Path) -> list[bytes]:
    from nnunet_folder import write_folder

    return [seeds.packed_folder(write_folder(folder))]


def _bundle(folder: Path) -> list[bytes]:
    from bundles import write_bundle

    return [seeds.packed_folder(write_bundle(folder))]


def _theatrum_model(folder: Path) -> list[bytes]:
    from small_models import make_model, make_stage

    folder.mkdir(parents=True)
    make_model(folder, make_stage(folder, classes=2))
    return [seeds.packed_folder(folder)]


def _onnx(folder: Path) -> list[bytes]:
    from onnx_files import DESCRIPTION, write_onnx

    folder.mkdir(parents=True)
    write_onnx(folder / "small.onnx").with_suffix(".json").write_bytes(seeds.as_json(DESCRIPTION))
    return [seeds.packed_folder(folder)]


def _torch() -> None:
    import torch

    from inference import importers

    torch.set_num_threads(1)
    importers.load()


def _model_target(name: str, make: Callable[[Path], list[bytes]]) -> Target:
    return Target(
        f"model {name}", "inference.importers", make, _folder, partial(_model, road=False), partial(_model, road=True),
        _torch,
    )  # fmt: skip


EDIT = {"position_mm": [1.0, 2.0, 3.0], "normal": [0.0, 0.0, 2.0], "pins_mm": [[1.0, 2.5, 3.0], [2.0, 2.0, 3.0]]}
ROUTES = {
    "access": {"left_femoral": {"from_mm": [1, 2, 3], "to_mm": [4, 5, 60], "via_mm": [[2, 3, 30]]}},
    "lumen_edits": {"left_femoral": [EDIT]},
    "excluded": {"right_femoral": "a stent"},
}


def targets() -> tuple[Target, ...]:
    """All of them, in the order in which they are listed."""
    from fuzz_network import network_targets

    def table(name: str, where: str, read: Callable[[Path], Any], *true: Any) -> Target:
        return Target(f"table {name}", where, lambda _: [seeds.as_json(one) for one in true], _json, _table(read))

    anatomy = {"corrections": [{"kind": "cut", "at_mm": [1, 2, 3]}], "segments": {"II": ["left"]}}
    station = {"s_mm": 1.0, "min_diameter_mm": 3.0, "max_diameter_mm": 4.0, "area_mm2": 9.0, "closed": True}
    vessel = {
        "plan": "v", "length_mm": 9.5, "stations": [{**station, "calcium_arc_deg": None}],
        "centerline_mm": [[1, 2, 3], [1, 2, 12.5]],
    }  # fmt: skip
    return (
        Target(
            "dicom series", "planning.dicom.worker", _images, _one_of_series,
            partial(_read_series, road=False), partial(_read_series, road=True),
        ),
        Target("dicom pixels", "planning.dicom.decode", _frames, _bytes(), _decode, _scan_one),
        Target(
            "dicom SEG, RTSTRUCT, surfaces", "planning.dicom.label_objects", seeds.label_objects, _bytes(hot=4000),
            partial(_label_object, road=False), partial(_label_object, road=True),
        ),
        Target(
            "dicom SR", "planning.dicom.measured_report",
            lambda _: [seeds.report(), *seeds.pydicoms("reportsi.dcm", "test-SR.dcm")], _bytes(),
            partial(_report, road=False), partial(_report, road=True),
        ),
        Target(
            "deidentify", "planning.dicom.privacy_file", _named, _bytes(hot=HEADER),
            partial(_deidentify, road=False), partial(_deidentify, road=True),
        ),
        *(_volume_target(ending) for ending in (".nii", ".nii.gz", ".nrrd", ".mha")),
        Target("zip", "planning.dicom.sources", _zips, _zipped, _zip),
        *(_surface_target(ending) for ending in (".stl", ".obj", ".ply", ".vtp", ".3mf", ".glb", ".usdz")),
        Target("case file, damaged", "planning.case", _cases, _bytes(), _case),
        Target("case file, encrypted", "planning.case.keys", _sealed_case, _bytes(), _open_sealed),
        Target("case file, recovering", "planning.case.recovering", _cases, _bytes(), _recover),
        Target("case file, crafted", "planning.case", _cases, _crafted_case, _case),
        table("label names", "planning.files.labels", _names, {"1": "liver", "2": "tumor"}, {"liver": 1}),
        table("archives", "planning.pacs.node", _addresses, {
            "own": {"title": "THEATRUM", "port": 11112, "address": "127.0.0.1", "tls": None},
            "nodes": [{"name": "a", "host": "h", "port": 104, "title": "A", "tls": None}, {"name": "b", "url": "http://h/"}],
        }),
        table("liver anatomy", "app.commands.liver", _anatomy, anatomy),
        table("vessel plan", "planning.case.vessel_plans", _vessels, vessel),
        table("access routes", "app.commands.tavr", _routes, ROUTES),
        table("edited lumen", "app.commands.vessel", _lumen_edits, [EDIT], {"inputs": {"lumen_edits": [EDIT]}}),
        table("settings", "app.settings", _settings, {"theme": "dark", "language": "en", "recent": ["a"]}),
        *network_targets(),
        _model_target("nnU-Net", _nnunet),
        _model_target("MONAI bundle", _bundle),
        _model_target("Theatrum", _theatrum_model),
        _model_target("ONNX", _onnx),
    )  # fmt: skip
