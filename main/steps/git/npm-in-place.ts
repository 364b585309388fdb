import { z } from 'zod';
import { defineHostStep } from '../host/host-step.js';
import { look } from '../host/look.js';
import { Account, InnerPath, runAs, typedAs } from '../host/accounts.js';
import { AbsolutePath, HostName } from '../host/names.js';
import { asOwner, workScript } from '../host/work-script.js';
import { shellCommand, shellQuote } from '../shell-quote.js';
import type { StepContext } from '../step-kind.js';

const Params = z.strictObject({
  host: HostName,
  account: Account.optional(),
  folder: AbsolutePath,
  /** What npm makes there: kept aside whole, because undo cannot make it again the same. */
  makes: InnerPath,
  keepAs: AbsolutePath,
});
type Params = z.infer<typeof Params>;

/** The written procedure's own order: in place, while the service is stopped. */
export const npmInstall = inPlace(
  'npm.install',
  ['npm', 'ci', '--include=dev', '--no-audit', '--no-fund'],
  'Install every dependency, also what only the build needs,',
);
export const npmBuild = inPlace('npm.build', ['npm', 'run', 'build'], 'Build');

function inPlace(kind: string, words: readonly string[], verb: string) {
  const command = shellCommand(...words);
  return defineHostStep({
    kind,
    risk: 'change',
    repeatable: true,
    params: Params,
    before: z.strictObject({ wasThere: z.boolean() }),

    describe: ({ host, folder, makes, keepAs }) =>
      `${verb} in ${folder} on ${host}, while the service is stopped; ${makes} is kept as ${keepAs}`,
    commands: ({ account, folder, makes, keepAs }) => [
      typedAs(account, 'mv', '-T', `${folder}/${makes}`, keepAs),
      `(${shellCommand('cd', folder)} && ${typedAs(account, ...words)})`,
    ],
    undoText: ({ makes, keepAs }) => `Put ${makes} back from ${keepAs}`,
    runAs: ({ account }) => runAs(account),

    observe: () =>
      Promise.resolve({ isDone: false, facts: 'Whether it is up to date is not to be seen.' }),
    async capture(params, context) {
      return { wasThere: await isThere(params, context) };
    },

    script: (params, { wasThere }) =>
      workScript(
        { ...valuesOf(params), was: wasThere ? 'yes' : '' },
        `${asOwner}${there}[ -d "$folder/." ] || fail "there is no folder $folder"
if [ -n "$was" ] && ! there "$keep"; then
  there "$folder/$makes" || fail "$makes is gone from $folder by now; somebody removed it"
  mv -T -- "$folder/$makes" "$keep" || fail "$folder/$makes cannot be kept as $keep"
fi
( cd -- "$folder" && as_owner "$folder" ${command} ) >&2 || fail ${shellQuote(`${command} failed`)}
there "$folder/$makes" || fail ${shellQuote(`${command} made no`)}" $makes"
say ${shellQuote(`${command} is done`)}" in $folder"
`,
      ),

    undoScript: (params, { wasThere }) =>
      workScript(
        { ...valuesOf(params), was: wasThere ? 'yes' : '' },
        `${there}if [ -n "$was" ]; then
  there "$keep" || already "$makes was not replaced"
  rm -rf -- "$folder/$makes" && mv -T -- "$keep" "$folder/$makes" || fail "$keep cannot be put back"
  say "$folder/$makes is what it was"
else
  there "$folder/$makes" || already "there is no $makes in $folder, as before"
  rm -rf -- "$folder/$makes" || fail "$folder/$makes cannot be removed"
  say "there is no $makes in $folder, as before"
fi
`,
      ),
  });
}

const there = 'there() { [ -e "$1" ] || [ -L "$1" ]; }\n';

function valuesOf({ folder, makes, keepAs }: Params): Record<string, string> {
  return { folder, makes, keep: keepAs };
}

async function isThere(params: Params, { connections, signal }: StepContext): Promise<boolean> {
  const { host, account, folder, makes } = params;
  const path = shellQuote(`${folder}/${makes}`);
  const text = `if [ -e ${path} ] || [ -L ${path} ]; then echo yes; else echo no; fi\n`;
  const what = `Looking at ${folder}/${makes}`;
  const stdout = await look(connections.host(host), { text, as: runAs(account), what }, signal);
  return stdout.trim() === 'yes';
}
