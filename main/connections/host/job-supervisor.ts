/** Bytes kept of each output of one part. What comes after is taken, so that nothing stalls, and only its end is kept. */
export const keptOutputBytes = 16 * 1024 * 1024;

/** Bytes kept of the end of an output that was cut. */
export const keptEndBytes = 8 * 1024;

/** Exit code of `sh` ended by SIGKILL; written by who cancels where the job could not write it itself. */
export const killedExitCode = 137;

/**
 * Runs detached in the folder of its job: one part after the other, until one fails. Arguments: how many parts, and the
 * account's file mask. Any POSIX sh.
 *
 * - `begun` is made by a hard link, which can be made once only: whoever has it may begin. It names the process so that
 *   neither a reboot nor a reused number can be taken for it.
 * - A folder that was taken away (`lg_void`) has another name by then, and nothing begins in it.
 * - An end is the name of an empty file. Where there is no room for one, `2.part` is renamed to `2.end.0`, which needs none.
 * - The outputs go through collectors that cap what is kept, except those of a part that says little, for which there are
 *   no pipes: a process costs a slow host milliseconds, and a service may stand still meanwhile. A part has ended when its
 *   shell has; a child that holds the output open is not waited for.
 * - All collectors are begun before the first part, because a service may stand still between two parts. `lg_parts` holds
 *   the pipes of a part open until its shell has ended, for the collectors to wait by: the pipes of the first part innermost.
 *   Opening one waits for its collector, and however this process ends, they end with it. They are begun before any pipe is
 *   held, so that none holds another's.
 * - Secrets are files of the folder, named to the parts by variables, and gone before the end is written.
 * - Nothing here runs with ignored signals, because a service that a part starts would inherit that.
 */
export const jobSupervisor = `umask 077
lg_cancelled=
trap 'lg_cancelled=1' TERM
lg_boot=- lg_started=-
lg_read_start() { lg_started=\${20}; }
{
  read -r lg_boot </proc/sys/kernel/random/boot_id
  read -r lg_stat </proc/$$/stat && lg_read_start \${lg_stat##*) }
} 2>/dev/null
lg_wake() {
  for lg_fifo in wake.*; do
    if [ -p "$lg_fifo" ]; then echo w 1<>"$lg_fifo"; fi
  done 2>/dev/null
}
lg_collect() {
  trap '' TERM
  {
    trap '' XFSZ
    ulimit -c 0
    ulimit -f ${keptOutputBytes / 512}
    if tee -a "$1.$2"; then echo "$1" >&9; else true >"$1.$2.cut"; fi
  } <"$1.$2.pipe" 2>/dev/null | tail -c ${keptEndBytes} >"$1.$2.tail"
  [ ! -e "$1.$2.cut" ] || echo "$1" >&9
}
lg_await() {
  ( sleep 0.3 2>/dev/null || sleep 1; echo "late $1" >&9 ) >/dev/null 2>&1 &
  lg_timer=$!
  lg_left=2
  while [ "$lg_left" -gt 0 ] && read -r lg_word <&9; do
    case $lg_word in
      "$1") lg_left=$((lg_left - 1)) ;;
      "late $1") break ;;
    esac
  done
  # TERM may be lost on a shell that has only just begun, and this one holds the pipes of the parts to come.
  kill -KILL "$lg_timer" 2>/dev/null
}
lg_part() {
  lg_to=
  [ ! -p "$1.out.pipe" ] || lg_to=.pipe
  (
    umask "$2"
    cd "\${HOME:-/}" 2>/dev/null || cd /
    exec sh "$d/$1.sh" 5>&- 6>&- 9>&-
  ) </dev/null >>"$1.out$lg_to" 2>>"$1.err$lg_to"
  lg_code=$?
  if [ -n "$lg_to" ]; then
    exec 5>&- 6>&-
    lg_await "$1"
  fi
  # A redirection that fails ends the shell where the command is a special one, as \`:\` is.
  true 2>/dev/null >"$1.end.$lg_code" || mv "$1.part" "$1.end.$lg_code"
  lg_wake
  case $lg_code in 0 | 90) ;; *) return 1 ;; esac
}
lg_parts() {
  [ "$1" -gt 0 ] || return 0
  if [ -p "$1.out.pipe" ]; then
    lg_upto "$@" 5>"$1.out.pipe" 6>"$1.err.pipe"
  else
    lg_upto "$@"
  fi
}
lg_upto() { lg_parts $(($1 - 1)) "$2" && [ -z "$lg_cancelled" ] && lg_part "$1" "$2"; }
printf '%s\\n' "$$ $lg_started $lg_boot" >"begun.$$" && ln "begun.$$" begun 2>/dev/null || { rm -f "begun.$$"; exit 0; }
d=$(pwd -P)
case $d in *.void.* | '') exit 0 ;; esac
[ ! -p ends ] || exec 9<>ends
for lg_file in *.variable; do
  { read -r lg_word <"$lg_file" && export "$lg_word=$d/\${lg_file%.variable}.secret"; } 2>/dev/null
done
lg_wake
lg_next=1
while [ "$lg_next" -le "$1" ]; do
  if [ -p "$lg_next.out.pipe" ]; then
    lg_collect "$lg_next" out </dev/null >/dev/null &
    lg_collect "$lg_next" err </dev/null >/dev/null &
  fi
  lg_next=$((lg_next + 1))
done
lg_parts "$1" "$2"
rm -f ./*.secret begun.*
mv live ended
lg_wake
`;
