#!/bin/sh
# Finds the system libraries that Qt needs on Linux and installs the missing ones on Debian and Ubuntu.
#
#   scripts/system_libraries.sh run      what the window needs
#   scripts/system_libraries.sh test     and Xvfb, in which the tests open the real window
#   scripts/system_libraries.sh check    only say what is missing
#
# As root, or with sudo that asks for no password, it installs; apt speaks only if it fails. Otherwise it prints the exact line to type.
# It never stops the set-up: what is missing may not be needed (a run without a display).
set -u
purpose=${1:-run}
[ "$(uname -s)" = Linux ] || exit 0

loadable=$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null)
missing_names=""
missing_packages=""
need() { # need NAME PACKAGE: remember both
    missing_names="$missing_names $1"
    missing_packages="$missing_packages $2"
}

while read -r library package; do
    case "$loadable" in
        *"$library "*) ;;
        *) need "$library" "$package" ;;
    esac
done <<TABLE
libglib-2.0.so.0 libglib2.0-0
libEGL.so.1 libegl1
libGL.so.1 libgl1
libxkbcommon.so.0 libxkbcommon0
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libxcb-cursor.so.0 libxcb-cursor0
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-shape.so.0 libxcb-shape0
libwayland-cursor.so.0 libwayland-cursor0
libwayland-egl.so.1 libwayland-egl1
TABLE

[ "$purpose" != test ] || command -v Xvfb >/dev/null 2>&1 || need Xvfb xvfb
[ -d .venv ] || "$(dirname "$0")/find_python.sh" >/dev/null 2>&1 || need "Python with venv" python3-venv

[ -n "$missing_packages" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Not found on this system:$missing_names"
    echo "Install them with its package manager if the window does not open."
    exit 0
fi

# The list is split on purpose: it holds words.
# shellcheck disable=SC2086
typed=$("$(dirname "$0")/apt_line.sh" $missing_packages)
as_root=none
if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
fi
if [ "$purpose" = check ] || [ "$as_root" = none ]; then
    echo "Missing:$missing_names"
    echo "Please type:"
    echo "    $typed"
    exit 0
fi

echo "Installing what this system lacks:$missing_packages"
$as_root apt-get update -qq || echo "apt-get update failed; trying with the lists that are here."
# shellcheck disable=SC2086
said=$($as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends $missing_packages 2>&1) || {
    echo "$said"
    echo "Could not install them. Please type:"
    echo "    $typed"
}
