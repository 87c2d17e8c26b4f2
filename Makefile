# comsoc: the chores, as a list. `make demo` and `make test` are all that a newcomer needs.

VENV   := .venv
BIN    := $(VENV)/bin
COMSOC := $(BIN)/comsoc
# The sample releases that name the segment media and that anyone may have by now.
DEMO   := $(shell cat docs/demo-releases.txt 2>/dev/null)

.PHONY: demo test test-quick coverage test-versions test-kills judge check messages template-names check-rules pictures house same lock bench-send bench-build clean

demo: $(VENV)/.ready                ## build every sample release, send the approved ones to media, say what to open
	$(COMSOC) build
	$(COMSOC) send $(DEMO) --segment media --yes
	@echo
	@echo "dist/site/index.html                         the public newsroom (la sala de prensa)"
	@echo "dist/press/becas-2027/index.html             a release: page, .pdf, email.html, email.eml"
	@echo "outbox/                                      the mails, as a Maildir (los correos)"
	@echo
	@echo "Next / siguiente:  $(COMSOC) --help"

test: $(VENV)/.ready-dev            ## every test that needs no network
	$(BIN)/python -m pytest -n auto --dist worksteal

test-quick: $(VENV)/.ready-dev      ## unit tests only, in a few seconds
	$(BIN)/python -m pytest -n auto tests/unit

coverage: $(VENV)/.ready-dev        ## how much of the pure packages the unit tests reach
	$(BIN)/coverage run -m pytest -q tests/unit
	$(BIN)/coverage report
	$(BIN)/coverage report --include='comsoc_cli/safeguards/*,comsoc_cli/ledger/*' --fail-under=95

test-versions: $(VENV)/.ready-dev   ## unit tests with the oldest and the newest libraries, on each Python that is here
	tools/test-versions

test-kills: $(VENV)/.ready-dev      ## fifty kills and ten full disks in sends of two thousand, a few minutes
	COMSOC_KILLS=50 $(BIN)/python -m pytest -n auto tests/end_to_end/test_kills.py

check: $(VENV)/.ready-dev           ## style, types, catalogue
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python tools/messages.py --check
	$(BIN)/python tools/template_names.py --check
	$(BIN)/python tools/check_rules.py --check

judge: $(VENV)/.ready-dev           ## pages, PDFs, mails and feeds before their judges; installs them into .judges/
	tools/judge-setup
	$(BIN)/python tools/judge/judge.py

messages: $(VENV)/.ready-dev        ## gather the sentences for translation and compile them
	$(BIN)/python tools/messages.py

template-names: $(VENV)/.ready-dev  ## remake the page of the docs that lists what templates may use
	$(BIN)/python tools/template_names.py

check-rules: $(VENV)/.ready-dev     ## remake the page of the docs that lists the rules of check
	$(BIN)/python tools/check_rules.py

pictures: $(VENV)/.ready            ## remake the pictures of README and docs (needs chromium and poppler-utils)
	$(COMSOC) build
	tools/pictures

house: $(VENV)/.ready               ## how plain the code is, in counts
	$(BIN)/python tools/house.py

same: $(VENV)/.ready-dev            ## random office histories in this and another checkout: OTHER=folder
	$(BIN)/python tools/same.py $(OTHER)

lock:                               ## pin what development and CI install
	tools/lock

bench-send: $(VENV)/.ready          ## measure how fast comsoc sends, beside other mailers, into docs/benchmarks.md
	tools/bench-setup
	$(BIN)/python tools/bench_send.py $(BENCH)

bench-build: $(VENV)/.ready         ## measure how fast comsoc builds, beside other generators, into docs/benchmarks.md
	tools/bench-setup
	$(BIN)/python tools/bench_build.py $(BENCH)

clean:                              ## take away what can be made again; the ledger and the outbox stay
	rm -rf dist $(VENV) build *.egg-info

$(VENV)/.ready: pyproject.toml requirements.lock tools/setup
	tools/setup
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	tools/setup dev
	@touch $@
