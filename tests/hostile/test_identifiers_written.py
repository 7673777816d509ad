"""Words planted all over a series are in nothing that is made of its case: exports, reports, models, settings, log."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from byte_search import found_in
from planted import planted_series

from app.cli import main
from planning.case.dicom_out import KINDS
from planning.geometry import Grid
from planning.volume import Volume


@pytest.mark.filterwarnings("ignore")
def test_planted_words_are_in_nothing_that_is_made_of_a_case(tmp_path: Path) -> None:
    import SimpleITK

    grid = Grid.from_parts((40, 36, 28), (3.0, 3.0, 3.0), (-60.0, -54.0, -42.0))
    places = grid.to_world(np.indices(grid.shape_kji)[::-1].transpose(1, 2, 3, 0))
    labels = np.zeros(grid.shape_kji, dtype=np.uint8)
    labels[((places / (50.0, 44.0, 34.0)) ** 2).sum(axis=-1) <= 1] = 1
    labels[np.linalg.norm(places - (-25.0, 4.0, 3.0), axis=-1) <= 10] = 2
    folder, words = planted_series(tmp_path / "in", Volume(grid, np.where(labels, 110, -100).astype(np.int16)))
    image = SimpleITK.GetImageFromArray(labels)
    image.SetSpacing((3.0, 3.0, 3.0))
    image.SetOrigin((-60.0, -54.0, -42.0))
    SimpleITK.WriteImage(image, str(tmp_path / "labels.nii.gz"))
    names = tmp_path / "names.json"
    names.write_text('{"1": "liver", "2": "tumor_1"}', encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    case = str(out / "case.theatrum")
    labelled = ["--labels", str(tmp_path / "labels.nii.gz"), "--names", str(names)]
    calls = [
        ["import", str(folder), "-o", case, *labelled, "--quiet"],
        ["liver", case, "--plane=-10,0,0,-1,0,0", "--plan", "A", "--quiet"],
        *(["export", case, str(out / f"image{end}")] for end in (".nii.gz", ".nrrd", ".mha")),
        *(["export", case, str(out / f"liver{end}"), "--structure", "liver"] for end in (".glb", ".vtp")),
        *(["export", case, str(out / f"plan{end}"), "--plan", "A"] for end in (".json", ".csv")),
        *(["report", case, "-o", str(out / f"report{end}")] for end in (".pdf", ".json")),
        *(
            ["print", case, "-o", str(out / f"model{end}"), "--structures", "tumor_1", "--quiet"]
            for end in (".3mf", ".stl", ".glb", ".usdz")
        ),
        ["dicom", "export", case, "-o", str(out / "objects"), *(f"--{kind}" for kind in KINDS), "--quiet"],
        ["patient-page", case, "-o", str(out / "page.html"), "--plan", "A", "--quiet"],
        # what goes wrong is logged
        ["dicom", "read", str(next(folder.iterdir()))],
        ["labels", case, "add", str(next(folder.iterdir()))],
    ]
    assert [main(call) for call in calls] == [0] * (len(calls) - 2) + [3, 3]
    assert len(list(out.iterdir())) == 17
    assert {path.suffix for path in out.rglob("*.*")} >= {".dcm", ".pdf", ".html", ".usdz", ".stl", ".3mf"}
    assert found_in([out, Path(os.environ["THEATRUM_HOME"])], words) == {}
