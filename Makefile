# The only door for people and CI. Every target sets up what it needs.
SHELL := /bin/bash
PY := .venv/bin/python
UV := .venv/bin/uv
# Which python makes the venv; uv itself comes from the package index into the venv.
PYTHON ?= python3
export PYTHONPATH := src
# Compiled modules are kept: where the shell says otherwise, every start would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE
export DJANGO_SETTINGS_MODULE := fengqiao.server.settings
DIST := src/fengqiao/pages/static/fengqiao/dist/desk.js
SOURCES := $(shell find web -path web/node_modules -prune -o -type f -print 2>/dev/null)

.PHONY: run test quick check setup setup-dev lock format bench burden shots clean

run:
	@$(MAKE) --no-print-directory -s -j2 setup
	@exec $(PY) -m fengqiao.server.cli serve

test:
	@$(MAKE) --no-print-directory -s -j2 setup-dev
	@$(PY) tools/browser.py
	@$(PY) -m pytest -q

quick: setup-dev
	@$(PY) -m pytest -q -m "not slow"

check: setup-dev
	@$(PY) tools/check.py

setup: .venv/.run $(DIST) .venv/.words

setup-dev: .venv/.dev $(DIST) .venv/.words

.venv/bin/uv: tools/uv.txt
	@$(PYTHON) -m venv .venv
	@$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r tools/uv.txt
	@touch $@

.venv/.run: .venv/bin/uv requirements/run.lock
	@$(UV) pip install -q --python $(PY) --require-hashes -r requirements/run.lock
	@$(PY) tools/entry.py
	@touch $@

.venv/.dev: .venv/bin/uv requirements/dev.lock
	@$(UV) pip install -q --python $(PY) --require-hashes -r requirements/dev.lock
	@$(PY) tools/entry.py
	@touch $@ .venv/.run

$(DIST): $(SOURCES) | .venv/bin/uv
	@$(PY) tools/web.py

.venv/.words: $(shell find src -name '*.po') | .venv/bin/uv
	@$(PY) tools/words.py
	@touch $@

# Lock files hold names, versions and hashes, and no index address.
lock: .venv/bin/uv
	@for set in run dev; do $(UV) pip compile -q --universal --generate-hashes --no-header --python-version 3.11 requirements/$$set.in -o requirements/$$set.lock; done

format: setup-dev
	@$(PY) -m ruff check -q --fix . ; $(PY) -m ruff format -q .

bench: setup-dev
	@$(PY) -m benchmarks

burden: setup-dev
	@$(PY) tools/burden.py

shots: setup-dev
	@$(PY) -m tools.shots

clean:
	rm -rf .venv web/node_modules src/fengqiao/pages/static/fengqiao/dist .fengqiao
