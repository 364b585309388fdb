import { expect, test } from 'vitest';
import { createTrustedSender } from '../../../../main/ipc/trusted-sender.js';
import type { SenderContents, SenderFrame } from '../../../../main/ipc/trusted-sender.js';

const address = 'lastgood-app://app/';
const contents: SenderContents = {
  id: 1,
  mainFrame: { frameTreeNodeId: 10 },
  isDestroyed: () => false,
};
const frame: SenderFrame = {
  url: 'lastgood-app://app/index.html#/runs',
  parent: null,
  frameTreeNodeId: 10,
  detached: false,
};

function isTrusted(
  senderFrame: SenderFrame | null,
  { senderId = 1, ours = contents }: { senderId?: number; ours?: SenderContents | null } = {},
): boolean {
  const check = createTrustedSender({ contents: () => ours, address });
  return check({ sender: { id: senderId }, senderFrame });
}

test('trusts the main frame of our window at our address', () => {
  expect(isTrusted(frame)).toBe(true);
});

test.each([
  ['a frame inside the page', { ...frame, parent: {}, frameTreeNodeId: 11 }],
  ['another frame without a parent', { ...frame, frameTreeNodeId: 11 }],
  ['a page from the web', { ...frame, url: 'https://example.com/' }],
  ['a host that only begins like ours', { ...frame, url: 'lastgood-app://app.example.com/' }],
  ['an empty page', { ...frame, url: 'about:blank' }],
  ['a file', { ...frame, url: 'file:///lastgood-app://app/' }],
  ['a frame that is being thrown away', { ...frame, detached: true }],
  ['a frame that has navigated away', null],
])('refuses %s', (_name, senderFrame) => {
  expect(isTrusted(senderFrame)).toBe(false);
});

test('refuses another window', () => {
  expect(isTrusted(frame, { senderId: 2 })).toBe(false);
});

test('refuses everything while there is no window or it is gone', () => {
  expect(isTrusted(frame, { ours: null })).toBe(false);
  expect(isTrusted(frame, { ours: { ...contents, isDestroyed: () => true } })).toBe(false);
});

test('refuses a frame that goes away while it is looked at', () => {
  const dying = {
    ...frame,
    get url(): string {
      throw new Error('Render frame was disposed before WebFrameMain could be accessed');
    },
  };
  expect(isTrusted(dying)).toBe(false);
});
