#!/bin/sh
# ruff, mypy and the import contracts. All three run, so that one look shows everything that is wrong.
failed=0
.venv/bin/ruff check . || failed=1
.venv/bin/mypy || failed=1
.venv/bin/lint-imports --no-logo || failed=1
exit $failed
