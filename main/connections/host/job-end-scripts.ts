import { shellQuote } from '../../steps/shell-quote.js';
import type { JobId } from '../host-types.js';
import { enterJob, jobFunctions } from './job-scripts.js';
import { killedExitCode } from './job-supervisor.js';

/** After SIGKILL nothing lives on except what hangs in the kernel. */
const killWaitSeconds = 5;

/**
 * TERM to the whole process group, KILL to what is left of it after the grace. Where the job itself could not write its
 * end any more, this does. A job that is not alive is left alone: its number may be somebody else's by now.
 */
export function cancelScript(id: JobId, graceSeconds: number): string {
  return `${jobFunctions}lg_lives_in() { [ "$3" = "$lg_pid" ] && [ "$1" != Z ]; }
lg_group_lives() {
  kill -0 "-$lg_pid" 2>/dev/null || return 1
  lg_alive && return
  for lg_file in /proc/[0-9]*/stat; do
    { read -r lg_stat <"$lg_file"; } 2>/dev/null || continue
    lg_lives_in \${lg_stat##*) } && return
  done
  return 1
}
lg_await_group() {
  lg_tenths=$(($1 * 10))
  while lg_group_lives; do
    [ "$lg_tenths" -gt 0 ] || return 1
    lg_tenths=$((lg_tenths - 1))
    sleep 0.1 2>/dev/null || { sleep 1; lg_tenths=$((lg_tenths - 9)); }
  done
}
lg_write_end() {
  rm -f ./*.secret
  lg_at=1
  while lg_end_of "$lg_at"; do lg_at=$((lg_at + 1)); done
  [ ! -e "$lg_at.part" ] || mv "$lg_at.part" "$lg_at.end.${killedExitCode}"
  mv live ended
}
lg_main() {
${enterJob(id)}  if [ -e live ] && lg_alive; then
    true >cancel
    kill -TERM "-$lg_pid"
    if ! lg_await_group ${graceSeconds}; then
      kill -KILL "-$lg_pid"
      lg_await_group ${killWaitSeconds}
    fi
    [ ! -e live ] || lg_alive || lg_write_end
  fi
  lg_look
}
`;
}

/** `removed PATH` lines on the output, `as USER` for what other accounts have; leaves what still runs. */
export function cleanUpScript(runId: string): string {
  return `${jobFunctions}lg_main() {
  lg_find_jobs || return 0
  lg_run=$lg_jobs/${shellQuote(runId)}
  for lg_place in "$lg_run"/*/; do
    cd "$lg_place" 2>/dev/null || continue
    lg_void && continue
    if [ -e live ] && lg_alive; then continue; fi
    lg_gone=$(pwd -P)
    cd /
    rm -rf -- "$lg_gone" && printf '%s\\n' "$lg_gone"
  done
  rm -f -- "$lg_run"/*.sealed
  for lg_place in "$lg_run"/*.as; do
    { read -r lg_user <"$lg_place"; } 2>/dev/null && lg_say as "$lg_user"
  done
  cd /
  rmdir "$lg_run" "$lg_jobs" "\${lg_jobs%/*}" 2>/dev/null
  return 0
}
`;
}

/** Once the other accounts have been cleaned: removes what said where to look. */
export function forgetAccountsScript(runId: string): string {
  return `${jobFunctions}lg_main() {
  lg_find_jobs || return 0
  rm -f "$lg_jobs"/${shellQuote(runId)}/*.as
  rmdir "$lg_jobs"/${shellQuote(runId)} "$lg_jobs" "\${lg_jobs%/*}" 2>/dev/null
  return 0
}
`;
}
