import { Notification } from 'electron';

export type Notice = { readonly title: string; readonly body: string };

/** A hint beside the window, never the only place where something is said: a desktop may show none. */
export function notify({ title, body }: Notice, onClick: () => void): void {
  if (!Notification.isSupported()) {
    return;
  }
  const notification = new Notification({ title, body });
  notification.on('click', onClick);
  notification.show();
}
