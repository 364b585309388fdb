import type { Answer, Question } from '../../shared/connections/questions.js';

export type QuestionField = {
  readonly name: string;
  readonly label: string;
  readonly isSecret: boolean;
  readonly description?: string;
};

/** A question of a connection as the operator reads it. */
export type QuestionWords = {
  readonly title: string;
  readonly text: string;
  /** Facts to compare, one per line. */
  readonly lines: readonly string[];
  readonly fields: readonly QuestionField[];
  /** Exact words: they are on the button that acts. */
  readonly confirm: string;
  readonly refuse: string;
  readonly isDanger: boolean;
};

/** So many characters of a fingerprint must be typed: enough that nobody does it without having looked. */
const TYPED_CHARACTERS = 6;

export function wordsFor(question: Question): QuestionWords {
  switch (question.kind) {
    case 'host-key':
      return hostKeyWords(question);
    case 'password':
      return secretWords({
        title: `Password of ${question.user} on ${question.host}`,
        text: 'The host asks for it to let this console in. It is sent to that host only, and kept nowhere.',
        label: 'Password',
        confirm: 'Log in',
      });
    case 'database-password':
      return secretWords({
        title: `Password of ${question.user} for the database ${question.database}`,
        text: `${question.wasWrong ? 'The server refused the one before. ' : ''}It is given to that server, and to the programs that save and restore it while they run. Kept in memory until the run is let go of; never written down.`,
        lines: [question.address],
        label: 'Password of the database',
        confirm: 'Connect',
      });
    case 'passphrase':
      return secretWords({
        title: 'Passphrase of a private key',
        text: 'The key stays on this machine; the passphrase is used here to read it, and kept nowhere.',
        lines: [question.keyFile],
        label: 'Passphrase',
        confirm: 'Use this key',
      });
    case 'sudo-password':
      return secretWords({
        title: `sudo password of ${question.user} on ${question.host}`,
        text: 'Steps of this procedure act as another account there. Kept in memory until the run is let go of; never written down.',
        label: 'Password for sudo',
        confirm: 'Give it to sudo',
      });
    case 'prompts':
      return promptWords(question);
  }
}

/** Why it cannot be sent yet, or null. */
export function missingFor(
  question: Question,
  values: Readonly<Record<string, string>>,
): string | null {
  if (question.kind === 'host-key') {
    const wanted = endOf(question.fingerprint);
    return (values['typed'] ?? '').trim() === wanted
      ? null
      : `Type the last ${String(TYPED_CHARACTERS)} characters of the fingerprint once you have compared it.`;
  }
  const empty = wordsFor(question).fields.find(({ name }) => (values[name] ?? '') === '');
  return empty === undefined ? null : `${empty.label} is empty.`;
}

/** Secrets go out as they were typed: a blank at the end may be part of one. */
export function answerFor(question: Question, values: Readonly<Record<string, string>>): Answer {
  switch (question.kind) {
    case 'host-key':
      return { kind: 'accept' };
    case 'prompts':
      return {
        kind: 'values',
        values: question.prompts.map((_prompt, index) => values[String(index)] ?? ''),
      };
    default:
      return { kind: 'secret', value: values['secret'] ?? '' };
  }
}

function hostKeyWords({
  host,
  address,
  keyType,
  fingerprint,
}: Extract<Question, { kind: 'host-key' }>): QuestionWords {
  return {
    title: `Is this really ${host}?`,
    text: `No list of known hosts here has a key of ${host}, so nothing says yet whether the right machine answers. Compare the fingerprint with one from another source: its owner, or its own console. If anything differs, do not connect: somebody may be in between.`,
    lines: [
      `host            ${host}`,
      `address         ${address}`,
      `key             ${keyType}`,
      `fingerprint     ${fingerprint}`,
      `on its console  ssh-keygen -lf ${usualKeyFile(keyType)}`,
    ],
    fields: [
      {
        name: 'typed',
        label: `Last ${String(TYPED_CHARACTERS)} characters of the fingerprint you compared it with`,
        isSecret: false,
        description: 'The key is then remembered, and any other is refused.',
      },
    ],
    confirm: `Trust this key of ${host}`,
    refuse: 'Do not connect',
    isDanger: true,
  };
}

/** Where OpenSSH keeps it on the host unless somebody moved it. */
function usualKeyFile(keyType: string): string {
  const kind = /ed25519|ecdsa|rsa/.exec(keyType)?.[0] ?? '*';
  return `/etc/ssh/ssh_host_${kind}_key.pub`;
}

function endOf(fingerprint: string): string {
  return fingerprint.slice(-TYPED_CHARACTERS);
}

function secretWords({
  title,
  text,
  lines = [],
  label,
  confirm,
}: {
  readonly title: string;
  readonly text: string;
  readonly lines?: readonly string[];
  readonly label: string;
  readonly confirm: string;
}): QuestionWords {
  return {
    title,
    text,
    lines,
    fields: [{ name: 'secret', label, isSecret: true }],
    confirm,
    refuse: 'Do not give it',
    isDanger: false,
  };
}

/** The words come from the server: shown as text, and said to be its own. */
function promptWords({
  host,
  title,
  instructions,
  prompts,
}: Extract<Question, { kind: 'prompts' }>): QuestionWords {
  const said = [title, instructions].map((text) => text.trim()).filter((text) => text !== '');
  return {
    title: `${host} asks`,
    text: 'These are the words of the host itself. Answers are sent to it and kept nowhere.',
    lines: said,
    fields: prompts.map(({ text, isShown }, index) => ({
      name: String(index),
      label: text.trim().replace(/:$/, '') || `Answer ${String(index + 1)}`,
      isSecret: !isShown,
    })),
    confirm: `Answer ${host}`,
    refuse: 'Do not answer',
    isDanger: false,
  };
}
