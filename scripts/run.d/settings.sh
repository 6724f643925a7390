# shellcheck shell=sh disable=SC2034,SC2154 # $state and the like are the caller's

# scripts/run.d/settings.sh: The settings of a local run, and what it chooses where there are none.

# choose_settings: sets $port, $responders, $simulated, $private_database and $sockets, exports the settings of the programs, and
# ends if some are wrong.
choose_settings() {
  port="$(value_of PORT 8080)"
  choose_responders
  keep_secret CRON_SECRET generate
  keep_secret TOKEN_ENCRYPTION_KEY generate
  keep_secret FACEBOOK_APP_SECRET optional
  choose_facebook
  choose_address
  export SYNC_LOG="${SYNC_LOG:-$state/log/sync.log}"
  export NGINX_CONFIGURATION="$state/nginx/nginx.conf" NGINX_ACCESS_LOG="$state/log/nginx-access.log"
  choose_sockets
  choose_database
  # All problems of the settings in one message, before anything starts.
  "$bin/admirror" settings >/dev/null || exit $?
}

choose_responders() {
  cores="$(nproc)"
  responders="$(value_of RESPONDERS $((cores * 2 > 4 ? cores * 2 : 4)))"
  # Each responder has to know how many there are.
  [ -n "${RESPONDERS:-}${RESPONDERS_FILE:-}" ] || export RESPONDERS="$responders"
}

# choose_facebook: the simulator, unless an app or another Graph API is set.
choose_facebook() {
  simulated=no
  if [ -z "${FACEBOOK_APP_ID:-}${FACEBOOK_APP_ID_FILE:-}${FACEBOOK_GRAPH_URL:-}${FACEBOOK_GRAPH_URL_FILE:-}" ]; then
    simulated=yes
    export FACEBOOK_GRAPH_URL="http://127.0.0.1:$port/simulator"
    # The simulator's own app, with which people sign in at the simulator.
    if [ -z "${FACEBOOK_APP_SECRET_FILE:-}" ]; then
      FACEBOOK_APP_ID="$("$bin/admirror-simulator" --print-app-id)"
      export FACEBOOK_APP_ID
      "$bin/admirror-simulator" --print-app-secret >"$state/secrets/simulator_app_secret"
      export FACEBOOK_APP_SECRET_FILE="$state/secrets/simulator_app_secret"
    fi
  fi
}

choose_address() {
  if [ -z "${PUBLIC_URL:-}${PUBLIC_URL_FILE:-}" ]; then
    https_port="$(value_of HTTPS_PORT '')"
    if [ -n "$https_port" ]; then
      export PUBLIC_URL="https://127.0.0.1:$https_port"
    else
      export PUBLIC_URL="http://127.0.0.1:$port"
    fi
  fi
}

# choose_sockets: the folder of the sockets, whose names have at most 107 bytes.
choose_sockets() {
  sockets="$state/run"
  if [ "${#sockets}" -gt 70 ]; then
    sockets="$(cat "$state/run/sockets" 2>/dev/null || :)"
    [ -d "$sockets" ] || sockets="$(mktemp -d /tmp/admirror-XXXXXX)"
    printf '%s\n' "$sockets" >"$state/run/sockets"
  fi
}

# choose_database: a private cluster, unless a database is set.
choose_database() {
  private_database=no
  if [ -z "${DATABASE_URL:-}${DATABASE_URL_FILE:-}" ]; then private_database=yes; fi
  if [ "$private_database" = yes ]; then
    encoded="$(printf '%s' "$sockets/postgres" | sed 's/%/%25/g; s/ /%20/g; s/?/%3F/g; s/&/%26/g; s/#/%23/g')"
    export DATABASE_URL="postgresql://admirror@/admirror?host=$encoded&port=5432"
  fi
}
