/** Operator texts of the vault, where values lie that a run may need and nobody may read; joined in error-texts.ts. */
export const vaultErrorTexts = {
  VAULT_EMPTY: {
    happened: 'What would be needed to take this back does not lie on this console.',
    untouched: 'Nothing was changed.',
    todo: 'Take it back on the console that began the run, or make the old container again by hand.',
    retryable: false,
  },
  VAULT_UNREADABLE: {
    happened: 'What is kept to take this back cannot be read.',
    untouched: 'Nothing was changed, and what is kept was left as it lies.',
    todo: 'Put the vault folder back from a backup of the data folder, or make the old container again by hand.',
    retryable: true,
  },
} as const;
