# Every target brings what it needs: on a fresh checkout and machine `make run`, `make demo` and `make test` install,
# fetch and build whatever is missing. Needs make, and Rust by rustup.

SHELL := /bin/bash
PREFIX := /usr
DESTDIR :=
STAGE := target/stage
PYTHON := target/venv/bin/python
CARGO := cargo
GUEST_CARGO := tests/setup/guest-cargo.sh
SETTINGS := {"direct":"mandatory","rooms":"mandatory","strict":true}

BUILD_PACKAGES := gcc libc6-dev binutils
RUN_PACKAGES := lua5.4 lua-expat lua-filesystem lua-sec lua-socket lua-bitop openssl python3 python3-venv
TEST_PACKAGES := minisign lua-busted libotr5 mcabber libfaketime lua-dbi-sqlite3 lua-dbi-postgresql postgresql valgrind
POLICIES := e2ee archive carbons csi push upload rooms blocking firewall
NATIVE_CRATES := prosody-stanza prosody-wasm-runtime prosody-wasm-cli prosody-policy recognition $(POLICIES)
# The features of what packages share follow from all that are named. With the CLI named beside them, the tests take the
# engine that was built for it instead of building another.
SANDBOX := -p mod-wasm-tests -p prosody-wasm-cli

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

# ── build and install ────────────────────────────────────────────────────────────────────────────────────────────

.PHONY: build
build: module cli policies sdk ## build everything and lay it out under target/stage as it would be installed
	@$(MAKE) --no-print-directory install DESTDIR=$(STAGE) PREFIX=/usr

.PHONY: module cli policies sdk test-guests
module: build-packages
	$(CARGO) build --profile module -p prosody-wasm-module
cli: build-packages
	$(CARGO) build --release -p prosody-wasm-cli
	@rm -rf target/pages && target/release/prosody-wasm pages target/pages
policies: wasm-target
	$(GUEST_CARGO) build --profile guest --target wasm32-unknown-unknown $(POLICIES:%=-p %)
sdk: build-packages
	@tests/setup/rust-sdk.sh target/sdk/rust
test-guests: wasm-target
	$(GUEST_CARGO) build --profile guest --target wasm32-unknown-unknown -p test-guests --examples
	$(CARGO) build --release $(SANDBOX) --example assemble

.PHONY: install
install: ## install what `make build` built: DESTDIR= PREFIX=/usr
	@tests/setup/install.sh "$(DESTDIR)$(PREFIX)" $(POLICIES)

# ── release ──────────────────────────────────────────────────────────────────────────────────────────────────────

RELEASE_PACKAGES := dpkg-dev luarocks unzip

.PHONY: deb rock dist install-rock
deb: build release-packages ## REVISION=1 of the Debian packages, in target/dist
	@tests/setup/release/deb.sh $(REVISION)
rock: build release-packages ## REVISION=1 of the rocks for `prosodyctl install`, in target/dist/rocks
	@tests/setup/release/rock.sh $(REVISION)
dist: build ## tarballs of the last commit and of what was built, in target/dist; the same commit makes the same bytes
	@tests/setup/release/dist.sh
install-rock: # called by LuaRocks
	@tests/setup/release/install-rock.sh "$(LUADIR)" "$(BINDIR)" "$(ROCKDIR)"

# ── see it work ──────────────────────────────────────────────────────────────────────────────────────────────────

.PHONY: run demo
run: build prosody-13.0 python ## play a conversation through a real Prosody 13.0, then keep it running to log in
	@$(PYTHON) tests/prosody/demo.py --keep-serving
demo: build prosody-13.0 python ## play the conversation once; fails unless every line comes out as expected
	@$(PYTHON) tests/prosody/demo.py

# ── test ─────────────────────────────────────────────────────────────────────────────────────────────────────────

LAYERS := test-unit test-sandbox test-lua test-cli test-prosody

.PHONY: test
test: setup ## everything that proves the project, layer by layer, with a sum at the end
	@python3 tests/setup/layers.py $(LAYERS)

.PHONY: $(LAYERS) test-deb test-exit test-swaps test-kill
test-unit: build-packages ## the Rust crates, natively
	$(CARGO) test --release --lib --bins --tests $(NATIVE_CRATES:%=-p %)
	$(CARGO) test --release --doc $(NATIVE_CRATES:%=-p %) -p test-guests
test-sandbox: build test-guests ## hostile and broken components against the host's limits
	$(CARGO) test --release $(SANDBOX) --test sandbox
test-lua: build test-guests test-packages prosody-13.0 ## the Lua side and the library in a plain Lua, with busted
	busted --lua=/usr/bin/lua5.4 --pattern=_spec lua-shim/spec tests/lua
test-cli: build run-packages ## the recorded and hand-written stanzas, judged offline by `prosody-wasm replay`
	@python3 tests/setup/replay.py '$(SETTINGS)' tests/corpus/*.json
test-prosody: build deb rock dist test-guests bench-programs test-packages prosody-13.0 prosody-0.12 prosody-13.0.7 prosody-modules-13.0 prosody-modules-0.12 prosody-source clean-debians promtool python languages ## real connections through Prosody 13.0, 13.0.7 and 0.12
	$(PYTHON) -m pytest -q -m "not alone" --numprocesses auto --dist loadfile --no-loadscope-reorder --junitxml=target/results/beside.xml tests/prosody; \
	status=$$?; $(PYTHON) -m pytest -q -m alone --junitxml=target/results/alone.xml tests/prosody && exit $$status
test-deb: deb clean-debians python ## only the Debian package, on clean Debians 12 and 13; needs root
	$(PYTHON) -m pytest -q tests/prosody/test_package.py
test-exit: build prosody-13.0 prosody-0.12 python ## N=200 starts and stops of each server: always status 0, never a signal
	START_STOP_CYCLES=$(or $(N),200) $(PYTHON) -m pytest -q tests/prosody/test_exit.py

test-swaps: build test-guests prosody-13.0 prosody-0.12 python ## N=10000 swaps, in a plain Lua and in each server: nothing grows
	SWAPS=$(or $(N),10000) busted --lua=/usr/bin/lua5.4 --pattern=swap_spec tests/lua
	SWAPS=$(or $(N),10000) $(PYTHON) -m pytest -q tests/prosody/test_many_swaps.py
test-kill: build test-guests prosody-13.0 prosody-0.12 python ## N=200 times kill -9 in the middle of swaps and store writes
	KILLS=$(or $(N),200) $(PYTHON) -m pytest -q tests/prosody/test_kill.py

# ── search for what nobody thought of: docs/fuzzing.md ──────────────────────────────────────────────────────────

FUZZ_PACKAGES := g++ liblua5.4-dev lua-expat lua-filesystem

.PHONY: fuzz fuzz-packages asan miri deny
fuzz: build-packages fuzz-packages test-guests prosody-13.0 ## SECONDS=60 of each target of the fuzzer; TARGET= for one
	@tests/fuzz/run.py $(or $(SECONDS),60) $(TARGET)
fuzz-packages:
	@tests/setup/packages.sh $(FUZZ_PACKAGES)
asan: build test-guests test-packages prosody-13.0 ## the Lua tests with a library that was built under AddressSanitizer
	@tests/setup/hardening/asan.sh
miri: build-packages ## the pure crates under Miri; needs a nightly Rust
	@tests/setup/hardening/miri.sh
deny: build-packages ## licences, sources and known holes of what we depend on; ADVISORY_DB=folder for all of RustSec's database
	@ADVISORY_DB="$(ADVISORY_DB)" tests/setup/hardening/deny.sh

.PHONY: soak
soak: build test-guests prosody-13.0 prosody-modules-0.12 prosody-0.12 python ## MINUTES=30 SESSIONS=100 VERSION=13.0 of everything at once, swaps, reloads and traps: nothing is lost, gets out or grows; as in docs/soak.md
	@$(PYTHON) tests/prosody/soak.py --minutes $(or $(MINUTES),30) --sessions $(or $(SESSIONS),100) --version $(or $(VERSION),13.0)
.PHONY: prosody-specs
prosody-specs: build test-guests test-packages prosody-source python ## Prosody's own scripts and specs, with mod_wasm and without: the same
	$(PYTHON) -m pytest -q tests/prosody/test_prosody_unchanged.py

.PHONY: sdk-bindings
sdk-bindings: build-packages ## make anew what the SDKs for JavaScript, Python and C have from wit/
	@tests/setup/sdk-bindings.sh

.PHONY: reference
reference: build-packages ## make anew the pages in docs/reference that come from wit/ and the policies' schemas
	$(CARGO) run --release -q -p prosody-wasm-cli -- reference . docs/reference

.PHONY: promises
promises: ## make docs/promises.md anew from what the last `make test` found
	@python3 tests/setup/promises.py target/results docs/promises.md

# What a group needs besides the module: one that is chosen waits for nothing else.
BENCH_NEEDS_languages := languages
BENCH_NEEDS_swap := javascript-guest
BENCH_NEEDS_server-instructions := test-packages
BENCH_GROUPS := languages swap server-instructions

.PHONY: bench bench-instructions bench-programs bench-docs bench-csi bench-firewall bench-hostile javascript-guest otr-table
bench: build test-guests bench-programs prosody-13.0 prosody-0.12 prosody-modules-13.0 prosody-modules-0.12 python $(foreach group,$(or $(GROUP),$(BENCH_GROUPS)),$(BENCH_NEEDS_$(group))) ## GROUP=crossing, or more, of the benchmarks; VERSION=0.12; QUICK=1 to try. Into target/bench/results.json
	@QUICK=$(QUICK) VERSION=$(VERSION) $(PYTHON) tests/bench/run.py $(GROUP)
bench-instructions: build test-guests bench-programs test-packages prosody-13.0 ## instructions of the hot path, by callgrind; fails when they grew by a tenth. BLESS=1 accepts them
	@python3 tests/bench/instructions.py $(if $(BLESS),--bless)
bench-programs: build-packages
	$(CARGO) build --release $(SANDBOX) --example floor --example baseline
bench-docs: python ## make the tables and plots of docs/performance.md anew from the last `make bench`
	@$(PYTHON) tests/bench/docs.py
bench-csi: build prosody-13.0 python ## N=1000 stanzas of a day for an inactive phone: how often it is woken, what it gets; as in docs/csi.md
	@$(PYTHON) tests/prosody/bench_wakeups.py --stanzas $(or $(N),1000)
bench-firewall: build prosody-13.0 prosody-modules-13.0 python ## what rules cost: no rules, mod_firewall and the policy with the same files, as in docs/firewall.md
	@$(PYTHON) tests/prosody/bench_firewall.py
bench-hostile: build test-guests prosody-13.0 prosody-0.12 python ## N=10 seconds of each misdeed of a policy under messages of 20 senders: how long another client waits for a pong
	@$(PYTHON) tests/prosody/bench_hostile.py --seconds $(or $(N),10)
	@$(PYTHON) tests/prosody/bench_hostile.py --seconds $(or $(N),10) --version 0.12
javascript-guest: ## a policy of 12 MB in JavaScript, for the swaps of `make bench`; needs Node.js and npm
	@tests/setup/javascript-guest.sh

otr-table: build test-packages prosody-13.0 python ## what becomes of OTR with carbons and without, as in docs/carbons.md
	@$(PYTHON) tests/prosody/otr_table.py

.PHONY: lint
lint: build-packages ## formatting, lints, and the documentation of the SDK
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --no-deps -p prosody-policy -p prosody-stanza
	@if command -v luacheck >/dev/null; then luacheck --quiet --config lua-shim/.luacheckrc lua-shim tests/lua tests/bench tests/prosody/modules; else echo "luacheck is not installed: Lua was not checked"; fi

.PHONY: clean
clean: ## remove target/, with everything built and fetched
	rm -rf target

# ── what is needed for that ──────────────────────────────────────────────────────────────────────────────────────

.PHONY: setup build-packages run-packages test-packages release-packages wasm-target prosody-13.0 prosody-0.12 prosody-13.0.7 prosody-modules-13.0 prosody-modules-0.12 prosody-source clean-debians promtool python languages
setup: build-packages run-packages test-packages release-packages wasm-target prosody-13.0 prosody-0.12 prosody-13.0.7 prosody-modules-13.0 prosody-modules-0.12 prosody-source clean-debians promtool python languages ## only install and fetch what the other targets need
build-packages:
	@tests/setup/packages.sh $(BUILD_PACKAGES)
	@command -v $(CARGO) >/dev/null || { echo "error: Rust is missing. Install it with rustup, then try again." >&2; exit 1; }
run-packages:
	@tests/setup/packages.sh $(RUN_PACKAGES)
test-packages:
	@tests/setup/packages.sh lua5.4 $(TEST_PACKAGES)
release-packages:
	@tests/setup/packages.sh $(RELEASE_PACKAGES)
wasm-target: build-packages
	@tests/setup/wasm-target.sh
prosody-13.0 prosody-0.12: run-packages
	@tests/setup/prosody.sh $(@:prosody-%=%)
prosody-modules-13.0 prosody-modules-0.12: run-packages
	@tests/setup/prosody-modules.sh $(@:prosody-modules-%=%)
prosody-13.0.7: prosody-13.0
	@tests/setup/prosody.sh 13.0.7 || echo "· tests that want Prosody 13.0.7 are skipped"
prosody-source: prosody-13.0 prosody-0.12
	@for version in 13.0 0.12; do tests/setup/prosody-source.sh $$version || echo "· tests with Prosody's own are skipped"; done
clean-debians:
	@for name in bookworm bookworm-backports trixie; do tests/setup/root.sh $$name || echo "· tests of the package on a clean $$name are skipped"; done
promtool:
	@tests/setup/promtool.sh || echo "· tests of the alert rules are skipped"
python: run-packages
	@tests/setup/python.sh
languages: run-packages
	@tests/setup/languages.sh
