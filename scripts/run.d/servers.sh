# shellcheck shell=sh disable=SC2034,SC2154 # $state and the like are the caller's

# scripts/run.d/servers.sh: Ends the servers of an earlier run, and starts those of this one.

# end_earlier_run: ends what an earlier run left, unless that run is still there. Fails if another program has the port.
end_earlier_run() {
  if owner="$(pid_of run)"; then
    fail 75 "AdMirror is already running in the foreground of process $owner: http://127.0.0.1:$port/ (scripts/stop stops it)"
  fi
  end nginx QUIT
  end responders TERM
  end simulator TERM
  end_strays multiwatch admirror-responder admirror-simulator

  # 7: curl could not connect, so the port is free.
  if fetch -o /dev/null --max-time 2 "http://127.0.0.1:$port/"; then answer=0; else answer=$?; fi
  [ "$answer" = 7 ] || fail 69 "port $port is taken by another program: choose another, as in PORT=8090 scripts/run"
}

# start_responders: multiwatch restarts each process that dies; by default it gives up on one that dies often.
# scripts/lib/keep restarts multiwatch.
start_responders() {
  step "Starting $responders responders"
  rm -f "$sockets/responders.sock"
  start responders spawn-fcgi -n -s "$sockets/responders.sock" -M 0600 -- \
    "$PWD/scripts/lib/keep" admirror-responder \
    /usr/bin/multiwatch -f "$responders" -r 1000000 -- "$bin/admirror-responder"
}

# start_simulator: does nothing if this run calls Facebook. Sets $simulator_include, for nginx.
start_simulator() {
  simulator_include=""
  [ "$simulated" = yes ] || return 0
  step "Starting the Graph API simulator"
  rm -f "$sockets/simulator.sock"
  # shellcheck disable=SC2086
  start simulator spawn-fcgi -n -s "$sockets/simulator.sock" -M 0600 -- \
    "$PWD/scripts/lib/keep" admirror-simulator "$bin/admirror-simulator" --base-url "http://127.0.0.1:$port/simulator" ${ADMIRROR_SIMULATOR_OPTIONS:-}
  simulator_include="include snippets/simulator.conf;"
}

start_nginx() {
  step "Starting nginx on 127.0.0.1:$port"
  authorizations="$(cat "$state/run/authorizations" 2>/dev/null || :)"
  if [ ! -d "$authorizations" ]; then
    if [ -d /dev/shm ] && [ -w /dev/shm ]; then
      authorizations="$(mktemp -d /dev/shm/admirror-XXXXXX)"
    else
      authorizations="$state/cache/authorizations"
      mkdir -p "$authorizations"
    fi
    printf '%s\n' "$authorizations" >"$state/run/authorizations"
  fi
  render_nginx "$authorizations"
  set -- -p "$state" -e "$state/log/nginx-error.log" -c "$state/nginx/nginx.conf"
  nginx "$@" -t -q || fail 1 "the nginx configuration is not valid"
  start nginx nginx "$@" -g "daemon off;"
}

wait_until_ready() {
  tenths=150
  until fetch -f -o /dev/null --max-time 2 "http://127.0.0.1:$port/readyz"; do
    for service in responders nginx; do
      pid_of "$service" >/dev/null ||
        fail 1 "$service stopped at once: $(tail -n 3 "$state/log/$service.log" "$state/log/nginx-error.log" 2>/dev/null)"
    done
    tenths=$((tenths - 1))
    [ "$tenths" -gt 0 ] || fail 1 "AdMirror does not respond; the logs are in $state/log"
    sleep 0.1
  done
}
