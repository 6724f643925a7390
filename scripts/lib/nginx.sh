# shellcheck shell=sh disable=SC2154 # $state and the like are the caller's

# scripts/lib/nginx.sh: nginx's configuration, for a local run and for a host.

# render_nginx AUTHORIZATIONS: puts nginx's configuration for a local run under $state/nginx. Needs $bin, $port, $sockets and
# $simulator_include.
render_nginx() {
  authorizations="$1"
  nginx_files="$PWD/nginx"
  version="$(version_of nginx/public)"
  cache="$state/cache"
  log="$state/log"
  rm -rf "$state/nginx"
  cp -R nginx "$state/nginx"
  for file in nginx.conf conf.d/admirror.conf snippets/simulator.conf; do
    fill_in "nginx/$file" >"$state/nginx/$file"
  done
  write_site "$state/nginx/snippets"
}

# fill_in FILE: the file with the words between @ signs filled in. Needs $nginx_files (the folder nginx/), $version, $sockets,
# $cache, $log, $authorizations, $port and $simulator_include; $state for nginx.conf alone.
fill_in() {
  nginx_user=""
  [ "$(id -u)" != 0 ] || nginx_user="user root;"
  limit_workers
  sed -e "s|@simulator@|$simulator_include|" -e "s|@state@|$(quote "$state")|g" -e "s|@nginx@|$(quote "$nginx_files")|g" \
    -e "s|@sockets@|$(quote "$sockets")|g" -e "s|@authorizations@|$(quote "$authorizations")|g" \
    -e "s|@cache@|$(quote "$cache")|g" -e "s|@log@|$(quote "$log")|g" \
    -e "s|@answers_limits@|$(cache_limits "$cache" 1048576)|" \
    -e "s|@authorizations_limits@|$(cache_limits "$authorizations" 16384)|" \
    -e "s|@connections@|$connections|g" -e "s|@descriptors@|$descriptors|g" \
    -e "s|@port@|$port|g" -e "s|@version@|$version|g" -e "s|^@user@$|$nginx_user|" "$1"
}

# cache_limits FOLDER MOST: prints how much nginx's cache in FOLDER may use (at most MOST KiB and half of the file
# system) and how much it leaves free (an eighth of that, at most 64 MiB). Responders store nothing more when half of
# the free space is used (Sources/Program/Nginx/CacheRoom.swift).
cache_limits() {
  folder="${root:-}$1"
  until [ -d "$folder" ]; do folder="$(dirname "$folder")"; done
  size="$(df -k --output=size "$folder" 2>/dev/null | tail -n 1 | tr -d ' ')"
  case "$size" in '' | 0 | *[!0-9]*) size=2097152 ;; esac
  most=$((size / 2 < $2 ? size / 2 : $2))
  free=$((size / 8 < 65536 ? size / 8 : 65536))
  printf 'max_size=%sk min_free=%sk' "$most" "$free"
}

# limit_workers: sets $connections and $descriptors, of each worker of a local run. A connection may need three descriptors: its
# own, those of a cached authorization and of a cached answer. 512 are for files that stay open, logs and sockets.
limit_workers() {
  # shellcheck disable=SC3045 # every sh of Debian has these options
  descriptors="$(ulimit -H -n)"
  connections=4096
  [ "$descriptors" = unlimited ] || [ "$descriptors" -ge $((connections * 3 + 512)) ] ||
    connections=$((descriptors > 704 ? (descriptors - 512) / 3 : 64))
  descriptors=$((connections * 3 + 512))
}

# version_of FOLDER: a word that changes with any file in it.
version_of() { (cd "$1" && find . -type f | LC_ALL=C sort | xargs cat | sha256sum | cut -c1-12); }

# write_site FOLDER: what follows from the settings and from AdMirror's routes. Needs $bin.
write_site() { "$bin/admirror" nginx --into "$1"; }

# quote TEXT: as the right side of a sed substitution.
quote() { printf '%s' "$1" | sed 's/[\\&|]/\\&/g'; }
