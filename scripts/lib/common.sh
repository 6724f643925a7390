# shellcheck shell=sh

# scripts/lib/common.sh: What every script needs. Sourced from the root of the checkout, after `set -eu`.

state="${ADMIRROR_STATE_DIR:-$PWD/.admirror}"
case "$state" in /*) ;; *) state="$PWD/$state" ;; esac

[ ! -d "$state" ] || state="$(cd "$state" && pwd -P)"

step() { printf '==> %s\n' "$*"; }

fail() { # fail CODE MESSAGE…
  code="$1"
  shift
  printf 'error: %s\n' "$*" >&2
  exit "$code"
}

# usage SCRIPT: the comment at the head of a script.
usage() { sed -n '3,/^$/s/^# \{0,1\}//p' "$1"; }

# fetch ARGUMENT…: curl to this machine, ignoring proxies and curl settings.
fetch() { curl -q -s --noproxy '*' "$@"; }
