/** Answers about SIP phones, as the server gives them. */

export const aPhone = {
  id: 'p1',
  label: 'Desk phone',
  username: 'ana123456789012',
  sip_uri: 'sip:ana123456789012@phone.plivo.com',
  volunteer: { id: 'v1', name: 'Ana' },
  connection: { id: 'c1', name: 'Main' },
  state: 'ready',
  problem: null,
  credentials_given_at: '2026-11-20T09:59:00Z',
  send_digits: 'ww123#',
  registration: {
    state: 'registered',
    device: 'Zoiper 5.6',
    user_agent: 'Zoiper 5.6',
    since: '2026-11-20T10:00:00Z',
    until: '2026-11-20T10:02:00Z',
    read_at: '2026-11-20T10:00:10Z',
    message: 'Zoiper 5.6 is signed in and rings.',
  },
  advice: [{ code: 'not_registered_yet', message: 'Not yet.', causes: [{ code: 'user_name', message: 'Digits.' }] }],
  created_at: '2026-11-20T09:00:00Z',
};

export const aRing = {
  id: 'r1',
  phone: 'p1',
  state: 'confirmed',
  words: 'Answered by Zoiper 5.6 after 1.8 s. The key was heard: the phone works.',
  device: 'Zoiper 5.6',
  answered_after_seconds: 1.8,
  hangup_code: 4000,
  started_at: '2026-11-20T10:00:00Z',
  ended_at: '2026-11-20T10:00:09Z',
};

export const aProvision = {
  phone: { label: 'Desk phone' },
  volunteer: { name: 'Ana' },
  account: {
    username: 'ana123456789012',
    auth_username: 'ana123456789012',
    password: 'abcdefghijklmnopqrstuvwx',
    domain: 'phone.plivo.com',
    display_name: 'Ana',
    sip_uri: 'sip:ana123456789012@phone.plivo.com',
  },
  server: { host: 'phone.plivo.com', port: 5060, outbound_proxy: null, transports: ['udp', 'tcp'] },
  expiry_seconds: 120,
  codecs: ['PCMU', 'PCMA'],
  dtmf: 'rfc2833',
  stun: 'stun.plivo.com:3478',
  keep_alive_seconds: 15,
  linphone: { xml_url: 'https://x/phone-file/s', link: 'linphone-config:https://x/phone-file/s', expires_at: '2026-11-20T10:15:00Z' },
  qr: [{ program: 'linphone', payload: 'https://x/phone-file/s' }],
  microsip_ini: '[Settings]\n',
  baresip_account: '<sip:…>',
};
