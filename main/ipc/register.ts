import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import { AppError, toErrorJson } from '../../shared/errors/app-error.js';
import { CHANNEL_PREFIX } from '../../shared/ipc/channel-prefix.js';
import { contract, requestNames } from '../../shared/ipc/contract.js';
import type { Input, Output, RequestName, Result } from '../../shared/ipc/contract.js';

/** One function per request. A channel without a handler does not compile. */
export type Handlers = { readonly [N in RequestName]: (input: Input<N>) => Promise<Output<N>> };

export type RegisterDeps = {
  readonly ipcMain: Pick<IpcMain, 'handle'>;
  readonly isTrusted: (event: IpcMainInvokeEvent) => boolean;
  readonly logError: (channel: RequestName, thrown: unknown) => void;
};

/**
 * The only caller of `ipcMain.handle`: checks the sender, parses, calls, encodes. Requests that come while the services
 * are still being built wait for them.
 */
export function registerHandlers(handlers: Promise<Handlers>, deps: RegisterDeps): void {
  for (const name of requestNames) {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- schema and handler share the key `name`, which TypeScript cannot follow through a union
    const handler = handlers.then((ready) => ready[name] as (input: unknown) => Promise<unknown>);
    // Each request says so; a failed start is not an unhandled rejection beside.
    handler.catch(() => undefined);

    deps.ipcMain.handle(
      CHANNEL_PREFIX + name,
      async (event, raw: unknown): Promise<Result<unknown>> => {
        try {
          if (!deps.isTrusted(event)) {
            throw new AppError('IPC_FORBIDDEN', 'Request from an unknown frame.');
          }
          return { ok: true, value: await (await handler)(parseInput(name, raw)) };
        } catch (thrown) {
          deps.logError(name, thrown);
          return { ok: false, error: toErrorJson(thrown) };
        }
      },
    );
  }
}

/** The message names fields, never values: what was typed may be a secret in the wrong place. */
function parseInput(name: RequestName, raw: unknown): unknown {
  const parsed = contract.requests[name].input.safeParse(raw);
  if (parsed.success) {
    return parsed.data;
  }
  const fields = new Set(
    parsed.error.issues.map(({ path }) => path.map(String).join('.') || 'input'),
  );
  throw new AppError('IPC_BAD_INPUT', `Bad input for ${name}: ${[...fields].join(', ')}.`, {
    cause: parsed.error,
  });
}
