# make run     set everything up on a fresh machine, then open the window (ARGS="ring8 --start" goes to ganviz)
# make test    the same set-up, then every check and test (ARGS="tests/data -x" goes to pytest)
# make check   ruff, mypy and the import contracts alone
# make bench   the speed benchmark
# make abuse   what the program survives: garbage in, kills, divergence, monkeys (ARGS="monkey --quick" does a part)
# make clean   remove the virtual environment and caches
#
# PYTHON=... chooses the Python; PIP_ARGS=... goes to pip install.

READY := .venv/.ready
ARGS ?=
PIP_ARGS ?=
export PYTHON

.PHONY: run test check bench abuse clean libraries-run libraries-test
# The libraries come before the virtual environment: they may include the package that holds venv.
.NOTPARALLEL:

run: libraries-run $(READY)
	@scripts/run.sh $(ARGS)

test: libraries-test $(READY)
	@scripts/test.sh $(ARGS)

check: $(READY)
	@scripts/check.sh

bench: libraries-run $(READY)
	@.venv/bin/ganviz bench $(ARGS)

abuse: libraries-run $(READY)
	@.venv/bin/python -m ganviz.bench.abuse $(ARGS)

libraries-run libraries-test:
	@scripts/system_libraries.sh $(@:libraries-%=%)

$(READY): pyproject.toml constraints.txt
	@scripts/set_up.sh $(PIP_ARGS)
	@touch $@

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
