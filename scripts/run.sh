#!/bin/sh
# Opens the window. Where there is no display it trains the default experiment instead and leaves a run folder.
program=.venv/bin/ganviz
if [ "$(uname -s)" = Linux ] && [ -z "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; then
    echo "There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open."
    echo "Training \"${1:-saturation}\" without one; the run folder gets the panels as dashboard.png."
    [ $# -gt 0 ] || set -- saturation
    QT_QPA_PLATFORM=offscreen exec "$program" train "$@"
fi
"$program" "$@"
status=$?
case $status in
    0 | 2 | 130) ;;
    *) "$(dirname "$0")/system_libraries.sh" check ;; # a missing library is the usual cause, and Qt misreports it
esac
exit $status
