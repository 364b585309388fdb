import { readFile } from 'node:fs/promises';
import { writeFileAtomically } from '../storage/atomic-file.js';

export type Area = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

export const MINIMUM_SIZE = { width: 1_024, height: 700 } as const;
export const DEFAULT_SIZE = { width: 1_280, height: 800 } as const;

export type WindowBounds = Area & { readonly isMaximized: boolean };

/** Null where nothing usable was kept: the place of a window is never worth an error. */
export async function readWindowBounds(file: string): Promise<WindowBounds | null> {
  try {
    const kept: unknown = JSON.parse(await readFile(file, 'utf8'));
    return isWindowBounds(kept) ? kept : null;
  } catch {
    return null;
  }
}

/** By hand: no schema is read before the window has been asked for. */
function isWindowBounds(kept: unknown): kept is WindowBounds {
  if (typeof kept !== 'object' || kept === null) {
    return false;
  }
  const has = new Map<string, unknown>(Object.entries(kept));
  const areWhole = ['x', 'y', 'width', 'height'].every((name) =>
    Number.isSafeInteger(has.get(name)),
  );
  return areWhole && typeof has.get('isMaximized') === 'boolean';
}

export async function keepWindowBounds(file: string, bounds: WindowBounds): Promise<void> {
  await writeFileAtomically(file, `${JSON.stringify(bounds)}\n`);
}

/**
 * Where the window opens. A place that no display shows any more (an unplugged monitor) is given up,
 * so that the window can always be seen and grasped.
 */
export function placeWindow(
  kept: WindowBounds | null,
  workAreas: readonly Area[],
): Partial<Area> & { readonly width: number; readonly height: number } {
  if (kept === null) {
    return DEFAULT_SIZE;
  }
  const home = workAreas.find((area) => shows(area, kept));
  if (home === undefined) {
    return DEFAULT_SIZE;
  }
  const width = clamp(kept.width, MINIMUM_SIZE.width, home.width);
  const height = clamp(kept.height, MINIMUM_SIZE.height, home.height);
  return {
    x: clamp(kept.x, home.x, home.x + home.width - width),
    y: clamp(kept.y, home.y, home.y + home.height - height),
    width,
    height,
  };
}

/** At least this much of the title bar must be on the display. */
const GRASP = 100;

function shows(area: Area, { x, y, width }: Area): boolean {
  const visible = Math.min(x + width, area.x + area.width) - Math.max(x, area.x);
  return visible >= GRASP && y >= area.y - GRASP && y < area.y + area.height - GRASP;
}

/** The lower end wins where a display is smaller than the smallest window. */
function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
