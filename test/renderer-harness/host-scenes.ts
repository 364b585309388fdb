import type { Question } from '../../shared/connections/questions.js';
import type { FakeMain } from './fake-main.js';

const questions: Readonly<Record<string, Question>> = {
  'ask-key': {
    kind: 'host-key',
    host: 'app-1',
    address: 'app-1.example:22',
    keyType: 'ssh-ed25519',
    fingerprint: 'SHA256:7vTq0Jm3xYbWcR9s1LkPzE4uHdGfAoN2iQyV8wXjKtM',
  },
  'ask-password': { kind: 'password', host: 'app-1', user: 'deploy' },
  'ask-sudo': { kind: 'sudo-password', host: 'app-1', user: 'deploy' },
  'ask-passphrase': { kind: 'passphrase', keyFile: '/home/operator/.ssh/id_ed25519' },
  'ask-code': {
    kind: 'prompts',
    host: 'bastion',
    title: 'Two factors are needed',
    instructions: 'Use the code of your device.',
    prompts: [
      { text: 'Password: ', isShown: false },
      { text: 'Verification code: ', isShown: true },
    ],
  },
};

/** Lights of hosts and questions of connections. */
export function prepareHosts(main: FakeMain, scene: string): void {
  const up = { name: 'app-1', state: 'ok' as const, text: 'deploy at 192.0.2.7:22', uses: [] };
  const lights = {
    'host-lost': { ...up, state: 'checking' as const, text: 'line lost, reconnecting' },
    'host-locked': { ...up, lockedBy: 'Grace on another-laptop since 14:02 (run 7f3a0000)' },
    'host-down': {
      ...up,
      state: 'bad' as const,
      text: 'The host answers with another key than the one known for it.',
    },
  };
  if (scene in lights) {
    main.lights = [lights[scene as keyof typeof lights]];
  }
  const question = questions[scene];
  if (question !== undefined) {
    main.lights = [{ ...up, state: 'checking', text: 'connecting' }];
    setTimeout(() => {
      main.ask(question);
    }, 1_200);
  }
}
