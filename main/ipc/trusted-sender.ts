/** The parts of Electron's objects that are looked at, so that the rule can be tested without a window. */
export type SenderFrame = {
  readonly url: string;
  readonly parent: unknown;
  readonly frameTreeNodeId: number;
  readonly detached: boolean;
};
export type SenderContents = {
  readonly id: number;
  readonly mainFrame: { readonly frameTreeNodeId: number };
  isDestroyed(): boolean;
};
export type SenderEvent = {
  readonly sender: { readonly id: number };
  /** Null once the frame has navigated away or was destroyed. */
  readonly senderFrame: SenderFrame | null;
};

export type TrustedSenderDeps = {
  readonly contents: () => SenderContents | null;
  /** What every address of our own page begins with, closing slash included. */
  readonly address: string;
};

/** True only for the main frame of our own window while it shows our own page. */
export function createTrustedSender(deps: TrustedSenderDeps): (event: SenderEvent) => boolean {
  return ({ sender, senderFrame }) => {
    const contents = deps.contents();
    if (contents === null || contents.isDestroyed() || senderFrame === null) {
      return false;
    }
    try {
      return (
        sender.id === contents.id &&
        !senderFrame.detached &&
        senderFrame.parent === null &&
        senderFrame.frameTreeNodeId === contents.mainFrame.frameTreeNodeId &&
        senderFrame.url.startsWith(deps.address)
      );
    } catch {
      // A frame that goes away while it is looked at throws on every property.
      return false;
    }
  };
}
