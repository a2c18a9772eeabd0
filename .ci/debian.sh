# shellcheck shell=bash
# What ./run and ./test need from Debian. Sourced, not run. It installs only what is missing, never
# asks a question, and says plainly when something could not be had.

say() { printf '%s\n' "$*" >&2; }

die() {
  say "error: $*"
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

# has <probe>: a path when it begins with a slash (a pattern is fine), otherwise a command.
has() {
  case "$1" in
    /*) compgen -G "$1" >/dev/null ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
  esac
}

# missing_of <package=probe>…: prints the packages whose probe finds nothing.
missing_of() {
  local pair
  for pair in "$@"; do
    has "${pair#*=}" || printf '%s ' "${pair%%=*}"
  done
}

# install_missing <package=probe>…: installs what is missing; fails when something still is.
install_missing() {
  local packages still
  packages=$(missing_of "$@")
  [ -n "$packages" ] || return 0
  say "installing from Debian: $packages"
  if ! has apt-get; then
    say "warning: this is not a Debian system (no apt-get); please install yourself: $packages"
    return 1
  fi
  if [ "$(id -u)" -ne 0 ] && ! { has sudo && sudo -n true 2>/dev/null; }; then
    say "warning: installing needs root and sudo would ask for a password; please run:"
    say "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $packages"
    return 1
  fi
  as_root apt-get update -q >&2 || say "warning: the list of Debian packages could not be renewed"
  # shellcheck disable=SC2086  # the names are meant to be split
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends $packages >&2 </dev/null || true
  still=$(missing_of "$@")
  [ -z "$still" ] || { say "warning: could not be installed: $still"; return 1; }
}

# Rust itself, and a C compiler for the embedded database and the cipher library.
need_rust() {
  has cargo || PATH="$HOME/.cargo/bin:$PATH"
  has cargo || die "Rust is missing: install it from https://rustup.rs and run this again"
  install_missing gcc=cc libc6-dev=/usr/include/stdio.h make=make pkg-config=pkg-config \
    ca-certificates=/etc/ssl/certs/ca-certificates.crt ||
    has cc || die "a C compiler is needed to build; see above"
}
