"""A navigation system's tool in the real window, by a real partner on loopback: fresh, stale, gone."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from planned_ball import planned_ball
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot
from segment_window import shown_window, shut

from app.navigation.dialog import NavigationDialog
from app.navigation.line import Seen
from app.navigation.navigator import tool_axis
from app.theme.tokens import TOOLS
from app.workstation import Workstation
from planning.navigation.messages import Message, pose_of, take_message, transform_message
from planning.navigation.tools import MOST_TOOLS, ToolState
from viewers.tool_layer import ToolLayer, ToolMark, away_words

pytestmark = pytest.mark.gui
TURN = np.array([[0.8, -0.6, 0.0], [0.6, 0.8, 0.0], [0.0, 0.0, 1.0]])
TIP_MM = np.array((20.0, 36.0, 24.0))


def pose(tip_mm: np.ndarray) -> np.ndarray:
    made = np.eye(4)
    made[:3, :3], made[:3, 3] = TURN, tip_mm
    return made


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planned_ball(tmp_path_factory.mktemp("case") / "case.theatrum")


@pytest.fixture
def window(qtbot: QtBot, planned: Path) -> Iterator[Workstation]:
    made = shown_window(qtbot, planned, read_only=True)
    yield made
    shut(made)


class Partner:
    """A navigation system of the test: listens, hears, sends."""

    def __init__(self, server: socket.socket) -> None:
        self.server, self.line = server, socket.socket()
        self.port = server.getsockname()[1]

    def accept(self) -> None:
        self.line = self.server.accept()[0]
        self.line.settimeout(5)

    def heard(self, count: int) -> list[Message]:
        held, found = bytearray(), []
        while len(found) < count:
            held += self.line.recv(4096)
            while (message := take_message(held, "us")) is not None:
                found.append(message)
        return found

    def send(self, tip_mm: np.ndarray) -> None:
        self.line.sendall(transform_message("drill", pose(tip_mm)).packed())


@contextmanager
def partner() -> Iterator[Partner]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        made = Partner(server)
        yield made
        made.line.close()


def opened(window: Workstation) -> NavigationDialog:
    window.actions_["navigation"].trigger()
    return next(d for d in window.findChildren(NavigationDialog) if d.isVisible())


def press(dialog: NavigationDialog, name: str) -> None:
    QTest.mouseClick(dialog.findChild(QAbstractButton, name), Qt.MouseButton.LeftButton)


def typed(dialog: NavigationDialog, text: str) -> None:
    dialog.port.selectAll()
    QTest.keyClicks(dialog.port, text)


def connected(window: Workstation, qtbot: QtBot, other: Partner) -> NavigationDialog:
    dialog = opened(window)
    typed(dialog, str(other.port))
    press(dialog, "navigation_connect")
    other.accept()
    qtbot.waitUntil(lambda: len(window.page.navigator.layers) == 4)
    return dialog


def color_near(layer: ToolLayer, place: np.ndarray, color: str) -> bool:
    """Whether the pane shows this colour in the middle of a mark."""
    pane = layer.parentWidget()
    x, y = (round(float(v)) for v in place)
    image = pane.grab().toImage().copy(x - 1, y - 1, 3, 3)
    found = {QColor(image.pixel(QPoint(a, b))).name().upper() for a in range(3) for b in range(3)}
    return color.upper() in found


def test_a_tool_is_drawn_fresh_then_stale_then_gone(
    window: Workstation, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    page = window.page
    page.session.view.set(cross_mm=tuple(TIP_MM + (0.0, 12.3, 4.0)))
    before = page.session.case
    with partner() as other:
        dialog = connected(window, qtbot, other)
        assert "never steer by it" in dialog.warning.title
        heard = other.heard(3)
        assert [one.kind for one in heard] == ["STATUS", "POINT", "TRANSFORM"]
        # that a plan was shown belongs into the case's history, which this one, open to read, cannot take
        assert "not in the case's history: read_only" in caplog.text
        cut = pose_of(heard[2])
        assert cut is not None
        assert np.allclose(cut[:3, 2], (-0.6, 0.8, 0.0), atol=1e-6)
        press(dialog, "navigation_dialog_close")
        layers = {layer.parentWidget(): layer for layer in page.navigator.layers}
        axial, coronal = page.slices["axial"], page.slices["coronal"]
        other.send(TIP_MM)
        qtbot.waitUntil(lambda: layers[axial].words == ("drill",), timeout=3000)
        # 4 mm above the axial plane is near, 12.3 mm before the coronal one is told
        assert layers[coronal].words == ("drill  12.3 mm A",)
        place = axial.geometry_px().to_screen(TIP_MM)
        assert color_near(layers[axial], place, TOOLS[0])
        assert not color_near(layers[coronal], coronal.geometry_px().to_screen(TIP_MM), TOOLS[0])
        qtbot.waitUntil(lambda: layers[axial].words[0].startswith("drill: stale"), timeout=3000)
        assert layers[axial].marks[0].stale_s > 0.5
        assert not color_near(layers[axial], place, TOOLS[0])
        # no part of what is kept, saved or undone
        assert page.session.case is before
        shown = QColor(axial.grab_picture().pixel(QPoint(*(round(float(v)) for v in place)))).name()
        dialog = opened(window)
        assert "stale" in dialog.state.words
        press(dialog, "navigation_disconnect")
        assert page.navigator.layers == ()
        qtbot.waitUntil(lambda: not axial.findChildren(ToolLayer))
        clean = QColor(axial.grab().toImage().pixel(QPoint(*(round(float(v)) for v in place)))).name()
        assert clean == shown
        assert other.line.recv(10) == b""


def test_panes_draw_at_most_twenty_times_a_second(window: Workstation, qtbot: QtBot) -> None:
    with partner() as other:
        connected(window, qtbot, other).reject()
        layer = window.page.navigator.layers[0]
        taken = []
        original = layer.set_marks
        layer.set_marks = lambda marks: taken.append(original(marks)) or taken[-1]
        end = time.monotonic() + 1.0
        number = 0
        while time.monotonic() < end:
            other.send(TIP_MM + (0.0, 0.0, 0.01 * number))
            number += 1
            QTest.qWait(4)
        assert number > 30
        assert 3 <= sum(taken) <= 21
        # the newest place is the one that is drawn
        qtbot.waitUntil(lambda: abs(layer.marks[0].tip_mm[2] - TIP_MM[2] - 0.01 * (number - 1)) < 1e-4, timeout=2000)


def test_what_cannot_be_connected_says_why(window: Workstation, qtbot: QtBot) -> None:
    dialog = opened(window)
    typed(dialog, "99999")
    assert not dialog.connect_button.isEnabled()
    assert "65535" in dialog.why_not.text()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    typed(dialog, str(port))
    press(dialog, "navigation_connect")
    qtbot.waitUntil(lambda: "cannot be reached" in dialog.state.title, timeout=6000)
    assert dialog.state.words == "Start the navigation system first."
    assert dialog.connect_button.isEnabled()
    assert not dialog.disconnect_button.isEnabled()
    dialog.reject()


def test_a_partner_that_goes_takes_its_tool_along_and_closing_the_case_ends_the_line(
    window: Workstation, qtbot: QtBot
) -> None:
    navigator = window.page.navigator
    with partner() as other:
        dialog = connected(window, qtbot, other)
        other.send(TIP_MM)
        qtbot.waitUntil(lambda: len(navigator.tools) == 1)
        other.line.close()
        qtbot.waitUntil(lambda: not navigator.is_on)
        assert navigator.layers == ()
        assert "ended the connection" in dialog.state.title
        press(dialog, "navigation_connect")
        other.accept()
        qtbot.waitUntil(lambda: len(navigator.layers) == 4)
        dialog.reject()
        other.heard(3)
        window.close_case()
        assert other.line.recv(10) == b""


def test_more_tools_than_are_shown_are_told(window: Workstation, qtbot: QtBot) -> None:
    with partner() as other:
        dialog = connected(window, qtbot, other)
        for number in range(MOST_TOOLS + 1):
            other.line.sendall(transform_message(f"tool {number:02d}", pose(TIP_MM)).packed())
        qtbot.waitUntil(lambda: len(window.page.navigator.tools) == MOST_TOOLS and window.page.navigator.left_out)
        assert "more than 32 tools" in dialog.state.words
        press(dialog, "navigation_disconnect")
        assert not window.page.navigator.left_out


def test_a_line_that_does_not_get_on_grows_stale_all_the_same() -> None:
    seen = Seen("connected", 100.0, (ToolState("drill", pose(TIP_MM), 0.1),))
    assert [tool.is_stale for tool in seen.tools_at(100.39)] == [False]
    assert [tool.is_stale for tool in seen.tools_at(100.41)] == [True]


def test_an_axis_is_drawn_where_it_is_known_alone() -> None:
    tool = ToolState("drill", pose(TIP_MM), 0.0)
    assert tool_axis(tool, "") is None
    axis = tool_axis(tool, "−x")
    assert axis is not None
    assert np.allclose(axis, (-0.8, -0.6, 0.0))
    # a place alone comes without a turn
    alone = np.diag([-1.0, -1.0, 1.0, 1.0])
    assert tool_axis(ToolState("drill", alone, 0.0), "+z") is None


@pytest.mark.parametrize(
    ("height_mm", "normal", "words"),
    [
        (12.34, (0, 0, 1), "12.3 mm H"),
        (-12.34, (0, 0, 1), "12.3 mm F"),
        (7.0, (0, -1, 0), "7.0 mm A"),
        (7.0, (1, 0, 0), "7.0 mm L"),
        (7.0, (0.6, 0.8, 0), "7.0 mm"),
    ],
)
def test_how_far_a_tip_is_and_where(height_mm: float, normal: tuple[float, ...], words: str) -> None:
    assert away_words(height_mm, np.array(normal, dtype=float)) == words


def test_a_stale_place_is_called_so() -> None:
    mark = ToolMark(name="drill", tip_mm=TIP_MM, color=TOOLS[0], stale_s=1.2)
    assert mark.words() == "drill: stale, 1.2 s"
