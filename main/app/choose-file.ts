import path from 'node:path';
import type { App, BrowserWindow, Dialog } from 'electron';

export type ChooseFileDeps = {
  readonly dialog: Pick<Dialog, 'showSaveDialog' | 'showOpenDialog'>;
  readonly app: Pick<App, 'getPath'>;
  readonly window: () => BrowserWindow | null;
};

export type ChooseFile = {
  readonly toSave: (name: string) => Promise<string | null>;
  readonly toOpen: () => Promise<string | null>;
};

const filters = [{ name: 'Handed-over run', extensions: ['json', 'jsonl'] }];

/** The system's own file dialogs: so the page can neither name a file nor learn which ones there are. */
export function createChooseFile({ dialog, app, window }: ChooseFileDeps): ChooseFile {
  return {
    toSave: async (name) => {
      const options = {
        title: 'Hand the run over: where shall the file lie?',
        buttonLabel: 'Hand over',
        defaultPath: path.join(folderOf(app), name),
        filters,
      };
      const parent = window();
      const { canceled, filePath } = await (parent === null
        ? dialog.showSaveDialog(options)
        : dialog.showSaveDialog(parent, options));
      return canceled || filePath === '' ? null : filePath;
    },
    toOpen: async () => {
      const options = {
        title: 'Take over a run: which file?',
        buttonLabel: 'Take over',
        defaultPath: folderOf(app),
        filters,
        properties: ['openFile' as const],
      };
      const parent = window();
      const { canceled, filePaths } = await (parent === null
        ? dialog.showOpenDialog(options)
        : dialog.showOpenDialog(parent, options));
      return canceled ? null : (filePaths[0] ?? null);
    },
  };
}

/** Some desktops have no folder for downloads. */
function folderOf(app: Pick<App, 'getPath'>): string {
  try {
    return app.getPath('downloads');
  } catch {
    return app.getPath('home');
  }
}
