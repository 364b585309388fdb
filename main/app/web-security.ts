import type { App, Session, WebContents } from 'electron';

export type SecurityLog = (what: string, address: string) => void;

/** Before the app is ready: every page process is sandboxed, and every page there will ever be is held to one place. */
export function hardenApp(app: App, log: SecurityLog): void {
  app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => {
    hardenContents(contents, log);
  });
}

/** The page never leaves its address, opens nothing and embeds nothing. */
function hardenContents(contents: WebContents, log: SecurityLog): void {
  contents.on('will-navigate', (event) => {
    log('navigation', event.url);
    event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    log('navigation', event.url);
    event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    log('redirect', event.url);
    event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    log('webview', '');
    event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    log('new window', url);
    return { action: 'deny' };
  });
}

/** Everything a page may ask for is refused, without a list of names: new permissions come with every engine. */
export function hardenSession(session: Session, log: SecurityLog): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    log(`permission ${permission}`, '');
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => {
    log('display capture', '');
    answer({});
  });
  session.setBluetoothPairingHandler((_details, answer) => {
    answer({ confirmed: false });
  });
  session.on('will-download', (event, item) => {
    log('download', item.getURL());
    event.preventDefault();
  });
  session.setSpellCheckerEnabled(false);
  closeNetwork(session, log);
}

/** The policy of the page already forbids these; here the engine's own requests end as well. */
function closeNetwork(session: Session, log: SecurityLog): void {
  const urls = ['http', 'https', 'ws', 'wss', 'ftp', 'file'].map((scheme) => `${scheme}://*/*`);
  session.webRequest.onBeforeRequest({ urls }, ({ url }, answer) => {
    log('request', url);
    answer({ cancel: true });
  });
}
