# shellcheck shell=sh disable=SC2154 # $root and the like are the caller's

# scripts/production/database.sh: The database of a host that has its own PostgreSQL.

# What a settings file names that nobody has changed.
local_database="postgresql:///admirror?host=/var/run/postgresql"

as_postgres() { setpriv --reuid postgres --regid postgres --init-groups -- "$@"; }

# make_database: role and database, for the user of the same name; unless the settings name another place, or they are there.
make_database() {
  [ "${DATABASE_URL:-}" = "$local_database" ] || return 0
  [ -S /var/run/postgresql/.s.PGSQL.5432 ] ||
    fail 69 "PostgreSQL does not run here: apt install postgresql, or start it, or name another in $settings_file (DATABASE_URL)"
  is_there "SELECT 1 FROM pg_roles WHERE rolname = 'admirror'" || {
    step "Making the database role admirror"
    as_postgres createuser --no-createdb --no-createrole --no-superuser admirror
  }
  is_there "SELECT 1 FROM pg_database WHERE datname = 'admirror'" || {
    step "Making the database admirror"
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
