# The README's commands. Everything is installed into .venv from the hashed lists in requirements/.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
ROOMS := bot domain extraction handlers processes readers services storage
EDITABLE := $(PIP) install --no-deps --no-build-isolation --editable .

.PHONY: venv run test check audit licences lock catalogue clean

venv: $(VENV)/.run

$(VENV)/.run: requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Presswatch needs Python 3.11 or newer; set PYTHON=…")'
	@echo "Building $(VENV) (once; it takes nearly a gigabyte of disk) …"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements/run.txt
	@$(EDITABLE)
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

run: $(VENV)/.run
	@$(BIN)/presswatch

# Tests wait more than they reckon: four at a time keep two cores busy.
test: check
	@$(BIN)/python -m pytest -n 4 --dist loadfile

check: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/bandit --quiet --configfile pyproject.toml --recursive $(ROOMS)

# Known vulnerabilities of the locked packages: 1 where there are some, 3 where they could not all be looked up.
audit: $(VENV)/.dev
	@$(BIN)/python -m tests.upkeep.audit requirements/run.txt requirements/dev.txt

licences: $(VENV)/.dev
	@$(BIN)/python -m tests.upkeep.licences

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-annotate --custom-compile-command 'make lock' pyproject.toml --output-file requirements/run.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-annotate --custom-compile-command 'make lock' --extra dev --constraints requirements/run.txt \
	  pyproject.toml --output-file requirements/dev.txt

# What the bot says, in its other languages: new texts come in empty, and a test fails until they are translated.
LOCALE := handlers/replies/locale
LANGUAGES := de fr he ru uk
catalogue: $(VENV)/.dev
	@$(BIN)/pybabel --quiet extract --keyword later --add-location file --sort-by-file --omit-header --width 110 \
	  --output-file $(VENV)/presswatch.pot handlers
	@for language in $(LANGUAGES); do \
	  file=$(LOCALE)/$$language/LC_MESSAGES/presswatch.po; \
	  $(BIN)/pybabel --quiet update --init-missing --no-fuzzy-matching --ignore-obsolete --width 110 --domain presswatch \
	    --input-file $(VENV)/presswatch.pot --output-dir $(LOCALE) --locale $$language || exit 1; \
	  sed -i -E '/^"(Project-Id-Version|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|Report-Msgid-Bugs-To):/d; /^# /d; /^#$$/d; /^#, fuzzy$$/d' $$file; \
	done

clean:
	rm -rf $(VENV) *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
