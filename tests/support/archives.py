"""Archives of others on this computer for tests: Orthanc and DCMTK's storescp, on loopback, each in its own folder."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

DICOMWEB = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
PACKAGES = {"Orthanc": ("orthanc", "orthanc-dicomweb"), "storescp": ("dcmtk",), "storescu": ("dcmtk",),
            "dcmqrscp": ("dcmtk",)}  # fmt: skip


def program(name: str) -> str:
    """The path of a Debian program; installed where this may be done, else the test is skipped."""
    if shutil.which(name) is None:
        _install(PACKAGES[name])
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"needs {name}: apt-get install {' '.join(PACKAGES[name])}")
    return path


@functools.cache
def _install(packages: tuple[str, ...]) -> None:
    """Try once, for two minutes at most: a machine without a network must not wait at each test."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    wishes = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with contextlib.suppress(subprocess.TimeoutExpired):
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
            subprocess.run(["apt-get", *command], check=False, capture_output=True, timeout=60, env=wishes)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for_port(port: int, running: subprocess.Popen[bytes], within_s: float = 60.0) -> None:
    until = time.monotonic() + within_s
    while True:
        assert running.poll() is None, "the archive ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1.0).close()
            return
        except OSError:
            assert time.monotonic() < until, "the archive does not answer"
            time.sleep(0.05)


@contextmanager
def _running(command: Sequence[str], *ports: int, **options: Any) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    running = subprocess.Popen(list(command), stdout=quiet, stderr=quiet, **options)
    try:
        for port in ports:
            wait_for_port(port, running)
        yield
    finally:
        running.terminate()
        try:
            running.wait(10.0)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


@contextmanager
def orthanc(folder: Path, our_port: int, **more: Any) -> Iterator[tuple[int, int]]:
    """Its DICOM port and its web port."""
    path = program("Orthanc")
    dicom, web = free_port(), free_port()
    wishes = {
        "StorageDirectory": str(folder / "db"),
        "IndexDirectory": str(folder / "db"),
        "DicomAet": "ORTHANC",
        "DicomPort": dicom,
        "HttpPort": web,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "DicomModalities": {"us": ["THEATRUM", "127.0.0.1", our_port]},
        "DicomAlwaysAllowFind": True,
        "DicomAlwaysAllowGet": True,
        "DicomAlwaysAllowMove": True,
        "DicomCheckCalledAet": True,
        **more,
    }
    if DICOMWEB.exists():
        wishes |= {"Plugins": [str(DICOMWEB)], "DicomWeb": {"Enable": True, "Root": "/dicom-web/"}}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "orthanc.json").write_text(json.dumps(wishes), encoding="utf-8")
    with _running([path, str(folder / "orthanc.json")], dicom, web):
        yield dicom, web


@contextmanager
def storescp(folder: Path, *options: str, no_delay: bool = False, lines: int = 2) -> Iterator[int]:
    """DCMTK's receiver: its port. Where one line is enough it does all in one process."""
    path = program("storescp")
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    wishes = {**os.environ, **({"TCP_NODELAY": "1"} if no_delay else {})}
    with _running(
        [path, *(["--fork"] if lines > 1 else []), "-od", str(folder), *options, str(port)], port, env=wishes
    ):
        yield port


@contextmanager
def dcmqrscp(folder: Path, our_port: int, *options: str) -> Iterator[int]:
    """DCMTK's archive, called DCMTK: its port. It keeps, finds, gives and moves."""
    path = program("dcmqrscp")
    kept = folder / "kept"
    kept.mkdir(parents=True)
    port = free_port()
    (folder / "archive.cfg").write_text(
        f"""NetworkTCPPort = {port}
MaxPDUSize = 131072
MaxAssociations = 16
HostTable BEGIN
us = (THEATRUM, localhost, {our_port})
HostTable END
VendorTable BEGIN
VendorTable END
AETable BEGIN
DCMTK {kept} RW (200, 1024mb) ANY
AETable END
""",
        encoding="utf-8",
    )
    with _running([path, "-c", str(folder / "archive.cfg"), *options, str(port)], port):
        yield port


def ct_series(folder: Path, count: int, size: int = 16, seed: int = 0) -> list[Path]:
    """A small CT series of noise with new numbers; the pixels differ in each image."""
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    study, series, frame = generate_uid(), generate_uid(), generate_uid()
    files = []
    for number in range(count):
        image = Dataset()
        image.file_meta = FileMetaDataset()
        image.SOPClassUID, image.SOPInstanceUID = CTImageStorage, generate_uid()
        image.file_meta.MediaStorageSOPClassUID = image.SOPClassUID
        image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
        image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        image.StudyInstanceUID, image.SeriesInstanceUID, image.FrameOfReferenceUID = study, series, frame
        image.PatientID, image.PatientName, image.PatientBirthDate, image.PatientSex = (
            "P1",
            "Muster^Anna",
            "19500101",
            "F",
        )
        image.StudyDate, image.StudyTime, image.AccessionNumber, image.StudyID = "20200102", "101010", "A1", "1"
        image.ReferringPhysicianName, image.Modality, image.SeriesNumber = "", "CT", 3
        image.StudyDescription, image.SeriesDescription = "Abdomen", "portal venous"
        image.InstanceNumber = number + 1
        image.ImagePositionPatient, image.ImageOrientationPatient = [0, 0, float(number)], [1, 0, 0, 0, 1, 0]
        image.PixelSpacing, image.SliceThickness = [0.7, 0.7], 1
        image.Rows = image.Columns = size
        image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
        image.BitsAllocated = image.BitsStored = 16
        image.HighBit, image.PixelRepresentation = 15, 1
        image.RescaleIntercept, image.RescaleSlope = 0, 1
        image.PixelData = random.integers(-1000, 1000, (size, size), dtype=np.int16).tobytes()
        path = folder / f"{number:04d}.dcm"
        image.save_as(path, enforce_file_format=True)
        files.append(path)
    return files
