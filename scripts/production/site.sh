# shellcheck shell=sh disable=SC2154,SC2034 # the caller's variables, and those that fill_in reads

# scripts/production/site.sh: AdMirror's site in the host's own nginx.

site="$root/etc/nginx/conf.d/admirror.conf"
snippets="$root/etc/nginx/admirror"

# write_host_site: from nginx/ and the settings, below /etc/nginx. The one before stays beside it until it is known that nginx
# takes the new one.
write_host_site() {
  nginx_files=/usr/share/admirror/nginx
  sockets=/run/admirror
  cache=/var/cache/admirror
  log=/var/log/admirror
  authorizations=/run/admirror/authorizations
  simulator_include=""
  port="$(value_of PORT 8080)"
  source="$root$nginx_files"
  version="$(version_of "$source/public")"

  mkdir -p "$root/etc/nginx/conf.d"
  rm -rf "$snippets.new"
  mkdir "$snippets.new"
  for file in "$source"/snippets/*.conf; do among_snippets <"$file" >"$snippets.new/${file##*/}"; done
  bin="$lib"
  write_site "$snippets.new"
  among_snippets <"$snippets.new/listening.conf" >"$snippets.new/listening"
  mv "$snippets.new/listening" "$snippets.new/listening.conf"
  {
    printf '# Made by admirror-setup from the settings: what is changed here is lost.\n\n'
    fill_in "$source/conf.d/admirror.conf" | among_snippets
  } >"$snippets.new/server"
  chmod -R u=rwX,go=rX "$snippets.new"

  rm -rf "$snippets.old" "$site.old"
  [ ! -d "$snippets" ] || mv "$snippets" "$snippets.old"
  [ ! -f "$site" ] || mv "$site" "$site.old"
  mv "$snippets.new" "$snippets"
  mv "$snippets/server" "$site"
}

# among_snippets: our snippets lie in a folder of their own, beside those of other sites.
among_snippets() { sed 's|include snippets/|include admirror/|'; }

# allow_descriptors: gives the nginx that runs what nginx.service.d/admirror.conf gives each that starts. Its workers get it with
# the next reload.
allow_descriptors() {
  [ -z "$root" ] && [ -s /run/nginx.pid ] || return 0
  limit="$(sed -n 's/^LimitNOFILE=//p' /lib/systemd/system/nginx.service.d/admirror.conf)"
  prlimit --pid "$(cat /run/nginx.pid)" --nofile="$limit:$limit" ||
    printf 'warning: nginx keeps its limit of open files until it is restarted: systemctl restart nginx\n' >&2
}

# load_site: lets nginx take the new site, or goes back to the one before.
load_site() {
  if [ -z "$root" ] && ! nginx -q -t; then
    rm -rf "$snippets" "$site"
    [ ! -d "$snippets.old" ] || mv "$snippets.old" "$snippets"
    [ ! -f "$site.old" ] || mv "$site.old" "$site"
    fail 1 "nginx does not take the new site, for the reason above: the one before goes on"
  fi
  rm -rf "$snippets.old" "$site.old"
  allow_descriptors
  ! on_systemd || systemctl reload-or-restart nginx
}

# remove_host_site: and nginx goes on with what else it serves.
remove_host_site() {
  rm -rf "$snippets" "$site"
  ! on_systemd || ! systemctl --quiet is-active nginx || systemctl reload nginx ||
    printf 'warning: nginx does not load what is left of its configuration: nginx -t says why\n' >&2
}
