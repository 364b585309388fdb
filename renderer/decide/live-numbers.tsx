import type { ReactNode } from 'react';
import type { Output } from '../../shared/ipc/contract.js';
import { valueOf } from '../stores/answer-store.js';
import type { Answer } from '../stores/answer-store.js';
import { Age } from '../ui/age.js';
import { KeyHint } from '../ui/key-hint.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { showNumber } from './typed-number.js';

type Measured = Output<'runs.measure'>;

/** What the last measurement said: all of it, also what has no field of its own. */
export function LiveNumbers({ answer }: { readonly answer: Answer<Measured> }): ReactNode {
  const measured = valueOf(answer);
  return (
    <>
      {answer.status === 'failed' ? <ErrorNotice label="Measure now" error={answer.error} /> : null}
      {answer.status === 'asking' ? 'measuring…' : null}
      {answer.status === 'unasked' ? (
        <>
          <KeyHint name="M" /> fills the error rate from the console’s own probe.
        </>
      ) : null}
      {measured === null || answer.status === 'asking' ? null : <Words measured={measured} />}
    </>
  );
}

function Words({ measured }: { readonly measured: Measured }): ReactNode {
  const { errorRatePercent, requests, restarts, errorLines } = measured;
  const parts = [restarts, errorLines].flatMap((reading) =>
    reading === null ? [] : [`${showNumber(reading.value)} ${reading.detail}`],
  );
  const at = (errorRatePercent ?? restarts ?? errorLines)?.at;
  return (
    <>
      {errorRatePercent === null
        ? `Not enough measured yet for an error rate: ${requests.seen} of ${requests.needed} health requests. `
        : ''}
      {parts.join(' · ')}
      {at === undefined ? null : (
        <>
          {' '}
          · <Age at={at} />
        </>
      )}
    </>
  );
}
