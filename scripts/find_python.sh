#!/bin/sh
# Prints the first Python that can make ganviz's virtual environment: 3.11 or newer, with venv. $PYTHON overrides.
# Each candidate is run, because a name on the PATH may be a shim with nothing behind it.
for candidate in ${PYTHON:-python3.12 python3.11 python3.13 python3 python}; do
    if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        echo "$candidate"
        exit 0
    fi
done
echo "No Python 3.11 or newer with venv was found (tried ${PYTHON:-python3.12, python3.11, python3.13, python3, python})." >&2
if command -v apt-get >/dev/null 2>&1; then
    echo "Please type: $("$(dirname "$0")/apt_line.sh" python3-venv)" >&2
fi
echo "A Python elsewhere: make run PYTHON=/path/to/python3" >&2
exit 2
