/**
 * What is killed after its parent has ended becomes a child of the container's first process. PostgreSQL takes such a
 * child for one of its own and throws every session out. So everything runs below a guard: a process that the engine's
 * own keeper is the parent of, that takes in every orphan below it (PR_SET_CHILD_SUBREAPER) and lives as long as any of
 * them does. It is in another process group than they are, and no signal that is meant for them ends it.
 *
 * Perl, because every Debian and Ubuntu has it and a shell cannot ask for this. Where it cannot be had, nothing is begun.
 */
const guard = `use Config;
my %prctl = (x86_64 => 157, aarch64 => 167, riscv64 => 167, arm => 172, powerpc64le => 171, s390x => 172);
my ($cpu) = split /-/, $Config{archname};
my $number = $prctl{$cpu} or exit 97;
my $is = pack "i", 0;
syscall $number, 36, 1, 0, 0, 0;
syscall $number, 37, $is, 0, 0, 0;
exit 98 unless unpack "i", $is;
my $child = fork;
exit 99 unless defined $child;
unless ($child) { setpgrp 0, 0; exec @ARGV; exit 127 }
$SIG{$_} = "IGNORE" for qw(HUP INT QUIT PIPE TERM);
open STDIN, "<", "/dev/null"; open STDOUT, ">", "/dev/null"; open STDERR, ">", "/dev/null";
my $end = 0;
while ((my $gone = waitpid -1, 0) > 0) { $end = $? if $gone == $child }
exit($end & 127 ? 128 + ($end & 127) : $end >> 8);
`;

/** The words of the program that is run in the container for a command line. */
export function execWords(command: string, isGuarded: boolean): readonly string[] {
  const shell = ['sh', '-c', command];
  return isGuarded ? ['perl', '-e', guard, ...shell] : shell;
}

/** Begins nothing that could become an orphan: only what the shell itself does, and then the guard in its place. */
export const probeWords: readonly string[] = [
  'sh',
  '-c',
  `{ read -r first </proc/1/comm; } 2>/dev/null
echo "first \${first:-}"
if command -v perl >/dev/null 2>&1; then exec perl -e "$1" sh -c 'echo guarded'; fi
`,
  'probe',
  guard,
];

export type Probed = {
  /** Whether work can be kept apart from the container's first process. */
  readonly isGuarded: boolean;
  /** Whether that one would die of an orphan of ours, as far as is known. */
  readonly isServerFirst: boolean;
};

export function readProbe(output: string): Probed {
  const first = /^first (.*)$/m.exec(output)?.[1] ?? '';
  return {
    isGuarded: /^guarded$/m.test(output),
    isServerFirst: first === '' || /postgres|postmaster/.test(first),
  };
}
