import type { ReactNode } from 'react';
import { formatAge } from '../text/format.js';
import { useNow } from './now.js';

/** How old a piece of evidence is, counted on. */
export function Age({ at }: { readonly at: string }): ReactNode {
  return formatAge(at, Date.parse(useNow().at));
}
