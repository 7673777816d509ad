#!/usr/bin/env bash
# Makes .venv-installer: the pinned runtime packages and PyInstaller, nothing else, so that what is found there is what
# may be shipped. A second call only compares a stamp. Usage: tools/bundle_env.sh
set -euo pipefail
cd "$(dirname "$0")/.."
environment=".venv-installer"

missing=""
for tool in strip:binutils readelf:binutils zstd:zstd dpkg-deb:dpkg; do
    command -v "${tool%%:*}" >/dev/null 2>&1 || missing="$missing ${tool##*:}"
done
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Adding the programs that make installers:$missing"
        apt-get update -qq
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    else
        echo "Making the installers needs these packages. Run this line once, then call make again:
  sudo apt-get install -y$missing" >&2
        exit 1
    fi
fi

python="${PYTHON:-$(.venv/bin/python -c 'import sys; print(sys._base_executable)')}"
stamp="$environment/.theatrum-installer"
want="$(cat requirements/lock.txt requirements/installer.txt pyproject.toml tools/bundle_env.sh | sha256sum | cut -c1-64) $("$python" --version)"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then exit 0; fi
if ! "$python" -c 'import sysconfig, sys; sys.exit(not sysconfig.get_config_var("Py_ENABLE_SHARED") and sys.platform == "linux")'; then
    echo "This Python has no shared library (libpython3.so), which a program of its own needs. Take the system's Python, or
build one with --enable-shared, and name it: make PYTHON=/usr/bin/python3 installer" >&2
    exit 1
fi

# made anew, since a package that is not asked for any more must not stay
rm -rf "$environment"
"$python" -m venv "$environment"
echo "Installing the pinned runtime packages and PyInstaller into $environment (some minutes the first time)"
pip=("$environment/bin/python" -m pip install --quiet --disable-pip-version-check -c requirements/lock.txt)
# torch comes first and exactly: a looser name could bring another build of several gigabytes
"${pip[@]}" torch==2.13.0
PYTHONWARNINGS=ignore "${pip[@]}" -e .
"${pip[@]}" -r requirements/installer.txt
printf '%s' "$want" > "$stamp"
