# Two commands do everything: `make site` and `make test`. Each sets up what it needs. `make test-all` runs what is
# slow as well.
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
READY := .venv/ready
# Python keeps what it compiled: every test run and every process that tests start would compile all of it again.
unexport PYTHONDONTWRITEBYTECODE
# A file of tests stays together: what its tests share is made once.
SIDE_BY_SIDE := -n auto --dist loadfile

.PHONY: site test test-slow test-all lint coverage bench lock wheel dist docs sample bundle audit release-check reference clean

site: $(READY)
	$(BIN)/disparity build

# What a change of code needs, in minutes. A process for each core: more threads would only wait for each other.
test: export POLARS_MAX_THREADS := 1
test: export OPENBLAS_NUM_THREADS := 1
test: $(READY)
	$(BIN)/python -m pytest -m "not slow" -n auto --dist worksteal

# What is slow: simulations, kills at any step, every page in every light, machines that agree on nothing.
test-slow: export POLARS_MAX_THREADS := 1
test-slow: export OPENBLAS_NUM_THREADS := 1
test-slow: $(READY)
	$(BIN)/python -m pytest -m slow $(SIDE_BY_SIDE)

test-all: coverage test-slow

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# The quick tests, with all their examples, measured: what reads, codes, audits and checks the records must be reached,
# lines and branches.
coverage: export POLARS_MAX_THREADS := 1
coverage: export OPENBLAS_NUM_THREADS := 1
coverage: $(READY)
	$(BIN)/python -m pytest -m "not slow" $(SIDE_BY_SIDE) --cov --cov-report=term-missing:skip-covered

# Against what one would use instead: `make bench SEARCHES=6000000` is as many as three years of all forces.
SEARCHES ?= 600000
bench: $(READY)
	$(BIN)/python -m benchmarks.national --searches $(SEARCHES) --besides
	$(BIN)/python benchmarks/stages.py

# Packages are pinned with their hashes; any package index that holds them will do.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	$(BIN)/python -c "open('$(READY)', 'w').close()"

# What an analyst installs: the toolkit, and the versions that it was tested with. README.md says how.
wheel: $(READY)
	$(BIN)/python -m hatchling build -t wheel -d dist
	$(PYTHON) -c "import shutil; shutil.copy('requirements-run.lock', 'dist')"

# What goes to an index: wheel and source, built twice, the same bytes. Times in it are those of the last commit.
dist: export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 1580601600)
dist: $(READY)
	$(BIN)/python -m release.distributions dist

# For a machine without an index: `make bundle FOR="--platform windows --python 3.12"`.
bundle: wheel
	$(BIN)/python -m release.bundle dist $(FOR)

# The documentation as a site, to be read without a network. A dead link stops it.
docs: $(READY)
	$(BIN)/python -m release.documentation build/docs

# A publication to look at, of eight forces' open records (Open Government Licence v3.0); `make docs` then leads to it.
RECORDS ?= $(or $(DISPARITY_RECORDS),../shared/data/police_uk)
sample: $(READY)
	$(BIN)/python -m release.sample $(RECORDS) build/sample

# Known faults of what an analyst installs, where pip-audit is installed.
audit: $(READY)
	$(BIN)/python -m release.audit

# All that can be asked of a release on one machine. The bundle is installed as its reader does, and listed with licences.
release-check: lint dist docs audit
	$(BIN)/zizmor --offline --quiet --persona=pedantic .github
	$(BIN)/python -m release.bundle dist
	$(BIN)/python -m release.offline dist/bundle-machine dist/bill-of-materials.cdx.json

# Needs uv. The hashes are for every platform, so that Windows and Linux install the same.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-annotate \
	--custom-compile-command "make lock"
lock:
	$(COMPILE) --group dev pyproject.toml -o requirements.lock
	$(COMPILE) --constraints requirements.lock pyproject.toml -o requirements-run.lock

# What the project file may say, from its model, and every code: after a change of the model or of the codes.
reference: $(READY)
	$(BIN)/disparity schema --out disparity.schema.json
	$(BIN)/disparity schema --page --out docs/project-file.md
	$(BIN)/disparity schema --codes --out docs/codes.md

clean:
	$(PYTHON) -c "import shutil; [shutil.rmtree(name, ignore_errors=True) for name in ('.venv', 'site', 'build')]"
