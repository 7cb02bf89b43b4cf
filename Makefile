## make review   the worked example's review, from nothing to out/2026-10/index.html
## make lab      the notebooks in JupyterLab
## make test     every check and test
## make bench    what the large things cost: a cascade, its proof, a form's save
## make check    linters, types, walls between the modules
## make templates runs the templates anew and stores what they show
## make messages new texts into the catalogues, for translation
## make clean    takes away what these have made
PYTHON ?= python3
PERIOD ?= 2026-10

BIN := .venv/bin
READY := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help install review lab test bench check templates messages clean

help:
	@sed -n 's/^## //p' Makefile

install: $(READY)

# Made again when the dependencies change, and only then: the second call does nothing and needs no network.
$(READY): pyproject.toml constraints.txt
	@test -x $(BIN)/pip || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "kpinb needs Python 3.11 or newer, and $(PYTHON) is not: run “make PYTHON=python3.12”, say." >&2; exit 2; }
	test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
	  --editable '.[lab,examples,test]'
# JupyterLab asks about news on its first start, and would then fetch them.
	@mkdir -p .venv/etc/jupyter/labconfig
	@echo '{"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": true}}' \
	  > .venv/etc/jupyter/labconfig/page_config.json
	@touch $@

review: $(READY)
	$(BIN)/kpinb init . --example
	$(BIN)/kpinb review $(PERIOD)

lab: $(READY)
	$(BIN)/kpinb init . --example
	$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) notebooks/00_start.ipynb

test: check
	$(BIN)/kpinb init . --example
	$(BIN)/pytest -n 2 --dist loadfile
# The templates show what they showed when they were committed; run as an analyst would, against the same store.
	$(BIN)/pytest -n 2 --dist loadfile --nbval --nbval-current-env --nbval-cell-timeout=120 notebooks

bench: $(READY)
	$(BIN)/python -m benchmarks

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The outputs that stand in the templates are those of the worked example; nbval holds the templates to them.
templates: $(READY)
	rm -rf build/templates
	$(BIN)/kpinb init build/templates --example --language zh
	KPINB_WORKBOOK=$(CURDIR)/build/templates $(BIN)/jupyter nbconvert --to notebook --inplace --execute \
	  --ExecutePreprocessor.record_timing=False --ClearMetadataPreprocessor.enabled=True \
	  --ClearMetadataPreprocessor.preserve_cell_metadata_mask=tags \
	  --ClearMetadataPreprocessor.preserve_nb_metadata_mask=kernelspec notebooks/*.ipynb

messages: $(READY)
	@mkdir -p build
	$(BIN)/pybabel --quiet extract --mapping-file babel.cfg --add-location file --project kpinb \
	  --output-file build/kpinb.pot .
	$(BIN)/pybabel --quiet update --input-file build/kpinb.pot --output-dir kpinb/locale --domain kpinb \
	  --no-fuzzy-matching --ignore-pot-creation-date --no-wrap

# The store in var/ stays: it holds what people typed.
clean:
	rm -rf .venv out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find kpinb tests notebooks -name __pycache__ -prune -exec rm -rf {} +
