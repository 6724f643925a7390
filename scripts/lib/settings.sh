# shellcheck shell=sh disable=SC2154 # $state and the like are the caller's

# scripts/lib/settings.sh: Settings and secrets of a local run.

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

# value_of SETTING DEFAULT: the setting's value, else the content of the file named by SETTING_FILE, else the default.
value_of() {
  eval "value=\${$1:-} value_file=\${$1_FILE:-}"
  # shellcheck disable=SC2154 # assigned by eval
  if [ -z "$value" ] && [ -r "$value_file" ]; then value="$(cat "$value_file")"; fi
  printf '%s' "${value:-$2}"
}

# keep_secret SETTING generate|optional: moves the value to a file of mode 0600 and sets SETTING_FILE to its name, so
# that it is in no process's environment. `admirror settings` reports invalid values.
keep_secret() {
  eval "given=\${$1:-} given_file=\${$1_FILE:-}"
  file="$state/secrets/$(printf '%s' "$1" | tr '[:upper:]' '[:lower:]')"
  # shellcheck disable=SC2154 # assigned by eval
  if [ -n "$given" ] && [ -n "$given_file" ]; then
    return 0
  elif [ -n "$given" ]; then
    file="$file.given"
    printf '%s\n' "$given" >"$file"
  elif [ -n "$given_file" ]; then
    # The programs may run in another folder.
    case "$given_file" in /*) file="$given_file" ;; *) file="$PWD/$given_file" ;; esac
  elif [ "$2" = generate ]; then
    [ -s "$file" ] || { od -An -tx1 -N32 /dev/urandom | tr -d ' \n' >"$file.new" && mv "$file.new" "$file"; }
  else
    unset "$1" "$1_FILE"
    return 0
  fi
  unset "$1"
  export "$1_FILE=$file"
}

# write_settings: the settings in force, as shell commands. Secrets are only in their files. Needs $bin.
write_settings() {
  for name in $("$bin/admirror" settings --names); do
    printf 'unset %s %s_FILE\n' "$name" "$name"
    for variable in "$name" "${name}_FILE"; do
      eval "value=\${$variable:-}"
      [ -z "$value" ] ||
        printf "export %s='%s'\n" "$variable" "$(printf '%s' "$value" | sed "s/'/'\\\\\\\\''/g")"
    done
  done
  printf "export ADMIRROR_STATE_DIR='%s'\nexport ADMIRROR_BIN_DIR='%s'\n" "$state" "$bin"
}
