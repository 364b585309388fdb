import { AppError } from '../../../shared/errors/app-error.js';
import type { PreviewItem, Target } from '../../../shared/plan/target.js';
import type { HostInfo, HostPort } from '../../connections/ports.js';
import { shellQuote } from '../shell-quote.js';
import { gitHead } from './commits.js';
import type { CommitPlace } from './commits.js';
import { accountOf, FIELD, look, rowsOf } from './look.js';
import { releaseFunctions, releaseSights } from './release-look.js';
import type { ReleasePlace } from './releases.js';
import { seeProcess } from './service-process.js';
import type { HostedProcess } from './service-process.js';

type Item = Omit<PreviewItem, 'checkedAt'>;
type Ask = {
  readonly port: HostPort;
  readonly process: HostedProcess;
  readonly signal: AbortSignal;
};

/** What a build beside the running version needs at least; a release only needs its link. */
const ROOM_FOR_BUILD_KIB = 1_048_576;
const ROOM_FOR_LINK_KIB = 51_200;

/** "Can I still go back?" to a release: reads only; a host that does not let us in is an answer too. */
export function previewRelease(
  ask: Ask,
  place: ReleasePlace,
  target: Target,
): Promise<readonly Item[]> {
  return preview(ask, async (info) => {
    const as = await accountOf(ask.port, place.owner, ask.signal);
    const what = `Looking at the release ${target.id}`;
    const text = releaseScript(place, target.id);
    const stdout = await look(ask.port, { text, as, what }, ask.signal);
    return [
      rightsItem(info, ask.process, place.owner),
      releaseItem(stdout, target),
      ownerItem(stdout, target.id, place.current),
      roomItem(stdout, ROOM_FOR_LINK_KIB),
      linkItem(stdout, place.current),
    ];
  });
}

/** "Can I still go back?" to a commit: reads only. */
export function previewCommit(
  ask: Ask,
  place: CommitPlace,
  target: Target,
): Promise<readonly Item[]> {
  return preview(ask, async (info) => {
    const as = await accountOf(ask.port, place.owner, ask.signal);
    const what = `Looking at the commit ${target.id}`;
    const text = commitScript(place, target.id);
    const stdout = await look(ask.port, { text, as, what }, ask.signal);
    return [
      rightsItem(info, ask.process, place.owner),
      commitItem(stdout, target),
      treeItem(stdout),
      roomItem(stdout, ROOM_FOR_BUILD_KIB),
    ];
  });
}

async function preview(
  { port, process, signal }: Ask,
  items: (info: HostInfo) => Promise<readonly Item[]>,
): Promise<readonly Item[]> {
  const item = { id: 'host', title: 'Host' } as const;
  try {
    const info = await port.info(signal);
    const { name, user, address, fingerprint } = info;
    const text = `${name}: ${user} at ${address}, ${fingerprint}, the same as before`;
    const [rest, sight] = await Promise.all([items(info), seeProcess(port, process, signal)]);
    const state = sight.isUp ? 'green' : sight.isKnown ? 'amber' : 'red';
    return [
      { ...item, state: 'green', text },
      ...rest,
      { id: 'service', title: 'Service', state, text: sight.text },
    ];
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code !== 'STEP_STOPPED') {
      return [{ ...item, state: 'red', text: thrown.message }];
    }
    throw thrown;
  }
}

/** systemd is root's; PM2 and a checkout are their owner's. */
function rightsItem({ sudo, user }: HostInfo, process: HostedProcess, owner: string | null): Item {
  const item = { id: 'rights', title: 'Rights' } as const;
  const others = [owner, process.kind === 'pm2' ? process.owner : 'root'].filter(
    (account) => account !== null && account !== user,
  );
  if (others.length === 0) {
    return { ...item, state: 'green', text: `${user} needs nobody else's rights` };
  }
  const who = [...new Set(others)].join(' and ');
  switch (sudo) {
    case 'root-login':
      return { ...item, state: 'green', text: `logged in as ${user}, may act as ${who}` };
    case 'passwordless':
      return { ...item, state: 'green', text: `sudo lets ${user} act as ${who} unasked` };
    case 'password':
      return { ...item, state: 'amber', text: `sudo will ask for the password of ${user}` };
    case 'none':
      return { ...item, state: 'red', text: `sudo does not let ${user} act as ${who}` };
  }
}

function releaseScript({ folder, current, complete }: ReleasePlace, target: string): string {
  const owner = `owner${FIELD}%U:%G${FIELD}%n`;
  return `${releaseFunctions(complete)}
target=${shellQuote(target)}
current=${shellQuote(current)}
if [ -d "$target" ]; then look_at target "$target"; else row gone "$target"; fi
stat -L -c ${shellQuote(owner)} -- "$target" "$current" 2>/dev/null
${roomOf(shellQuote(folder))}if [ -L "$current" ]; then row link link; elif [ -d "$current" ]; then row link folder; else row link none; fi
`;
}

/** POSIX prints one line for the file system, below its heading. */
const roomOf = (folder: string): string =>
  `df -Pk -- ${folder} 2>/dev/null | { read -r _; read -r _ _ _ free _; row room "\${free:-}"; }\n`;

function releaseItem(stdout: string, { version, id }: Target): Item {
  const item = { id: 'target', title: 'Target release' } as const;
  const [sight] = releaseSights(stdout, 'target');
  if (sight === undefined) {
    return { ...item, state: 'red', text: `${id} is no longer there` };
  }
  const { missing } = sight;
  return missing === ''
    ? { ...item, state: 'green', text: `${version} is there and complete (${id})` }
    : { ...item, state: 'red', text: `${version} is not complete: ${missing}` };
}

function ownerItem(stdout: string, targetPath: string, current: string): Item {
  const item = { id: 'owner', title: 'Owner' } as const;
  const owners = new Map(rowsOf(stdout, 'owner').map(([owner = '', path = '']) => [path, owner]));
  const target = owners.get(targetPath);
  const serving = owners.get(current);
  if (target === undefined || serving === undefined) {
    return { ...item, state: 'amber', text: 'Unknown: the owner cannot be read' };
  }
  return target === serving
    ? { ...item, state: 'green', text: `${target}, as what serves now` }
    : { ...item, state: 'amber', text: `${target}, but what serves now belongs to ${serving}` };
}

function roomItem(stdout: string, neededKib: number): Item {
  const item = { id: 'room', title: 'Disk room' } as const;
  const [[kibibytes = ''] = []] = rowsOf(stdout, 'room');
  if (!/^\d+$/.test(kibibytes)) {
    return { ...item, state: 'amber', text: 'Unknown: the host does not tell' };
  }
  const free = Number(kibibytes);
  const text = `${(free / 1_048_576).toFixed(1)} GiB free`;
  if (free >= neededKib) {
    return { ...item, state: 'green', text };
  }
  return { ...item, state: free >= ROOM_FOR_LINK_KIB ? 'amber' : 'red', text: `only ${text}` };
}

function linkItem(stdout: string, current: string): Item {
  const item = { id: 'current', title: 'What serves' } as const;
  const [[form = 'none'] = []] = rowsOf(stdout, 'link');
  switch (form) {
    case 'link':
      return { ...item, state: 'green', text: `${current} is a link: it is exchanged at once` };
    case 'folder':
      return {
        ...item,
        state: 'amber',
        text: `${current} is a folder: it is kept aside by renaming`,
      };
    default:
      return { ...item, state: 'amber', text: `${current} does not exist yet: a link is made` };
  }
}

function commitScript({ repository }: CommitPlace, target: string): string {
  return `${gitHead(repository)}
row commit "$(in_repo cat-file -t ${shellQuote(`${target}^{commit}`)} 2>/dev/null || echo missing)"
row head "$(in_repo symbolic-ref -q --short HEAD || :)"
changed=$(in_repo status --porcelain --untracked-files=no) || fail "git status failed in $repository"
said=0
[ -z "$changed" ] || printf '%s\\n' "$changed" | while IFS= read -r line && [ $((said += 1)) -le 4 ]; do row dirty "\${line#???}"; done
${roomOf('"$repository"')}`;
}

function commitItem(stdout: string, { version, id }: Target): Item {
  const item = { id: 'target', title: 'Target commit' } as const;
  const [[type = 'missing'] = []] = rowsOf(stdout, 'commit');
  return type === 'commit'
    ? { ...item, state: 'green', text: `${version} is in the repository (${id.slice(0, 10)})` }
    : { ...item, state: 'red', text: `${version} is no longer in the repository` };
}

function treeItem(stdout: string): Item {
  const item = { id: 'tree', title: 'Work tree' } as const;
  const dirty = rowsOf(stdout, 'dirty').map(([name = '']) => name);
  const [[branch = ''] = []] = rowsOf(stdout, 'head');
  const where = branch === '' ? 'no branch (detached)' : `branch ${branch}`;
  if (dirty.length === 0) {
    return { ...item, state: 'green', text: `clean, on ${where}` };
  }
  const named = dirty.slice(0, 3).join(', ') + (dirty.length > 3 ? ' and more' : '');
  return { ...item, state: 'amber', text: `changed since its commit: ${named}` };
}
