# shellcheck shell=sh disable=SC2154 # $root and the like are the caller's

# scripts/production/services.sh: The services of an installed AdMirror.

enabled=/etc/systemd/system/admirror.target.wants

# start_services: starts as many responders as RESPONDERS says. Running ones are restarted one after another, so that
# the others answer meanwhile. If one does not start, the script stops and the rest keep running.
start_services() {
  cores="$(nproc)"
  responders="$(value_of RESPONDERS $((cores * 2 > 4 ? cores * 2 : 4)))"
  systemctl daemon-reload
  # What an operator has disabled since stays disabled.
  systemctl --quiet is-enabled admirror.target 2>/dev/null ||
    systemctl --quiet enable admirror.target admirror-responder.socket admirror-sync.timer admirror-prune.timer
  for number in $(seq 1 "$responders"); do
    [ -e "$enabled/admirror-responder@$number.service" ] ||
      systemctl --quiet enable "admirror-responder@$number.service"
  done
  for unit in "$enabled"/admirror-responder@*.service; do
    number="${unit##*@}"
    [ "${number%.service}" -le "$responders" ] || systemctl --quiet disable --now "${unit##*/}"
  done

  running="$(systemctl list-units --plain --no-legend --state=active 'admirror-responder@*.service' | cut -d ' ' -f 1)"
  [ -z "$running" ] || step "Restarting the responders one after another"
  for unit in $running; do restart "$unit"; done
  step "Starting stopped services"
  systemctl start admirror.target
  for number in $(seq 1 "$responders"); do
    systemctl --quiet is-active "admirror-responder@$number.service" || restart "admirror-responder@$number.service"
  done
}

restart() {
  systemctl restart "$1" || fail 1 "$1 does not start; the others keep running; see journalctl -u $1"
}

# stop_services: also the sync children, which outlive responders.
stop_services() {
  systemctl --quiet disable --now admirror.target admirror-sync.timer admirror-prune.timer admirror-responder.socket 2>/dev/null || :
  for unit in "$enabled"/admirror-responder@*.service; do
    [ ! -L "$unit" ] || systemctl --quiet disable --now "${unit##*/}"
  done
  systemctl stop 'admirror-*.service' || :
  # One `find` for all processes of the host, as in scripts/lib/processes.sh. The program may be deleted already.
  find /proc/[0-9]*/exe -maxdepth 0 -lname "$lib/admirror-sync*" -printf '%h\n' 2>/dev/null | while read -r process; do
    kill -TERM "${process#/proc/}" 2>/dev/null || :
  done
}
