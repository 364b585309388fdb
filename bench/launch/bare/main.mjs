/** The least Electron can be: one window with the options of Lastgood's own (main/app/window.ts) and an empty page. */
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow } from 'electron';

app.setPath('userData', process.env['BENCH_PROFILE'] ?? '');
app.enableSandbox();
// Not awaited: Electron becomes ready only after this file has run to its end.
void app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1_280,
    height: 800,
    minWidth: 1_024,
    minHeight: 700,
    title: 'Bare window',
    show: false,
    autoHideMenuBar: true,
    backgroundColor: '#f5f6f8',
    webPreferences: {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      backgroundThrottling: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadFile(fileURLToPath(new URL('./index.html', import.meta.url)));
});
