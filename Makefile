# Every job of the project. POSIX shell; any make that knows .PHONY.
PYTHON ?= python3
PYTEST_OPTIONS =
LOCK_OPTIONS =
VENV_PYTHON = .venv/bin/python
# Empty is off: a machine that forbids compiled modules would compile hundreds of them in every process that a test starts.
COMPILED = PYTHONDONTWRITEBYTECODE=

.PHONY: help setup demo demo-clean test check bench crash workflows-test lock clean

help: ## say what each target does
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{printf "make %-14s %s\n", $$1, $$2}'

setup: ## make .venv from the locked requirements
	@PYTHON="$(PYTHON)" scripts/setup

demo: setup ## run the whole job on an example blog served on this machine
	@$(COMPILED) $(VENV_PYTHON) demo/run.py

demo-clean: ## forget what the demo made
	rm -rf demo/out

test: setup ## install what the tests need, run all checks and tests
	@scripts/system-packages
	@scripts/node-packages
	@scripts/unpacked-packages
	@scripts/check
	$(COMPILED) $(VENV_PYTHON) -m pytest --numprocesses=auto --dist=load --cov --cov-report=term $(PYTEST_OPTIONS)

check: setup ## run all checks, no tests
	@scripts/check

bench: setup ## measure; one JSON file per benchmark and a table
	@scripts/node-packages
	@$(COMPILED) $(VENV_PYTHON) benchmarks/run.py

crash: setup ## run the crash tests with hundreds of kills
	@$(COMPILED) $(VENV_PYTHON) benchmarks/crash.py

workflows-test: setup ## run the steps of the workflows without GitHub, with a kill in each
	$(COMPILED) $(VENV_PYTHON) -m pytest --numprocesses=auto --dist=load -m "not online" tests/e2e/test_workflows.py tests/e2e/test_workflow_crash.py tests/e2e/test_two_runners.py tests/e2e/test_send_kills.py tests/e2e/test_ci_says_nothing.py tests/vault tests/cli/test_init.py $(PYTEST_OPTIONS)

lock: setup ## write the requirement files anew (LOCK_OPTIONS=--upgrade for the newest)
	@scripts/lock $(LOCK_OPTIONS)

clean: ## remove everything that was made here
	rm -rf .venv tests/npm/node_modules tests/out .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist demo/out
	rm -f .coverage .coverage.*
