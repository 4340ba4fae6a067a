# Daicho's front door. `make` alone prints what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v /usr/bin/python3.11 || command -v python3.11 || command -v python3)
VENV := .venv
RUN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: help setup demo demo-once test check nightly conformance bench packages packages-present clean

help: ## print this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

$(STAMP): requirements/test.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

setup: $(STAMP) ## make the virtual environment with pinned packages

demo: $(STAMP) ## a whole nation on this machine; Ctrl-C stops it, a second `make demo` resumes it
	$(RUN)/daicho nation up

demo-once: $(STAMP) ## the same unattended: tells the story, checks itself, stops, exits 0 or says what failed
	$(RUN)/daicho nation up --once --home var/once

packages: ## install what Debian must provide for `make test` (root or sudo)
	$(if $(filter 0,$(shell id -u)),,sudo) env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
		$$(grep -v '^#' packages.txt)

packages-present:
	@missing=$$(for p in $$(grep -v '^#' packages.txt); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then echo "Debian does not yet provide:" $$missing; echo "Run first:  make packages"; exit 1; fi

test: packages-present $(STAMP) ## every test, on PostgreSQL of the wheel and of Debian, and one unattended nation
	scripts/test

check: $(STAMP) ## format, lint, types, house tests, unit tests: under a minute
	$(RUN)/ruff format --check --quiet src tests
	$(RUN)/ruff check --quiet src tests
	$(RUN)/mypy
	$(RUN)/pytest -q -n 2 tests/house tests/rules

nightly: packages-present $(STAMP) ## what takes longer; results are committed
	$(RUN)/daicho bench all
	$(RUN)/pytest -q -n 2 tests --hypothesis-profile=nightly

conformance: $(STAMP) ## the 623 requirements and what proves each
	$(RUN)/daicho conformance

bench: $(STAMP) ## the benchmarks, each with its ceiling in the same run
	$(RUN)/daicho bench all

clean: ## remove the virtual environment and every nation
	rm -rf $(VENV) var
