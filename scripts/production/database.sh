# shellcheck shell=sh disable=SC2154 # $root and the like are the caller's

# scripts/production/database.sh: The database of a host that has its own PostgreSQL.

# The value in an unchanged settings file.
local_database="postgresql:///admirror?host=/var/run/postgresql"

as_postgres() { setpriv --reuid postgres --regid postgres --init-groups -- "$@"; }

# make_database: role and database, for the user of the same name; unless the settings name another place, or they are there.
make_database() {
  [ "${DATABASE_URL:-}" = "$local_database" ] || return 0
  [ -S /var/run/postgresql/.s.PGSQL.5432 ] ||
    fail 69 "PostgreSQL does not run on this host: run apt install postgresql, start it, or set DATABASE_URL in $settings_file"
  is_there "SELECT 1 FROM pg_roles WHERE rolname = 'admirror'" || {
    step "Creating the database role admirror"
    as_postgres createuser --no-createdb --no-createrole --no-superuser admirror
  }
  is_there "SELECT 1 FROM pg_database WHERE datname = 'admirror'" || {
    step "Creating the database admirror"
    as_postgres createdb --owner admirror --template template0 --encoding UTF8 --locale C admirror
  }
}

# drop_database: what make_database made.
drop_database() {
  [ "${DATABASE_URL:-}" = "$local_database" ] && [ -S /var/run/postgresql/.s.PGSQL.5432 ] || return 0
  step "Dropping the database and the role admirror"
  as_postgres dropdb --if-exists --force admirror
  as_postgres dropuser --if-exists admirror
}

is_there() { as_postgres psql -qXAt -d postgres -c "$1" | grep -q 1; }
