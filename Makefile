# Guanjia, the back office of a property-management customer-service centre. `make` alone lists what one can do.

PYTHON ?= python3
PORT ?= 5000
JOBS ?= auto
UNITS ?= 600
RECORDS ?= 3000
BIN := .venv/bin
FLASK := $(BIN)/python -m flask --app wsgi
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq install --require-hashes
LOCK := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run demo test quick lint format bench translate duties migration lock clean

help: ## List what one can do
	@echo "make TARGET, where TARGET is one of:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile
	@echo "Settings come from the environment; app/ground/settings.py lists them with their defaults."

setup: .venv/checks.stamp ## Make the environment in .venv, with what tests and checks need

run: export PORT := $(PORT)
run: .venv/runs.stamp ## Start at http://127.0.0.1:5000 with a demo estate (PORT=8000 moves it)
	@$(FLASK) db upgrade
	@$(FLASK) demo --if-empty
	@echo
	@echo "  Guanjia is at http://127.0.0.1:$(PORT)   (Ctrl+C ends it)"
	@echo "  Demo logins: manager, supervisor, specialist, frontdesk; the password of each: guanjia-demo"
	@echo
	@exec $(FLASK) serve --port "$(PORT)"

demo: .venv/runs.stamp ## Fill the database with a demo estate (UNITS=600 RECORDS=3000)
	@$(FLASK) db upgrade
	@$(FLASK) demo --units $(UNITS) --records $(RECORDS)

test: lint ## Run every check and test (PostgreSQL's half where TEST_POSTGRES_URL is set)
	@test -n "$$TEST_POSTGRES_URL" || echo "Skipped: the PostgreSQL half, since TEST_POSTGRES_URL is not set."
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
		echo "Skipped: the browser journeys, since no Chromium is found."
	$(BIN)/python -m pytest -n $(JOBS) --maxprocesses 8 --dist worksteal -m "not load"
	$(BIN)/python -m pytest -n 2 -m "load and not alone"
	$(BIN)/python -m pytest -m alone

quick: lint ## Run the checks that take three minutes: style, types, what needs neither server nor browser, on SQLite
	@echo "Left out: PostgreSQL, the real server, the browser, many processes at once, and what takes half a minute."
	$(BIN)/python -m pytest -n $(JOBS) --maxprocesses 8 --dist worksteal -m "not (postgres or server or journeys or load or long)"

lint: .venv/checks.stamp ## Check style, types and the rooms' one-way imports
	$(BIN)/ruff check --output-format concise .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo

format: .venv/checks.stamp ## Put the code into its usual form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/checks.stamp ## Measure, beside stock Flask-Admin and Django admin
	$(BIN)/python -m bench

translate: .venv/checks.stamp ## Collect the texts and bring the Chinese catalogue up to date
	PYTHONPATH=. $(BIN)/pybabel -q extract -F babel.cfg -k _l -k lazy_gettext --no-location --sort-output --project Guanjia \
		--copyright-holder "The Guanjia authors" -o .venv/messages.pot .
	$(BIN)/pybabel -q update -i .venv/messages.pot -d app/translations -l zh_Hans_CN --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 0

duties: .venv/runs.stamp ## Write the table of who may do what, to be read and committed
	@$(FLASK) duties --write tests/models/duties.txt

migration: .venv/runs.stamp ## Write the migration of a changed declaration (NAME="what changes")
	@$(FLASK) db upgrade
	@$(FLASK) db migrate -m "$(NAME)"

lock: .venv/checks.stamp ## Pin the packages of requirements*.in (LOCK_OPTIONS=--upgrade takes newer ones)
	$(LOCK) $(LOCK_OPTIONS) -o requirements.txt requirements.in
	$(LOCK) $(LOCK_OPTIONS) -o requirements-dev.txt requirements-dev.in

clean: ## Remove the environment, and caches; data/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp stands for packages installed whole; it is older than a list of packages that changed.
.venv/python.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Guanjia needs Python 3.11 or newer; $(PYTHON) is $$({ $(PYTHON) --version || echo missing; } 2>/dev/null). Another one: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || $(PYTHON) -m venv --clear .venv || { \
		echo "The environment .venv couldn't be made; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@touch $@

.venv/runs.stamp: .venv/python.stamp requirements.txt
	@test -e .venv/checks.stamp || echo "Installing packages into .venv …"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/checks.stamp: .venv/python.stamp requirements.txt requirements-dev.txt
	@echo "Installing packages, and what tests and checks need, into .venv …"
	@$(PIP) -r requirements-dev.txt
	@touch .venv/runs.stamp $@
