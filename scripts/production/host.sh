# shellcheck shell=sh disable=SC2154 # $root and $lib are the caller's

# scripts/production/host.sh: Shared by the programs of an installed AdMirror. $root is empty, or the folder of a
# package or a test.

settings_file="$root/etc/admirror/admirror.env"

# load_settings: exports what the settings file says, and forgets what the caller's environment says.
load_settings() {
  for name in $("$lib/admirror" settings --names); do unset "$name" "${name}_FILE"; done
  # systemd uses the last of two lines, this script the first; neither is certainly intended.
  twice="$(sed -n 's/^[[:space:]]*\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p' "$settings_file" | sort | uniq -d | tr '\n' ' ')"
  [ -z "$twice" ] || fail 78 "more than once in $settings_file: $twice"
  load_env_file "$settings_file"
  [ -n "$root" ] || return 0
  for name in $("$lib/admirror" settings --names); do
    eval "file=\${${name}_FILE:-}"
    [ -z "$file" ] || export "${name}_FILE=$root$file"
  done
}

# as_admirror COMMAND…: as the user of the services.
as_admirror() {
  if [ "$(id -u)" = 0 ] && [ -z "$root" ]; then
    HOME=/var/lib/admirror setpriv --reuid admirror --regid admirror --init-groups -- "$@"
  else
    "$@"
  fi
}

# on_systemd: whether systemd runs this host; not in a chroot, and not in most containers.
on_systemd() { [ -z "$root" ] && [ -d /run/systemd/system ]; }
