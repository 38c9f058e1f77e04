# Two commands for everybody: `make run` and `make test`. Everything else is for whoever works on Meridian.
PYTHON ?= python3
VENV   ?= .venv
PORT   ?= 8501
BIN    := $(VENV)/bin

EXAMPLES ?= 10000

# Apache Spark apart: Great Expectations, imported beside pyspark, ends the process without a word.
SPARK  ?= .venv-spark

# Tools that only look, in an environment of their own: nothing they need can hold back what the product runs on.
TOOLS  ?= .venv-lint
READ   := '*.py' '*.toml' '*.txt' '*.md' '*.json' '*.yaml' '*.html' '*.js' '*.conf' '*.env' '*.example' '*.service' Makefile ':!data/reference' ':!docs/data-dictionary*'
# Published passwords of the demo and words that tests use: whatever else looks like a secret stops.
NO_SECRETS := meridian-demo|a good long word|an even longer word|^(wrong|short)$$|a secret between the two|k2J9-vQ7x_Lp4Zt8Wm1Rb6Yc3Nd5Hs0Fg|python -m pipelines people code

.PHONY: run test fuzz bench soak faults lint spark parity demo format clean screenshots dictionary

# One heap for all threads of a web process: pages/door/rubbish.py says why.
run: export MALLOC_ARENA_MAX = 1
run: $(VENV)/run.stamp demo          ## set up, build the demo store, serve on http://127.0.0.1:8501
	$(BIN)/streamlit run app.py --server.port $(PORT)

demo: $(VENV)/run.stamp              ## build the demo store through the real path; nothing is rebuilt that has not changed
	$(BIN)/python -m pipelines demo

test: $(VENV)/test.stamp             ## set up and pass all tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python -m pytest -n 2 --dist loadfile

fuzz: $(VENV)/test.stamp             ## spoil 10,000 tables: each is read exactly, or refused at a place; and fifty histories of publications
	MERIDIAN_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest tests/test_mutations.py tests/test_onward.py

soak: $(VENV)/test.stamp             ## fifty viewers, idle sessions, publications meanwhile, half an hour; writes docs/trust.md
	$(BIN)/python -m benchmarks.soak

faults: $(VENV)/test.stamp           ## what goes wrong outside of the product, in full counts; writes docs/trust.md
	$(BIN)/python -m benchmarks.faults

bench: $(VENV)/test.stamp            ## measure speed and memory as ratios; writes benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks

lint: $(VENV)/test.stamp $(TOOLS)/lint.stamp   ## look for faults in the code, secrets in its text, known holes in what it stands on
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy pipelines
	$(TOOLS)/bin/bandit --quiet -ll -c pyproject.toml -r app.py pages pipelines
	git ls-files -z -- $(READ) | xargs -0 $(TOOLS)/bin/detect-secrets-hook --no-verify --exclude-secrets '$(NO_SECRETS)'
	$(BIN)/python -m benchmarks.advisories $(TOOLS)/bin/pip-audit requirements.txt

spark: $(SPARK)/spark.stamp          ## Apache Spark: a master with two workers on loopback, until Ctrl-C; needs Java 17
	$(BIN)/python -m pipelines.engines.standalone

parity: $(VENV)/test.stamp $(SPARK)/spark.stamp   ## every question on both engines, of the demo store; writes benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks.parity

format: $(VENV)/test.stamp
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

dictionary: $(VENV)/run.stamp        ## write the data dictionary anew
	$(BIN)/python -m pipelines dictionary --lang en > docs/data-dictionary.en.md
	$(BIN)/python -m pipelines dictionary --lang tr > docs/data-dictionary.tr.md

clean:
	rm -rf $(VENV) $(TOOLS) $(SPARK) data/store

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --disable-pip-version-check --quiet -r requirements.txt
	touch $@

$(TOOLS)/lint.stamp: requirements-lint.txt
	test -x $(TOOLS)/bin/python || $(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --disable-pip-version-check --quiet -r requirements-lint.txt
	touch $@

$(SPARK)/spark.stamp: requirements-spark.txt $(VENV)/run.stamp
	test -x $(SPARK)/bin/python || $(PYTHON) -m venv $(SPARK)
	$(SPARK)/bin/python -m pip install --disable-pip-version-check --quiet -r requirements-spark.txt
	touch $@

$(VENV)/test.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(BIN)/python -m pip install --disable-pip-version-check --quiet -r requirements-dev.txt
	touch $@
