import { useEffect, useState } from 'react';

const SAID_MS = 1_500;

type Said = 'copied' | 'not copied';

/** Copies, and says for a moment whether it did: what somebody believes to be on the clipboard gets pasted. */
export function useCopied(): {
  readonly said: Said | null;
  readonly copy: (work: Promise<void>) => void;
} {
  const [said, setSaid] = useState<Said | null>(null);
  useEffect(() => {
    if (said === null) {
      return undefined;
    }
    const timer = setTimeout(() => {
      setSaid(null);
    }, SAID_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [said]);
  return {
    said,
    copy: (work) => {
      work.then(
        () => {
          setSaid('copied');
        },
        () => {
          setSaid('not copied');
        },
      );
    },
  };
}
