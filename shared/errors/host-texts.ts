/** Operator texts of the line to a host; joined and checked in error-texts.ts. */
export const hostErrorTexts = {
  HOST_UNREACHABLE: {
    happened: 'The host did not answer.',
    untouched: 'Nothing was begun on it.',
    todo: 'Check the network, the VPN and the address, then retry.',
    retryable: true,
  },
  HOST_LINE_LOST: {
    happened: 'The line to the host broke off.',
    untouched: 'What was under way there may have gone on; Lastgood has started nothing further.',
    todo: 'When the line is back, have Lastgood look before you repeat a change.',
    retryable: true,
    losesOutcome: true,
  },
} as const;
