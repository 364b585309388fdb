#!/bin/bash
# The source document's Docker rollback as a script, with the 60 s grace it speaks of. The only liberty is the pause
# between two looks at the health address: document.sh PAUSE
# From outside: DOCKER_HOST, NAME, REPOSITORY, TARGET, ENV_FILE, LABEL, PORT.
set -euo pipefail
pause=$1
url="http://127.0.0.1:$PORT"

docker images "$REPOSITORY"

docker stop -t 60 "$NAME"
docker rm "$NAME"

docker run -d \
  --name "$NAME" \
  --env-file "$ENV_FILE" \
  -p "127.0.0.1:$PORT:3000" \
  --restart unless-stopped \
  --label "$LABEL" \
  "$REPOSITORY:$TARGET"
docker ps | grep "$NAME"

until curl -fs "$url/health" | grep '"status":"healthy"'; do
  sleep "$pause"
done

docker logs --tail 50 "$NAME"

status=$(curl -s -o /dev/null -w '%{http_code}' -X POST "$url/trigger" \
  -H 'Content-Type: application/json' \
  -d '{"conditionId": "test-market-id"}')
test "$status" = 202
# Not a pipe: bash would wait for the next line of the log before it went on.
grep -m 1 'analysis test-market-id completed' < <(exec docker logs --follow --tail 50 "$NAME" 2>&1)

echo verified >&2
