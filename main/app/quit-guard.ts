/** What would be lost by quitting now; shown to the operator as it stands. */
export type QuitRisk = { readonly message: string; readonly detail: string };

export type QuitGuardDeps = {
  /** Null when nothing is lost. */
  readonly mayQuit: () => QuitRisk | null;
  /** Asks the operator; true means "quit all the same". */
  readonly ask: (risk: QuitRisk) => Promise<boolean>;
  /** Ends what must be ended in order. Its failure does not keep the app alive. */
  readonly beforeExit: () => Promise<void>;
  /** Quits for good: must not come back here. */
  readonly exit: () => void;
  readonly logError: (message: string, thrown: unknown) => void;
};

/** Returns what to call when something wants the app to end. Asks once, however often it is called. */
export function createQuitGuard(deps: QuitGuardDeps): () => void {
  let isBusy = false;

  async function quit(): Promise<void> {
    const risk = deps.mayQuit();
    if (risk !== null && !(await deps.ask(risk))) {
      return;
    }
    try {
      await deps.beforeExit();
    } catch (thrown) {
      deps.logError('Ending in order failed', thrown);
    }
    deps.exit();
  }

  return () => {
    if (isBusy) {
      return;
    }
    isBusy = true;
    quit()
      .catch((thrown: unknown) => {
        deps.logError('Quitting failed', thrown);
      })
      .finally(() => {
        isBusy = false;
      });
  };
}
