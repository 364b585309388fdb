import { BaseAgent, Client, OpenSSHAgent, utils } from 'ssh2';
import type {
  AnyAuthMethod,
  ConnectConfig,
  IdentityCallback,
  ParsedKey,
  SignCallback,
  SigningRequestOptions,
} from 'ssh2';
import { algorithmsFor } from './ssh/algorithms.js';
import { ClientConnection } from './ssh/client-connection.js';
import type {
  DialOptions,
  Identity,
  LoginMove,
  PrivateKey,
  SshConnection,
} from './ssh/connection.js';
import { Patience } from './ssh/patience.js';
import { fieldsOf, stopped, toDialError } from './ssh/ssh-errors.js';
import type { DialStage } from './ssh/ssh-errors.js';

export async function dial(options: DialOptions, signal: AbortSignal): Promise<SshConnection> {
  if (signal.aborted) {
    options.through?.destroy();
    throw stopped(options.label);
  }
  return new Dialing(options, signal).connect();
}

class Dialing {
  readonly #options: DialOptions;
  readonly #client = new Client();
  readonly #gone = new AbortController();
  readonly #signal: AbortSignal;
  readonly #patience: Patience;
  readonly #outer: AbortSignal;
  #stage: DialStage = 'connecting';
  /** Our own refusal; the library then reports a consequence of it, which is of no use to anybody. */
  #refusal: unknown = null;
  #fault: unknown = null;

  constructor(options: DialOptions, signal: AbortSignal) {
    this.#options = options;
    this.#outer = signal;
    this.#signal = AbortSignal.any([signal, this.#gone.signal]);
    this.#patience = new Patience(options.timeoutMs, () => {
      this.#fault ??= new Error('no answer in time');
      this.#drop();
    });
  }

  connect(): Promise<SshConnection> {
    const client = this.#client;
    return new Promise((resolve, reject) => {
      const connection = new ClientConnection(client, this.#options.label);
      const end = (): void => {
        this.#patience.stop();
        this.#gone.abort();
        this.#outer.removeEventListener('abort', onAbort);
        reject(this.#why());
      };
      const onAbort = (): void => {
        client.destroy();
        end();
      };
      this.#outer.addEventListener('abort', onAbort);
      this.#gone.signal.addEventListener('abort', end, { once: true });
      // These stay for life: an error after the end would otherwise bring the whole console down.
      client.on('error', (error) => {
        // A key that cannot sign is passed over; the login goes on.
        if (fieldsOf(error).level !== 'agent') {
          this.#fault ??= error;
        }
      });
      client.on('close', end);
      client.on('ready', () => {
        this.#stage = 'ready';
        this.#patience.stop();
        this.#outer.removeEventListener('abort', onAbort);
        resolve(connection);
      });
      try {
        client.connect(this.#config());
        client.setNoDelay(true);
      } catch (thrown) {
        this.#fault ??= thrown;
        end();
      }
    });
  }

  /** Says so at once: a frozen hop before would never report that the connection closed. */
  #drop(): void {
    this.#client.destroy();
    this.#gone.abort();
  }

  #why(): Error {
    if (this.#outer.aborted) {
      return stopped(this.#options.label);
    }
    if (this.#refusal instanceof Error) {
      return this.#refusal;
    }
    const asked = { label: this.#options.label, tried: this.#options.login.tried };
    return toDialError(this.#fault ?? new Error('it closed the line'), asked, this.#stage);
  }

  #config(): ConnectConfig {
    const { host, port, user, family, through, keyTypes, keepalive } = this.#options;
    return {
      ...(through === undefined ? { host, port } : { sock: through }),
      username: user,
      forceIPv4: family === 'inet',
      forceIPv6: family === 'inet6',
      // Ours stands still while a person is asked.
      readyTimeout: 0,
      keepaliveInterval: keepalive.intervalMs,
      keepaliveCountMax: keepalive.count,
      algorithms: algorithmsFor(keyTypes),
      hostVerifier: (key: Buffer, verify: (isPermitted: boolean) => void): void => {
        this.#verify(key, verify);
      },
      authHandler: (left, _partial, next) => {
        this.#login(left, next);
      },
    };
  }

  /**
   * Returns nothing: the library takes every other returned value than `false`, even a promise, for a yes. Only the one
   * word makes it go on; a rejection or anything else refuses.
   */
  #verify(key: Buffer, verify: (isPermitted: boolean) => void): void {
    this.#aside(() => this.#options.verify(key)).then(
      (verdict: unknown) => {
        this.#stage = verdict === 'trusted' ? 'verified' : this.#stage;
        verify(verdict === 'trusted');
      },
      () => {
        verify(false);
      },
    );
  }

  #login(left: readonly string[] | null, next: (method: AnyAuthMethod) => void): void {
    // The library is told to end by a value that its types do not know.
    const giveUp = (): void => {
      Reflect.apply(next, undefined, [false]);
    };
    this.#aside(() => this.#options.login.next(left, this.#signal)).then(
      (move) => {
        if (move === null) {
          giveUp();
        } else {
          next(this.#method(move));
        }
      },
      () => {
        this.#drop();
      },
    );
  }

  #method(move: LoginMove): AnyAuthMethod {
    const username = this.#options.user;
    switch (move.kind) {
      case 'none':
        return { type: 'none', username };
      case 'password':
        return { type: 'password', username, password: move.password };
      case 'key':
        return {
          type: 'agent',
          username,
          agent: new AgentOfOne(
            (data, hash) =>
              this.#patience.without(() => move.identity.sign(data, hash, this.#signal)),
            move.identity.publicKey,
          ),
        };
      case 'keyboard-interactive':
        return {
          type: 'keyboard-interactive',
          username,
          prompt: (title, instructions, _language, asked, finish): void => {
            const prompts = asked.map(({ prompt, echo }) => ({
              text: prompt,
              isShown: echo === true,
            }));
            this.#aside(() => move.answer({ title, instructions, prompts }, this.#signal)).then(
              (answers) => {
                finish([...answers]);
              },
              () => {
                this.#drop();
              },
            );
          },
        };
    }
  }

  /** Our own work in the middle of the library's: it takes no patience, and its failure is the one that is told. */
  async #aside<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#patience.without(async () => work());
    } catch (thrown) {
      this.#refusal ??= thrown;
      throw thrown;
    }
  }
}

/** Whom an identity is shown to, one at a time: after a first factor the library forgets what else the server wants. */
class AgentOfOne extends BaseAgent<Buffer> {
  readonly #sign: (data: Buffer, hash: string | undefined) => Promise<Buffer>;
  readonly #publicKey: Buffer;

  constructor(
    sign: (data: Buffer, hash: string | undefined) => Promise<Buffer>,
    publicKey: Buffer,
  ) {
    super();
    this.#sign = sign;
    this.#publicKey = publicKey;
  }

  override getIdentities(callback: IdentityCallback<Buffer>): void {
    callback(undefined, [this.#publicKey]);
  }

  override sign(
    _publicKey: Buffer,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    const hash = typeof options === 'function' ? undefined : options.hash;
    const done = typeof options === 'function' ? options : callback;
    this.#sign(data, hash).then(
      (signature) => done?.(undefined, signature),
      () => done?.(new Error('the key was not used')),
    );
  }
}

/** The keys an agent holds, without those this client has no use for (certificates, security keys). */
export function agentIdentities(socket: string): Promise<readonly Identity[]> {
  const agent = new OpenSSHAgent(socket);
  return new Promise((resolve, reject) => {
    agent.getIdentities((error, keys) => {
      if (error) {
        reject(error);
      }
      const found: readonly unknown[] = keys ?? [];
      resolve(found.filter(isKey).map((key) => agentIdentity(agent, key)));
    });
  });
}

function agentIdentity(agent: OpenSSHAgent, key: ParsedKey): Identity {
  return {
    label: `agent ${key.comment}`.trim(),
    publicKey: key.getPublicSSH(),
    sign: (data, hash) =>
      new Promise((resolve, reject) => {
        const options = hash === 'sha256' || hash === 'sha512' ? ({ hash } as const) : {};
        agent.sign(key, data, options, (error, signature) => {
          if (error || signature === undefined) {
            reject(new Error('the agent did not sign'));
          } else {
            resolve(signature);
          }
        });
      }),
  };
}

/** Null when the text is no private key that this client can use, or the passphrase is not the right one. */
export function readPrivateKey(text: string, passphrase: string | null): PrivateKey | null {
  const parsed = utils.parseKey(text, passphrase ?? undefined);
  const key: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  return isKey(key) && key.isPrivateKey()
    ? { publicKey: key.getPublicSSH(), sign: (data, hash) => signed(key.sign(data, hash)) }
    : null;
}

/** The library hands a failure back instead of throwing it. */
function signed(signature: unknown): Buffer {
  if (!Buffer.isBuffer(signature)) {
    throw new Error('the key could not sign');
  }
  return signature;
}

function isKey(value: unknown): value is ParsedKey {
  return typeof value === 'object' && value !== null && 'getPublicSSH' in value;
}
