# SkyShield. `make demo` and `make test` each work alone on a fresh machine with Python 3.11 or newer and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY_TO_RUN := $(VENV)/.ready-run
READY := $(VENV)/.ready
FROM ?= 2025-10-01
TO ?= 2026-02-28
ASIDE_FROM ?= 2025-01-01
ASIDE_TO ?= 2025-03-31
BACKTEST = $(BIN)/skyshield backtest $(SKYSHIELD_DATA)/raids/missile_attacks_daily.csv --alerts $(SKYSHIELD_DATA)/alerts/oblast_alert_intervals.csv.gz --json
BASE ?= HEAD~1

.PHONY: demo app test test-long lint recovery evidence calibration mutations mutmut verification joining bench baseline same-results reference clean help

help:  ## say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

# What running needs; the test tools come on top of it, into the same environment.
$(READY_TO_RUN): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "error: $(PYTHON): is older than 3.11; set PYTHON to a newer one" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(READY): $(READY_TO_RUN)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(READY_TO_RUN)  ## play the default study on embedded data and write a report
	$(BIN)/skyshield run --out demo --force --timing
	@echo "To see it in a browser and move its levers: make app FOLDER=."

app: $(READY_TO_RUN)  ## open the application in a browser, on your studies or on those in FOLDER=...
	$(BIN)/skyshield app $(FOLDER)

test test-long: export PYTHONDONTWRITEBYTECODE =  # the tests start many processes: each would compile every module anew

test: $(READY)  ## the tests, and the examples in docstrings (as test modules, which conftest.py files are not)
	$(BIN)/python -m pytest -n auto --dist worksteal --doctest-modules --ignore-glob='*/conftest.py' src tests

test-long: $(READY)  ## the long checks, and the checks on random examples with new ones
	SKYSHIELD_EXAMPLES=new $(BIN)/python -m pytest -n auto --dist worksteal -m 'slow or hypothesis' tests

lint: $(READY)  ## style, types, layers, types of the page
	$(BIN)/ruff check src tests tools benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/check_page.py

recovery: $(READY)  ## records made from known parameters and fitted again: do the intervals hold the truth (half an hour)
	$(BIN)/python tools/recovery.py
	$(BIN)/python tools/deep_level.py

evidence: $(READY)  ## backtest the record in SKYSHIELD_DATA and write the pages on evidence (ten minutes)
	$(BACKTEST) --from $(FROM) --to $(TO) > .backtest.json
	$(BACKTEST) --from $(ASIDE_FROM) --to $(ASIDE_TO) > .backtest_aside.json
	$(BIN)/python tools/make_evidence.py .backtest.json .backtest_aside.json
	rm -f .backtest.json .backtest_aside.json
	$(BIN)/python tools/make_natural_experiments.py

calibration: $(READY)  ## write the calibration page from the real record in SKYSHIELD_DATA (15 minutes)
	$(BIN)/python tools/make_calibration.py

mutmut: $(READY)  ## break a sample of the engine and the rules anywhere and count what the tests notice (hours)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check mutmut==3.8.1
	$(BIN)/python tools/mutmut_score.py

verification: $(READY)  ## play every case of the verification and write its page (a minute)
	$(BIN)/python tools/make_verification.py

mutations: $(READY)  ## break the program in listed ways and see its tests notice (half an hour)
	$(BIN)/python tools/mutate.py

joining: $(READY)  ## measure how well reports are joined into events, on reports of another model (an hour)
	$(BIN)/python tools/joining_measured.py

bench: $(READY)  ## the benchmarks, or BENCH=name,... of them: JSON lines (20 minutes; the machine should be quiet)
	$(BIN)/python -m benchmarks $(BENCH)

baseline: $(READY)  ## accept the exact numbers of today as the baseline
	$(BIN)/python tools/update_baseline.py

same-results: $(READY)  ## show that results are those of BASE (a commit), byte for byte (five minutes, more after the engine changed)
	$(BIN)/python tools/same_results.py $(BASE)

reference: $(READY)  ## write the reference pages from the tables and commands
	$(BIN)/python tools/make_reference.py
	$(BIN)/python tools/make_commands_reference.py
	$(BIN)/python tools/make_application_reference.py

clean:  ## remove what was made, not the demo study
	rm -rf $(VENV) build dist src/*.egg-info .mypy_cache .ruff_cache .import_linter_cache .pytest_cache
