# What every script does once health is good: the trigger, and its completion in the journal.
unit=${UNIT:-lab-service}
status=$(on "curl -s -o /dev/null -w '%{http_code}' -X POST http://localhost:$PORT/trigger \
  -H 'Content-Type: application/json' -d '{\"conditionId\": \"test-market-id\"}'")
test "$status" = 202
# Not a pipe: the shell would wait for the next line of the journal before it went on.
on "grep -m 1 'analysis test-market-id completed' < <(exec sudo journalctl -u $unit -f -n 50 2>/dev/null)"
echo verified >&2
