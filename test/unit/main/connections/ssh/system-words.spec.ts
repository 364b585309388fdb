import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Hop } from '../../../../../main/connections/ssh/plan.js';
import { readSettings } from '../../../../../main/connections/ssh/settings.js';
import {
  readFailure,
  readFingerprint,
  readRefusal,
} from '../../../../../main/connections/ssh/system-log.js';
import {
  connectionWords,
  joinWords,
  probeWords,
  wordsTo,
} from '../../../../../main/connections/ssh/system-words.js';

function hop(written: string, hostName: string, port = 22): Hop {
  const place = { home: '/home/me', userName: 'me', agentSocket: null };
  const settings = readSettings(
    new Map([
      ['hostname', [hostName]],
      ['port', [String(port)]],
    ]),
    place,
  );
  return { label: written, written, settings, knownName: hostName, bareName: null };
}

describe('how the system’s ssh is called', () => {
  test('never lets a key be taken on trust, whatever the configuration says', () => {
    const keepalive = { intervalMs: 10_000, count: 3 };
    for (const words of [
      connectionWords('/s', '/log', keepalive),
      connectionWords(null, '/log', keepalive),
      joinWords('/s', '/log'),
    ]) {
      expect(words).toContain('StrictHostKeyChecking=yes');
      expect(words).toContain('BatchMode=yes');
      expect(words).toContain('ForwardAgent=no');
    }
  });

  test('looks at an unknown key without a login, in a list of its own', () => {
    const words = probeWords('/tmp/list');
    expect(words).toContain('UserKnownHostsFile=/tmp/list');
    expect(words).toContain('PreferredAuthentications=none');
  });

  test('puts the host behind the end of options, its user and port before', () => {
    const words = wordsTo([hop('deploy@app-1:2222', 'app-1', 2222)], { program: 'ssh' }, ['-T']);
    expect(words).toEqual([
      '-T',
      '-o',
      'ConnectTimeout=20',
      '-l',
      'deploy',
      '-p',
      '2222',
      '--',
      'app-1',
    ]);
  });

  test('checks every jump as strictly as the host', () => {
    const hops = [hop('one', 'one'), hop('two:2222', 'two', 2222), hop('app', '10.0.0.7')];
    const proxy = wordsTo(hops, { program: 'ssh', configFile: '/my config' }, []).find((word) =>
      word.startsWith('ProxyCommand='),
    )!;
    expect(proxy.match(/StrictHostKeyChecking=yes/g)).toHaveLength(2);
    expect(proxy).toContain('-W 10.0.0.7:22');
    expect(proxy).toContain('two:2222');
  });

  test('gives every word of a jump to the shell as one word, and none as a token', () => {
    fc.assert(
      fc.property(
        fc
          .string({ minLength: 1, unit: 'binary-ascii' })
          .filter((text) => !text.includes('\0') && !text.includes('\n')),
        (configFile) => {
          const hops = [hop('one', 'one'), hop('app', '10.0.0.7')];
          const proxy = wordsTo(hops, { program: 'echo', configFile }, []).find((word) =>
            word.startsWith('ProxyCommand='),
          )!;
          const command = proxy
            .slice('ProxyCommand='.length)
            .replace(/^echo/, "printf '%s\\n'")
            .replaceAll('%%', '%');
          const words = execFileSync('sh', ['-c', command], { encoding: 'utf8' }).split('\n');
          expect(words[words.indexOf('-F') + 1]).toBe(configFile);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('what the system’s ssh says', () => {
  test.each([
    ['Host key verification failed.', 'HOST_KEY_REFUSED'],
    [
      '@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.',
      'HOST_KEY_CHANGED',
    ],
    ['WARNING: REVOKED HOST KEY DETECTED!\nHost key verification failed.', 'HOST_KEY_REVOKED'],
    [
      'No ED25519 host key is known for app and you have requested strict checking.\nHost key verification failed.',
      'HOST_KEY_UNKNOWN',
    ],
    ['deploy@app: Permission denied (publickey).', 'HOST_LOGIN_REFUSED'],
    [
      'Unable to negotiate with 10.0.0.7 port 22: no matching cipher found.',
      'HOST_NO_COMMON_ALGORITHM',
    ],
    ['ssh: connect to host app port 22: Connection refused', 'HOST_UNREACHABLE'],
    ['', 'HOST_UNREACHABLE'],
  ])('reads %j', (log, code) => {
    expect(readFailure('app', log)).toMatchObject({ code });
  });

  test('shows its own words, without what it notes and without control characters', () => {
    const log =
      'debug1: Connecting to app\nssh: connect to host app port 22: \u001b[31mConnection refused\r\n';
    expect(readFailure('app', log).message).toBe(
      'app: ssh: connect to host app port 22: Connection refused',
    );
  });

  test('takes the fingerprint of the last key it verified, also inside a certificate', () => {
    const log =
      'debug1: Server host key: ssh-ed25519 SHA256:one\ndebug1: Server host certificate: ssh-ed25519-cert-v01@openssh.com SHA256:two, serial 0';
    expect(readFingerprint(log)).toBe('SHA256:two');
    expect(readFingerprint('')).toBeNull();
  });

  test('knows a command that was never begun from one that was', () => {
    const full = 'mux_client_request_session: session request failed: Session open refused by peer';
    expect(readRefusal('app', full)).toMatchObject({ code: 'HOST_CHANNELS_EXHAUSTED' });
    expect(readRefusal('app', 'Control socket connect(/s): Connection refused')).toMatchObject({
      code: 'HOST_UNREACHABLE',
    });
    expect(readRefusal('app', '')).toBeNull();
    expect(readRefusal('app', 'client_loop: send disconnect: Broken pipe')).toBeNull();
  });
});
