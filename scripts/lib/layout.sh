# shellcheck shell=sh disable=SC2154 # $bin is the caller's

# scripts/lib/layout.sh: Which files of the checkout are installed, and where. The simulator is none of them.

# lay_out ROOT: installs all of them below ROOT, each by a rename, so that no program is ever half written. Their names go
# into $laid_out, each on a line.
lay_out() {
  to="${1%/}"
  laid_out=""
  for program in admirror admirror-responder admirror-sync admirror-thumbnails; do put 0755 "$bin/$program" "/usr/lib/admirror/$program"; done
  for part in common settings nginx; do put 0644 "scripts/lib/$part.sh" "/usr/lib/admirror/$part.sh"; done
  for part in host folders database site services purge; do
    put 0644 "scripts/production/$part.sh" "/usr/lib/admirror/$part.sh"
  done
  put 0755 scripts/production/admirror /usr/bin/admirror
  put 0755 scripts/production/admirror-setup /usr/sbin/admirror-setup
  put 0644 scripts/production/admirror.env /usr/share/admirror/admirror.env
  put 0644 scripts/production/tmpfiles.conf /usr/lib/tmpfiles.d/admirror.conf
  # An administrator who keeps logs for longer has changed it.
  if [ -e "$to/etc/logrotate.d/admirror" ]; then
    laid /etc/logrotate.d/admirror
  else
    put 0644 scripts/production/logrotate.conf /etc/logrotate.d/admirror
  fi
  for unit in $(cd scripts/systemd && find . -type f | LC_ALL=C sort); do
    put 0644 "scripts/systemd/$unit" "/lib/systemd/system/${unit#./}"
  done
  for file in $(cd nginx && find conf.d snippets public -type f ! -name simulator.conf | LC_ALL=C sort); do
    put 0644 "nginx/$file" "/usr/share/admirror/nginx/$file"
  done
  for file in alerts.yml grafana.json; do put 0644 "scripts/monitoring/$file" "/usr/share/admirror/monitoring/$file"; done
  "$bin/admirror" --generate-completion-script bash >"$to/usr/share/admirror/completion"
  put 0644 "$to/usr/share/admirror/completion" /usr/share/bash-completion/completions/admirror
  rm "$to/usr/share/admirror/completion"
  for page in README.md scripts/README.md Sources/README.md; do put 0644 "$page" "/usr/share/doc/admirror/$page"; done
}

put() { # put MODE FILE TARGET
  mkdir -p "$(dirname "$to$3")"
  install -m "$1" "$2" "$to$3.new"
  mv "$to$3.new" "$to$3"
  laid "$3"
}

laid() {
  laid_out="$laid_out$1
"
}
