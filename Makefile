# make demo    a telephone call on the loopback line, shown in the terminal
# make serve   the server
# make test    all tests          make check   everything that can be checked without running
# make bench   figures            make soak    long randomised runs
# make lock    new exact versions make clean   as it was cloned

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
UV := $(shell uv --version >/dev/null 2>&1 && echo uv)
PYTEST := $(BIN)/python -m pytest
CORE := --cov=switchhook.domain --cov=switchhook.audio --cov=switchhook.engine

.PHONY: demo serve check test bench soak lock clean
.DEFAULT_GOAL := test

demo: $(READY)
	$(BIN)/switchhook demo

serve: $(READY)
	$(BIN)/switchhook serve

check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(PYTEST) -q tests/test_house_sizes.py

# The core answers for itself: its own tests alone reach every branch of it.
test: $(READY)
	$(BIN)/coverage erase
	$(PYTEST) -q $(CORE) --cov-config=tests/core.coveragerc tests/domain tests/audio tests/engine
	$(PYTEST) -q -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder --cov=switchhook --cov-report=term

bench: $(READY)
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.rehearsals

soak: $(READY)
	$(PYTEST) -q -m soak

lock:
	uv pip compile pyproject.toml --extra offline --extra silero --group dev --group build --group interop --universal \
	  --python-version 3.11 --upgrade --generate-hashes --no-emit-index-url --no-annotate \
	  --no-header --quiet --output-file constraints.txt

clean:
	rm -rf $(VENV) build dist htmlcov .coverage* .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(READY): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "switchhook needs Python 3.11 or newer: make PYTHON=python3.12" >&2; exit 1; }
ifeq ($(UV),uv)
	uv venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV)
	uv pip install --quiet --python $(BIN)/python --require-hashes -r constraints.txt
	uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
else
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
endif
	@touch $(READY)
