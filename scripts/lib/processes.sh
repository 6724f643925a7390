# shellcheck shell=sh disable=SC2154 # $state and the like are the caller's

# scripts/lib/processes.sh: Start processes, recognize them later, and end them.

# start NAME COMMAND…: in a session of its own, with a log, remembered for scripts/stop.
start() {
  name="$1"
  shift
  setsid "$@" >>"$state/log/$name.log" 2>&1 </dev/null 9>&- &
  remember "$name" $!
}

# remember NAME PID: records a process that this run started, so that it can be recognized later.
remember() {
  printf '%s %s\n' "$2" "$(start_time "$2")" >"$state/run/$1.pid"
}

# pid_of NAME: the process of that name, if it still is the one we started.
pid_of() {
  [ -f "$state/run/$1.pid" ] || return 1
  read -r known_pid known_start <"$state/run/$1.pid" || return 1
  [ -n "$known_start" ] && [ "$(start_time "$known_pid")" = "$known_start" ] && printf '%s' "$known_pid"
}

# start_time PID: when the kernel started it, in clock ticks since boot. Together with the PID it identifies a process.
# The second field of /proc/PID/stat is a name that may contain spaces, so everything up to its end is cut.
start_time() {
  sed -n 's/.*) //p' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20
}

# end NAME SIGNAL: ends a recorded process and waits for it, at most 10 s before it is killed.
end() {
  pid="$(pid_of "$1")" || { rm -f "$state/run/$1.pid"; return 0; }
  kill "-$2" "$pid" 2>/dev/null || :
  wait_for_end "$pid" 100 || { kill -KILL "$pid" 2>/dev/null || :; wait_for_end "$pid" 20 || :; }
  rm -f "$state/run/$1.pid"
}

# strays PROGRAM…: the processes of these programs that belong to this state folder, as their environment shows,
# whatever their parent is. One `find` reads the programs of all processes: a command for each process would take
# seconds on a busy host.
strays() {
  find /proc/[0-9]*/exe -maxdepth 0 -printf '%h %l\n' 2>/dev/null | while read -r process executable; do
    executable="${executable% (deleted)}"
    case " $* " in *" ${executable##*/} "*) ;; *) continue ;; esac
    tr '\0' '\n' 2>/dev/null <"$process/environ" | grep -qxF "ADMIRROR_STATE_DIR=$state" || continue
    printf '%s\n' "${process#/proc/}"
  done
}

# end_strays PROGRAM…: ends them, in the order in which the programs are named.
end_strays() {
  for name in "$@"; do
    for stray in $(strays "$name"); do
      kill -TERM "$stray" 2>/dev/null || :
      wait_for_end "$stray" 100 || kill -KILL "$stray" 2>/dev/null || :
    done
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
