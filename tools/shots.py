"""The README's pictures, from the real window. Usage: python tools/shots.py docs/pictures"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SHOTS = {"heart": "tavr", "valve": "valve", "liver": "liver", "models": "models", "browser": "browser"}


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, state in SHOTS.items():
        command = [
            sys.executable,
            "-m",
            "app",
            "gui",
            "--screenshot",
            str(folder / f"{name}.png"),
            "--state",
            state,
            "--force",
        ]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
