#!/bin/sh
# Makes .venv with the pinned requirements. The arguments go to pip install. pip speaks only if it fails.
python=$("$(dirname "$0")/find_python.sh") || exit 2
echo "Setting up .venv with $python, once: about a minute and 250 MB to download"
[ "$(uname -sm)" != "Linux x86_64" ] || echo "(where pip takes torch with CUDA: several minutes and 5 GB; README says how to avoid that)."
"$python" -m venv .venv || exit 1
log=.venv/set_up.log
.venv/bin/python -m pip install --disable-pip-version-check --progress-bar off "$@" \
    -c constraints.txt -e ".[test]" >"$log" 2>&1 &
pip=$!
trap 'kill $pip 2>/dev/null; exit 130' INT TERM
while kill -0 $pip 2>/dev/null; do
    printf .
    sleep 2
done
echo
if ! wait $pip; then
    cat "$log"
    echo "The set-up failed: pip's own words are above. Mend that (a network? space on the disk?) and run make again." >&2
    exit 1
fi
