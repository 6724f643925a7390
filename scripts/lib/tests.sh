# shellcheck shell=sh disable=SC2154 # $logs and $begun are the caller's

# scripts/lib/tests.sh: What scripts/test and scripts/with-postgres share.

# roomy_folder KIB: a folder in memory with so much room, or the usual one for temporary files.
roomy_folder() {
  if [ -d /dev/shm ] && [ -w /dev/shm ] && [ "$(stat -f -c %T /dev/shm)" = tmpfs ] &&
    [ "$(df -k --output=avail /dev/shm | tail -n 1)" -ge "$1" ] &&
    [ "$(sed -n 's/^MemAvailable: *\([0-9]*\) kB$/\1/p' /proc/meminfo)" -ge $(($1 * 2)) ]; then
    printf '/dev/shm'
  else
    printf '%s' "${TMPDIR:-/tmp}"
  fi
}

# changed_files COMMIT: the names of the files that differ from a commit, committed or not. Without a commit, from where the
# branch left its upstream, or from HEAD when it has none.
changed_files() {
  base="$1"
  [ -n "$base" ] || base="$(git merge-base HEAD '@{upstream}' 2>/dev/null || echo HEAD)"
  git rev-parse --quiet --verify "$base^{commit}" >/dev/null || fail 64 "there is no commit $base"
  # Without renames, so that the old name of a moved file is there, too.
  git diff --name-only --no-renames "$base" --
  git ls-files --others --exclude-standard
}

# install_python TESTS FOLDER [OPTION-OF-PIP]: what Tests/TESTS/requirements.txt names, from PyPI, in .build/FOLDER.
install_python() {
  wanted="Tests/$1/requirements.txt"
  folder="$PWD/.build/$2"
  if ! cmp -s "$wanted" "$folder/requirements.txt"; then
    step "Installing $(sed 's/==.*//' "$wanted") from PyPI"
    rm -rf "$folder"
    /usr/bin/python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check ${3:+"$3"} --requirement "$wanted"
    cp "$wanted" "$folder/requirements.txt"
  fi
}

# begin PART COMMAND…: runs a command in the background, in a session of its own, with a log in $logs. A background command of
# sh ignores two signals, which the programs that tests start would inherit.
begin() {
  part="$1"
  shift
  setsid env --default-signal=INT,QUIT "$@" >"$logs/$part.log" 2>&1 </dev/null &
  begun="$begun $part:$!"
}

# finish PART…: waits for these parts, as far as they have begun, and shows how each ended. Adds those that failed to $failed.
finish() {
  others=""
  for each in $begun; do
    part="${each%%:*}"
    case " $* " in *" $part "*) ;; *) others="$others $each"; continue ;; esac
    if wait "${each##*:}"; then
      printf '    %s: %s\n' "$part" "$(summary <"$logs/$part.log")"
    else
      failed="$failed $part"
      printf '\n    %s failed; the whole log is %s\n' "$part" "$logs/$part.log"
      failures <"$logs/$part.log"
    fi
  done
  begun="$others"
}

# The line of a log that counts its tests, or the last one.
summary() { sed -n '/^✔ Test run with\|^Ran [0-9]\|^# pass /h; $!d; x; /./!x; p'; }

# The lines of a log that say what failed, or its end.
failures() {
  text="$(cat)"
  printf '%s\n' "$text" | grep -E -A 30 '^(✘|↳|FAIL:|ERROR:|not ok|error:)|(error|warning): \[|^In .* line ' |
    grep -vE '^(✔|◇|ok |--$)' | head -n 300 | grep . || printf '%s\n' "$text" | tail -n 60
}

# slowest COUNT: the slowest tests of all parts that ran, with their seconds.
slowest() {
  for file in "$logs"/*.events; do
    [ ! -s "$file" ] || jq -rn -f scripts/test.d/times.jq "$file"
  done >"$logs/times"
  [ ! -s "$logs/browser.times" ] || cat "$logs/browser.times" >>"$logs/times"
  [ -s "$logs/times" ] || return 0
  step "The slowest tests, in seconds"
  LC_ALL=C sort -rn "$logs/times" | head -n "$1"
}
