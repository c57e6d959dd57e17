/** Which values each program asks for at which step, under its own names. The sentences around them are words. */
import type { Provision } from '../../server/phones';

/** A value, or null: there is none, and the field stays empty. */
export type Values = Readonly<Record<ValueName, string | null>>;
type ValueName =
  | 'username' | 'address' | 'password' | 'domain' | 'display' | 'proxy' | 'stun' | 'stunHost' | 'stunPort'
  | 'expiry' | 'keepAlive' | 'codecs' | 'port' | 'transport' | 'dtmf' | 'account' | 'server';

/** The program's name for it, and what belongs there. */
export type Field = readonly [label: string, value: ValueName];

export const programNames = ['zoiper', 'xlite', 'linphone', 'microsip', 'desk'] as const;
export type ProgramName = (typeof programNames)[number];

export interface Program {
  readonly name: string;
  /** For every step, the fields of that step. */
  readonly steps: readonly (readonly Field[])[];
}

/* Zoiper: its wizard. X-Lite: the guide of X-Lite 4. MicroSIP: the window "Account" of 3.19. */
export const programs: Readonly<Record<ProgramName, Program>> = {
  zoiper: {
    name: 'Zoiper 5',
    steps: [
      [],
      [['Username / Login', 'address'], ['Password', 'password']],
      [['Hostname or provider', 'domain']],
      [['Authentication username', 'username'], ['Outbound proxy', 'proxy']],
      [],
      [['Registration expiry', 'expiry'], ['STUN server', 'stunHost'], ['STUN port', 'stunPort'], ['DTMF', 'dtmf']],
    ],
  },
  xlite: {
    name: 'X-Lite / Bria',
    steps: [
      [],
      [
        ['Account name', 'account'],
        ['User ID', 'username'],
        ['Domain', 'domain'],
        ['Password', 'password'],
        ['Display name', 'display'],
        ['Authorization name', 'username'],
      ],
      [['Proxy', 'proxy']],
      [['STUN server', 'stun']],
    ],
  },
  linphone: {
    name: 'Linphone',
    steps: [[], [], [], [], [['Username', 'username'], ['Password', 'password'], ['Domain', 'domain'], ['Outbound proxy', 'proxy']]],
  },
  microsip: {
    name: 'MicroSIP',
    steps: [
      [],
      [
        ['Account name', 'account'],
        ['SIP server', 'server'],
        ['Username', 'username'],
        ['Domain', 'domain'],
        ['Login', 'username'],
        ['Password', 'password'],
        ['Display name', 'display'],
        ['Register refresh', 'expiry'],
        ['Keep-alive', 'keepAlive'],
      ],
      [],
    ],
  },
  desk: {
    name: 'Desk phone',
    steps: [
      [
        ['User name', 'username'],
        ['Authentication name', 'username'],
        ['Password', 'password'],
        ['Domain, registrar', 'domain'],
        ['Outbound proxy', 'proxy'],
      ],
      [
        ['Port', 'port'],
        ['Transport', 'transport'],
        ['Registration expiry (seconds)', 'expiry'],
        ['Codecs', 'codecs'],
        ['DTMF', 'dtmf'],
        ['STUN server', 'stun'],
        ['Keep-alive (seconds)', 'keepAlive'],
      ],
      [],
    ],
  },
};

/** The values for a phone. */
export function valuesOf({ account, server, ...more }: Provision): Values {
  const [stunHost = null, stunPort = null] = more.stun?.split(':') ?? [];
  const proxied = server.outbound_proxy !== null;
  return {
    username: account.username,
    address: `${account.username}@${account.domain}`,
    password: account.password,
    domain: account.domain,
    display: account.display_name,
    proxy: server.outbound_proxy,
    stun: more.stun,
    stunHost,
    stunPort,
    expiry: String(more.expiry_seconds),
    keepAlive: String(more.keep_alive_seconds),
    codecs: 'G.711 µ-law (PCMU), G.711 a-law (PCMA)',
    port: String(server.port),
    transport: 'UDP',
    dtmf: 'RFC 2833',
    account: 'Hotline',
    server: proxied ? server.outbound_proxy : server.host,
  };
}
