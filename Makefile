# One recipe for each thing one does with this house; CI calls the same ones.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready-run
READY_DEV := $(VENV)/.ready-dev
PYTEST := $(BIN)/python -m pytest
# What prints figures: approvals and the queue, then checks and media, then the preview's server.
BENCHES := verify_rate verify_growth verify_more page_history queue_years checks_recall check_all \
	check_media media_add likeness preview

.PHONY: demo test test-fast test-slow test-desk lint bench lock clean

demo: $(READY)  ## the ten steps of the procedure, for real, in build/demo/
	$(BIN)/python demo/run.py build/demo

test: $(READY_DEV) lint  ## everything, in under 15 minutes on two cores
	$(PYTEST) -n 2 --dist loadfile -m "not slow"

test-fast: $(READY_DEV)  ## values only, under a minute
	$(PYTEST) -n 2 -m "not slow and not git and not browser"

test-slow: $(READY_DEV)  ## the full counts of the long runs
	SOP_FULL=1 $(PYTEST) -n 2 --dist loadfile

test-desk: $(READY_DEV)  ## desk and passkey in a real browser
	$(PYTEST) tests/browser -k "desk or passkey"

lint: $(READY_DEV)  ## form and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY_DEV)  ## all figures, those that README quotes first; alone on an idle machine
	for bench in $(BENCHES); do echo "== $$bench"; $(BIN)/python benchmarks/$$bench.py || exit 1; done

lock:  ## renew the locked dependencies (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra all --group build pyproject.toml -o requirements/run.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra all --group dev pyproject.toml -o requirements/dev.txt

clean:
	rm -rf build $(VENV)

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(READY): $(BIN)/python requirements/run.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(READY_DEV): $(BIN)/python requirements/dev.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@ $(READY)
