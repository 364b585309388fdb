import type { MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import { menuTemplate } from '../../../../main/app/menu.js';

function items(template: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return template.flatMap((item) => [
    item,
    ...(Array.isArray(item.submenu) ? items(item.submenu) : []),
  ]);
}

function roles(isPackaged: boolean): (string | undefined)[] {
  return items(menuTemplate({ platform: 'linux', isPackaged })).map(({ role }) => role);
}

test('offers what a text field needs and the way out', () => {
  expect(roles(true)).toEqual(expect.arrayContaining(['cut', 'copy', 'paste', 'undo', 'quit']));
});

test('keeps the tools of developers out of a released console', () => {
  expect(roles(true)).not.toContain('reload');
  expect(roles(true)).not.toContain('toggleDevTools');
  expect(roles(false)).toEqual(expect.arrayContaining(['reload', 'toggleDevTools']));
});

test.each(['linux', 'darwin', 'win32'] as const)(
  'takes no key of the page away on %s',
  (platform) => {
    const keys = items(menuTemplate({ platform, isPackaged: true })).flatMap(
      ({ accelerator }) => accelerator ?? [],
    );
    expect(keys.filter((key) => key !== 'Ctrl+Q')).toEqual([]);
  },
);
