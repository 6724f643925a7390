# shellcheck shell=sh disable=SC2154 # $root and the like are the caller's

# scripts/production/folders.sh: The user, folders, settings and secrets of a host.

make_user() {
  [ -z "$root" ] || return 0
  getent passwd admirror >/dev/null && return 0
  step "Creating the user admirror"
  useradd --system --user-group --home-dir /var/lib/admirror --no-create-home --shell /usr/sbin/nologin admirror
}

# make_folders: those of tmpfiles.d, from the same table that makes them at each boot.
make_folders() {
  while read -r type path mode owner group _; do
    path="$root$path"
    case "$type" in
      d) mkdir -p "$path" ;;
      f) [ -e "$path" ] || : >"$path" ;;
      *) continue ;;
    esac
    give "$path" "$mode" "$owner:$group"
  done <"$root/usr/lib/tmpfiles.d/admirror.conf"
}

# make_settings: the settings file, unless there is one. What an operator wrote is never written over.
make_settings() {
  if [ ! -e "$settings_file" ]; then
    step "Creating $settings_file"
    cp "$root/usr/share/admirror/admirror.env" "$settings_file.new"
    mv "$settings_file.new" "$settings_file"
  fi
  # It may contain the password of a database.
  give "$settings_file" 0640 root:admirror
}

# make_secrets: creates missing secrets whose settings name the default files. Existing files stay. Files that an
# administrator added are made readable for the services, too.
make_secrets() {
  make_secret cron_secret "${CRON_SECRET_FILE:-}"
  make_secret token_encryption_key "${TOKEN_ENCRYPTION_KEY_FILE:-}"
  for file in "$root/etc/admirror/secrets"/*; do
    [ ! -f "$file" ] || give "$file" 0640 root:admirror
  done
}

make_secret() { # make_secret NAME FILE
  file="$root/etc/admirror/secrets/$1"
  [ "$2" = "$file" ] && [ ! -s "$file" ] || return 0
  step "Creating the secret $file"
  (umask 077 && od -An -tx1 -N32 /dev/urandom | tr -d ' \n' >"$file.new")
  mv "$file.new" "$file"
}

give() { # give PATH MODE OWNER:GROUP; below another root the users are not known
  [ -n "$root" ] || chown -h "$3" "$1"
  chmod "$2" "$1"
}
