#!/bin/bash
# The source document's systemd rollback, typed by a script over one multiplexed connection. The only liberty is the
# pause between two looks at the health address: document.sh PAUSE
# From outside: SSH_CONFIG, HOST, TARGET, PORT.
set -euo pipefail
pause=$1
place=/opt/lab-service
on() { ssh -F "$SSH_CONFIG" "$HOST" "$1"; }

on "ls -lh $place/releases/"

on "sudo systemctl stop lab-service"
# It ends with 3 when the unit is stopped, which is what is wanted.
on "sudo systemctl status lab-service" || test $? = 3

on "sudo mv $place/current $place/rollback-\$(date +%Y%m%d-%H%M%S)"
on "sudo ln -s $place/releases/$TARGET $place/current"
on "ls -lh $place/current"

on "cat $place/current/.env"

on "sudo systemctl start lab-service"
on "sudo systemctl status lab-service"
on "sudo journalctl -u lab-service -n 50"

until on "curl -fs http://localhost:$PORT/health" | grep '"status":"healthy"'; do
  sleep "$pause"
done
. "$(dirname "$0")/verify.sh"
