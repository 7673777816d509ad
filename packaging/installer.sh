#!/bin/sh
# Theatrum @VERSION@ for one user: no administrator, no network. What follows the last line is the program, packed.
#
#   sh theatrum-@VERSION@.run                 install, or upgrade what is there
#   sh theatrum-@VERSION@.run --prefix DIR    into DIR instead of ~/.local/opt/theatrum
#   sh theatrum-@VERSION@.run --back          the version before this one again
#   sh theatrum-@VERSION@.run --uninstall     remove the program; cases and settings stay
#   sh theatrum-@VERSION@.run --check         only check that this file is whole
#
# Each version lies in a folder of its own; the link `current` goes over to a new one only after that has tested itself.
set -eu
VERSION='@VERSION@' BUILD='@BUILD@' SHA256='@SHA256@' SIZE_KB='@SIZE_KB@' GLIBC='@GLIBC@' MACHINE='@MACHINE@'
LIBRARIES='@LIBRARIES@'
PACKAGES='@PACKAGES@'
LINES='@LINES@'

say() { printf '%s\n' "$*"; }
fail() { printf 'theatrum: error: %s\n' "$*" >&2; exit 3; }
usage() { sed -n '2,/^set -eu/{/^#/s/^# \{0,1\}//p;}' "$0"; }

home="${HOME:?}"
prefix="" action=install
# the copy of these lines that lies beside an installed program removes it
case "$0" in */uninstall.sh | uninstall.sh) prefix="$(cd "$(dirname "$0")" && pwd)" action=uninstall ;; esac
while [ $# -gt 0 ]; do
    case "$1" in
        --prefix) [ $# -ge 2 ] || fail "--prefix wants a folder."; prefix="$2"; shift ;;
        --prefix=*) prefix="${1#*=}" ;;
        --uninstall) action=uninstall ;;
        --back) action=back ;;
        --check) action=check ;;
        -h | --help) usage; exit 0 ;;
        *) printf 'theatrum: error: unknown option %s. See --help.\n' "$1" >&2; exit 2 ;;
    esac
    shift
done
prefix="${prefix:-$home/.local/opt/theatrum}"
case "$prefix" in /*) ;; *) prefix="$(pwd)/$prefix" ;; esac
share="${XDG_DATA_HOME:-$home/.local/share}"
bin="$home/.local/bin"

refresh() {
    # menus and file types notice by themselves sooner or later; where these programs are, at once
    command -v update-mime-database >/dev/null 2>&1 && [ -d "$share/mime/packages" ] &&
        XDG_DATA_HOME="$share" update-mime-database "$share/mime" >/dev/null 2>&1
    command -v update-desktop-database >/dev/null 2>&1 && [ -d "$share/applications" ] &&
        update-desktop-database "$share/applications" >/dev/null 2>&1
    command -v gtk-update-icon-cache >/dev/null 2>&1 && [ -f "$share/icons/hicolor/index.theme" ] &&
        gtk-update-icon-cache -q "$share/icons/hicolor" >/dev/null 2>&1
    return 0
}

link() { # link TARGET NAME: in one step, so that NAME is never missing
    ln -sfn "$1" "$2.new.$$" && mv -Tf "$2.new.$$" "$2"
}

in_use() { # in_use FOLDER: whether a program runs from there
    for one in /proc/[0-9]*/exe; do
        case "$(readlink "$one" 2>/dev/null || true)" in "$1"/*) return 0 ;; esac
    done
    return 1
}

whole() {
    sum="$(tail -n "+$LINES" "$0" | sha256sum | cut -c1-64)"
    [ "$sum" = "$SHA256" ] || fail "This file is not whole: it was cut or changed on its way. Get it again."
}

put_in_menus() {
    from="$prefix/current/integration"
    escaped="$(printf '%s' "$prefix" | sed 's/[&|\\]/\\&/g')"
    [ -d "$from" ] || return 0
    mkdir -p "$bin" "$share"
    (cd "$from" && find . -type f) | while IFS= read -r file; do
        mkdir -p "$share/$(dirname "$file")"
        case "$file" in
            *.desktop) sed "s|^Exec=theatrum|Exec=\"$escaped/current/theatrum\"|" "$from/$file" > "$share/$file" ;;
            *) cp -f "$from/$file" "$share/$file" ;;
        esac
        printf '%s\n' "$share/${file#./}"
    done > "$prefix/installed.new"
    mv -f "$prefix/installed.new" "$prefix/installed"
    if [ ! -e "$bin/theatrum" ] || [ -L "$bin/theatrum" ]; then
        ln -sfn "$prefix/current/theatrum" "$bin/theatrum"
    fi
    refresh
}

empty_up() { # remove FOLDER and those above it, up to the home folder, while they are empty
    at="$1"
    while [ "$at" != "$home" ] && [ "$at" != / ] && rmdir "$at" 2>/dev/null; do at="$(dirname "$at")"; done
    return 0
}

case "$action" in
check)
    whole
    say "Theatrum $VERSION: this file is whole."
    exit 0 ;;
uninstall)
    [ -e "$prefix/versions" ] || fail "Theatrum is not installed in $prefix."
    if in_use "$(cd "$prefix" && pwd -P)/versions"; then fail "Theatrum is running. Close it first."; fi
    if [ -f "$prefix/installed" ]; then
        while IFS= read -r file; do rm -f "$file"; empty_up "$(dirname "$file")"; done < "$prefix/installed"
    fi
    [ "$(readlink "$bin/theatrum" 2>/dev/null || true)" = "$prefix/current/theatrum" ] && rm -f "$bin/theatrum"
    refresh
    # what the menus' programs made of nothing but our files
    if [ -d "$share/mime/packages" ]; then :; elif [ -d "$share/mime" ]; then
        rm -f "$share/mime/aliases" "$share/mime/generic-icons" "$share/mime/globs" "$share/mime/globs2" "$share/mime/icons" \
            "$share/mime/magic" "$share/mime/mime.cache" "$share/mime/subclasses" "$share/mime/treemagic" "$share/mime/types" \
            "$share/mime/version" "$share/mime/XMLnamespaces" "$share/mime/application/x-theatrum-case.xml" \
            "$share/mime/x-content/x-theatrum-dicom.xml"
        rmdir "$share/mime/x-content" "$share/mime/application" "$share/mime" 2>/dev/null || true
    fi
    [ -s "$share/applications/mimeinfo.cache" ] && [ "$(ls -A "$share/applications")" = mimeinfo.cache ] &&
        rm -f "$share/applications/mimeinfo.cache"
    rm -rf "$prefix/versions"
    rm -f "$prefix/current" "$prefix/previous" "$prefix/installed" "$prefix/uninstall.sh"
    empty_up "$prefix"
    for place in "$share/applications" "$bin" "$share"; do [ -d "$place" ] && empty_up "$place"; done
    say "Theatrum is removed. Your cases and settings are where they were."
    exit 0 ;;
back)
    [ -L "$prefix/previous" ] || fail "There is no version before this one in $prefix."
    before="$(readlink "$prefix/previous")" now="$(readlink "$prefix/current")"
    [ -x "$prefix/$before/theatrum" ] || fail "The version before this one is not there any more. Install it again."
    link "$before" "$prefix/current"
    link "$now" "$prefix/previous"
    put_in_menus
    say "Theatrum $("$prefix/current/theatrum" --version | cut -d' ' -f2) is the one in use again."
    exit 0 ;;
esac

[ "$(uname -m)" = "$MACHINE" ] || fail "This installer is for $MACHINE; this computer is $(uname -m). Get the one for it."
here_glibc="$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d' ' -f2 || true)"
if [ -n "$here_glibc" ] && [ "$(printf '%s\n%s\n' "$GLIBC" "$here_glibc" | sort -V | head -n 1)" != "$GLIBC" ]; then
    fail "This computer's C library is $here_glibc; Theatrum needs $GLIBC or newer (Debian 12, Ubuntu 24.04 or later)."
fi
missing=""
known="$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null || true)"
if [ -n "$known" ]; then
    for library in $LIBRARIES; do
        case "$known" in *"	$library "*) ;; *) missing="$missing $library" ;; esac
    done
fi
if [ -n "$missing" ]; then
    printf 'theatrum: error: This computer lacks libraries that every desktop has:%s.\n' "$missing" >&2
    printf 'On Debian or Ubuntu an administrator adds them once:\n  apt install %s\n' "$PACKAGES" >&2
    exit 3
fi
mkdir -p "$prefix/versions" || fail "$prefix cannot be written. Choose another place with --prefix."
free_kb="$(df -Pk "$prefix" | awk 'NR == 2 { print $4 }')"
[ "$free_kb" -gt "$((SIZE_KB + 100000))" ] ||
    fail "$((free_kb / 1000)) MB are free in $prefix; Theatrum needs $((SIZE_KB / 1000 + 100)) MB. Make room or use --prefix."
# what a broken attempt left
for old in "$prefix"/versions/.*.part*; do if [ -e "$old" ]; then rm -rf "$old"; fi; done

name="$VERSION-$BUILD"
place="$prefix/versions/$name" part="$prefix/versions/.$name.$$.part"
trap 'rm -rf "$part" "$part".*' EXIT
trap 'exit 4' INT TERM HUP
say "Unpacking Theatrum $VERSION"
mkdir -p "$part"
# one reading: the sum is taken of what is unpacked
fifo="$part.sum"
mkfifo "$fifo"
sha256sum < "$fifo" > "$part.sha256" &
tail -n "+$LINES" "$0" | tee "$fifo" | {
    gzip -dc 2>/dev/null | tar -xf - -C "$part" 2>/dev/null || : > "$part.broken"
    cat > /dev/null # the sum is taken of all, also where unpacking stopped
}
wait $! || true
sum="$(cut -c1-64 "$part.sha256")"
[ "$sum" = "$SHA256" ] || fail "This file is not whole: it was cut or changed on its way. Get it again."
[ ! -e "$part.broken" ] || fail "Theatrum could not be unpacked. See whether the disk is full."
say "Testing it"
if ! told="$("$part/theatrum" selftest 2>&1)"; then
    printf '%s\n' "$told" >&2
    fail "The new version does not pass its own test here, so nothing was changed. The lines marked FAIL tell why."
fi
if [ -d "$place" ]; then
    # the same build again: the fresh copy takes its place
    in_use "$(cd "$place" && pwd -P)" && fail "Theatrum is running. Close it first."
    rm -rf "$place"
fi
mv "$part" "$place"
before="$(readlink "$prefix/current" 2>/dev/null || true)"
if [ -n "$before" ] && [ "$before" != "versions/$name" ] && [ -d "$prefix/$before" ]; then link "$before" "$prefix/previous"; fi
link "versions/$name" "$prefix/current"
kept="$(readlink "$prefix/previous" 2>/dev/null || true)"
for old in "$prefix"/versions/*; do
    case "versions/${old##*/}" in "versions/$name" | "$kept") ;; *) in_use "$(cd "$old" && pwd -P)" || rm -rf "$old" ;; esac
done
# this file's own first lines are what uninstalls
head -n "$((LINES - 1))" "$0" > "$prefix/uninstall.sh.new"
chmod 755 "$prefix/uninstall.sh.new"
mv -f "$prefix/uninstall.sh.new" "$prefix/uninstall.sh"
put_in_menus
say "Theatrum $VERSION is installed: $prefix/current/theatrum, or Theatrum in the menu."
case ":$PATH:" in *":$bin:"*) ;; *) say "To start it as theatrum, $bin must be in PATH (most systems add it at the next login)." ;; esac
say "To remove it: sh $prefix/uninstall.sh"
exit 0
