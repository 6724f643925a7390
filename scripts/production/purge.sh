# shellcheck shell=sh

# scripts/production/purge.sh: Removes what an AdMirror leaves behind on a host, but for its database. The package's postrm is made
# of this file, when all others are gone.

# purge_host [ROOT]: below ROOT, where there are no users.
purge_host() {
  for path in /etc/admirror /etc/nginx/admirror /etc/nginx/conf.d/admirror.conf \
    /var/lib/admirror /var/cache/admirror /var/log/admirror /run/admirror /run/admirror-setup.lock; do
    rm -rf "${1:-}$path"
  done
  # When systemd last started what a timer is for.
  rm -f "${1:-}"/var/lib/systemd/timers/stamp-admirror-*
  if [ -z "${1:-}" ] && getent passwd admirror >/dev/null; then userdel admirror; fi
}
