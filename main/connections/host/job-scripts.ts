import { shellQuote } from '../../steps/shell-quote.js';
import type { HostJob, JobId } from '../host-types.js';
import { jobFollowScript } from './job-follow-script.js';
import { jobPlaceScript } from './job-place-script.js';
import { jobSupervisor } from './job-supervisor.js';

/** Where following goes on: the part at hand, and how many bytes of its outputs are here already. */
export type FollowFrom = {
  readonly part: number;
  readonly outBytes: number;
  readonly errBytes: number;
};

export const jobFunctions = jobPlaceScript + jobFollowScript;

/** Into the folder of the job; `job absent` where there is none, `as USER` where another account has it. */
export const enterJob = ({
  runId,
  name,
}: JobId): string => `  lg_find_jobs || { lg_say job absent; return; }
  lg_place=$lg_jobs/${shellQuote(runId)}/${shellQuote(name)}
  if ! cd "$lg_place" 2>/dev/null; then
    if read -r lg_user <"$lg_place.as"; then lg_say as "$lg_user"; else lg_say job absent; fi 2>/dev/null
    return
  fi
  lg_patience -e begun
  if lg_void; then lg_say job absent; return; fi
`;

const followFrom = ({ part, outBytes, errBytes }: FollowFrom): string =>
  `lg_follow ${part} ${outBytes} ${errBytes}`;

/** Starts nothing. */
export function followScript(id: JobId, from: FollowFrom): string {
  return `${jobFunctions}lg_main() {
${enterJob(id)}  lg_wake_up || return
  ${followFrom(from)}
}
`;
}

/** Starts nothing; what was prepared and never begun can begin no more afterwards. */
export function lookScript(id: JobId): string {
  return `${jobFunctions}lg_main() {
${enterJob(id)}  lg_look
}
`;
}

/**
 * The seal is laid before the look, and a starter looks for it once its folder is there: one of the two meets the other.
 * So what is absent after this stays absent, however late a starter's words come in.
 */
export function sealScript(id: JobId): string {
  return `${jobFunctions}lg_seal() {
  lg_find_jobs make && mkdir -p "$lg_jobs"/${shellQuote(id.runId)} && true >"$lg_jobs"/${shellQuote(id.runId)}/${shellQuote(id.name)}.sealed
}
lg_main() {
  ( umask 077; lg_seal ) || { echo 'no seal can be laid' >&2; return 1; }
${enterJob(id)}  lg_look
}
`;
}

/** Unique on the host, so that the same job cannot have two. */
const scopeOf = ({ runId, name }: JobId): string => shellQuote(`lastgood-${runId}-${name}`);

const partFiles = (job: HostJob): string =>
  job.parts
    .map(({ name, script }, index) => {
      const number = index + 1;
      return `  printf %s ${shellQuote(script)} >${number}.sh || return
  echo ${shellQuote(encodeURIComponent(name))} >${number}.name || return
  true >${number}.part >${number}.out >${number}.err || return
`;
    })
    .join('');

/** For the outputs of those that may print much, and for the word that these were taken in whole. */
function pipesOf({ parts }: HostJob): string {
  const pipes = parts.flatMap(({ saysLittle }, index) =>
    saysLittle === true ? [] : [`${index + 1}.out.pipe ${index + 1}.err.pipe`],
  );
  return pipes.length === 0 ? '' : `  mkfifo ends ${pipes.join(' ')} || return\n`;
}

/** `printf` is the shell's own: what it writes is in no argument of a program. */
const secretFiles = ({ secrets = [] }: HostJob): string =>
  secrets
    .map(
      ({ variable, content }, index) =>
        `  printf %s ${shellQuote(content)} >${index + 1}.secret || return
  echo ${shellQuote(variable)} >${index + 1}.variable || return
`,
    )
    .join('');

/**
 * Starts the job unless it has begun before, and follows it, all in one go. The folder, made by `mkdir`, and then `begun`
 * (job-supervisor.ts) see to it that it begins once, however many starters there are and whenever they are cut off.
 *
 * The job is the first half of a pipeline and not a `&`, because that would start it, and every service it starts, with
 * SIGINT ignored. As root on a machine with systemd, or where `scope` asks for it, it gets a scope of its own, so that the
 * end of the login session cannot end it.
 */
export function startScript(job: HostJob, from: FollowFrom, scope: '' | '--user'): string {
  const folder = `"$lg_jobs"/${shellQuote(job.id.runId)}/${shellQuote(job.id.name)}`;
  return `${jobFunctions}lg_fill() {
  printf %s ${shellQuote(jobSupervisor)} >supervisor || return
${partFiles(job)}${secretFiles(job)}${pipesOf(job)}  true >start.err && true >live
}
lg_begin() {
  set -- sh ./supervisor ${job.parts.length} "$lg_mask"
  lg_scope=${scope}
  if [ -z "$lg_scope" ] && [ -d /run/systemd/system ] && [ "$(id -u)" = 0 ]; then lg_scope=--system; fi
  if [ -n "$lg_scope" ]; then
    [ "$lg_scope" = --system ] || export XDG_RUNTIME_DIR="\${XDG_RUNTIME_DIR:-/run/user/$(id -u)}"
    setsid systemd-run "$lg_scope" --scope --quiet --unit=${scopeOf(job.id)} -- "$@" 8>&-
  fi
  [ -e begun ] || [ "$lg_scope" = --user ] || setsid "$@" 8>&-
  [ -e begun ] || { lg_void && echo void >&8; }
}
lg_first() {
  exec 7<start.err
  until [ -e begun ] || [ -h begun ] || [ ! -e live ]; do lg_wait 0.2; done
  # It may have begun and ended in between: what begun says stays true.
  if [ -e begun ]; then ${followFrom(from)}; return; fi
  lg_say job unstarted
  cat <&7 >&2
}
lg_main() {
  lg_mask=$(umask)
  umask 077
  lg_find_jobs make || { lg_say job unstarted; echo "no folder can be made for the job" >&2; return; }
  mkdir -p "$lg_jobs"/${shellQuote(job.id.runId)} || { lg_say job unstarted; return; }
  lg_place=${folder}
  lg_tries=5 lg_ready=
  while [ -z "$lg_ready" ] && [ "$lg_tries" -gt 0 ]; do
    lg_tries=$((lg_tries - 1))
    if mkdir "$lg_place"; then
      if cd "$lg_place" && lg_fill; then lg_ready=yes; else lg_discard; fi
    elif cd "$lg_place"; then
      lg_patience -e begun
      lg_void || { lg_wake_up && ${followFrom(from)}; return; }
    fi
  done
  [ -n "$lg_ready" ] || { lg_say job unstarted; return; }
  if [ -e "$lg_place.sealed" ]; then lg_discard; lg_say job unstarted; echo 'it was given up before it came' >&2; return; fi
  lg_wake_up || { lg_discard; lg_say job unstarted; return; }
  { lg_begin; } </dev/null >/dev/null 2>start.err | lg_first
}
`;
}
