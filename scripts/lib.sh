# shellcheck shell=sh

# scripts/lib.sh: What the scripts share. Sourced from the root of the checkout, after `set -eu`.

state="${ADMIRROR_STATE_DIR:-$PWD/.admirror}"
case "$state" in /*) ;; *) state="$PWD/$state" ;; esac

step() { printf '==> %s\n' "$*"; }

fail() { # fail CODE MESSAGE…
  code="$1"
  shift
  printf 'error: %s\n' "$*" >&2
  exit "$code"
}

# usage SCRIPT: the comment at the head of a script.
usage() { sed -n '3,/^$/s/^# \{0,1\}//p' "$1"; }

# fetch ARGUMENT…: curl to this machine, whatever proxies and curl settings there are.
fetch() { curl -q -s --noproxy '*' "$@"; }

# --- Debian packages ---

# have_packages PACKAGE…: whether all of them are installed.
have_packages() {
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || return 1
  done
}

# install_packages PACKAGE…: installs those that are missing, with sudo when not root.
install_packages() {
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    fail 69 "this system has no apt; AdMirror runs on Debian 12. What it needs there: $*"
  fi
  have_packages "$@" && return 0
  missing=""
  for package in "$@"; do have_packages "$package" || missing="$missing $package"; done
  step "Installing Debian packages:$missing"
  as_root=""
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail 69 "run as root, or install sudo: these packages are missing:$missing"
    as_root="sudo"
  fi
  # Installing a server starts it, and a system-wide nginx or PostgreSQL is not what we need them for: Debian asks this
  # file whether it may.
  policy=/usr/sbin/policy-rc.d
  our_policy=no
  if [ ! -e "$policy" ] || grep -q AdMirror "$policy"; then
    our_policy=yes
    printf '#!/bin/sh\n# AdMirror, while it installs packages\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
  fi
  installed=yes
  # shellcheck disable=SC2086
  { $as_root apt-get update -qq &&
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
  } || installed=no
  [ "$our_policy" = no ] || $as_root rm -f "$policy"
  [ "$installed" = yes ] || fail 69 "apt-get could not install:$missing"
}

# --- Settings ---

# load_env_file FILE: exports NAME=value lines, without touching what the environment says already. Nothing in the file
# is executed.
load_env_file() {
  [ -f "$1" ] || return 0
  line_number=0
  while IFS= read -r line || [ -n "$line" ]; do
    line_number=$((line_number + 1))
    line="$(printf '%s' "$line" | sed -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//' -e 's/^export[[:space:]]*//')"
    case "$line" in '' | '#'*) continue ;; esac
    name="${line%%=*}"
    value="${line#*=}"
    case "$name" in
      "$line" | '' | [0-9]* | *[!A-Za-z0-9_]*) fail 78 "$1, line $line_number is not of the form NAME=value" ;;
    esac
    case "$value" in
      \"*\") value="${value#\"}" value="${value%\"}" ;;
      \'*\') value="${value#\'}" value="${value%\'}" ;;
    esac
    eval "[ -n \"\${$name+set}\" ]" || export "$name=$value"
  done <"$1"
}

# --- Processes ---

# remember NAME PID: notes a process that this run started, so that it can be told from any other later.
remember() {
  printf '%s %s\n' "$2" "$(start_time "$2")" >"$state/run/$1.pid"
}

# pid_of NAME: the process of that name, if it still is the one we started.
pid_of() {
  [ -f "$state/run/$1.pid" ] || return 1
  read -r known_pid known_start <"$state/run/$1.pid" || return 1
  [ -n "$known_start" ] && [ "$(start_time "$known_pid")" = "$known_start" ] && printf '%s' "$known_pid"
}

# start_time PID: when the kernel started it, in clock ticks since boot; with the number it names a process for good.
# The second field of /proc/PID/stat is a name that may hold blanks, so everything up to its end is cut.
start_time() {
  sed -n 's/.*) //p' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20
}

# end NAME SIGNAL: ends a process of ours and waits for it, at most 10 s before it is killed.
end() {
  pid="$(pid_of "$1")" || { rm -f "$state/run/$1.pid"; return 0; }
  kill "-$2" "$pid" 2>/dev/null || :
  wait_for_end "$pid" 100 || { kill -KILL "$pid" 2>/dev/null || :; wait_for_end "$pid" 20 || :; }
  rm -f "$state/run/$1.pid"
}

# end_strays PROGRAM…: ends processes of these programs that belong to this state folder, as their environment tells,
# whoever their parent is.
end_strays() {
  for process in /proc/[0-9]*; do
    program="$(readlink "$process/exe" 2>/dev/null || :)"
    case " $* " in *" $(basename "${program% (deleted)}") "*) ;; *) continue ;; esac
    tr '\0' '\n' <"$process/environ" 2>/dev/null | grep -qxF "ADMIRROR_STATE_DIR=$state" || continue
    kill -TERM "${process#/proc/}" 2>/dev/null || :
    wait_for_end "${process#/proc/}" 100 || kill -KILL "${process#/proc/}" 2>/dev/null || :
  done
}

# wait_for_end PID TENTHS: whether the process is gone within so many tenths of a second.
wait_for_end() {
  tenths="$2"
  while [ -e "/proc/$1" ] && ! grep -q ') Z ' "/proc/$1/stat" 2>/dev/null; do
    [ "$tenths" -gt 0 ] || return 1
    tenths=$((tenths - 1))
    sleep 0.1
  done
}

# --- The private PostgreSQL ---

pg_bin() { pg_config --bindir; }

# as_postgres_owner COMMAND…: as the user who may own a cluster: us, or `postgres` for root, because PostgreSQL refuses
# root. That user keeps the right to walk through folders that only root can enter, such as a checkout below /root.
as_postgres_owner() {
  if [ "$(id -u)" != 0 ]; then
    "$@"
  elif setpriv --reuid postgres --regid postgres --clear-groups test -x "$state"; then
    setpriv --reuid postgres --regid postgres --clear-groups -- "$@"
  else
    setpriv --reuid postgres --regid postgres --clear-groups --inh-caps +dac_read_search \
      --ambient-caps +dac_read_search -- "$@"
  fi
}
