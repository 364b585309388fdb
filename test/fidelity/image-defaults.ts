import fc from 'fast-check';

/** What an image says for the containers that are made of it. */
export type ImageDefaults = {
  /** Lines as in a Dockerfile. */
  readonly changes: readonly string[];
  /** What `docker commit` takes from the container only. */
  readonly isStoppedOtherwise: boolean;
  readonly hasEntrypoint: boolean;
};

/** It ends by itself at any of the signals that the combinations stop with, so that no test waits for a grace. */
export const idle = (mark: string): string =>
  `for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGUSR2']) process.on(signal, () => process.exit(0)); setInterval(() => {}, 1000); '${mark}'`;

const perhaps = <Value>(value: Value): fc.Arbitrary<Value | null> =>
  fc.option(fc.constant(value), { freq: 2 });

export const stopSignals = { old: 'SIGINT', new: 'SIGUSR2' } as const;

/** No value is one that a container sets for itself, since that could not be told from the image's. */
export function imageDefaults(which: 'old' | 'new'): fc.Arbitrary<ImageDefaults> {
  const isOld = which === 'old';
  const lines = [
    `ENV SHARED=from-${which} COLOUR=image-${which}`,
    `ENV ONLY_${which.toUpperCase()}=yes PATH=/opt/${which}/bin:/usr/bin`,
    `LABEL version=image-${which} team=image-${which} only-${which}=yes`,
    `WORKDIR /${which}`,
    `USER ${isOld ? '1001' : '1002'}`,
    'VOLUME /data',
    `VOLUME /data-${which}`,
    'EXPOSE 4001',
    `EXPOSE ${isOld ? '4002' : '4003'}/udp`,
    `HEALTHCHECK --interval=${isOld ? '31s' : '32s'} --retries=4 CMD /usr/bin/node --version`,
  ];
  return fc
    .record({
      drawn: fc.tuple(...lines.map(perhaps)),
      isStoppedOtherwise: fc.boolean(),
      hasEntrypoint: fc.boolean(),
    })
    .map(({ drawn, hasEntrypoint, isStoppedOtherwise }) => ({
      hasEntrypoint,
      isStoppedOtherwise,
      changes: [...drawn.filter((line) => line !== null), ...process(which, hasEntrypoint)],
    }));
}

function process(which: string, hasEntrypoint: boolean): string[] {
  const node = JSON.stringify('/usr/bin/node');
  const args = `"-e", ${JSON.stringify(idle(which))}`;
  return hasEntrypoint ? [`ENTRYPOINT [${node}]`, `CMD [${args}]`] : [`CMD [${node}, ${args}]`];
}
