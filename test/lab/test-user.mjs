import { run } from './command.mjs';
import { isRoot } from './places.mjs';

const NAME = 'lastgood-test';

/**
 * The ordinary user as whom the window is tested: Electron's sandbox refuses root, and so do we.
 * @returns {Promise<{ name: string, uid: number, gid: number, home: string }>}
 */
export async function ensureTestUser() {
  if (!isRoot) {
    throw new Error('Only root makes the test user; anybody else tests as themselves.');
  }
  const known = await readUser();
  if (known !== null) {
    return known;
  }
  await run('useradd', ['--create-home', '--user-group', '--shell', '/bin/bash', NAME]);
  const made = await readUser();
  if (made === null) {
    throw new Error(`The user ${NAME} could not be made.`);
  }
  return made;
}

async function readUser() {
  try {
    const [name = NAME, , uid, gid, , home = '/'] = (await run('getent', ['passwd', NAME])).split(
      ':',
    );
    return { name, uid: Number(uid), gid: Number(gid), home };
  } catch {
    return null;
  }
}
