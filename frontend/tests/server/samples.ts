/** Answers of the administrator's doors, as the server writes them. */
export const aConnection = {
  id: 'c1', name: 'Night line', is_default: true, auth_id: 'MAXXXXXXXXXXXXXXXXXX', auth_token_last4: '9f3c',
  sub_account: false, country: 'US', numbers: ['14155550100'], caller_id: '14155550100', token_source: 'auto',
  settled_source: 'local', token_lifetime_seconds: 600, application_id: null, webrtc_enabled: true,
  allowed_countries: ['US'], answer_url: 'https://phone.example.org/telephony/c1/outgoing',
  hangup_url: 'https://phone.example.org/telephony/c1/status', created_at: '2026-11-20T10:00:00.000Z',
  updated_at: '2026-11-20T10:00:00.000Z',
} as const;

export const aVolunteer = {
  id: 'v1', name: 'Ada', login: 'ada', role: 'admin', extension: '101', languages: ['en'], dialling: 'colleagues',
  webrtc_enabled: true, active: true, has_password: true, invite_pending: false, availability: 'on_duty',
  availability_since: '2026-11-20T10:00:00.000Z', reachable: true,
  device: { id: 'd1', label: 'Firefox, Linux', since: '2026-11-20T10:00:00.000Z' },
  created_at: '2026-11-20T10:00:00.000Z',
} as const;

export const aDevice = {
  volunteer: { id: 'v1', name: 'Ada' }, endpoint: { id: 'e1', username: 'ada123456789012' },
  device: { id: 'd1', label: 'Firefox, Linux' }, registered_at: '2026-11-20T10:00:00.000Z',
  refreshed_at: '2026-11-20T10:01:00.000Z', expires_at: '2026-11-20T10:03:00.000Z', reachable: false,
  ended_at: '2026-11-20T10:02:00.000Z', end_reason: 'gone',
} as const;

export const aCall = {
  id: 'k1', ref: null, direction: 'out', peer: { kind: 'number', name: null, extension: null, masked: '…0123' },
  state: 'ended', outcome: 'busy', reason: null, message: null, started_at: '2026-11-20T10:00:00.000Z',
  answered_at: null, ended_at: '2026-11-20T10:00:09.000Z', seconds: null, volunteer: { id: 'v1', name: 'Ada' },
} as const;
