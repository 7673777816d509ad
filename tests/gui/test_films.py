"""Large pictures and films of the 3D view, written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot
from scenes import shown_pane, sphere_mesh

from app.files import marked_picture, ratio_for, saved_whole
from app.i18n import use_language
from app.studio import Film, make, shot_of
from planning.errors import Cancelled, InputError
from planning.progress import CancelToken
from viewers.overlay import SceneContent, SurfaceItem
from viewers.scene_pane import ScenePane
from viewers.view_state import ViewState

pytestmark = pytest.mark.gui


@pytest.fixture
def small_pane(qtbot: QtBot) -> ScenePane:
    ball = SurfaceItem(key="ball", mesh=sphere_mesh(20.0, (35.0, 0.0, 20.0)), color="#3B82E0", opacity=0.5)
    return shown_pane(qtbot, SceneContent(surfaces=(ball,)), ViewState(show_crosshair=False), (160, 120))


def nothing(fraction: float, text: str = "") -> None:
    """Progress that nobody looks at."""


def test_a_large_picture_without_a_ground_tells_nothing_of_the_patient(small_pane: ScenePane, tmp_path: Path) -> None:
    made = make(shot_of(small_pane, 4.0, True), None, tmp_path / "large.png", nothing, CancelToken())
    with Image.open(made) as picture:
        assert picture.mode == "RGBA"
        assert picture.width == 640
        assert picture.height >= 480
        assert not picture.info.get("Title")
        pixels = np.array(picture)
    assert pixels[240, 8, 3] == 0, "nothing there, nothing drawn"
    x, y = 4.0 * small_pane.projection().to_screen((35.0, 0.0, 20.0))
    red, _, blue, opacity = (int(v) for v in pixels[round(y), round(x)])
    assert blue > red
    assert 90 < opacity < 170, "a translucent body lets half of the ground through"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["large.png"]


def test_a_film_turns_once_and_comes_whole_or_not_at_all(small_pane: ScenePane, tmp_path: Path) -> None:
    shares: list[float] = []
    words: list[str] = []

    def told(fraction: float, text: str = "") -> None:
        shares.append(fraction)
        words.append(text)

    made = make(shot_of(small_pane, 1.0), Film(0.4), tmp_path / "turn.gif", told, CancelToken())
    with Image.open(made) as film:
        assert film.n_frames == 8
        frames = []
        for number in range(8):
            film.seek(number)
            frames.append(np.array(film.convert("RGB")).astype(int))
    assert words == [*(f"Drawing picture {number} of 8" for number in range(1, 9)), "Writing the film"]
    assert shares == sorted(shares)
    assert shares[-1] < 1.0, "the last picture is drawn, the file is not written yet"
    # the body goes from the left of the picture's middle to its other side in half a turn
    assert np.abs(frames[0] - frames[4]).mean() > 3.0

    def columns(frame: np.ndarray) -> float:
        blue = frame[: small_pane.height() - 50, :, 2] - frame[: small_pane.height() - 50, :, 0]
        return float(np.nonzero(blue > 40)[1].mean())

    assert columns(frames[0]) == pytest.approx(columns(frames[4]), abs=3.0), "about its own middle"
    cancel = CancelToken()

    def stop(fraction: float, text: str = "") -> None:
        cancel.set()

    with pytest.raises(Cancelled):
        make(shot_of(small_pane, 1.0), Film(20.0), tmp_path / "long.gif", stop, cancel)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["turn.gif"]


def test_a_film_that_cannot_be_written_is_refused(small_pane: ScenePane, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="MP4 films cannot be written"):
        make(shot_of(small_pane, 1.0), Film(0.4), tmp_path / "turn.mp4", nothing, CancelToken())
    assert not list(tmp_path.iterdir())


def test_a_film_s_pictures_are_drawn_at_the_size_asked_for(small_pane: ScenePane) -> None:
    host = small_pane.stage.host
    assert host is not None
    size = small_pane.grab_picture().size()
    assert host.window_size() == (2 * size.width(), 2 * size.height()), (
        "a single picture is averaged from four times more"
    )
    assert small_pane.grab_picture(for_film=True).size() == size
    assert host.window_size() == (size.width(), size.height())


@pytest.mark.parametrize("size_px", [(160, 120), (900, 700), (500, 900)])
def test_a_film_with_its_strip_has_the_height_asked_for(size_px: tuple[int, int], qapp: object) -> None:
    for height_px in (480, 720, 1080):
        ratio = ratio_for(size_px, height_px)
        drawn = QImage(round(size_px[0] * ratio), round(size_px[1] * ratio), QImage.Format.Format_RGB32)
        assert abs(marked_picture(drawn).height() - height_px) <= 2


def test_the_strip_below_a_picture_says_what_it_is_for_in_the_language_of_its_reader(
    small_pane: ScenePane, tmp_path: Path
) -> None:
    drawn = QImage(320, 240, QImage.Format.Format_RGB32)
    drawn.fill(0)
    usual, longer = (
        _strip(marked_picture(drawn, words)) for words in ("", "Nur zu Forschungszwecken, kein Medizinprodukt.")
    )
    assert usual.any()
    assert not np.array_equal(usual, longer)
    use_language("de")
    try:
        german, foot = _strip(marked_picture(drawn)), shot_of(small_pane, 1.0).foot
    finally:
        use_language("en")
    assert not np.array_equal(usual, german)
    assert foot.startswith("Nur für Forschungszwecke"), "the process that draws is told the words"
    assert np.array_equal(german, _strip(marked_picture(drawn, foot)))


def _strip(image: QImage) -> np.ndarray:
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), dtype=np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[240:, : 3 * plain.width()].copy()


def test_a_place_that_cannot_be_written_is_said(small_pane: ScenePane, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        make(shot_of(small_pane, 1.0), None, tmp_path / "nowhere" / "a.png", nothing, CancelToken())


def test_a_picture_that_the_disk_has_no_room_for_leaves_the_one_before(tmp_path: Path, qapp: object) -> None:
    resource = pytest.importorskip("resource")
    noise = np.random.default_rng(0).integers(0, 255, (100, 100, 4), dtype=np.uint8)
    image = QImage(noise.tobytes(), 100, 100, 400, QImage.Format.Format_RGB32)
    place = tmp_path / "a.png"
    place.write_bytes(b"before")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, before[1]))
    try:
        is_saved = saved_whole(image, place)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not is_saved
    assert place.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
    assert saved_whole(image, place)
    assert not QImage(str(place)).isNull()
    assert not saved_whole(image, tmp_path / "nowhere" / "a.png")
