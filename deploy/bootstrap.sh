#!/bin/sh
# Makes a virtual environment from a lock file with hashes: bootstrap.sh VENV LOCKFILE
# Uses uv if it is there, else python3 -m venv and pip. One clear line for each missing thing.
set -eu
venv=$1
lock=$2

fail() { echo "fazhi: $1" >&2; exit 1; }

find_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2])' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
}

python=$(find_python)
[ -n "$python" ] || fail "Python 3.11 or newer was not found; install it (Debian: apt install python3 python3-venv, macOS: brew install python) or name it: make PYTHON=/path/to/python3.12"

if command -v uv >/dev/null 2>&1; then
    [ -x "$venv/bin/python" ] || uv venv --quiet --python "$python" "$venv"
    uv pip install --quiet --python "$venv/bin/python" --require-hashes -r "$lock"
    uv pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation -e .
else
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "python's venv module is incomplete; install it (Debian/Ubuntu: apt install python3-venv) or install uv"
    [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
fi
