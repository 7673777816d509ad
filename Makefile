# make run: everything from nothing, then the workstation. make test: the same, then all tests.
export PYTHON
VENV := .venv/bin
OUT ?= out
# a private virtual screen where there is no other, with the size that the pictures are made for
SCREEN := xvfb-run -a -s "-screen 0 2600x1700x24"

.PHONY: run setup setup-dev test parity lint shots bench fuzz durability golden translations demo clean bundle installer check-bundle

setup:
	@tools/setup.sh run

setup-dev:
	@tools/setup.sh dev

run: setup
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(VENV)/python -m app gui --samples; \
	else echo "No display here: planning both sample cases into $(OUT)/"; $(VENV)/python -m app demo -o $(OUT) --force; fi

demo: setup
	@$(VENV)/python -m app demo -o $(OUT) --force

test: setup-dev
	@tools/test.sh $(ARGS)

parity: setup-dev
	@tools/parity_env.sh
	@$(VENV)/python -m pytest -q tests/parity $(ARGS)

lint: setup-dev
	@$(VENV)/ruff check .
	@$(VENV)/mypy
	@$(VENV)/python -m pytest -q tests/unit/test_architecture.py

shots: setup-dev
	@$(SCREEN) $(VENV)/python tools/shots.py docs/pictures

bench: setup-dev
	@for script in tests/benchmarks/bench_*.py; do echo "== $$script"; $(VENV)/python $$script || exit 1; done

# mutated inputs for every parser, SECONDS_EACH (5) for each, from SEED (0) on; docs/hostile-input.md tells what the table says
fuzz: setup-dev
	@nice -n 5 $(VENV)/python tools/fuzz.py --seconds $${SECONDS_EACH:-5} --seed $${SEED:-0} $(ARGS)

# 2,000 random acts on each sample case: findings, memory, turns of the event loop over 32 ms
monkey: setup-dev
	@THEATRUM_MONKEY=$${THEATRUM_MONKEY:-2000} $(SCREEN) $(VENV)/python -m pytest -q tests/gui/test_monkey.py -k thousands $(ARGS)

# what happens to a case that is killed, on full and read-only disks, with changed bytes and over 30 minutes: docs/durability.md
durability: setup-dev
	@nice -n 5 $(VENV)/python tools/durability.py $(ARGS)

golden: setup-dev
	@THEATRUM_GOLDEN=write $(SCREEN) $(VENV)/python -m pytest -q tests/golden

translations: setup-dev
	@$(VENV)/python tools/translations.py words
	@$(VENV)/python tools/translations.py update

# the program as one folder that runs without Python, in dist/theatrum
bundle: setup
	@nice -n 5 tools/bundle_env.sh
	@nice -n 5 .venv-installer/bin/python tools/bundle.py $(ARGS)

# the bundle, and from it a .deb and a .run for one user, in dist/; docs/installing.md tells how each is used
installer: bundle
	@nice -n 5 .venv-installer/bin/python tools/installer_deb.py
	@nice -n 5 .venv-installer/bin/python tools/installer_run.py

# the last bundle tests itself, then every test that runs the command line runs it as the bundle's
check-bundle: setup-dev
	@dist/theatrum/theatrum selftest
	@$(VENV)/python -m pytest -q tests/integration/test_packaging_bundle.py
	@THEATRUM_COMMAND=dist/theatrum/theatrum $(SCREEN) $(VENV)/python -m pytest -q $(ARGS) \
	  $$(grep -rlE "from app.cli import main|from installed import program" tests --include=test_*.py)

clean:
	@rm -rf build dist out .mypy_cache .ruff_cache .hypothesis *.egg-info
