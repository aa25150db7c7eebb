# Everything a person or CI does here. Each target first makes .venv from the lock, if it is missing or older.
PYTHON ?= python3
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
READY := .venv/.installed
# Two at a time: most of a test's time is waiting. The tests of a file stay together, for what they share, and
# folders come by name: those of real processes take longest, and go first.
PARALLEL := --numprocesses 2 --dist loadfile --no-loadscope-reorder

.PHONY: demo test check bench faults lock clean
.DEFAULT_GOAL := check

demo: $(READY)  ## the whole gateway with stand-in systems around it; ONCE=1 stops after one round
	@$(BIN)/vaxel demo $(if $(ONCE),--once)

test: $(READY)
	$(BIN)/pytest $(PARALLEL)

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy
	$(BIN)/pytest $(PARALLEL) -q tests/unit tests/contract

faults: $(READY)  ## kill, stop, cut, slow and fill everything at random moments, ROUNDS=n times, and balance the books
	@$(BIN)/python -m tests.acceptance.faults $(ROUNDS)

bench: $(READY)
	@$(BIN)/python -m bench

# Compiles the lock anew for all supported Pythons and systems; no index or machine path is written into it.
lock: .venv-lock/bin/uv
	env -u PIP_FIND_LINKS -u UV_FIND_LINKS .venv-lock/bin/uv pip compile --universal --python-version 3.11 \
		--generate-hashes --extra dev --upgrade --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
		--quiet --output-file requirements.lock pyproject.toml

clean:
	rm -rf .venv .venv-lock var build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Växel needs Python 3.11 or newer, and '$(PYTHON)' is not. Install one and say which: make PYTHON=python3.12 …" >&2; \
		exit 1; }
	@echo "Making .venv from requirements.lock (once; a minute or two) …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv-lock/bin/uv:
	@$(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
