# One word for each thing done often. Set PYTHON to the interpreter of your environment.
PYTHON ?= .venv/bin/python
ROADS = ../shared/data/travel
RUTLAND = ../shared/data/rutland
PLANS = ../shared/data/dfe
OF_DATA = bench/travel_curve.py bench/roads.py bench/forecast_error.py bench/band_model.py
BENCHMARKS = $(filter-out $(OF_DATA) bench/areas.py,$(wildcard bench/*.py))

.PHONY: install test quick lint format bench docs screens golden lock wheel ci

install:
	python3 -m venv .venv
	.venv/bin/pip install --constraint constraints.txt --editable '.[test,look,explore,cluster]'

test:
	$(PYTHON) -m pytest

quick:
	$(PYTHON) -m pytest -m "not slow"

lint:
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

format:
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

bench:
	for file in $(BENCHMARKS); do echo "$$file"; $(PYTHON) "$$file" || exit 1; done
	if [ -d $(ROADS) ]; then $(PYTHON) bench/travel_curve.py $(ROADS); fi
	if [ -d $(RUTLAND) ] && $(PYTHON) -c 'import osrm' 2>/dev/null; then $(PYTHON) bench/roads.py $(RUTLAND); fi
	if [ -d $(PLANS) ]; then $(PYTHON) bench/forecast_error.py $(PLANS) --quick; fi

docs:
	$(PYTHON) docs/make_reference.py

screens:
	$(PYTHON) docs/make_screens.py

golden:
	$(PYTHON) -m tests.plan.test_golden
	$(PYTHON) -m tests.result.test_golden_tables
	$(PYTHON) -m tests.report.test_tables
	$(PYTHON) -m tests.report.test_content
	$(PYTHON) -m tests.report.test_returns

lock:
	uv lock --no-config --default-index https://pypi.org/simple --upgrade
	uv export --no-config --default-index https://pypi.org/simple --locked --no-hashes --no-annotate --no-header --no-emit-project --extra test --extra look --extra roads --extra explore --extra cluster --output-file constraints.txt

wheel:
	$(PYTHON) -m pip wheel --no-deps --wheel-dir dist .

ci:
	.ci/run
