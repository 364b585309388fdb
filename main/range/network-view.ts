import { createHash } from 'node:crypto';

const CREATED = '2026-01-01T00:00:00.000000000Z';

export const BRIDGE_ID = networkId('bridge');

/** The three networks every engine has; there are no others, and they lead nowhere. */
export function networkViews(): readonly { readonly Name: string; readonly Id: string }[] {
  return ['bridge', 'host', 'none'].map((name) => ({
    Name: name,
    Id: networkId(name),
    Created: CREATED,
    Scope: 'local',
    Driver: name === 'none' ? 'null' : name,
    EnableIPv6: false,
    IPAM: {
      Driver: 'default',
      Options: null,
      Config: name === 'bridge' ? [{ Subnet: '172.17.0.0/16', Gateway: '172.17.0.1' }] : [],
    },
    Internal: false,
    Attachable: false,
    Ingress: false,
    ConfigFrom: { Network: '' },
    ConfigOnly: false,
    Containers: {},
    Options: {},
    Labels: {},
  }));
}

function networkId(name: string): string {
  return createHash('sha256').update(`practice network ${name}`).digest('hex');
}
