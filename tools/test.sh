#!/usr/bin/env bash
# Runs the tests. Without arguments the whole suite in two rows at once, about as long as each other: most windows in one;
# tests without windows and after them the last windows in the other. All must pass. With arguments one pytest with them.
set -uo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
# a private virtual screen where there is no other, with the size that the pictures are made for
screen=(env -u WAYLAND_DISPLAY xvfb-run -a -s "-screen 0 2600x1700x24")
if ! command -v xvfb-run >/dev/null 2>&1; then screen=(env QT_QPA_PLATFORM=offscreen); fi

if [ $# -gt 0 ]; then exec "${screen[@]}" $python -m pytest "$@"; fi

log="$(mktemp)"
# two rows on few cores: threads of the linear algebra would only stand in each other's way
export OPENBLAS_NUM_THREADS=1

second_row() {
  local failed=0
  $python -m pytest tests/unit tests/property tests/integration tests/hostile || failed=1
  "${screen[@]}" $python -m pytest tests/gui/test_[s-z]*.py tests/golden || failed=1
  return $failed
}

second_row >"$log" 2>&1 &
second=$!
trap 'pkill -P $second 2>/dev/null; kill $second 2>/dev/null; rm -f "$log"' EXIT
failed=0
echo "Tests with windows; those without run at the same time and are told after them"
"${screen[@]}" $python -m pytest tests/gui/test_[a-r]*.py || failed=1
wait $second || failed=1
cat "$log"
exit $failed
