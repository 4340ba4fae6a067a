# Daicho's front door. `make` alone prints what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

# Debian's own python first: an ordinary user can always reach it.
PYTHON ?= $(firstword $(shell for p in /usr/bin/python3 python3 python3.11 python3.12 python3.13; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v "$$p"; done; true))
VENV := .venv
RUN := $(VENV)/bin
PIP := $(RUN)/python -m pip --disable-pip-version-check --no-input install --quiet --quiet --no-compile --root-user-action=ignore
READY := $(VENV)/.ready
READY_TO_TEST := $(VENV)/.ready-to-test
READY_TO_JUDGE := .judges/.ready

# Packages are compiled when they are first loaded, not when they are installed: what is loaded once must be kept.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup setup-test demo demo-once test check nightly conformance bench documents packages packages-present clean

help: ## print this list
	@echo "Daicho (台帳). Begin with: make demo"
	@grep -hE '^[a-z-]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

$(RUN)/python:
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed."; exit 1; fi
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); echo "On Debian, run first:  apt-get install python3-venv"; exit 1; }

$(READY): requirements/build.txt requirements/run.txt pyproject.toml | $(RUN)/python
	@echo "Installing the pinned packages into $(VENV) (once, about a minute) ..."
	@$(PIP) --require-hashes --requirement requirements/build.txt --requirement requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(READY_TO_TEST): $(READY) requirements/test.txt
	@echo "Installing what the tests need into $(VENV) (once, about a minute) ..."
	@$(PIP) --require-hashes --requirement requirements/test.txt
	@touch $@

$(READY_TO_JUDGE): requirements/judges.txt
	@echo "Installing wapiti and mutmut into .judges, apart from everything else (once, about a minute) ..."
	@"$(PYTHON)" -m venv .judges
	@.judges/bin/python -m pip --disable-pip-version-check --no-input install --quiet --quiet --no-compile \
		--root-user-action=ignore --require-hashes --requirement requirements/judges.txt
	@touch $@

setup: $(READY) ## make the virtual environment with pinned packages and the daicho command (once)

setup-test: $(READY_TO_TEST) ## the same with what the tests need (once)

demo: $(READY) ## a whole nation on this machine; Ctrl-C stops it, a second `make demo` resumes it
	@exec $(RUN)/daicho nation up

demo-once: $(READY) ## the same unattended: tells the story, checks itself, stops, exits 0 or says what failed
	@$(RUN)/daicho nation up --once --home var/once $(if $(PEOPLE),--people $(PEOPLE))

packages: ## install what Debian must provide for `make test` (root or sudo)
	@missing="$$($(missing))"; \
	if [ -z "$$missing" ]; then echo "Debian provides everything already."; exit 0; fi; \
	as="$$([ "$$(id -u)" = 0 ] || echo sudo)"; \
	$$as apt-get update --quiet=2; \
	$$as env DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --yes --no-install-recommends $$missing

packages-present:
	@missing="$$($(missing))"; \
	if [ -n "$$missing" ]; then echo "Debian does not yet provide: $$missing"; echo "Run first:  make packages"; exit 1; fi

missing = for package in $$(grep -v '^\#' packages.txt); do \
	dpkg-query --show --showformat='$${Status}' "$$package" 2>/dev/null | grep -q 'ok installed' || echo -n "$$package "; done

test: packages-present $(READY_TO_TEST) ## every test that a change may wait for, on the wheel's PostgreSQL and, where versions differ, on Debian's
	@scripts/test

check: $(READY_TO_TEST) ## format, lint, types, house tests, unit tests: under a minute
	@$(RUN)/ruff format --check --quiet src tests
	@$(RUN)/ruff check --quiet src tests
	@$(RUN)/mypy
	@$(RUN)/python -m pytest -q -n 2 tests/house tests/rules

nightly: packages-present $(READY_TO_TEST) $(READY_TO_JUDGE) ## what takes longer: the benchmarks, mutants, every test three times with other seeds; results are kept
	@$(RUN)/python scripts/nightly.py

conformance: $(READY) ## the 623 requirements and what proves each
	@$(RUN)/daicho conformance

bench: $(READY) ## the benchmarks, each with its ceiling in the same run
	@$(RUN)/daicho bench all --keep benchmarks/results

documents: $(READY) ## draw the map of rooms and the table of terms anew from the source
	@$(RUN)/python scripts/documents.py

clean: ## remove the virtual environment, caches and every nation
	@rm -rf $(VENV) .judges var build .coverage .coverage.* .mypy_cache .ruff_cache .hypothesis src/*.egg-info
