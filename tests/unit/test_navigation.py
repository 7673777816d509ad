"""Plans to navigation systems and tools from them: held against pyigtl, and against partners that lie."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from planned_ball import planned_ball

from app.cli import main
from planning.errors import CaseError, InputError, NetworkError
from planning.navigation.link import Link
from planning.navigation.messages import (
    HEADER,
    Message,
    checksum,
    lines_message,
    points_message,
    pose_of,
    status_message,
    take_message,
    transform_message,
)
from planning.navigation.plan_out import plan_messages
from planning.navigation.tools import MOST_TOOLS, STALE_S, Tools

TURN = np.array([[0.8, -0.6, 0.0], [0.6, 0.8, 0.0], [0.0, 0.0, 1.0]])


def pose(x: float, y: float, z: float) -> Any:
    made = np.eye(4)
    made[:3, :3], made[:3, 3] = TURN, (x, y, z)
    return made


def test_the_bytes_are_the_standard_s() -> None:
    # columns one after another, in RAS
    body = struct.pack(">12f", -0.8, -0.6, 0, 0.6, -0.8, 0, 0, 0, 1, -10, 20, 30)
    assert transform_message("x", pose(10, -20, 30)).body == body
    packed = transform_message("cut 1", pose(10, -20, 30)).packed(12.5)
    head = (
        b"\0\1" + b"TRANSFORM\0\0\0" + b"cut 1".ljust(20, b"\0") + struct.pack(">LLQQ", 12, 1 << 31, 48, checksum(body))
    )
    assert packed == head + body
    point = points_message("A", [("hinge", "landmark", (1.5, 2.5, -3.5))]).body
    assert point[:96] == b"hinge".ljust(64, b"\0") + b"landmark".ljust(32, b"\0")
    assert point[100:] == struct.pack(">4f", -1.5, -2.5, -3.5, 0) + bytes(20)


def read_by_other(message: Message) -> Any:
    """The message as pyigtl, which is not ours, understands it."""
    pyigtl = pytest.importorskip("pyigtl")
    packed = message.packed(12.5)
    fields = pyigtl.messages.MessageBase.parse_header(packed[:58])
    theirs = pyigtl.messages.MessageBase.create_message(fields["message_type"])
    theirs.unpack(fields, packed[58:])
    return theirs


def test_the_checksum_is_the_standard_s() -> None:
    # CRC-64/ECMA-182's own check value
    assert checksum(b"123456789") == 0x6C40DF5F0B497347


def test_another_program_reads_what_is_sent() -> None:
    matrix = read_by_other(transform_message("cut 1", pose(10, -20, 30))).matrix
    # RAS: left and posterior turn round
    assert np.allclose(matrix[:3, 3], (-10, 20, 30))
    assert np.allclose(matrix[:3, :3], np.diag([-1.0, -1.0, 1.0]) @ TURN)
    points = read_by_other(points_message("A", [("hinge", "landmark", (1.5, 2.5, -3.5)), ("Größe", "x", (0, 0, 1))]))
    assert np.allclose(points.positions, [[-1.5, -2.5, -3.5], [0, 0, 1]])
    assert points.names == ["hinge", "Gr__e"]


def test_lines_are_written_as_another_program_writes_them() -> None:
    pyigtl = pytest.importorskip("pyigtl")
    lines = [np.array([[0, 0, 0], [3, 4, 0], [3, 4, 12.0]]), np.array([[1, 1, 1], [2, 2, 2.0]])]
    theirs = pyigtl.messages.PolyDataMessage(
        points=np.concatenate(lines) * (-1, -1, 1), lines=np.array([3, 0, 1, 2, 2, 3, 4]), device_name="way"
    )
    assert lines_message("way", lines).body == theirs._pack_content()
    status = status_message("Theatrum", "Plan A")
    assert (status.kind, status.body) == ("STATUS", b"\0\1" + bytes(8) + bytes(20) + b"Plan A\0")


def test_places_of_another_program_are_read() -> None:
    pyigtl = pytest.importorskip("pyigtl")
    ras = np.diag([-1.0, -1.0, 1.0, 1.0]) @ pose(7, 8, 9)
    sent = bytearray(pyigtl.TransformMessage(ras, device_name="drill").pack())
    drill = take_message(sent, "them")
    assert drill is not None
    assert not sent
    assert drill.device == "drill"
    found = pose_of(drill)
    assert found is not None
    assert np.abs(found - pose(7, 8, 9)).max() < 1e-5


# half of the angle whose sine is 0.6, about the axis that both conventions share
HALF = float(np.arcsin(0.6)) / 2


@pytest.mark.parametrize("rest", [(), (0.0, 0.0, np.sin(HALF)), (0.0, 0.0, np.sin(HALF), np.cos(HALF))])
def test_a_position_in_its_three_lengths(rest: tuple[float, ...]) -> None:
    found = pose_of(Message("POSITION", "probe", struct.pack(f">{3 + len(rest)}f", -7, -8, 9, *rest)))
    assert found is not None
    assert np.allclose(found[:3, 3], (7, 8, 9))
    turn = np.diag([-1.0, -1.0, 1.0]) @ (TURN if rest else np.eye(3))
    assert np.allclose(found[:3, :3], turn, atol=1e-6)


@pytest.mark.parametrize("text_bytes", [0, 5])
def test_the_longer_header_of_later_versions_is_left_out(text_bytes: int) -> None:
    body = transform_message("x", pose(1, 2, 3)).body
    raw = struct.pack(">HHLL", 12, 2, text_bytes, 77) + body + b"\0\0" + b"a" * text_bytes
    held = bytearray(HEADER.pack(2, b"TRANSFORM", b"x", 0, len(raw), checksum(raw)) + raw)
    message = take_message(held, "them")
    assert message is not None
    assert message.body == body


@pytest.mark.parametrize(
    "changed",
    [np.diag([1.0, 1.0, -1.0, 1.0]), np.diag([2.0, 2.0, 2.0, 1.0]), np.full((4, 4), np.nan)],
    ids=["mirrored", "scaled", "no numbers"],
)
def test_a_place_that_is_none_is_no_place(changed: Any) -> None:
    assert pose_of(transform_message("tool", changed @ pose(0, 0, 0))) is None


def test_a_place_grows_stale_and_says_so() -> None:
    tools = Tools()
    tools.came("drill", pose(1, 2, 3), 100.0)
    (fresh,) = tools.states(100.0 + STALE_S)
    (stale,) = tools.states(100.0 + STALE_S + 0.01)
    assert (fresh.is_stale, stale.is_stale) == (False, True)
    assert (fresh.as_json()["stale"], stale.as_json()["stale"]) == (False, True)
    tools.came("drill", pose(1, 2, 4), 101.0)
    (again,) = tools.states(101.2)
    assert not again.is_stale
    assert again.pose[2, 3] == 4


def test_a_place_that_is_told_again_with_its_own_time_grows_stale() -> None:
    tools = Tools()
    tools.came("drill", pose(1, 2, 3), 100.0, 7)
    tools.came("drill", pose(1, 2, 3), 101.0, 7)
    assert tools.states(101.0)[0].is_stale
    # it moved, or was seen anew, or nobody says when
    for place, stamp in ((pose(1, 2, 4), 7), (pose(1, 2, 4), 8), (pose(1, 2, 4), 0), (pose(1, 2, 4), 0)):
        tools.came("drill", place, 102.0 + stamp, stamp)
        assert tools.states(102.0 + stamp)[0].age_s == 0.0


def test_pictures_on_the_line_do_not_make_places_late() -> None:
    picture = HEADER.pack(1, b"IMAGE", b"probe", 0, 1 << 20, 0) + bytes(1 << 20)
    held = bytearray(picture * 12 + transform_message("drill", pose(1, 2, 3)).packed(12.5))
    begun = time.process_time()
    kinds = [one.kind for one in iter(lambda: take_message(held, "them"), None)]
    # their checksums would take half a second
    assert time.process_time() - begun < 0.2
    assert kinds == ["IMAGE"] * 12 + ["TRANSFORM"]


def _until(link: Link, done: Any) -> None:
    end = time.monotonic() + 10
    while not done():
        assert time.monotonic() < end
        link.step(0.02)


def test_a_partner_is_shown_the_plan_and_its_tool_is_seen() -> None:
    plan = [status_message("Theatrum", "Plan A"), transform_message("cut 1", pose(1, 2, 3))]
    now = [50.0]
    with (
        Link(plan, port=0, clock=lambda: now[0]) as link,
        socket.create_connection(("127.0.0.1", link.port)) as partner,
    ):
        packed = transform_message("drill", pose(4, 5, 6)).packed()
        # in two pieces, as networks do
        partner.sendall(packed[:70])
        _until(link, lambda: link.partners == 1)
        partner.sendall(packed[70:])
        _until(link, lambda: link.received == 1)
        held = bytearray()
        partner.settimeout(5)
        while len(held) < sum(len(one.packed()) for one in plan):
            held += partner.recv(4096)
        assert [take_message(held, "us"), take_message(held, "us")] == plan
        (tool,) = link.tools.states(50.3)
        assert not tool.is_stale
        assert np.allclose(tool.pose, pose(4, 5, 6), atol=1e-6)
        # the last place of one that has gone stays, stale
        partner.close()
        _until(link, lambda: link.is_alone)
        (tool,) = link.tools.states(50.6)
        assert tool.is_stale


def test_two_partners_may_call_their_tools_the_same() -> None:
    with (
        Link([], port=0, clock=lambda: 50.0) as link,
        socket.create_connection(("127.0.0.1", link.port)) as one,
        socket.create_connection(("127.0.0.1", link.port)) as other,
    ):
        names = ["{}:{}".format(*partner.getsockname()) for partner in (one, other)]
        one.sendall(transform_message("Probe", pose(1, 2, 3)).packed())
        _until(link, lambda: link.received == 1)
        other.sendall(transform_message("Probe", pose(4, 5, 6)).packed())
        _until(link, lambda: link.received == 2)
        told = {tool.partner: tool for tool in link.tools.states(50.0)}
        assert np.allclose(told[names[0]].pose, pose(1, 2, 3), atol=1e-6)
        assert np.allclose(told[names[1]].pose, pose(4, 5, 6), atol=1e-6)
        assert told[names[1]].as_json()["partner"] == names[1]
        # one that comes again goes on with its own tool
        one.close()
        _until(link, lambda: len(link.faults) == 1)
        with socket.create_connection(("127.0.0.1", link.port)) as again:
            again.sendall(transform_message("Probe", pose(7, 8, 9)).packed())
            _until(link, lambda: link.received == 3)
            back = "{}:{}".format(*again.getsockname())
            assert {tool.partner for tool in link.tools.states(50.0)} == {names[1], back}


def test_a_tool_more_than_are_kept_is_told_once() -> None:
    with Link([], port=0) as link, socket.create_connection(("127.0.0.1", link.port)) as partner:
        sent = [transform_message(f"tool {number:02d}", pose(number, 0, 0)).packed() for number in range(MOST_TOOLS)]
        partner.sendall(b"".join(sent))
        _until(link, lambda: link.received == MOST_TOOLS)
        assert not link.tools.left_out
        assert not link.faults
        for number in range(3):
            partner.sendall(transform_message("one more", pose(number, 0, 0)).packed())
        partner.sendall(transform_message("tool 00", pose(9, 9, 9)).packed())
        _until(link, lambda: link.received == MOST_TOOLS + 4)
        assert link.tools.left_out
        (fault,) = link.faults
        assert "left out" in fault
        states = {tool.name: tool for tool in link.tools.states(0.0)}
        assert len(states) == MOST_TOOLS
        assert "one more" not in states
        assert np.allclose(states["tool 00"].pose, pose(9, 9, 9), atol=1e-6)


def _damaged() -> bytes:
    packed = bytearray(transform_message("drill", pose(4, 5, 6)).packed())
    packed[-1] ^= 1
    return bytes(packed)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"GET / HTTP/1.1\r\nHost: somebody\r\n\r\n".ljust(80), "does not speak"),
        (HEADER.pack(1, b"IMAGE", b"x", 0, 1 << 40, 0), "more than"),
        (_damaged(), "damaged"),
        (HEADER.pack(2, b"TRANSFORM", b"x", 0, 12, checksum(b"\xff" * 12)) + b"\xff" * 12, "wrong lengths"),
    ],
)
def test_partners_that_lie_are_left_and_others_stay(sent: bytes, said: str) -> None:
    with (
        Link([], port=0) as link,
        socket.create_connection(("127.0.0.1", link.port)) as good,
        socket.create_connection(("127.0.0.1", link.port)) as bad,
    ):
        bad.sendall(sent)
        _until(link, lambda: bool(link.faults))
        assert said in link.faults[0]
        good.sendall(transform_message("drill", pose(0, 0, 0)).packed())
        _until(link, lambda: link.received == 1)
        assert [tool.name for tool in link.tools.states(time.monotonic())] == ["drill"]


def test_nobody_there_and_a_taken_port_cost_one_line() -> None:
    with Link([], port=0) as link:
        with pytest.raises(InputError, match="Nothing can be received"), Link([], port=link.port):
            pass
        port = link.port
    with pytest.raises(NetworkError, match="cannot be reached"), Link([], port=port, connect=True):
        pass
    with pytest.raises(NetworkError, match="no such name"), Link([], "a..b", connect=True):
        pass


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planned_ball(tmp_path_factory.mktemp("case") / "case.theatrum")


def test_a_liver_plan_is_shown_by_the_command_line(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heard: list[Message] = []
    server = socket.create_server(("127.0.0.1", 0))

    def partner() -> None:
        line, _ = server.accept()
        held = bytearray()
        with line:
            line.settimeout(5)
            while len(heard) < 3:
                held += line.recv(4096)
                while (message := take_message(held, "us")) is not None:
                    heard.append(message)
            line.sendall(transform_message("drill", pose(4, 5, 6)).packed())
            time.sleep(0.8)

    thread = threading.Thread(target=partner, daemon=True)
    thread.start()
    words = ["--plan", "A", "--connect", "--port", str(server.getsockname()[1]), "--seconds", "20", "--json", "--quiet"]
    assert main(["navigate", str(planned), *words]) == 0
    thread.join()
    server.close()
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["sent"], told["partners"]) == ("theatrum.navigate/1", 3, 1)
    # the partner said nothing more for longer than a place is believed
    assert [(tool["name"], tool["position_mm"], tool["stale"]) for tool in told["tools"]] == [
        ("drill", [4, 5, 6], True)
    ]
    assert {message.kind for message in heard} == {"STATUS", "POINT", "TRANSFORM"}
    cut = next(pose_of(message) for message in heard if message.kind == "TRANSFORM")
    assert cut is not None
    assert np.allclose(cut[:3, 2], (-0.6, 0.8, 0.0), atol=1e-6)
    assert abs((cut[:3, 3] - (36, 30, 20)) @ cut[:3, 2]) < 1e-4
    assert main(["navigate", str(planned), "--plan", "B", "--seconds", "0.1"]) == 3


@pytest.mark.parametrize(
    "words", [["--port", "65536"], ["--port", "0"], ["--port=-5"], ["--seconds=-1"], ["--seconds", "0"]]
)
def test_a_port_or_time_that_is_none_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["navigate", "none.theatrum", "--plan", "A", *words]) == 2
    assert words[0].partition("=")[0] in capsys.readouterr().err


def test_a_plan_s_warnings_go_with_it() -> None:
    results = {"centerline_mm": [[0, 0, 0], [1, 0, 0]], "warnings": [{"code": "old", "text": "The liver was changed."}]}
    status = plan_messages("A", "vessel", results, {})[0]
    assert status.body[30:].endswith(b"The liver was changed.\0")


def test_a_plan_without_places_is_refused() -> None:
    with pytest.raises(CaseError, match="no points, lines or planes"):
        plan_messages("A", "liver", {"organ_ml": 3.0}, {})
