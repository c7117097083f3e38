#!/usr/bin/env bash
# Install the locked dependencies into .venv; fetch uv by pip where it is absent.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { printf 'qalqan: %s\n' "$*" >&2; exit 1; }

free_kb=$(df -Pk . | awk 'NR==2 {print $4}')
[ "$free_kb" -ge 2000000 ] || fail "not enough disk space: 2 GB are needed here, $((free_kb / 1024)) MB are free"

python=""
for candidate in python3.13 python3.12 python3.11 python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 13)))' 2>/dev/null; then
        python=$(command -v "$candidate")
        break
    fi
done
[ -n "$python" ] || fail "Python 3.11 to 3.13 is needed (Debian: apt-get install python3 python3-venv)"

uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    tools=var/tools
    if [ ! -x "$tools/bin/uv" ]; then
        venv_package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        if ! "$python" -c 'import ensurepip' 2>/dev/null; then
            [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
                fail "Python's venv module is missing; type: sudo apt-get install -y $venv_package"
            { apt-get update && apt-get install -y "$venv_package"; } >/dev/null 2>&1 ||
                fail "could not install it; type: apt-get install -y $venv_package"
        fi
        echo "Fetching uv …"
        "$python" -m venv "$tools" || fail "could not create $tools"
        "$tools/bin/python" -m pip install --quiet --disable-pip-version-check uv ||
            fail "could not fetch uv from the package registry; is the network up?"
    fi
    uv=$tools/bin/uv
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "Installing the locked dependencies …"
if ! "$uv" sync --quiet --locked --python "$python" "$@" >"$log" 2>&1; then
    if grep -qiE 'gcc|compiler|cc1|Python\.h' "$log"; then
        fail "a package had to be compiled and no compiler was found; type: sudo apt-get install -y gcc python3-dev"
    elif grep -qi 'no space left' "$log"; then
        fail "the disk is full"
    fi
    tail -n 5 "$log" >&2
    fail "the dependencies could not be installed"
fi

# An environment that is there already is not built anew when only a catalogue changed.
.venv/bin/python -m qalqan.desk.platform.ui.catalogues compile >/dev/null ||
    fail "the translations could not be compiled"
