/**
 * Loaded into the main process of both contestants by `electron -r`: says when the page has painted what it is to
 * show, and when it has answered a key. Both are asked for in the same way, so this costs both the same.
 */
import { app } from 'electron';

const READY = process.env['BENCH_READY_SELECTOR'] ?? 'main';
const ANSWER = '[role="dialog"]';
const PRESS_AGAIN_MS = 100;
/** @type {{ keyCode: string, modifiers: 'shift'[] }} */
const key = { keyCode: '?', modifiers: ['shift'] };

/** @param {string} mark */
const say = (mark) => {
  process.stderr.write(`bench-mark ${mark} ${Number(process.hrtime.bigint()) / 1e6}\n`);
};

/**
 * Runs in the page: resolves two frames after the element is there, so that it has been painted.
 * @param {string} selector
 */
const painted = (selector) => `new Promise((resolve) => {
  const look = () => {
    if (document.querySelector(${JSON.stringify(selector)}) === null) {
      return;
    }
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(null)));
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { attributes: true, childList: true, subtree: true });
  look();
})`;

/** @param {import('electron').WebContents} contents @param {string} selector */
const seen = (contents, selector) => contents.executeJavaScript(painted(selector));

/** @param {import('electron').WebContents} contents */
function press(contents) {
  contents.focus();
  contents.sendInputEvent({ type: 'keyDown', ...key });
  contents.sendInputEvent({ type: 'char', ...key });
  contents.sendInputEvent({ type: 'keyUp', ...key });
}

/** @param {import('electron').WebContents} contents */
async function follow(contents) {
  await seen(contents, READY);
  say('painted');
  const answered = seen(contents, ANSWER);
  press(contents);
  const again = setInterval(() => press(contents), PRESS_AGAIN_MS);
  await answered;
  clearInterval(again);
  say('answered');
}

say('loaded');
app.on('web-contents-created', (_event, contents) => {
  say('window');
  contents.once('dom-ready', () => {
    say('page');
    void follow(contents);
  });
});
