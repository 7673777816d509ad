#!/usr/bin/env bash
# Makes dist/theatrum-VERSION-ARCH.dmg from dist/Theatrum.app, on macOS. Usage: packaging/macos/make_dmg.sh VERSION
# Not signed and not notarised: who opens it chooses Open from its menu the first time. Never run on a Mac yet.
set -euo pipefail
cd "$(dirname "$0")/../.."
version="${1:?the version}"
[ -d dist/Theatrum.app ] || { echo "There is no dist/Theatrum.app. Make it first: tools/bundle.py" >&2; exit 1; }
stage="$(mktemp -d)"
trap 'rm -rf "$stage"' EXIT
cp -R dist/Theatrum.app "$stage/"
cp -R dist/theatrum/licences "$stage/Licences"
ln -s /Applications "$stage/Applications"
# without a signature of one's own macOS on Apple's processors wants at least an anonymous one
codesign --force --deep --sign - "$stage/Theatrum.app"
hdiutil create -volname "Theatrum $version" -srcfolder "$stage" -ov -format ULFO "dist/theatrum-$version-$(uname -m).dmg"
