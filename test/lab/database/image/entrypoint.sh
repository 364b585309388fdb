#!/bin/bash
# As the official image does it: as root at first, then the server itself takes this process's place, as PID 1.
set -e
if [ "$(id -u)" = 0 ]; then
  chown postgres /var/lib/postgresql/data
  exec setpriv --reuid=postgres --regid=postgres --clear-groups "$BASH_SOURCE" "$@"
fi
exec "$@"
