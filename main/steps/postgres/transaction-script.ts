/** Seconds between two looks for the number of a transaction that has just begun. */
const lookSeconds = 0.2;

/** Seconds between two looks whether it is over: one session asks, without a new connection. */
const awaitSeconds = 0.02;

/**
 * The list of sessions shows the last 32 bits of a number only: the rest is taken from the numbers that the server gives now.
 * - `see_transaction FILE`: writes the number of the transaction of our session into it as soon as the server has given one, which
 *   it does at the first write. Of a transaction that is over before anybody looked there is none;
 * - `status_of FILE`: sets `$transaction_id` to that number and `$transaction_status` to what the server says became of it:
 *   `committed`, `aborted`, `in progress`, or nothing where that is not known;
 * - `await_commit FILE WORD…`: waits until that transaction is over, and succeeds where it was committed; `$asked` is then what
 *   psql answers to these words of its own. What was changed can be seen from then on, though the server may still be at work to
 *   take what was dropped off its disk.
 */
export const transactionFunctions = `our_transaction="select case when id - top > 2147483648 then id - 4294967296 when top - id > 2147483648 then id + 4294967296 else id end
  from (select backend_xid::text::bigint + ((txid_snapshot_xmax(txid_current_snapshot()) >> 32) << 32) as id, txid_snapshot_xmax(txid_current_snapshot()) as top, xact_start
    from pg_stat_activity where application_name = '$PGAPPNAME' and datname = current_database() and backend_xid is not null) seen
  order by xact_start desc limit 1"
see_transaction() {
  while kill -0 "$$" 2>/dev/null; do
    seen_id=$(PGAPPNAME='lastgood look' ask "$our_transaction" 2>/dev/null)
    if [ -n "$seen_id" ]; then
      printf '%s\\n' "$seen_id" >"$1.part" && mv -f -- "$1.part" "$1"
      return
    fi
    sleep ${String(lookSeconds)} 2>/dev/null || sleep 1
  done
}
status_of() {
  transaction_id=$(cat -- "$1" 2>/dev/null) || transaction_id=
  case $transaction_id in '' | *[!0-9]*) transaction_status= ; return ;; esac
  transaction_status=$(ask "select case when $transaction_id < txid_snapshot_xmax(txid_current_snapshot()) then txid_status($transaction_id) end") || transaction_status=
}
await_commit() {
  transaction_id=$(cat -- "$1" 2>/dev/null) || return
  case $transaction_id in '' | *[!0-9]*) return 1 ;; esac
  shift
  asked=$(PGAPPNAME='lastgood look' sql -c 'set statement_timeout = 0' -c "do \\$\\$ begin while pg_catalog.txid_status($transaction_id) = 'in progress' loop perform pg_catalog.pg_sleep(${String(awaitSeconds)}); end loop; end \\$\\$" -c "select pg_catalog.txid_status($transaction_id)" "$@") || return
  case $asked in "committed
"*) asked=\${asked#committed?} ;; *) return 1 ;; esac
}
`;
