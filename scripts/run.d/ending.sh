# shellcheck shell=sh disable=SC2154 # $state and the like are the caller's

# scripts/run.d/ending.sh: What scripts/run prints when all is ready, and how it ends.

# abandon: stops everything after an error.
abandon() {
  status=$?
  trap - EXIT INT TERM
  trap '' HUP
  printf '' 2>/dev/null || exec >>"$state/log/run.log" 2>&1
  [ "$status" = 0 ] || printf 'error: scripts/run did not finish; the logs are in %s\n' "$state/log" >&2
  exec 9>&-
  ADMIRROR_CALLED_BY=$$ scripts/stop
  exit "$status"
}

stop_after_errors() {
  trap abandon EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

# print_summary: how to reach AdMirror, and how to connect ad accounts if there is no real one.
print_summary() {
  cat <<END

AdMirror is ready after $(($(date +%s) - began)) s.

  Address       http://127.0.0.1:$port/
  Sign in       $person, password $(cat "$password_file")
  Access token  $(cat "$token_file")
  Try           curl -H "Authorization: Bearer $(cat "$token_file")" http://127.0.0.1:$port/api/ad-accounts
  Command line  scripts/admirror status
  Logs          $state/log
END
  discover="scripts/admirror account discover --add --manager $person --token-file token.txt"
  if [ "$simulated" = yes ]; then
    cat <<END

This is SIMULATED data: no Facebook app is set. For your own ads, put FACEBOOK_APP_ID and FACEBOOK_APP_SECRET into .env,
start scripts/run again, write a Facebook access token into token.txt, and connect its accounts:

  $discover
END
  elif [ -z "$("$bin/admirror" account list | sed 1d)" ]; then
    printf '\nNo ad account is connected yet. Write a Facebook access token into token.txt, and connect its accounts:\n\n  %s\n' \
      "$discover"
  fi
}

# leave_running: ends scripts/run, and nothing else.
leave_running() {
  trap - EXIT INT TERM HUP
  printf '\nscripts/stop stops it.\n'
  exit 0
}

# follow_logs: shows the logs until Ctrl-C or scripts/stop ends it, and then stops everything.
follow_logs() {
  trap finish INT TERM HUP EXIT
  remember run $$
  exec 9>&-
  tail -n 0 -F "$state"/log/responders.log "$state"/log/sync.log "$state"/log/nginx-access.log \
    "$state"/log/nginx-error.log 2>/dev/null &
  logs=$!
  printf '\nCtrl-C stops it. The logs follow.\n\n'
  wait "$logs" || :
}

finish() {
  trap - INT TERM EXIT
  trap '' HUP
  # The terminal may be gone: nothing that is printed must keep us from stopping.
  printf '\n' 2>/dev/null || exec >>"$state/log/run.log" 2>&1
  [ -z "${logs:-}" ] || kill "$logs" 2>/dev/null || :
  ADMIRROR_CALLED_BY=$$ scripts/stop
  exit 0
}
