# Two commands do all the set-up:  make demo  and  make test
.DEFAULT_GOAL := help
.PHONY: help install demo test check lock clean
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin

help:            ## show this list
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*##/\t/' | expand -t 14

install: $(VENV)/.runtime  ## make .venv with what the service needs (demo and test do this by themselves)

demo: install    ## crawl pretend portals over real HTTP into an embedded PostgreSQL, and show the result
	@$(BIN)/fazhi demo

# Many tests are of real processes that are killed, cut off and waited for. One that failed is run once
# more by itself, and both runs are printed: a defect fails twice. Files of tests run side by side, a
# process for each core up to four; each process has servers of its own.
test: check      ## all checks and tests
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile || { [ $$? -eq 1 ] && echo "fazhi: what failed is run once more, by itself" \
	  && $(BIN)/python -m pytest --last-failed --last-failed-no-failures none; }

check: $(VENV)/.dev  ## formatting, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

$(VENV)/.runtime: requirements.lock pyproject.toml deploy/bootstrap.sh
	@sh deploy/bootstrap.sh $(VENV) requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml deploy/bootstrap.sh
	@sh deploy/bootstrap.sh $(VENV) requirements-dev.lock
	@touch $@ $(VENV)/.runtime

lock:            ## renew both lock files (needs uv)
	@command -v uv >/dev/null || { echo "fazhi: 'make lock' needs uv; install it with: pip install uv" >&2; exit 1; }
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  --no-emit-index-url --no-emit-find-links --no-config --upgrade --extra build -o requirements.lock pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  --no-emit-index-url --no-emit-find-links --no-config --upgrade --extra build --extra dev -c requirements.lock \
	  -o requirements-dev.lock pyproject.toml

clean:           ## remove .venv and caches (captures and database stay)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
