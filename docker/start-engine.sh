#!/usr/bin/env bash
# Makes sure that a Docker engine answers: uses the one that runs, else installs Debian's
# and starts it. For CI machines; needs root where there is no engine yet.
set -euo pipefail

answers() { curl --silent --fail --max-time 2 --unix-socket /var/run/docker.sock http://docker/_ping >/dev/null 2>&1; }

if answers; then
  echo "Docker engine: already running"
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "Docker engine: none answers at /var/run/docker.sock, and installing one needs root" >&2
  exit 1
fi
missing=()
command -v curl >/dev/null || missing+=(curl)
command -v dockerd >/dev/null || missing+=(docker.io iptables)
if [ ${#missing[@]} -gt 0 ]; then
  echo "Docker engine: installing ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  # One may have run all along, without curl to ask it, or its package has started it.
  answers && { echo "Docker engine: running"; exit 0; }
fi

log=${DOCKERD_LOG:-/var/log/dockerd.log}
setsid dockerd >"$log" 2>&1 </dev/null &
pid=$!
for _ in $(seq 150); do
  if answers; then
    echo "Docker engine: started, pid $pid, log in $log"
    exit 0
  fi
  kill -0 "$pid" 2>/dev/null || break
  sleep 0.2
done
echo "Docker engine: dockerd did not come up; the end of $log:" >&2
tail -n 20 "$log" >&2
exit 1
