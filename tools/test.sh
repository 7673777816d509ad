#!/usr/bin/env bash
# Runs the tests. Without arguments the whole suite in several rows at once (tools/suite_rows.py); with arguments one pytest
# with them.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
if [ $# -eq 0 ]; then exec $python tools/suite_rows.py; fi
# a private virtual screen where there is no other, with the size that the pictures are made for
screen=(env -u WAYLAND_DISPLAY xvfb-run -a -s "-screen 0 2600x1700x24")
if ! command -v xvfb-run >/dev/null 2>&1; then screen=(env QT_QPA_PLATFORM=offscreen); fi
exec "${screen[@]}" $python -m pytest "$@"
