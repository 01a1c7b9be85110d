# The README's commands. Everything is installed into .venv from the hashed lists in requirements/.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
EDITABLE := $(PIP) install --no-deps --no-build-isolation --editable .

.PHONY: venv run test check lock clean

venv: $(VENV)/.run

$(VENV)/.run: requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Presswatch needs Python 3.11 or newer; set PYTHON=…")'
	@echo "Building $(VENV) (once; it takes half a gigabyte of disk) …"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements/run.txt
	@$(EDITABLE)
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

run: $(VENV)/.run
	@$(BIN)/presswatch

test: check
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-annotate --custom-compile-command 'make lock' pyproject.toml --output-file requirements/run.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-annotate --custom-compile-command 'make lock' --extra dev --constraints requirements/run.txt \
	  pyproject.toml --output-file requirements/dev.txt

clean:
	rm -rf $(VENV) *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
