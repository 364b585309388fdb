#!/bin/bash
# The same rollback as a playbook. From outside: SSH_CONFIG, HOST, TARGET, PORT.
set -euo pipefail
ansible-playbook --inventory "$HOST," --extra-vars "target=$TARGET port=$PORT" "$(dirname "$0")/playbook.yaml"
echo verified >&2
