# Everything a person does with this checkout. `make` lists it.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Where the tests find PostgreSQL; they make and drop databases of their own there.
POSTGRES ?= postgresql://postgres@127.0.0.1:5432/guatu
# Where `make demo` serves the site, and whether it does.
PORT ?= 8000
SERVE ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# A module is compiled once, not by every process anew, whatever the surroundings say.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup front settings wheel bench-setup demo test check fix openapi lock clean

help: ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# One stamp per lock file: a changed lock is installed again, nothing else is.
$(VENV)/.base: requirements/base.txt pyproject.toml
	@test -x $(BIN)/python || { echo '环境准备中，约一分钟 · setting up, about a minute'; $(PYTHON) -m venv $(VENV); }
	$(BIN)/pip install --quiet --require-hashes -r requirements/base.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# What pages load, from the npm lock.
$(VENV)/.front: $(VENV)/.base front/package-lock.json front/gather.py
	$(BIN)/python front/gather.py
	@touch $@

$(VENV)/.dev: $(VENV)/.base $(VENV)/.front requirements/dev.txt
	$(BIN)/pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(VENV)/.dev ## the environment, from the lock

front: $(VENV)/.front ## what pages load (htmx), from the npm lock

settings: $(VENV)/.base ## write the pages about settings anew from their declaration
	$(BIN)/guatu hub settings --as markdown > docs/reference/settings.md
	$(BIN)/guatu hub settings --as env > .env.sample

wheel: $(VENV)/.front ## build the wheel into dist/
	$(BIN)/hatchling build -t wheel

demo: $(VENV)/.base $(VENV)/.front ## the demonstration city: three rounds in turn, then its site (SERVE=0: no site; PORT=8000)
	@$(BIN)/python demo/run.py
ifneq ($(SERVE),0)
	@$(BIN)/python demo/serve.py --port $(PORT)
endif

test: $(VENV)/.dev ## the tests, the hub's on SQLite and on PostgreSQL (says what it left out)
	$(BIN)/pytest -n 2 -q
	@$(BIN)/python tests/postgresql.py $(POSTGRES) && GUATU_DATABASE=$(POSTGRES) $(BIN)/pytest -n 2 -q tests/hub \
	  || { code=$$?; test $$code = 75 && test -z "$$GUATU_NOTHING_LEFT_OUT"; }

$(VENV)/.bench: $(VENV)/.dev requirements/bench.txt
	$(BIN)/pip install --quiet --require-hashes -r requirements/bench.txt
	@touch $@

bench-setup: $(VENV)/.bench ## the peers that benchmarks/ measure us against

check: $(VENV)/.dev ## lint, types, import contracts, packs
	$(BIN)/ruff check src tests demo drills benchmarks
	$(BIN)/ruff format --check src tests demo drills benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/guatu packs check packs/* demo/pack

fix: $(VENV)/.dev ## what ruff can mend by itself
	$(BIN)/ruff check --fix src tests demo drills benchmarks
	$(BIN)/ruff format src tests demo drills benchmarks

openapi: $(VENV)/.base ## write the description of the API anew
	@GUATU_HOME=$$(mktemp -d) DJANGO_SETTINGS_MODULE=guatu.hub.config.settings $(BIN)/python -c 'import django, json; django.setup(); \
	from guatu.hub.api.routes import api; print(json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1))' \
	> docs/reference/openapi.json

lock: ## write the lock files anew (needs uv)
	uv pip compile pyproject.toml --group build --generate-hashes --no-emit-index-url --python-version 3.11 -q -o requirements/base.txt
	uv pip compile pyproject.toml --group build --group dev --generate-hashes --no-emit-index-url --python-version 3.11 -q -o requirements/dev.txt
	uv pip compile pyproject.toml --group build --group dev --group bench --generate-hashes --no-emit-index-url --python-version 3.11 -q -o requirements/bench.txt

clean: ## remove what was made
	rm -rf $(VENV) out dist front/node_modules src/guatu/hub/web/static/front .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
