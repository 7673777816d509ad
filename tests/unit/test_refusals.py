"""What the liver and kidney commands refuse: misspelt names, roles that contradict, limits, before minutes of work."""

from __future__ import annotations

from pathlib import Path

import pytest
from installed import in_sources
from kidney_case import kidney_document
from liver_case import liver_document

from app.cli import main
from app.report import theatre
from planning.case.commands import RenameStructure
from planning.case.document import Document
from planning.case.plans import find_structures
from planning.errors import Cancelled, CaseError
from planning.naming import known_names

PLANE = "--plane=20,0,0,1,0,0"
TREES = ("--portal", "portal_vein", "--hepatic", "hepatic_veins")


@pytest.fixture(scope="module")
def liver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("refused") / "liver.theatrum"
    liver_document(path).close()
    assert main(["liver", str(path), PLANE, *TREES, "--plan", "A", "--quiet"]) == 0
    return path


@pytest.fixture(scope="module")
def kidney(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("refused") / "kidney.theatrum"
    kidney_document(path).close()
    return path


def _steps(path: Path) -> int:
    with Document.open(path, read_only=True) as document:
        return len(document.case.plans)


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--organ", "livr", PLANE), 3, "Did you mean 'liver'?"),
        ((*TREES, "--territory", "portal1"), 3, "Did you mean 'portal_1'?"),
        ((PLANE, *TREES, "--occlude", "portal1"), 3, "Did you mean 'portal_1'?"),
        ((*TREES, "--wedge-mm", "5", "--spare", "hepatic1"), 3, "Did you mean 'hepatic_1'?"),
        ((PLANE, "--condition", "cirhosis"), 2, "Did you mean 'cirrhosis'?"),
        ((PLANE, "--condition", "flu"), 2, "hepatitis"),
        ((PLANE, "--portal", "liver"), 2, "The whole organ is named as the portal tree"),
        ((PLANE, "--portal", "tumor_1"), 2, "under tumors and under portal"),
        (("--plane=1e300,0,0,1e300,0,0",), 2, "--plane"),
        (("--wedge-mm", "51"), 2, "Give 0 to 50 mm"),
        ((PLANE, "--height-cm", "1.72", "--weight-kg", "70"), 2, "Give 40 to 250 cm"),
    ],
)
def test_the_liver_command_refuses(
    liver: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], code: int, said: str
) -> None:
    before = _steps(liver)
    try:
        answer = main(["liver", str(liver), *options, "--quiet"])
    except SystemExit as ended:
        answer = int(str(ended.code))
    errors = capsys.readouterr().err
    assert answer == code, errors
    assert said in errors
    assert errors.count("theatrum: error:") == 1
    assert _steps(liver) == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--sinus", "renal_artery"), "under sinus and under artery"),
        (("--tumors", "renal_sinus"), "under tumors and under sinus"),
        (("--artery", "kidney"), "under organ and under artery"),
        (("--margin-mm", "1000000"), "Give 0 to 50 mm"),
    ],
)
def test_the_kidney_command_refuses(
    kidney: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], said: str
) -> None:
    assert main(["kidney", str(kidney), *options, "--quiet"]) == 2
    assert said in capsys.readouterr().err
    assert _steps(kidney) == 0


def test_the_near_name_is_offered_and_a_far_one_is_not() -> None:
    names = ["portal_1", "V", "right_hepatectomy"]
    assert known_names("Right hepatectmy", names).startswith("Did you mean 'right_hepatectomy'? It has: portal_1, V")
    assert known_names("spleen", names) == "It has: portal_1, V, right_hepatectomy"
    assert known_names("spleen", []) == "It has: none"


def test_names_in_another_script_are_not_taken_for_one_another(tmp_path: Path) -> None:
    with liver_document(tmp_path / "c.theatrum") as document:
        document.do(RenameStructure("liver", "肝臓"))
        document.do(RenameStructure("tumor_1", "腫瘍"))
        assert find_structures(document.case, ("肝臓", "Portal vein")) == ("肝臓", "portal_vein")
        with pytest.raises(CaseError, match="no structure named '脾臓'"):
            find_structures(document.case, ("脾臓",))


def test_existing_files_are_refused_before_the_parts_are_made(
    liver: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("the parts were made")

    in_sources(monkeypatch, "planning.case.plan_parts.PlanSolids.__init__", never)
    in_sources(monkeypatch, "app.report.theatre_scene.theatre_scene", never)
    for name in ("kept.stl", "theatre.png", "guide.3mf"):
        (tmp_path / name).write_bytes(b"kept")
    case = str(liver)
    assert main(["export", case, str(tmp_path), "--parts", "--plan", "A", "--quiet"]) == 3
    assert main(["cut-guide", case, "-o", str(tmp_path / "guide.3mf"), "--plan", "A", "--quiet"]) == 3
    assert main(["pictures", case, str(tmp_path), "--plan", "A", "--quiet"]) == 3
    assert capsys.readouterr().err.count("exists already") == 3
    assert main(["export", case, str(tmp_path / "p.3mf"), "--parts", "--plan", "A", "--format", "stl"]) == 2
    assert main(["cut-guide", case, "-o", str(tmp_path / "none" / "g.3mf"), "--plan", "A", "--quiet"]) == 3


def test_a_plan_of_another_kind_is_no_later_remnant(
    kidney: Path, liver: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with kidney_document(tmp_path / "k.theatrum"):
        pass
    assert main(["kidney", str(tmp_path / "k.theatrum"), "--plan", "K", "--quiet"]) == 0
    days = ("--dates", "2026-01-01,2026-02-01")
    case = str(tmp_path / "k.theatrum")
    assert main(["liver", case, "--organ", "kidney", "--plane=0,0,0,1,0,0", "--remnant-after", "K", *days]) == 3
    assert "The plan 'K' is a kidney plan" in capsys.readouterr().err


def test_a_click_into_tissue_without_noise_is_answered(liver: Path, tmp_path: Path) -> None:
    case = tmp_path / "plain.theatrum"
    case.write_bytes(liver.read_bytes())
    assert main(["guide", str(case), "tumor", "--click=0,0,0", "--quiet"]) in (0, 3)
    with Document.open(case, read_only=True) as document:
        assert all(structure.voxel_count for structure in document.case.structures.values())


@pytest.mark.parametrize("stopped_at", [0, 1, 2, 3])
def test_pictures_that_are_stopped_in_their_last_moves_leave_the_old_ones(
    tmp_path: Path, stopped_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["front.png", "cut.png", "theatre.png"]
    drafts, folder = tmp_path / "drafts", tmp_path / "pictures"
    for place, names_there, words in ((drafts, names, "new"), (folder, [names[0], names[2]], "old")):
        place.mkdir()
        for name in names_there:
            (place / name).write_text(words, encoding="utf-8")
    before = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    move, left = Path.replace, [stopped_at]

    def moved(self: Path, target: Path) -> Path:
        if self.parent == drafts:
            if left[0] == 0:
                raise Cancelled
            left[0] -= 1
        return move(self, target)

    monkeypatch.setattr(Path, "replace", moved)
    if stopped_at < len(names):
        with pytest.raises(Cancelled):
            theatre._put_in_place(drafts, folder, names)
    else:
        theatre._put_in_place(drafts, folder, names)
        before = dict.fromkeys(names, "new")
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == before
