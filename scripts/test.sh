#!/bin/sh
# The checks, then every test; the arguments go to pytest. Both run whatever the other says; either fails the whole.
# One process of tests for each core, eight at most, since each holds torch and a window. -n 0 stays in one.
"$(dirname "$0")/check.sh"
checked=$?
QT_QPA_PLATFORM=offscreen .venv/bin/python -m pytest -n auto --maxprocesses 8 --dist worksteal "$@"
tested=$?
[ $checked -eq 0 ] || echo "ruff, mypy or the import contracts failed: see above pytest's output."
[ $checked -eq 0 ] && [ $tested -eq 0 ]
