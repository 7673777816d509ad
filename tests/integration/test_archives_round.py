"""The whole road with archives of others: find, get, import, plan, results as DICOM, send, find, get, read again.

Every word is said by the command line. What comes back is what was sent: voxels to the voxel, numbers to the digit, files
to the byte. By DICOM plainly and with certificates on both sides (Orthanc, DCMTK), and by DICOMweb with certificates.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from archives import dcmqrscp, free_port, orthanc
from certificates import Certificates
from pydicom import dcmread
from roads import cut_once

from app.cli import main
from planning.case.document import Document
from planning.dicom.write import write_ct_series
from planning.geometry import Grid
from planning.pacs.node import Tls
from planning.pacs.services import PLAIN
from planning.volume import Volume

TURN = np.array([[0.8, -0.6, 0.0], [0.6, 0.8, 0.0], [0.0, 0.0, 1.0]])
GRID = Grid.from_parts((44, 38, 22), (1.6, 1.6, 2.5), (-31.25, 17.5, -401.0), TURN)
ROADS = ("Orthanc", "Orthanc, TLS", "Orthanc, DICOMweb, TLS", "DCMTK", "DCMTK, TLS")
KINDS = {"seg", "sr", "rtstruct", "pdf", "stl"}


@dataclass(frozen=True)
class Planned:
    """A scan as it came from an archive, a plan on it in a case, and both as they were written."""

    scan: Path
    results: Path
    case: Path
    measured: dict[str, Any]
    image: dict[str, Any]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.made(tmp_path_factory.mktemp("certificates"))


def said(*words: str) -> dict[str, Any]:
    """What a command answers as JSON."""
    out, wrong = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(wrong):
        code = main([*words, "--json"])
    assert code == 0, wrong.getvalue()
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


@contextmanager
def archive(road: str, folder: Path, certificates: Certificates) -> Iterator[list[str]]:
    """An archive at the end of this road: the words that name it to `theatrum pacs`."""
    us, them = certificates.pair("us"), certificates.pair("them")
    authority = str(certificates.authority)
    shown = ["--ca", authority, "--cert", str(us[0]), "--key", str(us[1])] if "TLS" in road else []
    near_end = Tls(authority, str(them[0]), str(them[1])).server()
    with ExitStack() as stack:
        if "DCMTK" in road:
            port = stack.enter_context(dcmqrscp(folder, free_port()))
            if shown:
                # its archive knows no certificates: a road in front of it does
                port, _ = stack.enter_context(cut_once(port, 1 << 40, near_end))
            yield [f"DCMTK@localhost:{port}", *shown]
            return
        wishes: dict[str, Any] = {}
        if road == "Orthanc, TLS":
            wishes = {
                "DicomTlsEnabled": True,
                "DicomTlsCertificate": str(them[0]),
                "DicomTlsPrivateKey": str(them[1]),
                "DicomTlsTrustedCertificates": authority,
                "DicomTlsRemoteCertificateRequired": True,
            }
        port, web = stack.enter_context(orthanc(folder, free_port(), **wishes))
        if "DICOMweb" not in road:
            yield [f"ORTHANC@localhost:{port}", *shown]
            return
        near, _ = stack.enter_context(cut_once(web, 1 << 40, near_end))
        yield [f"https://localhost:{near}/dicom-web", *shown]


def fetched(node: list[str], folder: Path, *wish: str) -> dict[str, Any]:
    """The one study of this patient: found by the name and got into a folder."""
    (study,) = said("pacs", "find", *node, "--patient-name", "MEIER*")["rows"]
    return said("pacs", "get", *node, "--study", study["StudyInstanceUID"], *wish, "-o", str(folder), "--quiet")


def objects(folder: Path) -> dict[str, Any]:
    return {str(one.SOPInstanceUID): one for one in map(dcmread, folder.rglob("*.dcm"))}


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory, certificates: Certificates) -> Planned:
    """The first half: a scan is sent to Orthanc, found, got, imported, planned on and its results written."""
    import SimpleITK

    folder = tmp_path_factory.mktemp("planned")
    k, j, i = np.indices(GRID.shape_kji)
    liver = ((i - 20) / 17) ** 2 + ((j - 19) / 15) ** 2 + ((k - 10) / 8) ** 2 <= 1
    tumor = ((i - 11) / 4) ** 2 + ((j - 19) / 4) ** 2 + ((k - 10) / 2.6) ** 2 <= 1
    voxels = np.where(liver, 110, -90) + np.random.default_rng(2).normal(0, 9, GRID.shape_kji)
    write_ct_series(Volume(GRID, voxels.astype(np.int16)), folder / "scan", label="MEIER^ANNA")
    labels = SimpleITK.GetImageFromArray(np.where(tumor, 2, liver).astype(np.uint8))
    labels.SetSpacing(GRID.spacing_mm.tolist())
    labels.SetOrigin(GRID.origin_mm.tolist())
    labels.SetDirection(GRID.direction.ravel().tolist())
    SimpleITK.WriteImage(labels, str(folder / "labels.nrrd"))
    (folder / "names.json").write_text('{"1": "liver", "2": "tumor_1"}', encoding="utf-8")
    case, got, results = folder / "case.theatrum", folder / "got", folder / "results"
    with archive("Orthanc", folder / "archive", certificates) as node:
        assert said("pacs", "send", *node, str(folder / "scan"), "--quiet")["stored"] == 22
        assert fetched(node, got)["new"] == 22
    assert {uid: one.PixelData for uid, one in objects(got).items()} == {
        uid: one.PixelData for uid, one in objects(folder / "scan").items()
    }
    said("import", str(got), "-o", str(case), "--keep-identifiers")
    said("labels", str(case), "add", str(folder / "labels.nrrd"), "--names", str(folder / "names.json"))
    plane = ",".join(str(float(value)) for value in (*GRID.to_world((17, 19, 10)), -1.0, 0.1, 0.02))
    said("liver", str(case), f"--plane={plane}", "--plan", "A")
    made = said("dicom", "export", str(case), "-o", str(results), "--quiet")
    assert (made["refers_to"], {row["kind"] for row in made["objects"]}) == ("source", KINDS)
    measured = said("dicom", "read", str(results / "sr-a.dcm"))
    return Planned(got, results, case, measured, said("info", str(case))["images"][0])


def test_numbers_of_the_report_are_the_plan_s(planned: Planned) -> None:
    with Document.open(planned.case, read_only=True) as document:
        plan = document.case.plans["A"].results
    told = {one["name"]["value"]: one["value"] for one in planned.measured["groups"][0]["numbers"]}
    assert told["ORGAN_VOLUME"] == plan["organ_ml"]
    assert told["KEPT_VOLUME"] == plan["kept_ml"]
    assert told["MARGIN"] == plan["margin"]["minimum_mm"]


@pytest.mark.parametrize("road", ROADS)
def test_what_is_planned_comes_back_from_an_archive_as_it_was(
    road: str, planned: Planned, certificates: Certificates, tmp_path: Path
) -> None:
    sent = objects(planned.scan) | objects(planned.results)
    with archive(road, tmp_path / "archive", certificates) as node:
        # DCMTK's archive keeps its list in a file that several lines at once spoil (docs/pacs.md)
        lines = ["--lines", "1"] if "DCMTK" in road else []
        went = said("pacs", "send", *node, str(planned.scan), str(planned.results), *lines, "--quiet")
        assert (went["stored"], went["there_before"], went["warned"]) == (len(sent), 0, 0)
        again = said("pacs", "send", *node, str(planned.scan), str(planned.results), "--quiet")
        assert (again["stored"], again["there_before"]) == (0, len(sent))
        assert fetched(node, tmp_path / "got")["new"] == len(sent)
        (study,) = said("pacs", "find", *node)["rows"]
        series = said("pacs", "find", *node, "--level", "series", "--study", study["StudyInstanceUID"])["rows"]
        assert {row["Modality"] for row in series} == {"CT", "SEG", "SR", "RTSTRUCT", "DOC", "M3D"}

    back = objects(tmp_path / "got")
    assert back.keys() == sent.keys()
    for uid, one in sent.items():
        assert back[uid] == one, one.SOPClassUID.name
        # an archive may name the kinds of elements or leave them out; what it packs or unpacks would be another thing
        ways = {str(each.file_meta.TransferSyntaxUID) for each in (back[uid], one)}
        assert len(ways) == 1 or ways == set(PLAIN), ways

    # into a new case, as a colleague would who has nothing but the archive
    files = {str(one.Modality): Path(one.filename) for one in back.values()}
    case = tmp_path / "back.theatrum"
    said("import", str(files["CT"].parent), "-o", str(case), "--keep-identifiers")
    assert said("info", str(case))["images"][0]["sha256"] == planned.image["sha256"]
    said("labels", str(case), "add", str(files["SEG"]))
    with Document.open(case, read_only=True) as document, Document.open(planned.case, read_only=True) as first:
        assert document.case.structures.keys() == {"liver", "tumor_1"}
        for name in document.case.structures:
            assert np.array_equal(document.mask(name).full(), first.mask(name).full()), name
    measured = said("dicom", "read", str(files["SR"]))
    assert {**measured, "file": ""} == {**planned.measured, "file": ""}
    assert bytes(back[str(dcmread(files["DOC"]).SOPInstanceUID)].EncapsulatedDocument).startswith(b"%PDF")
