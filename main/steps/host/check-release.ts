import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { defineReadStep } from '../read-step.js';
import { shellCommand, shellQuote } from '../shell-quote.js';
import { look } from './look.js';
import { AbsolutePath, HostName, Owner, ownedBy, sudoWords } from './names.js';
import { bytesOf, releaseFunctions, releaseSights } from './release-look.js';

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
    const text = `${releaseFunctions(complete)}
release=${shellQuote(release)}
[ -d "$release" ] || fail "there is no folder $release, or $(id -un) may not see it"
look_at release "$release"
measure "$release"
`;
    const what = `Looking at ${release}`;
    const stdout = await look(connections.host(host), { text, as: ownedBy(owner), what }, signal);
    const [sight] = releaseSights(stdout, 'release');
    if (sight === undefined || sight.missing !== '') {
      const why = sight?.missing ?? 'nothing is known of it';
      throw new AppError('RELEASE_INCOMPLETE', `${release} on ${host}: ${why}.`);
    }
    const { version } = sight;
    const bytes = bytesOf(sight);
    const size = bytes === null ? '' : `, ${String(Math.ceil(bytes / 1_048_576))} MB`;
    return `${release} is complete${version === '' ? '' : ` (version ${version})`}${size}.`;
  },
});
