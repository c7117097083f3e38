# Qalqan. Two commands matter: `make run` and `make test`. `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PORT ?= 8000
PYTEST_WORKERS ?= 2
VENV := .venv
PY := $(VENV)/bin/python
QALQAN := $(VENV)/bin/qalqan
DESK := $(VENV)/.installed
TOOLS := $(VENV)/.installed-dev
SYNC := scripts/sync.sh
CATALOGUES := $(shell find src -name '*.po' 2>/dev/null)

.PHONY: help run brief test test-sqlite test-postgres check bench docs messages clean

help:  ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(DESK): pyproject.toml uv.lock hatch_build.py $(CATALOGUES)
	@$(SYNC)
	@touch $@

$(TOOLS): pyproject.toml uv.lock hatch_build.py $(CATALOGUES)
	@$(SYNC) --extra dev --extra bench
	@touch $@ $(DESK)

run: $(DESK)  ## Load the sample province, compute the brief, serve the desk
	@$(QALQAN) demo --serve --port $(PORT)

brief: $(DESK)  ## The same without serving
	@$(QALQAN) demo

test: test-sqlite test-postgres  ## The whole suite on SQLite and on PostgreSQL, with the browser journeys

# Playwright leaves an event loop running, so the browser has processes of its own.
test-sqlite: $(TOOLS)
	@scripts/test-needs.sh
	@$(PY) -m pytest -n $(PYTEST_WORKERS) --dist loadfile -m "not browser"
	@$(PY) -m pytest -n $(PYTEST_WORKERS) --dist loadscope -m browser tests/browser

# The other tests touch no database, or start a SQLite desk of their own.
test-postgres: $(TOOLS)
	@scripts/test-needs.sh
	@$(PY) tests/support/with_postgres.py $(PY) -m pytest -n $(PYTEST_WORKERS) --dist loadfile \
		-m "not browser and not slow and not embedded" tests/desk tests/security

check: $(TOOLS)  ## Style, types, import rules, migrations, translations, documentation
	@scripts/test-needs.sh
	@scripts/check.sh

bench: $(TOOLS)  ## Print speed and quality beside the peers
	@for file in bench/*.py; do echo "== $$file"; $(PY) $$file; done

docs: $(TOOLS)  ## Serve the documentation
	@$(VENV)/bin/mkdocs serve

messages: $(TOOLS)  ## Collect and compile the texts for translation
	@$(PY) -m qalqan.desk.platform.ui.catalogues update
	@$(PY) -m qalqan.desk.platform.ui.catalogues compile

clean:  ## Remove the environment and everything computed (not var/)
	rm -rf $(VENV) site dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
