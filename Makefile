# Two commands are all a newcomer needs: `make demo` and `make test`. `make help` tells the rest.

PORT ?= 8000
VENV ?= .venv
PYTHON ?=
ARGS ?=
BIN = $(VENV)/bin
export PYTHON VENV

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench soak load proof lock format clean

help: ## Say what each command does
	@echo "make demo PORT=8001 runs the demo on another port; PYTHON=/path/to/python3.12 picks the interpreter."
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Run the site with sample content on this machine (Ctrl-C stops it; nothing you edit is lost)
	@./setup requirements.txt
	@exec $(BIN)/python -m antiempire.demo --port $(PORT) $(ARGS)

test: ## Run every test that needs no server, browser or service (ARGS="-k words" is passed to pytest)
	@./setup requirements-dev.txt
	@exec $(BIN)/python -m pytest -n 2 $(ARGS)

lint: ## Check style, import contracts, templates and migrations
	@./setup requirements-dev.txt
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --quiet --lint templates
	DEBUG=true ENV_FILE=/dev/null $(BIN)/python manage.py makemigrations --check --dry-run

bench: ## Measure what pages cost, as served and as the site grows; writes docs/benchmarks.md
	@./setup requirements-dev.txt
	$(BIN)/python .ci/postgresql.py --if-installed $(BIN)/python -m benchmarks $(ARGS)
	$(BIN)/python -m benchmarks.serving

soak: ## Play a year of pledges while events are lost and processes killed, and hold the ledger to the cent
	@./setup requirements-dev.txt
	@exec $(BIN)/python .ci/postgresql.py $(BIN)/python -m benchmarks.soak $(ARGS)

load: ## Play a front-page day on the whole site, and hold what every reader was shown to what was true
	@./setup requirements-dev.txt
	@exec $(BIN)/python -m benchmarks.load $(ARGS)

proof: ## The long proofs: the full soak, invented years, ten thousand visits to the trap, as many requests for stored pages, the benchmarks; writes docs/proofs.md
	@./setup requirements-dev.txt
	$(BIN)/python .ci/postgresql.py $(BIN)/python -m benchmarks.soak
	$(BIN)/python -m benchmarks.load
	PROOF_EXAMPLES=200 $(BIN)/python -m pytest -n 2 tests/donations
	PROOF_EXAMPLES=10000 $(BIN)/python -m pytest -n 2 tests/bottrap/test_never_banned.py
	PROOF_EXAMPLES=10000 $(BIN)/python -m pytest -n 0 -s tests/pagecache/test_canaries.py
	$(BIN)/python .ci/postgresql.py $(BIN)/python -m benchmarks.trap
	$(BIN)/python .ci/postgresql.py $(BIN)/python -m benchmarks

format: ## Put the code into the house's format
	@./setup requirements-dev.txt
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# The locks name versions and hashes only, never the place they were fetched from. uv lives in an environment of its own.
UV = var/uv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.12
lock: ## Choose the newest allowed dependencies and write both lock files (needs the package index)
	@test -x $(BIN)/python || ./setup requirements.txt
	@test -x var/uv/bin/uv || { $(BIN)/python -m venv var/uv && var/uv/bin/python -m pip install --quiet uv; }
	$(UV) --upgrade pyproject.toml --output-file requirements.txt
	$(UV) --upgrade pyproject.toml --group dev --constraints requirements.txt --output-file requirements-dev.txt

clean: ## Remove the environment and all caches (the demo's articles in var/demo stay)
	rm -rf $(VENV) var/uv var/static var/cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
