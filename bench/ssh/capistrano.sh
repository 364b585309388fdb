#!/bin/bash
# Capistrano's rollback in a folder of its own: capistrano.sh FOLDER
# From outside: SSH_CONFIG, HOST, TARGET, PORT.
set -euo pipefail
cd "$1"
ROLLBACK_RELEASE=$TARGET cap "$HOST" deploy:rollback
echo verified >&2
