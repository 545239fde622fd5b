# The portal's commands. `make help` lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run dev test test-long check bench lock screenshots format clean

DEMO ?= 1
TESTS ?= tests
PYTHON := .venv/bin/python
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Containers often turn bytecode off; without it every process compiles some 2,500 modules anew and starts in 6 s instead of 2.
unexport PYTHONDONTWRITEBYTECODE
# Without PORT the setting PORTAL_PORT holds, 3000 unless it is set.
ifdef PORT
export PORTAL_PORT := $(PORT)
endif

help: ## list these commands
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  PORT=3000 and DEMO=1 are the defaults of 'make run'; DEMO=0 starts without the demo practice."
	@echo "  TESTS=tests/domain narrows 'make test'."

run: ## install what is missing, build, and serve on http://127.0.0.1:3000
	@scripts/install run
	@$(PYTHON) -m portal migrate
	@if [ "$(DEMO)" = 1 ]; then $(PYTHON) -m portal demo --once; fi
	@exec $(PYTHON) -m portal serve $(if $(PORT),--port $(PORT))

dev: ## the same with hot reload, for people who change the portal
	@scripts/install run
	@$(PYTHON) -m portal migrate
	@if [ "$(DEMO)" = 1 ]; then $(PYTHON) -m portal demo --once; fi
	@exec reflex run --env dev --backend-host 127.0.0.1 $(if $(PORT),--frontend-port $(PORT))

test: ## every test but the long ones (under 20 minutes on two cores)
	@scripts/install test
	@scripts/test "not long" $(TESTS)

test-long: ## randomised, kill and scale runs
	@scripts/install test
	@scripts/test "long" $(TESTS)

check: ## style, types, import rules, migrations, locks, licences, secrets, advisories
	@scripts/install test
	@$(PYTHON) -m scripts.check

bench: ## measure against a bare Reflex application; writes var/bench.json
	@scripts/install test
	@$(PYTHON) -m tests.bench $(BENCH)

screenshots: ## every screen, both widths, both themes, into docs/screenshots
	@scripts/install test
	@$(PYTHON) -m scripts.screenshots

lock: ## compile requirements*.in into hashed requirements*.txt
	@scripts/install test
	@$(PYTHON) -m scripts.lock

format: ## let ruff lay out the code and mend what it can
	@scripts/install test
	@ruff format . && ruff check --fix .

clean: ## remove what can be made again; var/ (your data) and .venv stay
	@rm -rf .web .states .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
