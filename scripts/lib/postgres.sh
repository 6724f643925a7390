# shellcheck shell=sh disable=SC2154 # $state and the like are the caller's

# scripts/lib/postgres.sh: A private PostgreSQL cluster.

pg_bin() { pg_config --bindir; }

# as_postgres_owner COMMAND…: as the user who may own a cluster: us, or `postgres` for root, because PostgreSQL refuses
# root. That user keeps the right to walk through folders that only root can enter, such as a checkout below /root.
as_postgres_owner() {
  if [ "$(id -u)" != 0 ]; then
    "$@"
  elif setpriv --reuid postgres --regid postgres --clear-groups test -x "$state"; then
    setpriv --reuid postgres --regid postgres --clear-groups -- "$@"
  else
    setpriv --reuid postgres --regid postgres --clear-groups --inh-caps +dac_read_search \
      --ambient-caps +dac_read_search -- "$@"
  fi
}

# prepare_postgres FOLDER: makes the cluster of a local run unless it is there, and starts it with its socket in FOLDER.
prepare_postgres() {
  pg_sockets="$1"
  pg="$(pg_bin)"
  data="$state/postgres/data"
  mkdir -p "$state/postgres" "$pg_sockets"
  [ "$(id -u)" != 0 ] || chown postgres "$state/postgres" "$pg_sockets"
  # The folder above only lets the owner in; PostgreSQL's user has to pass through.
  [ "$(id -u)" != 0 ] || chmod 711 "$state" "$sockets"

  if [ ! -f "$data/PG_VERSION" ] || [ -d "$state/postgres/new" ]; then
    step "Creating a private PostgreSQL cluster"
    # Made aside and moved when complete, so that an interrupted run leaves no half a cluster.
    rm -rf "$state/postgres/new"
    [ -f "$data/PG_VERSION" ] || rm -rf "$data"
    if [ ! -d "$data" ]; then
      as_postgres_owner "$pg/initdb" -D "$state/postgres/new" -U admirror --auth=trust --no-locale --encoding=UTF8 \
        >"$state/log/initdb.log" 2>&1 || fail 1 "initdb failed: see $state/log/initdb.log"
      mv "$state/postgres/new" "$data"
    fi
  fi
  found="$(cat "$data/PG_VERSION")"
  known="$("$pg/postgres" --version | sed 's/.* \([0-9][0-9]*\).*/\1/')"
  [ "$found" = "$known" ] ||
    fail 1 "the cluster in $data needs PostgreSQL $found, but $known is installed: upgrade the cluster, or move it away for an empty one"

  step "Starting PostgreSQL"
  if ! as_postgres_owner "$pg/pg_ctl" -D "$data" status >/dev/null 2>&1; then
    as_postgres_owner "$pg/pg_ctl" -D "$data" -w -t 30 \
      -o "-c listen_addresses='' -c port=5432 -c unix_socket_permissions=0700 ${ADMIRROR_POSTGRES_OPTIONS:-}" \
      -o "-k '$pg_sockets'" start >>"$state/log/postgres.log" 2>&1 9>&- ||
      fail 1 "PostgreSQL did not start: see $state/log/postgres.log"
  fi
  "$pg/psql" -qXAt -h "$pg_sockets" -p 5432 -U admirror -d postgres \
    -c "SELECT datname FROM pg_database WHERE datname = 'admirror'" | grep -q . ||
    "$pg/createdb" -h "$pg_sockets" -p 5432 -U admirror admirror
}
