# shellcheck shell=sh disable=SC2154 # $state and the like are the caller's

# scripts/run.d/first-steps.sh: Creates the first user with a token and a password, and the demo data.

# add_person: the person who signs in, in $person.
add_person() {
  person="${ADMIRROR_USER:-admin@localhost.localdomain}"
  "$bin/admirror" user add "$person" >/dev/null
}

# connect_demo_accounts: connects the simulator's ad accounts, and sets their token again.
connect_demo_accounts() {
  [ "$simulated" = yes ] || return 0
  step "Connecting the simulator's ad accounts"
  "$bin/admirror-simulator" --print-token |
    "$bin/admirror" account discover --add --manager "$person" || fail $? "the demo accounts could not be connected"
}

# keep_access_token: creates an access token unless $token_file has one that is accepted.
keep_access_token() {
  token_file="$state/secrets/access_token"
  is_token_good && return 0
  "$bin/admirror" token create --user "$person" --label "scripts/run" >"$token_file.new"
  mv "$token_file.new" "$token_file"
}

is_token_good() {
  [ -s "$token_file" ] &&
    printf 'header = "Authorization: Bearer %s"\n' "$(cat "$token_file")" |
    fetch -f -o /dev/null --max-time 5 -K - "http://127.0.0.1:$port/api/ad-accounts"
}

# keep_password: sets a password unless $password_file has one.
keep_password() {
  password_file="$state/secrets/password"
  [ ! -s "$password_file" ] || return 0
  od -An -tx1 -N12 /dev/urandom | tr -d ' \n' >"$password_file.new"
  "$bin/admirror" user set-password "$person" --password-file "$password_file.new" >/dev/null
  mv "$password_file.new" "$password_file"
}

sync_due_accounts() {
  [ "$first_sync" = yes ] || return 0
  step "Syncing accounts that are due"
  "$bin/admirror" sync --due --wait ||
    printf 'warning: some syncs failed; see scripts/admirror status\n' >&2
}
