#!/usr/bin/env bash
# Everything that can be said of the code without running it.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=()

step() {
    local name=$1 log
    shift
    log=$(mktemp)
    printf '%-22s' "$name"
    if "$@" >"$log" 2>&1; then
        echo ok
    else
        echo FAILED
        cat "$log"
        failed+=("$name")
    fi
    rm -f "$log"
}

step "style"            $bin/ruff check .
step "format"           $bin/ruff format --check .
step "types"            $bin/mypy
step "import rules"     $bin/lint-imports
step "migrations"       $bin/python manage.py makemigrations --check --dry-run
step "deployment"       $bin/python manage.py check --fail-level WARNING
step "translations"     $bin/python -m qalqan.desk.platform.ui.catalogues check
step "documentation"    $bin/mkdocs build --strict --quiet --site-dir site

if [ ${#failed[@]} -gt 0 ]; then
    echo "failed: ${failed[*]}"
    exit 1
fi
