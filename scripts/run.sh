#!/bin/sh
# Opens the window. Where there is no display it trains the experiment instead and leaves a run folder.
program=.venv/bin/ganviz
case ${1:-} in # what needs no display
    train | list | data | theory | quality | bench | doctor) exec "$program" "$@" ;;
esac
if [ "$(uname -s)" = Linux ] && [ -z "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; then
    echo "There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open."
    echo "Training without one; the run folder gets the panels as dashboard.png."
    for word in "$@"; do # without what only the window knows
        shift
        case $word in --start | --safe-mode) ;; *) set -- "$@" "$word" ;; esac
    done
    QT_QPA_PLATFORM=offscreen exec "$program" train "$@"
fi
"$program" "$@"
status=$?
case $status in
    0 | 2 | 130) ;;
    *) "$(dirname "$0")/system_libraries.sh" check ;; # a missing library is the usual cause, and Qt misreports it
esac
exit $status
