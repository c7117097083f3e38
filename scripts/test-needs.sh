#!/usr/bin/env bash
# See that the tests find PostgreSQL, Chromium and gettext; install them as root, else say how.
set -euo pipefail

missing=()
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing+=(postgresql)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || missing+=(chromium)
command -v xgettext >/dev/null || missing+=(gettext)
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing what the tests need: ${missing[*]} …"
    if { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y "${missing[@]}"; } >/dev/null 2>&1; then
        exit 0
    fi
fi
echo "qalqan: the tests need ${missing[*]}; type: sudo apt-get install -y ${missing[*]}" >&2
exit 1
