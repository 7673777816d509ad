"""A page in a real browser without a screen: scripts asked, fingers laid on it. Chromium by its pipe, Firefox by Marionette."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FIREFOX = ("firefox", "firefox-esr")
WAIT_S = 60.0

Finger = list[tuple[float, float]]
"""Where one finger is, from its first touch to where it is lifted: CSS pixels from the page's left and top."""


class Browser(Protocol):
    def value(self, expression: str) -> Any:
        """What a JavaScript expression is, as JSON."""

    def touch(self, *fingers: Finger) -> None:
        """Fingers that touch, move and lift together; all of them make the same number of moves."""


def path_of(names: tuple[str, ...], package: str) -> str:
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"needs a browser: apt-get install {package}")
    return found


class _Chromium:
    def __init__(self, to: int, back: int) -> None:
        self._to, self._back = to, back
        self._number = 0
        self._rest = b""
        target = self._ask("Target.getTargets")["targetInfos"]
        page = next(info for info in target if info["type"] == "page")
        self._session: str | None = None
        self._session = self._ask("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]

    def _ask(self, method: str, **options: Any) -> Any:
        self._number += 1
        said: dict[str, Any] = {"id": self._number, "method": method, "params": options}
        if getattr(self, "_session", None):
            said["sessionId"] = self._session
        os.write(self._to, json.dumps(said).encode() + b"\0")
        while True:
            while b"\0" not in self._rest:
                got = os.read(self._back, 1 << 16)
                assert got, "the browser ended"
                self._rest += got
            line, self._rest = self._rest.split(b"\0", 1)
            answer = json.loads(line)
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def value(self, expression: str) -> Any:
        return self._ask("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def touch(self, *fingers: Finger) -> None:
        for kind, at in [("touchStart", 0), *(("touchMove", n) for n in range(1, len(fingers[0])))]:
            points = [{"x": finger[at][0], "y": finger[at][1], "id": n} for n, finger in enumerate(fingers)]
            self._ask("Input.dispatchTouchEvent", type=kind, touchPoints=points)
        self._ask("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])


class _Firefox:
    def __init__(self, line: socket.socket) -> None:
        self._line = line.makefile("rwb")
        self._number = 0
        self._hear()
        self._ask("WebDriver:NewSession")

    def _hear(self) -> Any:
        size = b""
        while (one := self._line.read(1)) != b":":
            assert one, "the browser ended"
            size += one
        return json.loads(self._line.read(int(size)))

    def _ask(self, command: str, **options: Any) -> Any:
        self._number += 1
        said = json.dumps([0, self._number, command, options]).encode()
        self._line.write(str(len(said)).encode() + b":" + said)
        self._line.flush()
        _, _, error, result = self._hear()
        assert error is None, error
        return result

    def open(self, address: str) -> None:
        self._ask("WebDriver:Navigate", url=address)

    def value(self, expression: str) -> Any:
        return self._ask("WebDriver:ExecuteScript", script=f"return ({expression});", args=[])["value"]

    def touch(self, *fingers: Finger) -> None:
        acts = []
        for number, finger in enumerate(fingers):
            (x, y), *others = finger
            steps: list[dict[str, Any]] = [
                {"type": "pointerMove", "x": x, "y": y},
                {"type": "pointerDown", "button": 0},
            ]
            steps += [{"type": "pointerMove", "x": x, "y": y, "duration": 20} for x, y in others]
            steps.append({"type": "pointerUp", "button": 0})
            touches = {"pointerType": "touch"}
            acts.append({"type": "pointer", "id": f"finger{number}", "parameters": touches, "actions": steps})
        self._ask("WebDriver:PerformActions", actions=acts)


@contextmanager
def chromium(page: Path, folder: Path) -> Iterator[Browser]:
    path = path_of(CHROMIUM, "chromium")
    ours, theirs = os.pipe(), os.pipe()
    flags = ["--headless=new", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    flags += [f"--user-data-dir={folder / 'chromium'}", "--window-size=1280,800", "--remote-debugging-pipe"]
    # the browser reads what is said to it from number 3 and answers at number 4
    shell = f'exec "$0" "$@" 3<&{ours[0]} 4>&{theirs[1]}'
    command = ["bash", "-c", shell, path, *flags, "--touch-events=enabled", page.as_uri()]
    running = subprocess.Popen(command, pass_fds=(ours[0], theirs[1]), stderr=subprocess.DEVNULL)
    os.close(ours[0])
    os.close(theirs[1])
    try:
        yield _Chromium(ours[1], theirs[0])
    finally:
        running.kill()
        running.wait()
        os.close(ours[1])
        os.close(theirs[0])


@contextmanager
def firefox(page: Path, folder: Path) -> Iterator[Browser]:
    path = path_of(FIREFOX, "firefox-esr")
    profile = folder / "firefox"
    profile.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    wishes = {"marionette.port": port, "webgl.force-enabled": True, "dom.w3c_touch_events.enabled": 1}
    lines = [f"user_pref({json.dumps(key)}, {json.dumps(value)});" for key, value in wishes.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    # without a screen of some kind it has no WebGL
    screen = path_of(("xvfb-run",), "xvfb")
    command = [
        screen,
        "-a",
        "-s",
        "-screen 0 1400x900x24",
        path,
        "--marionette",
        "--profile",
        str(profile),
        "--width",
        "1280",
        "--height",
        "800",
    ]
    # its own home: as the machine's owner it would refuse another user's
    own = {**os.environ, "HOME": str(folder), "MOZ_REMOTE_ALLOW_SYSTEM_ACCESS": "1"}
    quiet = subprocess.DEVNULL
    running = subprocess.Popen(command, env=own, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        with _connected(port, running) as line:
            browser = _Firefox(line)
            browser.open(page.as_uri())
            yield browser
    finally:
        # the screen goes with it
        os.killpg(running.pid, signal.SIGTERM)
        running.wait()


def _connected(port: int, running: subprocess.Popen[bytes]) -> socket.socket:
    until = time.monotonic() + WAIT_S
    while True:
        assert running.poll() is None, "Firefox ended"
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=WAIT_S)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def waited(browser: Browser, expression: str, wanted: Any) -> Any:
    """The expression's value once it is the wanted one; else as it is after a minute."""
    until = time.monotonic() + WAIT_S
    while (value := browser.value(expression)) != wanted and time.monotonic() < until:
        time.sleep(0.1)
    return value
