# make install   every console script of the workspace, and meltano, in .venv/bin
# make demo      the integrations on the sandbox, from an empty folder (ONLY=NAME for one of them)
# make test      all tests
# make lint      ruff and mypy --strict
# make definitions  what is made from the plugins' settings and tables: README tables, plugin.yml, plugins/, PL/SQL
# make bench     the measurements (ONLY=NAME for one of them)

PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
LOCAL  := ml-connector tap-jde tap-oracle-ebs tap-oro-crm tap-zendesk-ml tap-zoho-crm target-jde target-oro-crm target-zendesk-ml target-zoho-crm sandbox
STAMP  := $(VENV)/.installed
export UV_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
# The tests start hundreds of processes: without bytecode at hand each would compile what it imports anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install demo test lint bench format definitions clean

install: $(STAMP)

$(STAMP): constraints.txt requirements-dev.txt $(LOCAL:%=%/pyproject.toml)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -r requirements-dev.txt $(LOCAL:%=-e ./%)
	touch $@

test: install
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

definitions: install
	$(BIN)/python -m tools.definitions

bench: install
	$(BIN)/python -m bench $(ONLY)

demo: install
	$(BIN)/python demo/run.py $(ONLY)

clean:
	rm -rf $(VENV) .meltano .ml-connector
