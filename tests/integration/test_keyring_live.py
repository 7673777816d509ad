"""`--keyring` against a true Secret Service on a bus of its own, from outside, as a person's desktop has one."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from cases import make_case
from installed import program

from planning.geometry import Grid
from planning.volume import Volume

FIRST, SECOND = "seven green bottles", "eight green bottles"
needs = pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")),
    reason="dbus and gnome-keyring are not on this machine",
)


@needs
def test_a_live_keyring_keeps_the_key_and_only_the_newest(tmp_path: Path) -> None:
    grid, case = Grid.from_parts((4, 4, 4)), tmp_path / "a.theatrum"
    make_case(case, Volume(grid, np.zeros(grid.shape_kji, np.int16))).close()
    run, home = tmp_path / "run", tmp_path / "home"
    run.mkdir(mode=0o700)
    home.mkdir()
    call, it = shlex.join(program()), shlex.quote(str(case))
    script = f"""
mkfifo {shlex.quote(str(run / "words"))}
gnome-keyring-daemon --foreground --unlock --components=secrets < {shlex.quote(str(run / "words"))} > /dev/null 2>&1 &
daemon=$!
printf '%s\\n' login > {shlex.quote(str(run / "words"))}
for n in $(seq 100); do
  dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \\
    string:org.freedesktop.secrets 2> /dev/null | grep -q true && break
  sleep 0.1
done
printf '%s\\n' '{FIRST}' | {call} case encrypt {it} --keyring --passphrase-file - --quiet > /dev/null; echo encrypted $?
{call} info {it} < /dev/null > /dev/null; echo opened $?
printf '%s\\n%s\\n' '{FIRST}' '{SECOND}' | \\
  {call} case passphrase {it} --keyring --passphrase-file - --new-passphrase-file - --quiet > /dev/null; echo changed $?
{call} info {it} < /dev/null > /dev/null; echo opened $?
kill $daemon
{call} info {it} < /dev/null > /dev/null 2>&1; echo without $?
printf '%s\\n' '{SECOND}' | {call} info {it} --passphrase-file - > /dev/null; echo second $?
printf '%s\\n' '{FIRST}' | {call} info {it} --passphrase-file - > /dev/null 2>&1; echo first $?
"""
    environment = {**os.environ, "HOME": str(home), "XDG_RUNTIME_DIR": str(run), "THEATRUM_HOME": str(home)}
    environment.pop("PYTHON_KEYRING_BACKEND", None)
    environment.pop("DISPLAY", None)
    done = subprocess.run(
        ["dbus-run-session", "--", "bash", "-c", script],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    said = [line for line in done.stdout.splitlines() if line[-1:].isdigit()]
    assert said == ["encrypted 0", "opened 0", "changed 0", "opened 0", "without 3", "second 0", "first 3"], done.stderr
    # neither pass-phrase stands in what the keyring keeps on the disk
    kept = b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    assert FIRST.encode() not in kept
    assert SECOND.encode() not in kept
