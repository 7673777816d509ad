#!/usr/bin/env bash
# Makes .venv with the pinned dependencies and adds the system libraries that Qt and VTK need.
# A second call only compares a stamp. Usage: tools/setup.sh [run|dev]
set -euo pipefail
cd "$(dirname "$0")/.."
kind="${1:-run}"
system="libegl1 libgl1 libgl1-mesa-dri libglib2.0-0 libdbus-1-3 libfontconfig1 libfreetype6 libx11-6 libx11-xcb1
 libxcb1 libxcb-cursor0 libxcb-glx0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render0
 libxcb-render-util0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xkb1 libxkbcommon0
 libxkbcommon-x11-0"
[ "$kind" = dev ] && system="$system xvfb xauth"

python=""
for name in "${PYTHON:-}" python3.12 python3.13 python3.11 python3; do
    [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 || continue
    if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then python="$name"; break; fi
done

missing_packages() {
    local package
    for package in $system; do
        # t64 names stand for the same library on newer releases
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "ok installed" ||
            dpkg-query -W -f='${Status}' "${package}t64" 2>/dev/null | grep -q "ok installed" || printf '%s ' "$package"
    done
}

install_packages() {
    if [ "$(id -u)" = 0 ]; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
    elif sudo -n true 2>/dev/null; then
        sudo -n apt-get update -qq && sudo -n DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
    else
        return 1
    fi
}

if command -v dpkg-query >/dev/null 2>&1; then
    wanted="$(missing_packages)"
    if [ -z "$python" ]; then wanted="$wanted python3 python3-venv"; fi
    if [ -n "$python" ] && ! "$python" -c 'import ensurepip' 2>/dev/null; then wanted="$wanted python3-venv"; fi
    if [ -n "$wanted" ]; then
        echo "Adding system libraries: $wanted"
        # shellcheck disable=SC2086
        install_packages $wanted || echo "Some system libraries are missing. Run this line once, then call make again:
  sudo apt-get install -y $wanted" >&2
    fi
    [ -n "$python" ] || { command -v python3 >/dev/null && python=python3; }
fi
if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(not sys.version_info[:2] >= (3, 11))'; then
    echo "Theatrum needs Python 3.11, 3.12 or 3.13. Install one, or name it: make PYTHON=/path/to/python3.12 run" >&2
    exit 1
fi

stamp=".venv/.theatrum-$kind"
want="$(cat requirements/lock.txt pyproject.toml tools/setup.sh | sha256sum | cut -c1-64) $("$python" --version)"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then exit 0; fi

[ -x .venv/bin/python ] || { rm -rf .venv; "$python" -m venv .venv; }
echo "Installing the pinned Python packages into .venv (some minutes the first time)"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
# torch comes first and exactly: a looser name could bring another build of several gigabytes
.venv/bin/python -m pip install --quiet --disable-pip-version-check -c requirements/lock.txt torch==2.13.0
extra=""; [ "$kind" = dev ] && extra="[dev]"
# setuptools warns that the program is run from this folder, which is what is wanted
PYTHONWARNINGS=ignore .venv/bin/python -m pip install --quiet --disable-pip-version-check -c requirements/lock.txt -e ".$extra"
# also where Python may not write its compiled files by itself, the program starts quickly
.venv/bin/python -m compileall -q app planning viewers inference || true
printf '%s' "$want" > "$stamp"
# what serves the tests serves the program too
if [ "$kind" = dev ]; then printf '%s' "$want" > .venv/.theatrum-run; fi
