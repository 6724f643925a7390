# shellcheck shell=sh disable=SC2154 # $state and the like are the caller's

# scripts/lib/nginx.sh: nginx's configuration for a local run.

# render_nginx AUTHORIZATIONS: fills in the words between @ signs of the files in nginx/ and puts them under $state/nginx.
# Needs $bin, $port, $sockets and $simulator_include.
render_nginx() {
  authorizations="$1"
  nginx_user=""
  [ "$(id -u)" != 0 ] || nginx_user="user root;"
  version="$(find nginx/public -type f | LC_ALL=C sort | xargs cat | sha256sum | cut -c1-12)"
  rm -rf "$state/nginx"
  cp -R nginx "$state/nginx"
  for file in nginx.conf conf.d/admirror.conf snippets/simulator.conf; do
    sed -e "s|@simulator@|$simulator_include|" -e "s|@state@|$(quote "$state")|g" -e "s|@nginx@|$(quote "$PWD/nginx")|g" \
      -e "s|@sockets@|$(quote "$sockets")|g" -e "s|@authorizations@|$(quote "$authorizations")|g" \
      -e "s|@port@|$port|g" -e "s|@version@|$version|g" -e "s|^@user@$|$nginx_user|" "nginx/$file" >"$state/nginx/$file"
  done
  "$bin/admirror" nginx >"$state/nginx/snippets/site.conf"
  "$bin/admirror" nginx --server >"$state/nginx/snippets/listening.conf"
}

# quote TEXT: as the right side of a sed substitution.
quote() { printf '%s' "$1" | sed 's/[\\&|]/\\&/g'; }
