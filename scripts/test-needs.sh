#!/usr/bin/env bash
# See that the tests find PostgreSQL, Chromium, gettext, Mosquitto and Java; install them as root, else say how.
set -euo pipefail

missing=()
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing+=(postgresql)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || missing+=(chromium)
command -v xgettext >/dev/null || missing+=(gettext)
command -v mosquitto >/dev/null || [ -x /usr/sbin/mosquitto ] || missing+=(mosquitto)
# Spark 4 needs Java 17 or later.
command -v java >/dev/null || [ -x "${JAVA_HOME:-}/bin/java" ] || missing+=(default-jre-headless)
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing what the tests need: ${missing[*]} …"
    if { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y "${missing[@]}"; } >/dev/null 2>&1; then
        exit 0
    fi
fi
echo "qalqan: the tests need ${missing[*]}; type: sudo apt-get install -y ${missing[*]}" >&2
exit 1
