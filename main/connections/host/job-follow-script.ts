/**
 * Shell functions that tell about the job in the current folder, in records and raw output:
 * `count N`, `name N NAME`, `out N` and `err N` (what follows is that output of part N), `cut` (what follows is only the
 * end of it), `part N CODE`, and last `job running|ended|lost|absent`.
 */

const names = `lg_say_names() {
  lg_count=0
  while [ -e "$((lg_count + 1)).name" ]; do
    lg_count=$((lg_count + 1))
    read -r lg_name <"$lg_count.name"
    lg_say name "$lg_count" "$lg_name"
  done
  lg_say count "$lg_count"
}
`;

/**
 * The offset is kept by the open file itself, so `cat` prints what is new, and no process counts bytes. None is begun for a
 * file that is empty still: the host may have a service to start meanwhile.
 */
const drain = `lg_skip() {
  [ "$1" -lt 65536 ] || dd bs=65536 count=$(($1 / 65536)) >/dev/null 2>&1
  [ $(($1 % 65536)) -eq 0 ] || dd bs=$(($1 % 65536)) count=1 >/dev/null 2>&1
}
lg_drain() {
  if [ -s "$1.out" ]; then lg_say out "$1"; cat <&4; fi
  if [ -s "$1.err" ]; then lg_say err "$1"; cat <&5; fi
}
lg_tail() {
  for lg_stream in out err; do
    [ -e "$1.$lg_stream.cut" ] || continue
    lg_say "$lg_stream" "$1"
    lg_say cut
    cat "$1.$lg_stream.tail"
  done
}
`;

/**
 * `lg_status N` leaves the part's exit code in lg_code, or in lg_over why it will never have one. The end is looked for
 * again once the process is known to be gone: it may have ended in between, or who ends it by force writes it.
 */
const status = `lg_status() {
  lg_code= lg_over=
  lg_end_of "$1" && return
  [ -e live ] && lg_alive && return
  [ ! -e cancel ] || lg_patience ! -e live
  lg_end_of "$1" && return
  if [ -e live ]; then lg_over=lost; rm -f ./*.secret; else lg_over=ended; fi
}
`;

/** The end is looked for before the output is read, so that what is read after it is all there was. */
const followPart = `lg_follow_part() {
  exec 4<"$1.out" 5<"$1.err"
  lg_skip "$2" <&4
  lg_skip "$3" <&5
  while :; do
    lg_status "$1"
    lg_drain "$1"
    [ -z "$lg_over" ] || return 1
    if [ -n "$lg_code" ]; then
      lg_tail "$1"
      lg_say part "$1" "$lg_code"
      return
    fi
    lg_wait "$lg_pace"
    lg_pace=0.5
  done
}
`;

/** `lg_follow PART OUT_BYTES ERR_BYTES`: from there to the end of the job. */
const follow = `lg_follow() {
  lg_say begun
  lg_say_names
  lg_at=$1 lg_out=$2 lg_err=$3
  while [ "$lg_at" -le "$lg_count" ] && lg_follow_part "$lg_at" "$lg_out" "$lg_err"; do
    lg_at=$((lg_at + 1)) lg_out=0 lg_err=0
    lg_pace=0.2
  done
  while [ -e live ] && lg_alive; do lg_wait "$lg_pace"; done
  rm -f "$lg_fifo"
  if [ -e live ]; then rm -f ./*.secret; lg_say job lost; else lg_say job ended; fi
}
`;

/** `lg_look`: how it stands, with the end of each ended part's output for its last line. */
const look = `lg_look() {
  lg_say_names
  lg_over=running
  [ -e live ] && lg_alive || lg_over=lost
  [ -e live ] || lg_over=ended
  lg_at=1
  while [ "$lg_at" -le "$lg_count" ] && lg_end_of "$lg_at"; do
    for lg_stream in out err; do
      lg_from=$lg_at.$lg_stream
      [ ! -e "$lg_from.cut" ] || lg_from=$lg_from.tail
      lg_say "$lg_stream" "$lg_at"
      tail -c 4096 "$lg_from"
    done
    lg_say part "$lg_at" "$lg_code"
    lg_at=$((lg_at + 1))
  done
  lg_say job "$lg_over"
}
`;

export const jobFollowScript = names + drain + status + followPart + follow + look;
