# Thin: each target sets up what it needs (scripts/with-tools.sh) and calls the build tool (xtask).
.PHONY: run watch test check chaos soak bench screens lighthouse sbom psql database-url clean-data
.DEFAULT_GOAL := run

xtask := cargo run -p xtask --
quiet_xtask := cargo run -q -p xtask --
# A database of yours needs no PostgreSQL on this machine.
database := $(if $(DATABASE_URL),,database)

# Build, start and serve; Ctrl-C stops it, the data stays.
run:
	@scripts/with-tools.sh $(database) -- $(xtask) run

# As run, and build again after every change; the browser reloads by itself.
watch:
	@scripts/with-tools.sh $(database) -- $(xtask) watch

# Everything, in a real browser; ends with "N passed, N failed".
test:
	@scripts/with-tools.sh database browser deny -- $(xtask) test

# The part of test that needs no browser.
check:
	@scripts/with-tools.sh database deny -- $(xtask) check

# Twenty devices write 10,000 notes while everything between them and the disk keeps failing; every note is counted.
# Shorter: make chaos NOTES=500 DEVICES=5. SEED=… repeats the choices of an earlier run.
chaos:
	@scripts/with-tools.sh database -- $(xtask) chaos

# For a night: 20,000 histories of the protocol's model, then the whole chaos run. Ctrl-C ends it and leaves only its logs behind.
soak:
	@scripts/with-tools.sh database -- $(xtask) soak

# Measure, print a table, write target/bench/*.json.
bench:
	@scripts/with-tools.sh database browser -- $(xtask) bench

# Pictures of the main job in every language and width: target/screens, and one sheet of them for the README.
screens:
	@scripts/with-tools.sh database browser -- $(xtask) screens

# Lighthouse on the pages that a worker waits for: prints the scores, writes target/lighthouse.
lighthouse:
	@scripts/with-tools.sh database browser lighthouse -- $(xtask) lighthouse

# Everything that Doorstep is made of, as CycloneDX: target/sbom/doorstep.cdx.json.
sbom:
	@scripts/with-tools.sh -- $(quiet_xtask) sbom

# PostgreSQL's own prompt on the database of `make run`.
psql:
	@scripts/with-tools.sh $(database) -- $(quiet_xtask) database psql

# The address of the private database, for DATABASE_URL.
database-url:
	@scripts/with-tools.sh database -- $(quiet_xtask) database url

# Remove the private database of `make run`, with its back-up.
clean-data:
	@scripts/with-tools.sh database -- $(xtask) database remove
