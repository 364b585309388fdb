import { expect, test } from 'vitest';
import { formatAddress, parseAddress } from '../../../../../main/connections/ssh/address.js';

test.each([
  ['app-1', null, 'app-1', null],
  ['deploy@app-1.example.com', 'deploy', 'app-1.example.com', null],
  ['deploy@app-1.example.com:2222', 'deploy', 'app-1.example.com', 2222],
  ['ssh://deploy@app-1:22/', 'deploy', 'app-1', 22],
  ['10.0.0.7:22', null, '10.0.0.7', 22],
  ['root@[2001:db8::1]:2200', 'root', '2001:db8::1', 2200],
  ['2001:db8::1', null, '2001:db8::1', null],
  ['deploy@example.com@bastion', 'deploy@example.com', 'bastion', null],
])('reads %s', (text, user, host, port) => {
  expect(parseAddress(text)).toEqual({ user, host, port });
});

test.each([
  '',
  '-oProxyCommand=touch /tmp/owned',
  'deploy@-oProxyCommand=x',
  '-l@app-1',
  'app-1:0',
  'app-1:70000',
  'app-1:22x',
  'app 1',
  'app-1;reboot',
  'app-1$(reboot)',
  'app-1\nHost *',
  'de ploy@app-1',
  '@app-1',
  'deploy@',
  '[2001:db8::1',
])('refuses %j', (text) => {
  expect(() => parseAddress(text)).toThrow(
    expect.objectContaining({ code: 'HOST_ADDRESS_INVALID' }),
  );
});

test('writes an IPv6 address in brackets', () => {
  expect(formatAddress({ host: '2001:db8::1', port: 22 })).toBe('[2001:db8::1]:22');
  expect(formatAddress({ host: 'app-1', port: 2222 })).toBe('app-1:2222');
});
