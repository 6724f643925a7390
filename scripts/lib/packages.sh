# shellcheck shell=sh

# scripts/lib/packages.sh: Debian packages.

# have_packages PACKAGE…: whether all of them are installed.
have_packages() {
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || return 1
  done
}

# install_packages PACKAGE…: installs missing packages, with sudo if not root. Servers start only if the caller sets
# start_servers=yes.
install_packages() {
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    fail 69 "this system has no apt; AdMirror runs on Debian 12 and needs these packages: $*"
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
  if [ "${start_servers:-no}" = yes ]; then
    : # as an administrator's apt would
  elif [ ! -e "$policy" ] || grep -q AdMirror "$policy"; then
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
