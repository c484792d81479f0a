PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: setup demo test lint prove postgres viewers clean

# Everything that follows needs only Python 3.11 with venv, and make.
setup: $(READY)

$(READY): pyproject.toml
	@echo "Setting up $(VENV): a minute or two"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $(READY)

# Crawls the newsstand's outlets with the real spiders; prints what was kept and where.
demo: setup
	$(BIN)/python -m newsstand.demo

# What CI runs: style, types, walls, and the tests with a seeded sample of the long proofs.
test: lint postgres
	$(BIN)/pytest -n 2 --dist loadgroup -m "not prove"

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# A PostgreSQL server's programs for the tests, which start one of their own; Debian's package where there is none.
postgres:
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || \
	{ [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql; } || \
	echo "no PostgreSQL here and none could be installed: its tests will be skipped"

# What the proofs of replay open captured pages with: Chromium, pywb and ReplayWeb.page; without them they are skipped.
viewers: setup
	@command -v chromium >/dev/null || \
	{ [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } || \
	echo "no Chromium here and none could be installed: the proofs of replay will be skipped"
	@[ -x .venv-replay/bin/wayback ] || $(BIN)/scrapy replay --install
	@[ -d build/replaywebpage ] || \
	{ mkdir -p build/replaywebpage && npm pack --silent --pack-destination build replaywebpage >/dev/null && \
	tar -xzf build/replaywebpage-*.tgz -C build/replaywebpage --strip-components=1; } || \
	{ rm -rf build/replaywebpage; echo "no ReplayWeb.page here (npm): the proof that opens a WACZ in it will be skipped"; }

# The long proofs whole; they print their figures.
prove: setup postgres viewers
	REPLAYWEBPAGE=$(CURDIR)/build/replaywebpage $(BIN)/pytest -s -m prove

clean:
	rm -rf $(VENV) build dist *.egg-info
