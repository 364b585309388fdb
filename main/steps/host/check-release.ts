import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { defineReadStep } from '../read-step.js';
import { shellCommand, shellQuote } from '../shell-quote.js';
import { look, rowsOf } from './look.js';
import { AbsolutePath, HostName, Owner, ownedBy, sudoWords } from './names.js';
import { lookAtRelease } from './releases.js';

/** Before anything stops: is what is to be started really there, whole, and readable by whom it is started as? */
export const checkRelease = defineReadStep({
  kind: 'host.check-release',
  params: z.strictObject({
    host: HostName,
    release: AbsolutePath,
    /** What must lie in it: paths inside. */
    complete: z.array(z.string().min(1)).max(50),
    owner: Owner,
  }),

  describe: ({ host, release }) => `Check that ${release} on ${host} is there and complete`,
  commands: ({ release, complete, owner }) => [
    shellCommand(...sudoWords(owner), 'ls', '-lh', '--', release),
    ...complete.map((inside) =>
      shellCommand(...sudoWords(owner), 'test', '-e', `${release}/${inside}`),
    ),
  ],

  async look({ host, release, complete, owner }, { connections, signal }) {
    const text = `${lookAtRelease(complete)}
release=${shellQuote(release)}
[ -d "$release" ] || fail "there is no folder $release, or $(id -un) may not see it"
look_at release "$release"
`;
    const what = `Looking at ${release}`;
    const stdout = await look(connections.host(host), { text, as: ownedBy(owner), what }, signal);
    const [[, , , kibibytes = '', missing = '', version = ''] = []] = rowsOf(stdout, 'release');
    if (missing !== '') {
      throw new AppError('RELEASE_INCOMPLETE', `${release} on ${host}: ${missing}.`);
    }
    const size = /^\d+$/.test(kibibytes)
      ? `, ${String(Math.ceil(Number(kibibytes) / 1_024))} MB`
      : '';
    return `${release} is complete${version === '' ? '' : ` (version ${version})`}${size}.`;
  },
});
