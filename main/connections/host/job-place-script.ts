/**
 * Shell functions that find a job on the host and say how it stands. Texts are POSIX sh for `talk` (shell-talk.ts), whose
 * `lg_say` writes a record.
 */

/** `lg_find_jobs [make]` leaves the folder of this account's jobs in lg_jobs; fails where there is none. */
const findJobs = `lg_find_jobs() {
  lg_cache=\${HOME:-/}/.cache
  case \${XDG_CACHE_HOME:-} in /*) lg_cache=$XDG_CACHE_HOME ;; esac
  lg_jobs=$lg_cache/lastgood/jobs
  [ -d "$lg_jobs" ] && [ -w "$lg_jobs" ] && return
  [ "\${1:-}" = make ] && mkdir -p "$lg_jobs" 2>/dev/null && return
  lg_own=/var/tmp/lastgood-$(id -u)
  lg_jobs=$lg_own/jobs
  [ "\${1:-}" != make ] || mkdir -m 700 "$lg_own" 2>/dev/null
  [ -d "$lg_own" ] && [ ! -L "$lg_own" ] && [ -O "$lg_own" ] || return 1
  [ "\${1:-}" != make ] || mkdir -p "$lg_jobs"
  [ -d "$lg_jobs" ]
}
`;

/** `lg_end_of N` leaves the exit code of a part in lg_code; fails while it has none. */
const endOf = `lg_end_of() {
  set -- "$1".end.*
  [ -e "$1" ] && lg_code=\${1##*.}
}
`;

/**
 * `lg_alive` says whether the process that began the job still runs: neither a reboot nor a reused number counts.
 * A job that was never begun is not alive.
 */
const alive = `lg_start_of() { lg_state=$1 lg_started=\${20}; }
lg_alive() {
  lg_pid= lg_since= lg_boot= lg_now=
  read -r lg_pid lg_since lg_boot <begun 2>/dev/null || return 1
  [ -n "$lg_boot" ] || return 1
  if [ "$lg_since" = - ]; then kill -0 "$lg_pid" 2>/dev/null; return; fi
  read -r lg_now </proc/sys/kernel/random/boot_id
  [ "$lg_now" = "$lg_boot" ] || return 1
  { read -r lg_stat <"/proc/$lg_pid/stat"; } 2>/dev/null || return 1
  lg_start_of \${lg_stat##*) }
  [ "$lg_started" = "$lg_since" ] && [ "$lg_state" != Z ] && [ "$lg_state" != X ]
}
`;

/** `lg_discard` removes the current folder, if that is a job's. Renamed first, so that nobody meets half of it. */
const discard = `lg_discard() {
  lg_gone=$(pwd -P 2>/dev/null)
  case $lg_gone in
    */lastgood/jobs/?*/?*) mv "$lg_gone" "$lg_gone.void.$$" 2>/dev/null && rm -rf "$lg_gone.void.$$" ;;
  esac
}
`;

/**
 * `lg_void` takes a job that was prepared and never begun away: it claims the one beginning there can be, so that a
 * starter that is late can begin no more. Fails where the job has begun. The current folder is the job's. A link that
 * leads nowhere needs no room on a full disk.
 */
const voidJob = `lg_void() {
  [ -n "$(pwd -P 2>/dev/null)" ] || return 0
  [ -e begun ] || ln -s never/begun begun 2>/dev/null
  [ -h begun ] || return 1
  lg_discard
}
`;

/** `lg_patience TEST ARGUMENTS` waits until that test holds, two seconds at most. */
const patience = `lg_patience() {
  lg_turns=40
  while ! [ "$@" ] && [ "$lg_turns" -gt 0 ]; do
    lg_turns=$((lg_turns - 1))
    sleep 0.05 2>/dev/null || { sleep 1; lg_turns=$((lg_turns - 19)); }
  done
}
`;

/**
 * `lg_wait SECONDS` waits until the job has news, or for that time, or for what is left of the time asked for before: no clock
 * is begun beside one that runs. Wants `lg_wake_up` first.
 */
const waiting = `lg_wake_up() {
  lg_fifo=$(pwd -P)/wake.$$
  trap 'rm -f "$lg_fifo"; exit 1' PIPE TERM HUP
  mkfifo "$lg_fifo" && exec 8<>"$lg_fifo"
  lg_clock= lg_pace=0.2
}
lg_wait() {
  if [ -z "$lg_clock" ]; then
    { sleep "$1" 2>/dev/null || sleep 1; echo clock >&8; } </dev/null >/dev/null 2>&1 &
    lg_clock=runs
  fi
  read -r lg_word <&8
  [ "$lg_word" != clock ] || lg_clock=
}
`;

export const jobPlaceScript = findJobs + endOf + alive + discard + voidJob + patience + waiting;
