import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createHostAdapter } from '../../../../../main/connections/host/host-adapter.js';
import { never, Notes } from '../../../../contract/host-world.js';
import { LocalLine } from '../../../../fakes/local-line.js';

const questions = { ask: () => Promise.reject(new Error('Nobody is asked here.')) };

/** Each reads such a file before every command, sshd's included; bash does when it thinks that sshd started it. */
const noisyFiles: Readonly<Record<string, string>> = {
  '.bashrc': 'echo "Welcome to $HOSTNAME"; echo trouble >&2; alias cat=false; cd /; umask 000\n',
  '.zshenv': 'echo Welcome; echo trouble >&2; alias cat=false\n',
  '.cshrc': 'echo Welcome; alias cat false; alias printf false\n',
};

const shells = ['/bin/bash', '/usr/bin/zsh', '/usr/bin/fish', '/usr/bin/tcsh', '/bin/dash'].filter(
  (shell) => existsSync(shell),
);

const cases = shells.flatMap((shell) => [[shell, false] as const, [shell, true] as const]);

describe.each(cases)(
  'with %s as the shell of the account, a script that may be seen: %s',
  (accountShell, mayBeSeen) => {
    test('its noise does no harm to what is read and what is run', async () => {
      const line = new LocalLine({
        accountShell,
        env: { SSH_CLIENT: '192.0.2.1 1 22', SSH2_CLIENT: '192.0.2.1 1 22', SHLVL: '0' },
      });
      for (const [name, text] of Object.entries(noisyFiles)) {
        writeFileSync(join(line.home, name), text);
      }
      const port = createHostAdapter(line, { name: 'local', questions });
      const text = "echo 'it''s !'; cat /dev/null; exit 4";
      expect(await port.read({ text, as: 'login', mayBeSeen }, never)).toEqual({
        exitCode: 4,
        stdout: 'its !\n',
        stderr: '',
        isCut: false,
      });
      const notes = new Notes();
      const id = { runId: 'run-1', name: 'noisy' };
      const state = await port.run(
        { id, as: 'login', parts: [{ name: 'a', script: 'echo "$0" | cat' }] },
        notes,
        never,
      );
      expect(state).toMatchObject({ status: 'ended', parts: [{ status: 'done' }] });
      expect(notes.lines).toHaveLength(1);
      line.remove();
    });
  },
);

test('an account that may not log in is told from a script that failed', async () => {
  const line = new LocalLine({ accountShell: '/usr/sbin/nologin' });
  const port = createHostAdapter(line, { name: 'local', questions });
  await expect(port.read({ text: 'true', as: 'login' }, never)).rejects.toMatchObject({
    code: 'HOST_SHELL_UNFIT',
    message: expect.stringContaining('not available') as string,
  });
  line.remove();
});
