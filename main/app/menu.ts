import type { MenuItemConstructorOptions } from 'electron';

export type MenuOptions = {
  readonly platform: NodeJS.Platform;
  readonly isPackaged: boolean;
};

/**
 * As small as the platforms allow. Only the keys every text field needs are taken here; all others
 * belong to the page.
 */
export function menuTemplate({ platform, isPackaged }: MenuOptions): MenuItemConstructorOptions[] {
  return [
    platform === 'darwin'
      ? { role: 'appMenu' }
      : { label: '&File', submenu: [{ role: 'quit', accelerator: 'Ctrl+Q' }] },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...developerItems(isPackaged),
      ],
    },
  ];
}

/** A reload is harmless (the page owns no truth), yet nobody should reach it by a slip during a rollback. */
function developerItems(isPackaged: boolean): MenuItemConstructorOptions[] {
  return isPackaged ? [] : [{ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' }];
}
