#!/bin/bash
# The source document's Git rollback over one multiplexed connection, in its order: stop, then check out, install and
# build in place. Its `npm ci --only=production` leaves out what the build needs, so here all is installed.
# From outside: SSH_CONFIG, HOST, TARGET, PORT.
set -euo pipefail
export UNIT=lab-git
on() { ssh -F "$SSH_CONFIG" "$HOST" "$1"; }

on "git -C /opt/lab-git log --oneline -10"
on "sudo systemctl stop lab-git"
on "cd /opt/lab-git && git checkout $TARGET"
on "cd /opt/lab-git && npm ci"
on "cd /opt/lab-git && npm run build"
on "sudo systemctl start lab-git"
until on "curl -fs http://localhost:$PORT/health" | grep '"status":"healthy"'; do
  sleep 0.05
done
. "$(dirname "$0")/verify.sh"
