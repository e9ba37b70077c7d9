# What one does with this checkout. `just` alone prints the list.

_list:
    @just --list --unsorted

# Build the program as it is installed
build:
    cargo build --locked --release

# Run all tests
test:
    cargo test --locked

# Format, and everything that clippy and rustdoc have to say
lint:
    cargo fmt --all
    cargo clippy --locked --all-targets -- -D warnings
    cargo clippy --locked --all-targets --no-default-features -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps

# Take the pictures of screens and messages anew; look at what changed before it is committed
snapshots:
    INSTA_UPDATE=always cargo test --lib
    git diff --stat -- '*.snap'

# Write the JSON schema of the configuration anew from its types
schema:
    cargo run --quiet -- config schema > assets/config.schema.json.new
    mv assets/config.schema.json.new assets/config.schema.json

# Write the reference of the configuration anew from its types
reference:
    cargo run --quiet -- config reference > docs/configuration.md.new
    mv docs/configuration.md.new docs/configuration.md

# Take the pictures and the demo of the README anew; look at them before they are committed
pictures:
    scripts/pictures
    scripts/demo

# Measure
bench:
    cargo bench

# Fuzz a target (config, import, event_log) for some seconds; see fuzz/README.md
fuzz target seconds="3600":
    mkdir -p fuzz/found/{{target}}
    cargo fuzz run --sanitizer none {{target}} fuzz/found/{{target}} fuzz/corpus/{{target}} -- -max_total_time={{seconds}} -max_len=4096 -timeout=20 -rss_limit_mb=1024 -dict=fuzz/dictionaries/{{target}}.dict

# Keep what fuzzing a target found, in as few files as reach the same code
fuzz-corpus target:
    cargo fuzz run --sanitizer none {{target}} fuzz/corpus/{{target}} fuzz/found/{{target}} -- -merge=1 -max_len=4096

# Check licences and sources of all crates
deny:
    scripts/deny

# Make a Debian package
deb:
    scripts/deb

# Check that it compiles for macOS and Windows, and with the oldest Rust
elsewhere:
    scripts/elsewhere

# Everything that decides whether a change lands
ci:
    .ci/run
