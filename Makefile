PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: setup demo test lint prove clean

# Everything that follows needs only Python 3.11 with venv, and make.
setup: $(READY)

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $(READY)

# Crawls the newsstand's outlets with the real spiders; prints what was kept and where.
demo: setup
	$(BIN)/python -m newsstand.demo

# What CI runs: style, types, walls, and the tests with a seeded sample of the long proofs.
test: lint
	$(BIN)/pytest -n 2 --dist loadgroup -m "not prove"

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The long proofs whole; they print their figures.
prove: setup
	$(BIN)/pytest -s -m prove

clean:
	rm -rf $(VENV) build dist *.egg-info
