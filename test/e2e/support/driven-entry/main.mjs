import { app } from 'electron';

/**
 * Starts the built console once the test driver is attached. Attaching while the window opens hangs
 * now and then, and would miss what the page says while it loads. The driver calls this name itself.
 */
const isDriven = new Promise((resolve) => {
  Object.assign(globalThis, { __playwright_run: resolve });
});
const whenReady = app.whenReady.bind(app);
app.whenReady = async () => {
  await isDriven;
  await whenReady();
};

await import('../../../../out/main/index.cjs');
