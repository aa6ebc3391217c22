# Everything here works on a machine with git, make and Python 3.11 or newer, and nothing else.
#   make demo     the playground in the browser: a sample town, no accounts, no configuration (PORT=8081: elsewhere,
#                 PLUGIN=path/to/package: with a plugin of your own, anew after each change)
#   make test     all tests but those in a browser
#   make check    style, types and floors
#   make bench    the measurements of benchmarks/
#   make docs     the pages for authors that are made of the code: docs/plugins/hooks.md, docs/plugins/stability.md
#   make browser  the tests that look at the pages with Chromium
#   make kills    kill -9 at 20 moments on each database, compared with what was seen (SEED=7: those of a run before),
#                 and a minute of each fault of the database
#   make fuzz     long series of what is tried at random: outbox, questions, webhooks, pages (TIMES=50: so many times)
#   make soak     a town under load and faults for ten minutes, on each database (SOAK_MINUTES=30, SEED=7)
#   make hosts    processes as hosts of their own, links cut between them: needs root, iproute2 and util-linux
#   make postgres every story on a real PostgreSQL; `make test` tells there those to which the database may matter

PYTHON ?= python3
VENV   := .venv
PORT   ?= 8080
BIN    := $(VENV)/bin
# A process more than there are cores: where real processes are watched, a test mostly waits.
SPREAD := --numprocesses $$(($$(getconf _NPROCESSORS_ONLN) + 1)) --dist worksteal
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input -c constraints.txt

# Stamps: newer than pyproject.toml and constraints.txt means that nothing needs installing.
RUNS  := $(VENV)/.installed
TESTS := $(VENV)/.installed-test

# The tests start some hundred processes: without bytecode each compiles all modules anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check style types bench docs browser hosts kills fuzz soak postgres
# One after the other: they share one environment.
.NOTPARALLEL:

help:
	@sed -n 's/^#   //p' Makefile

demo: $(RUNS)
	$(BIN)/buurtwacht demo --port $(PORT) $(if $(PLUGIN),--plugin $(PLUGIN) --reload)

# What is told on PostgreSQL: tests/conftest.py says which of it when time matters.
STORIES := tests/scenarios tests/core/test_world.py tests/core/test_conversation.py \
  --ignore tests/scenarios/test_process.py --ignore tests/scenarios/test_demo.py \
  --ignore tests/scenarios/test_kills.py --ignore tests/scenarios/test_storage.py \
  --ignore tests/scenarios/test_soak.py

# A process that has no tests left takes some from the others.
test: $(TESTS)
	$(BIN)/python -m pytest -m 'not browser' $(SPREAD)
	@echo 'The stories to which the database may matter on a real PostgreSQL:'
	BUURTWACHT_TEST_DATABASE=postgresql $(BIN)/python -m pytest $(STORIES) --database-matters $(SPREAD)

# In memory: the wire does not reach the database.
postgres: $(TESTS)
	BUURTWACHT_TEST_DATABASE=postgresql $(BIN)/python -m pytest $(STORIES) -k 'not wire' $(SPREAD)

check: style types

style: $(TESTS)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

types: $(TESTS)
	$(BIN)/mypy --strict

bench: $(TESTS)
	$(BIN)/python -m benchmarks

docs: $(RUNS)
	$(BIN)/python -m buurtwacht.kit.pages docs/plugins

kills: $(TESTS)
	BUURTWACHT_KILLS=20 BUURTWACHT_SEED=$(SEED) $(BIN)/python -m pytest -s tests/scenarios/test_kills.py \
	  tests/scenarios/test_storage.py

# On PostgreSQL too: webhooks, for it refuses what is longer than its column, and the outbox, which is claimed otherwise.
fuzz: $(TESTS)
	BUURTWACHT_FUZZ=$(or $(TIMES),20) $(BIN)/python -m pytest tests/fuzz $(SPREAD)
	BUURTWACHT_TEST_DATABASE=postgresql BUURTWACHT_FUZZ=$(or $(TIMES),20) \
	  $(BIN)/python -m pytest tests/fuzz/test_webhooks.py tests/fuzz/test_found.py tests/fuzz/test_outbox.py

soak: $(TESTS)
	SOAK_MINUTES=$(or $(SOAK_MINUTES),10) BUURTWACHT_SEED=$(SEED) $(BIN)/python -m pytest -s tests/scenarios/test_soak.py

# In namespaces of its own, for the network and for processes: when it ends, however it ends, nothing of it is left.
hosts: $(TESTS)
	@[ "$$(id -u)" -eq 0 ] && which ip unshare nsenter setpriv >/dev/null || { \
	  echo 'make hosts needs root, for network namespaces, and the packages iproute2 and util-linux.' >&2; exit 1; }
	unshare --net --pid --fork --kill-child --mount-proc $(BIN)/python -m pytest tests/scenarios/hosts_of_their_own.py

browser: $(TESTS)
	$(BIN)/python -m pytest -m browser

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo 'Buurtwacht needs Python 3.11 or newer, and "$(PYTHON)" is not installed here.' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Buurtwacht needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1 | cut -d' ' -f2)." \
	    'Name another one with: make PYTHON=python3.12 …' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo 'This Python cannot make a virtual environment.' \
	    'On Debian and Ubuntu, install the package python3-venv and try again.' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(RUNS): pyproject.toml constraints.txt | $(BIN)/python
	@echo 'Installing Buurtwacht into $(VENV); the first time this takes about a minute …'
	@$(PIP) -e .
	@touch $@

# What the tests need holds all that running needs, so both stamps are fresh afterwards.
$(TESTS): pyproject.toml constraints.txt | $(BIN)/python
	@echo 'Installing Buurtwacht and what its tests need into $(VENV); the first time this takes about a minute …'
	@$(PIP) -e '.[test]'
	@touch $(RUNS) $@
