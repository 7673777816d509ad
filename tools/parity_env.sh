#!/usr/bin/env bash
# Makes .venv-parity: the packages whose results our engine is held against (nnU-Net, MONAI, TotalSegmentator), in an
# environment of their own, so that the application never sees them. Usage: tools/parity_env.sh
set -euo pipefail
cd "$(dirname "$0")/.."
environment=".venv-parity"
packages="torch==2.13.0 monai==1.6.1 nnunetv2==2.8.1 nibabel safetensors PyYAML pydantic==2.14.3 einops onnx pytest"
# of TotalSegmentator's twenty packages its prediction wants these
alone="TotalSegmentator==2.18.0 dicom2nifti==2.6.2 pydicom==3.0.2 xmltodict==1.0.4"
stamp="$environment/.theatrum-parity"
want="$(sha256sum tools/parity_env.sh | cut -c1-64)"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then exit 0; fi

python="${PYTHON:-.venv/bin/python}"
[ -x "$environment/bin/python" ] || "$python" -m venv "$environment"
echo "Installing nnU-Net, MONAI and TotalSegmentator into $environment (some minutes the first time)"
# torch comes first and exactly: a looser name could bring another build of several gigabytes
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check torch==2.13.0
# shellcheck disable=SC2086
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check $packages
# shellcheck disable=SC2086
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps $alone
printf '%s' "$want" > "$stamp"
