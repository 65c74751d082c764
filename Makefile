# Two commands on a fresh machine with Python >= 3.11, make and git: make demo, make test.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo "$$p" && break; done)
VENV := .venv
BIN := $(VENV)/bin
FORMAT ?= html

.DEFAULT_GOAL := help
.PHONY: help install demo test lint types imports pytest docs side-by-side benchmarks simulate fuzz dictionary markers \
	lock clean

help:  ## Say what each target does
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(VENV)/.installed: pyproject.toml requirements-dev.lock
	@test -n "$(PYTHON)" || { echo "ketbio needs Python 3.11 or newer; none was found. Name one: make PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

install: $(VENV)/.installed  ## Create .venv with everything pinned

demo: $(VENV)/.installed  ## The main job: the demo study from its files to its report (FORMAT=html|docx|pdf)
	$(BIN)/ketbio demo --out demo-report --force $(foreach f,$(FORMAT),--format $(f))

test: lint types imports pytest  ## Everything that must hold

lint: $(VENV)/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.installed
	$(BIN)/mypy

imports: $(VENV)/.installed
	$(BIN)/lint-imports

pytest: $(VENV)/.installed
	$(BIN)/python -m pytest -n auto --durations 10

docs: $(VENV)/.installed  ## The documentation as a site in build/site: pages, tutorial, reference, gallery
	$(BIN)/python docs/site/assemble.py build/docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --clean
	$(BIN)/python docs/site/check_links.py build/site

side-by-side: $(VENV)/.installed  ## docs/gallery anew: the same data by ketbio, seaborn and DABEST
	$(BIN)/python docs/gallery/side_by_side.py
	test -x .venv-dabest/bin/python || $(PYTHON) -m venv .venv-dabest
	.venv-dabest/bin/python -m pip install --quiet --disable-pip-version-check "dabest==2025.10.20"
	.venv-dabest/bin/python docs/gallery/dabest_figure.py

benchmarks: $(VENV)/.installed  ## Timings, side by side with peers; never asserted
	$(BIN)/python benchmarks/imports.py
	$(BIN)/python benchmarks/inference.py
	$(BIN)/python benchmarks/intake.py
	$(BIN)/python benchmarks/laboratory.py
	$(BIN)/python benchmarks/report.py

simulate: $(VENV)/.installed  ## Write the demo study's files anew from their generator
	$(BIN)/python -m ketbio.demo.simulate

SECONDS ?= 60
fuzz: $(VENV)/.installed  ## Fuzz the readers of incoming files, SECONDS for each target
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "atheris>=2.3"
	set -e; for target in $$($(BIN)/python tests/fuzzing/fuzz_readers.py --list); do \
		$(BIN)/python tests/fuzzing/fuzz_readers.py $$target -max_total_time=$(SECONDS); done

dictionary: $(VENV)/.installed  ## Write docs/dictionary anew from the schemas
	$(BIN)/python -m ketbio.tables.forms.dictionary_files docs/dictionary

markers: $(VENV)/.installed  ## Write docs/markers.md anew from the registry of markers
	$(BIN)/python -m ketbio.tables.markers.page docs/markers.md

lock:  ## Pin the development dependencies anew
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet pip-tools
	.venv-lock/bin/pip-compile --quiet --upgrade --strip-extras --extra dev --extra test --extra docs \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --annotation-style line \
		--output-file requirements-dev.lock pyproject.toml
	rm -rf .venv-lock

clean:  ## Remove what the other targets made
	rm -rf $(VENV) .venv-lock .venv-dabest demo-report build *.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis
