export const ROW_HEIGHT = 19;
/** Chromium clamps an element at 33,554,428 px; beyond this height the scroll bar is scaled. */
export const MAX_CONTENT_PX = 30_000_000;

/** Rows drawn beyond each edge, so that nothing is blank while a scroll is on its way. */
export const OVERSCAN_ROWS = 8;

export type Viewport = { readonly scrollTop: number; readonly height: number };

export type RowWindow = {
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
  /** Where the first row stands inside the scrolled content. */
  readonly offsetPx: number;
};

export function contentHeight(total: number): number {
  return Math.min(total * ROW_HEIGHT, MAX_CONTENT_PX);
}

/** The rows to draw. Total height may exceed what an element can have: then a pixel of scroll is many rows. */
export function windowOf(total: number, { scrollTop, height }: Viewport): RowWindow {
  const top = virtualTop(total, { scrollTop, height });
  const inSight = Math.min(Math.max(0, Math.floor(top / ROW_HEIGHT)), Math.max(0, total - 1));
  const first = Math.max(0, inSight - OVERSCAN_ROWS);
  const rows = Math.ceil(height / ROW_HEIGHT) + 1 + OVERSCAN_ROWS;
  return {
    first,
    end: Math.min(total, inSight + rows),
    offsetPx: scrollTop - (top - first * ROW_HEIGHT),
  };
}

function virtualTop(total: number, { scrollTop, height }: Viewport): number {
  const real = contentHeight(total) - height;
  const virtual = total * ROW_HEIGHT - height;
  return real <= 0 || real === virtual ? scrollTop : scrollTop * (virtual / real);
}

/** The scroll position that shows `index` in the middle. */
export function scrollTopFor(index: number, total: number, height: number): number {
  const real = contentHeight(total) - height;
  const virtual = total * ROW_HEIGHT - height;
  if (virtual <= 0) {
    return 0;
  }
  const wanted = Math.min(Math.max(0, index * ROW_HEIGHT - height / 2), virtual);
  return wanted * (real / virtual);
}

/** Within a row of the end: the reader is following. */
export function isAtEnd(total: number, { scrollTop, height }: Viewport): boolean {
  return scrollTop + height >= contentHeight(total) - ROW_HEIGHT;
}
