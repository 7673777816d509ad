"""NIfTI, NRRD and MHA volumes: geometry to LPS millimetres, values untouched.

Untrusted files are read inside the disposable child (`planning.dicom.child`); what is here runs there.
"""

from __future__ import annotations

import errno
import gzip
import os
import re
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import GeometryError, InputError
from planning.files.endings import NIFTI, ending
from planning.files.volume_claims import check_header, positive_steps, same_place, sizes_of_a_body, unit_axes
from planning.geometry import FloatArray, Grid

NIFTI_TYPES = {2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8", 256: "i1", 512: "u2", 768: "u4", 1024: "i8", 1280: "u8"}
MOST_BYTES = 12 << 30
# of NIfTI's xyzt_units: metres, millimetres, micrometres
MM_PER_UNIT = {1: 1000.0, 2: 1.0, 3: 0.001}
MOST_PHASES = 200
# whose size on the disk says nothing of what they hold
PACKED = (".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd")
# the voxels as they are read, and the shared memory that takes them
HELD_TIMES = 2
HEADER_BYTES = 1 << 16
# notes of other programs may lie between the header and the voxels
MOST_OFFSET = 1 << 28
# more than a writer holds back until it closes its file
PROBE_BYTES = 1 << 18


def read_volume(path: Path, name: str = "") -> tuple[npt.NDArray[Any], Grid]:
    """(voxels `[k, j, i]` in the file's own type, grid). Raises InputError or GeometryError with a plain reason."""
    volumes, grid = read_volumes(path, name)
    if len(volumes) != 1:
        raise InputError(f"{name or path.name} holds {len(volumes)} volumes", "Write one volume a file", "volume")
    return volumes[0], grid


def read_volumes(path: Path, name: str = "") -> tuple[Sequence[npt.NDArray[Any]], Grid]:
    """As `read_volume`, for a file that may hold several volumes on one grid. name: what the file is called."""
    name = name or path.name
    volumes: Sequence[npt.NDArray[Any]]
    if ending(path) in NIFTI:
        volumes, grid = _read_nifti(path, name)
    else:
        voxels, grid = _read_itk(path, name)
        volumes = (voxels,)
    # of these files, unlike DICOM, nobody says for sure that they are in millimetres
    sizes_of_a_body(grid.spacing_mm, grid.size_ijk, name)
    return volumes, grid


def _read_nifti(path: Path, name: str) -> tuple[Sequence[npt.NDArray[Any]], Grid]:
    broken = InputError(f"{name} is damaged or no NIfTI file", "Write it again", "nifti")
    try:
        with gzip.open(path) if ending(path) == ".nii.gz" else path.open("rb") as file:
            head = file.read(540)
            order, version = _nifti_order(head)
            if not order:
                raise broken
            dims, code, slope, intercept, offset, matrix = _nifti_header(head, order, version)
            if offset < 0:
                raise broken
            if code not in NIFTI_TYPES:
                raise InputError(
                    f"{name} holds values of a type that is no image (NIfTI type {code})",
                    "Write it as integers or floats",
                    "nifti",
                )
            if any(n < 1 for n in dims[:3]) or int(np.prod(dims, dtype=np.float64)) > MOST_BYTES // 2:
                raise InputError(f"{name} claims a size of {'×'.join(map(str, dims))}", "Write it again", "nifti")
            count = int(np.prod(dims[3:]))
            if count > MOST_PHASES or (len(dims) > 4 and count != dims[3]):
                raise InputError(f"{name} holds {count} volumes", "Write one volume a file", "nifti")
            dtype = np.dtype(order + NIFTI_TYPES[code])
            wanted = dims[0] * dims[1] * dims[2] * count * dtype.itemsize
            _check_room(path, wanted, name)
            file.seek(offset)
            data = file.read(wanted)
    except (OSError, EOFError, zlib.error) as error:
        raise broken from error
    if len(data) != wanted:
        raise InputError(f"{name} is cut off", "Copy it again", "truncated")
    voxels = np.frombuffer(data, dtype=dtype).reshape(count, dims[2], dims[1], dims[0])
    voxels = voxels.astype(dtype.newbyteorder("="), copy=False)
    # a slope of zero says that nothing is scaled, whatever stands beside it
    if slope != 0.0 and (slope != 1.0 or intercept != 0.0):
        if not np.isfinite((slope, intercept)).all():
            raise broken
        scaled = voxels * np.float64(slope) + intercept
        voxels = scaled.astype(np.float32)
    placed = np.diag((-1.0, -1.0, 1.0, 1.0)) @ matrix
    straightened = [straight(each, placed, name) for each in voxels]
    return [each for each, _ in straightened], straightened[0][1]


def _check_room(path: Path, wanted: int, name: str) -> None:
    """Before any of it is read: a file may claim anything, and a packed one may hold it. Raises InputError."""
    if ending(path) not in PACKED and wanted > path.stat().st_size:
        raise InputError(f"{name} is cut off", "Copy it again", "truncated")
    free = free_bytes()
    if free is not None and wanted * HELD_TIMES > free:
        raise InputError(
            f"{name} holds {wanted / 1e9:.1f} GB of voxels, more than the free memory can take ({free / 1e9:.1f} GB)",
            "Close other programs, or write it with larger voxels",
            "memory",
        )


def free_bytes() -> int | None:
    """Memory that may still be taken; None where the system does not tell."""
    try:
        told = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in told.splitlines() if line.startswith("MemAvailable:")), None)


def _nifti_order(head: bytes) -> tuple[str, int]:
    for order, name in (("<", "little"), (">", "big")):
        size = int.from_bytes(head[:4], name)  # type: ignore[arg-type]
        if size == 348 and head[344:347] in (b"n+1", b"ni1"):
            return order, 1
        if size == 540 and head[4:7] == b"n+2":
            return order, 2
    return "", 0


def _nifti_header(head: bytes, order: str, version: int) -> tuple[list[int], int, float, float, int, FloatArray]:
    def values(offset: int, kind: str, count: int) -> list[Any]:
        return list(np.frombuffer(head, dtype=order + kind, count=count, offset=offset).tolist())

    if version == 1:
        dim, code, pixdim = values(40, "i2", 8), values(70, "i2", 1)[0], values(76, "f4", 8)
        offset, slope, intercept = _whole(values(108, "f4", 1)[0]), values(112, "f4", 1)[0], values(116, "f4", 1)[0]
        qform, sform = values(252, "i2", 2)
        quaternion, shift, rows = values(256, "f4", 3), values(268, "f4", 3), values(280, "f4", 12)
    else:
        dim, code, pixdim = values(16, "i8", 8), values(12, "i2", 1)[0], values(104, "f8", 8)
        offset, slope, intercept = _whole(values(168, "i8", 1)[0]), values(176, "f8", 1)[0], values(184, "f8", 1)[0]
        qform, sform = values(344, "i4", 2)
        quaternion, shift, rows = values(352, "f8", 3), values(376, "f8", 3), values(400, "f8", 12)
    count = min(max(int(dim[0]), 1), 7)
    dims = [int(n) for n in dim[1 : 1 + count]] + [1] * (3 - count)
    by_rows, by_turn = np.eye(4), np.eye(4)
    by_rows[:3] = np.array(rows, dtype=np.float64).reshape(3, 4)
    with np.errstate(over="ignore", invalid="ignore"):
        by_turn[:3, :3] = _rotation(quaternion) * np.array(pixdim[1:4]) * np.array((1, 1, -1 if pixdim[0] < 0 else 1))
    by_turn[:3, 3] = shift
    matrix = by_rows if sform > 0 else by_turn
    units = int(head[123]) if version == 1 else values(500, "i4", 1)[0]
    if sform > 0 and qform > 0:
        same_place(by_rows, by_turn, dims, MM_PER_UNIT.get(units & 7, 1.0))
    elif qform > 0:
        positive_steps(pixdim[1:4])
    elif sform <= 0:
        raise GeometryError(
            "The NIfTI file does not say where its voxels lie (no qform, no sform)",
            "Write it with its affine",
            "no_geometry",
        )
    matrix[:3] *= MM_PER_UNIT.get(units & 7, 1.0)
    return dims, int(code), float(slope), float(intercept), offset, matrix


def _whole(offset: float) -> int:
    """Where the voxels begin; -1 for what is no place in a file."""
    return int(offset) if 0 <= offset <= MOST_OFFSET else -1


def _rotation(quaternion: list[float]) -> FloatArray:
    b, c, d = quaternion
    a = np.sqrt(max(0.0, 1.0 - b * b - c * c - d * d))
    return np.array(
        [
            [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
            [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
            [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
        ]
    )


def straight(voxels: npt.NDArray[Any], matrix: FloatArray, name: str) -> tuple[npt.NDArray[Any], Grid]:
    """Voxels on a right-handed grid; a left-handed one is turned round along k. Raises GeometryError for a sheared one."""
    size = voxels.shape[::-1]
    if not np.isfinite(matrix).all():
        raise GeometryError(
            f"{name} has a position that is not a number", "Write it again with its affine", "no_geometry"
        )
    axes = matrix[:3, :3]
    lengths = np.linalg.norm(axes, axis=0)
    if lengths.min() < 1e-6:
        raise GeometryError(f"{name} has a voxel spacing of zero", "Write it again with its affine", "no_geometry")
    directions = axes / lengths
    off = float(np.abs(directions.T @ directions - np.eye(3)).max())
    if off > 1e-3:
        raise GeometryError(
            f"{name} is sheared by {np.degrees(np.arcsin(min(off, 1.0))):.1f}°",
            "Resample it to a straight grid",
            "sheared",
        )
    # float32 headers leave axes a little off square: the nearest rotation takes the rounding out
    left, _, right = np.linalg.svd(directions)
    clean = left @ right
    placed = matrix.copy()
    placed[:3, :3] = clean * lengths
    if np.linalg.det(clean) < 0:
        voxels = voxels[::-1]
        placed[:3, 3] += placed[:3, 2] * (size[2] - 1)
        placed[:3, 2] *= -1.0
    return np.ascontiguousarray(voxels), Grid((int(size[0]), int(size[1]), int(size[2])), placed)


def _refuse_outside_data(path: Path, name: str) -> None:
    """A header may name another file for its voxels: only one beside it, never one elsewhere on the disk."""
    head = _header_text(path)
    for line in head.splitlines():
        found = re.match(r"\s*(?:data ?file\s*:|ElementDataFile\s*=)\s*(\S.*)", line, re.IGNORECASE)
        if found and ("/" in found[1] or "\\" in found[1]):
            raise InputError(f"{name} takes its voxels from another folder", "Put both files side by side", "volume")


def _header_text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(HEADER_BYTES).decode("latin-1")


def _read_itk(path: Path, name: str) -> tuple[npt.NDArray[Any], Grid]:
    import SimpleITK

    _refuse_outside_data(path, name)
    check_header(_header_text(path), ending(path), name)
    try:
        reader = SimpleITK.ImageFileReader()
        reader.SetFileName(str(path))
        reader.ReadImageInformation()
        size = reader.GetSize()
        if len(size) != 3 or reader.GetNumberOfComponents() != 1:
            raise InputError(f"{name} is not one plain volume", "Write one scalar volume a file", "volume")
        if int(np.prod(size, dtype=np.float64)) > MOST_BYTES // 2:
            raise InputError(f"{name} claims a size of {'×'.join(map(str, size))}", "Write it again", "volume")
        _check_room(path, int(np.prod(size, dtype=np.float64)) * _pixel_bytes(reader), name)
        image = reader.Execute()
        voxels = SimpleITK.GetArrayFromImage(image)
    except RuntimeError as error:
        raise InputError(f"{name} is damaged or not what its ending says", "Write it again", "volume") from error
    matrix = np.eye(4)
    matrix[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * np.array(image.GetSpacing())
    matrix[:3, 3] = image.GetOrigin()
    unit_axes(np.array(image.GetDirection()).reshape(3, 3), name)
    return straight(voxels, matrix, name)


def _pixel_bytes(reader: Any) -> int:
    import SimpleITK

    told = SimpleITK.GetPixelIDValueAsString(reader.GetPixelID())
    bits = re.search(r"(\d+)-bit", told)
    return int(bits[1]) // 8 if bits else 8


def image_values(voxels: npt.NDArray[Any], name: str) -> npt.NDArray[Any]:
    """int16 where that loses nothing, float32 otherwise. Raises InputError for values that are not finite."""
    if voxels.dtype.kind == "f" and not np.isfinite(voxels).all():
        raise InputError(f"{name} holds values that are not numbers", "Replace NaN and infinite values", "nan")
    if voxels.dtype == np.int16:
        return voxels
    low, high = (float(voxels.min()), float(voxels.max())) if voxels.size else (0.0, 0.0)
    if low >= -32768 and high <= 32767:
        whole = voxels.astype(np.int16)
        if voxels.dtype.kind in "iu" or np.array_equal(whole, voxels):
            return whole
    return voxels.astype(np.float32)


def write_volume(path: Path, voxels: npt.NDArray[Any], grid: Grid) -> None:
    """Write an image or label map by ending (.nii, .nii.gz, .nrrd, .mha): whole or not at all.

    Raises InputError for another ending and for a place that cannot be written.
    """
    import tempfile

    from planning.files.place import writing

    kind = ending(path)
    if kind not in (".nii", ".nii.gz", ".nrrd", ".mha"):
        raise InputError(
            f"{path.name} has an ending that no image is written to", "Use .nii.gz, .nrrd or .mha", "ending"
        )
    with writing(path), tempfile.TemporaryDirectory(prefix=".theatrum-", dir=path.parent) as folder:
        part = Path(folder) / f"part{kind}"
        if kind in NIFTI:
            _write_nifti(part, voxels, grid)
        else:
            _write_itk(part, voxels, grid)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)


def _write_itk(path: Path, voxels: npt.NDArray[Any], grid: Grid) -> None:
    import SimpleITK

    image = SimpleITK.GetImageFromArray(voxels)
    image.SetOrigin(grid.origin_mm.tolist())
    image.SetSpacing(grid.spacing_mm.tolist())
    image.SetDirection(grid.direction.reshape(-1).tolist())
    try:
        SimpleITK.WriteImage(image, str(path), useCompression=True)
    except RuntimeError as error:
        _probe(path.parent)
        # it keeps the system's reason to itself
        raise OSError(errno.EIO, "the image writer stopped") from error
    # nor does it tell when the last bytes found no room
    _probe(path.parent)


def _probe(folder: Path) -> None:
    """Raises OSError where the disk has no room left."""
    with (folder / "probe").open("wb") as file:
        file.write(bytes(PROBE_BYTES))
        file.flush()
        os.fsync(file.fileno())
    (folder / "probe").unlink()


def _write_nifti(path: Path, voxels: npt.NDArray[Any], grid: Grid) -> None:
    """NIfTI-1 with an sform of float32 and a qform of the same place, so that every reader agrees."""
    codes = {value: key for key, value in NIFTI_TYPES.items()}
    ras = np.diag((-1.0, -1.0, 1.0, 1.0)) @ grid.world_from_index
    head = np.zeros(1, dtype=np.dtype([("bytes", "u1", 352)]))["bytes"][0]

    def put(offset: int, kind: str, *values: float) -> None:
        head[offset : offset + np.dtype(kind).itemsize * len(values)] = np.frombuffer(
            np.array(values, dtype=kind).tobytes(), "u1"
        )

    put(0, "<i4", 348)
    put(40, "<i2", 3, *grid.size_ijk, 1, 1, 1, 1)
    put(70, "<i2", codes[voxels.dtype.kind + str(voxels.dtype.itemsize)], voxels.dtype.itemsize * 8)
    quaternion, handed = _quaternion(ras[:3, :3] / grid.spacing_mm)
    put(76, "<f4", handed, *grid.spacing_mm, 0, 0, 0, 0)
    put(108, "<f4", 352, 1, 0)
    put(123, "u1", 2)
    put(252, "<i2", 1, 1)
    put(256, "<f4", *quaternion, *ras[:3, 3])
    put(280, "<f4", *ras[:3].reshape(-1))
    head[344:348] = np.frombuffer(b"n+1\x00", "u1")
    little = np.ascontiguousarray(voxels, dtype=voxels.dtype.newbyteorder("<"))
    if ending(path) == ".nii.gz":
        with path.open("wb") as raw, gzip.GzipFile("", "wb", 4, raw, mtime=0) as file:
            file.write(head.tobytes())
            file.write(little.data.cast("B"))
        return
    with path.open("wb") as plain:
        plain.write(head.tobytes())
        plain.write(little.data.cast("B"))


def _quaternion(rotation: FloatArray) -> tuple[list[float], float]:
    handed = 1.0 if np.linalg.det(rotation) > 0 else -1.0
    proper = rotation * np.array((1.0, 1.0, handed))
    values, vectors = np.linalg.eigh(_quaternion_matrix(proper))
    a, b, c, d = vectors[:, int(np.argmax(values))]
    sign = -1.0 if a < 0 else 1.0
    return [float(sign * b), float(sign * c), float(sign * d)], handed


def _quaternion_matrix(r: FloatArray) -> FloatArray:
    """Bar-Itzhack's matrix, whose greatest eigenvector is the quaternion (a, b, c, d) of a rotation."""
    return (
        np.array(
            [
                [r[0, 0] + r[1, 1] + r[2, 2], r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]],
                [r[2, 1] - r[1, 2], r[0, 0] - r[1, 1] - r[2, 2], r[0, 1] + r[1, 0], r[0, 2] + r[2, 0]],
                [r[0, 2] - r[2, 0], r[0, 1] + r[1, 0], r[1, 1] - r[0, 0] - r[2, 2], r[1, 2] + r[2, 1]],
                [r[1, 0] - r[0, 1], r[0, 2] + r[2, 0], r[1, 2] + r[2, 1], r[2, 2] - r[0, 0] - r[1, 1]],
            ]
        )
        / 3.0
    )
