# shellcheck shell=sh

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
