/** Operator texts of handing a run over and taking one over; joined and checked in error-texts.ts. */
export const handoverErrorTexts = {
  HANDOVER_PLACE_UNFIT: {
    happened: 'The hand-over file cannot be written there.',
    untouched: 'Nothing was recorded: the run goes on here.',
    todo: 'Choose another folder.',
    retryable: true,
  },
  HANDOVER_NOT_WRITTEN: {
    happened: 'The run was handed over, but the file for it could not be written.',
    untouched: 'Nothing else was done: the run is only read here, and nobody else has it.',
    todo: 'Take the run back, which needs no file, then hand it over to another place.',
    retryable: false,
  },
  HANDOVER_UNREADABLE: {
    happened: 'The file could not be read.',
    untouched: 'Nothing was taken over.',
    todo: 'Check where it lies and that you may read it, then retry.',
    retryable: true,
  },
  HANDOVER_FOREIGN: {
    happened: 'This is not a file that hands a run over.',
    untouched: 'Nothing was taken over.',
    todo: 'Choose the file whose name ends in .handover.json.',
    retryable: false,
  },
  HANDOVER_TOO_NEW: {
    happened: 'This file was written by a newer version of Lastgood.',
    untouched: 'Nothing was taken over.',
    todo: 'Open it with that version.',
    retryable: false,
  },
  HANDOVER_TOO_BIG: {
    happened: 'A hand-over of that size is not read or written.',
    untouched: 'Nothing was recorded and nothing was taken over.',
    todo: 'Go on where the run is; close it there.',
    retryable: false,
  },
  HANDOVER_BROKEN: {
    happened: 'The file was changed or damaged on its way.',
    untouched: 'Nothing was taken over.',
    todo: 'Ask for the file again; if it does not help, the run must be taken back where it came from.',
    retryable: false,
  },
  HANDOVER_ALREADY_TAKEN: {
    happened: 'This very hand-over was already taken up in this console.',
    untouched: 'Nothing was changed: the run here goes on where it stands.',
    todo: 'Open the run from the home screen.',
    retryable: false,
  },
  HANDOVER_STILL_OPEN: {
    happened: 'This is the journal of a run that is still open.',
    untouched: 'Nothing was taken over: the run goes on where it is.',
    todo: 'Hand it over there, or close it there first.',
    retryable: false,
  },
  HANDOVER_NOT_FROM_HERE: {
    happened: 'The closed run in this file was never handed over from here.',
    untouched: 'Nothing was taken over.',
    todo: 'Open it on the console it came from; lastgood record verify checks it anywhere.',
    retryable: false,
  },
  HANDOVER_DIVERGED: {
    happened: 'The run lies here too and has gone another way than the file.',
    untouched: 'Nothing was changed: neither the run here nor the file.',
    todo: 'Find out which console really drives it; go on there and leave the other alone.',
    retryable: false,
  },
} as const;
