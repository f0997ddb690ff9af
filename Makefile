# Everything a developer types, and what CI types. `make` alone says what there is.
#
# Needs: Python 3.11+, make, git. Go 1.26+ only where the Pulumi CLI has to be built (no network to Pulumi's own site).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK_TOOL := uv==0.13.9
PYTEST_ARGS ?=
IMAGES ?=
# Tests wait for CLIs and containers: two to a processor keep both busy.
WORKERS ?= 4
# How many random platforms `make fuzz` runs (python -m tests.truth --help), and how many commands it kills.
TRUTH ?= --count 1000
STORM ?= --count 200

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PULUMI_SKIP_UPDATE_CHECK := true

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

# --- environment ---------------------------------------------------------------------------------------------------

.PHONY: env
env: $(VENV)/.project ## create .venv with the locked dependencies (nothing where it is up to date)
	@$(BIN)/python -m compileall -q platform_pulumi components stacks benchmarks

$(VENV)/.python:
	@tools/python-ready "$(PYTHON)"
	@echo "Creating $(VENV) ..."
	@"$(PYTHON)" -m venv $(VENV)
	@touch $@

# Compiled once by all processors, ours with every `env`: where Python is told to write no bytecode
# (PYTHONDONTWRITEBYTECODE), each command would otherwise compile the SDKs anew.
$(VENV)/.locked: requirements.lock $(VENV)/.python
	@echo "Installing the locked dependencies (1-2 minutes the first time) ..."
	@$(BIN)/python -m pip install --quiet --no-compile --require-hashes -r requirements.lock
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib >/dev/null || true
	@touch $@

$(VENV)/.project: pyproject.toml $(VENV)/.locked
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.PHONY: lock
lock: ## renew requirements.lock from pyproject.toml
	@tools/python-ready "$(PYTHON)"
	@"$(PYTHON)" -m venv build/lock && build/lock/bin/pip install --quiet "$(LOCK_TOOL)"
	@build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --extra dev \
		--upgrade --strip-extras --no-annotate --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	@echo "requirements.lock: $$(grep -c '==' requirements.lock) packages"

.PHONY: cli
cli: env ## find the Pulumi CLI, or download or build it
	@$(BIN)/python -m platform_pulumi.engine.acquisition

.PHONY: cli-oldest
cli-oldest: env ## the oldest Pulumi CLI that is supported, downloaded or built, for the tests
	@$(BIN)/python -m tests.clis

.PHONY: docker
docker: env ## see to a Docker daemon, the test bed's images and Docker Compose; IMAGES="postgres:15 redis:7" sees to some
	@$(BIN)/python -m tests.bed $(IMAGES)

# --- the product ---------------------------------------------------------------------------------------------------

.PHONY: demo
demo: ## plan, apply and plan again the production example, on simulated plugins: no cloud account, nothing real touched
	@echo "Demo: examples/platform-production.yaml is planned, applied and planned again by the real Pulumi engine on simulated plugins."
	@$(MAKE) --no-print-directory cli
	@PLATFORM=$(BIN)/platform tools/demo

.PHONY: schema
schema: env ## print the JSON Schema of the declarations
	@$(BIN)/platform schema

.PHONY: fields
fields: env ## write the fast checks of the document's fields anew, from its models
	@$(BIN)/python -m platform_pulumi.declarations.schemas.generation > fields.tmp
	@mv fields.tmp platform_pulumi/declarations/schemas/field_checks.py

# --- quality -------------------------------------------------------------------------------------------------------

.PHONY: check
check: env ## format, lint, types, imports: seconds
	@$(MAKE) --no-print-directory -j 2 types style
	@echo "check: formatted, linted, typed, imports one way"

.PHONY: types
types:
	@$(BIN)/mypy --no-error-summary

.PHONY: style
style:
	@$(BIN)/ruff format --check --quiet --output-format concise . || { echo "Not formatted: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@mkdir -p build
	@$(BIN)/lint-imports --no-logo >build/imports.log 2>&1 || { cat build/imports.log; exit 1; }

.PHONY: format
format: env ## format the code and sort the imports
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --select I --fix .

# What pytest makes of test modules is kept, also where Python is told to write no bytecode: each worker reads them all.
quick test fuzz: export PYTHONDONTWRITEBYTECODE :=

.PHONY: quick
quick: env ## the units: what to run after each edit, well under a minute
	@$(BIN)/python -m pytest -q -n $(WORKERS) -m "not engine and not docker" $(PYTEST_ARGS)

.PHONY: test
test: check cli cli-oldest ## every check and every test, with coverage; PYTEST_ARGS="-k name" runs some, without
	@$(BIN)/python -m tests.bed --optional $(IMAGES)
ifeq ($(strip $(PYTEST_ARGS)),)
	@rm -rf .coverage-data
	@$(BIN)/coverage run -m pytest -n $(WORKERS) --durations 20 --times=CONTRIBUTING.md
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report
else
	@$(BIN)/python -m pytest $(PYTEST_ARGS)
endif

.PHONY: fuzz
fuzz: env cli-oldest ## what takes long and CI does not wait for: all that runs the engine, on the oldest Pulumi CLI; 200 kills of simulated runs and 40 of real ones; random platforms (TRUTH="--minutes 60")
	@$(BIN)/python -m tests.bed --optional $(IMAGES)
	@$(BIN)/python -m pytest -n $(WORKERS) -m engine --oldest-cli --long-storms $(PYTEST_ARGS)
	@$(BIN)/python -m tests.storm $(STORM)
	@$(BIN)/python -m tests.truth --out build/truth $(TRUTH)

.PHONY: bench
bench: cli ## measure: start-up, validate, preview and up against bare Pulumi
	@$(BIN)/python -m benchmarks

.PHONY: clean
clean: ## remove everything made here; the Pulumi CLI in the user's cache stays
	@rm -rf $(VENV) build dist .platform .coverage-data .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
