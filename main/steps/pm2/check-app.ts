import { z } from 'zod';
import { times } from '../../../shared/count.js';
import { AppError } from '../../../shared/errors/app-error.js';
import { AbsolutePath } from '../host/names.js';
import { seePm2App } from '../host/service-pm2.js';
import { defineReadStep } from '../read-step.js';
import { AppParams, seeProcesses, stateWords, typedPm2 } from './app.js';

export const checkApp = defineReadStep({
  kind: 'pm2.check-app',
  params: z.strictObject({ ...AppParams, release: AbsolutePath.optional() }),

  describe: ({ host, app, release }) =>
    `Check that the PM2 app ${app} on ${host} is online${release === undefined ? '' : `, runs from ${release}`} and was not restarted`,
  commands: (params) => [typedPm2(params, 'describe', params.app)],

  async look(params, context) {
    const { host, app, owner = null, home = null, release } = params;
    const { states, folders } = await seeProcesses(params, context);
    if (states.length === 0 || states.some((state) => state !== 'online')) {
      throw new AppError('SERVICE_EXITED', stateWords(app, states));
    }
    const wrong = folders.find((folder) => release !== undefined && !isInside(folder, release));
    if (wrong !== undefined) {
      const text = `${app} runs from ${wrong}, not from ${release ?? ''}.`;
      throw new AppError('SERVICE_WRONG_RELEASE', text);
    }
    const port = context.connections.host(host);
    const { restarts } = await seePm2App(port, { app, owner, home }, context.signal);
    if (restarts !== null && restarts > 0) {
      throw new AppError('SERVICE_EXITED', `${app} was restarted ${times(restarts)} by PM2.`);
    }
    return `${app} is online from ${[...new Set(folders)].join(' and ')}, not restarted.`;
  },
});

/** What cannot be seen is not taken for wrong: another account may hide where its process runs. */
function isInside(folder: string, release: string): boolean {
  return folder === '' || folder === release || folder.startsWith(`${release}/`);
}
