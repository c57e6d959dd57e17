/** Answers of the administrator's doors about hotlines, as the server writes them. */
const AT = '2026-11-20T10:00:00.000Z';

export const aHotline = {
  id: 'night-line', connection_id: 'demo', name: 'Night line', numbers: ['14155550100'], time_zone: 'America/New_York',
  round_the_clock: false, hours: [{ weekday: 4, opens: '18:00', closes: '02:00' }],
  holidays: [{ day: '2026-12-25', name: 'Christmas' }], closed: false, open_now: true, languages: ['en', 'es'],
  default_language: 'en', strategy: 'everyone', ring_at_once: 3, ring_seconds: 25, pause_seconds: 8,
  longest_wait_seconds: 300, music_url: null, wrap_up_seconds: 60, hard_wrap_up_seconds: 900, outcomes: ['Listened'],
  notes_enabled: true, members: ['v1'], fallback_made_at: null, created_at: AT, updated_at: AT,
} as const;

export const aWhoRings = {
  hotline: { id: 'night-line', name: 'Night line' }, language: 'en', at: AT, open: true,
  decision: { kind: 'ring', round: 1, half: 'apps', seconds: 25 },
  volunteers: [
    { id: 'v1', name: 'Ada', why: 'rings', message: 'Their phone rings.', phones: ['browser'] },
    { id: 'v2', name: 'Ben', why: 'away', message: 'They are away.', phones: [] },
  ],
} as const;

const today = {
  date: '2026-11-20', calls: 3, answered: 1, missed: 1, voicemail: 1, turned_away: 0, median_wait_seconds: 12,
  longest_wait_seconds: 31,
} as const;

export const aLiveCall = {
  id: 'aebe54cbbc91539d', label: 'Caller E483', repeat: false, hotline: { id: 'night-line', name: 'Night line' }, language: null,
  state: 'ringing', started_at: AT, waiting_since: AT, since: '2026-11-20T10:00:05.000Z',
  with: [{ id: 'v1', name: 'Ada', phone: 'browser', heard: null }],
} as const;

export const aBoard = {
  at: '2026-11-20T10:00:09.000Z', time_zone: null,
  hotlines: [
    {
      id: 'night-line', name: 'Night line', time_zone: 'America/New_York', open: true, closed: false,
      decision: { kind: 'pause', seconds: 5, held: true }, would_ring: 0, doubtful: 0, waiting: 0, ringing: 1, talking: 0,
      leaving_message: 0, today,
    },
  ],
  today: { ...today, date: null },
  calls: [aLiveCall],
  volunteers: [
    {
      id: 'v1', name: 'Ada', availability: 'on_duty', availability_since: AT, languages: ['en'], reachable: true,
      phones: ['browser'], doubt: { why: 'page_silent', message: 'Their page has stopped answering.', since: AT }, call: null,
      hotlines: [{ id: 'night-line', name: 'Night line', why: 'ringing', message: 'Their phone rings.', rings: false }],
    },
  ],
  alerts: [
    {
      id: 'a1', kind: 'empty_shift', hotline: { id: 'night-line', name: 'Night line' }, message: 'The hotline is open.',
      began_at: AT, ended_at: null,
    },
  ],
} as const;

export const aRung = {
  volunteer: { id: 'v1', name: 'Ada' }, phone: 'browser', fate: 'answered', fate_message: 'It was answered.',
  heard_after_ms: 900, answered_after_ms: 6000, connected_after_ms: 6100, ended_after_ms: null, hangup_code: null,
  hangup_cause: null,
} as const;

export const aStory = {
  id: 'aebe54cbbc91539d', hotline: { id: 'night-line', name: 'Night line' }, label: 'Caller E483', caller_id: 'c-e483',
  repeat: true, language: 'en', state: 'ended', ending: 'answered', started_at: AT, waiting_since: AT, answered_at: AT,
  ended_at: AT, waited_seconds: 6, talked_seconds: 60, answered_by: { id: 'v1', name: 'Ada' }, outcome: null, hard: false,
  hangup_code: 4000,
  rounds: [
    { step: 2, round: 1, half: 'apps', began_at: AT, after_ms: 1200, lasted_ms: 8000, rung: [aRung] },
  ],
  ladder: [
    { seq: 1, at: AT, after_ms: 0, gap_ms: 0, asked: 'incoming', told: { callstatus: 'ringing' }, answered: 'GetDigits', document: '<Response/>' },
    { seq: 2, at: AT, after_ms: 1200, gap_ms: 1200, asked: 'next 2', told: {}, answered: 'Dial 1 for 25 s', document: null },
  ],
} as const;

export const aDay = { date: '2026-11-20', calls: 2, answered: 1, missed: 1, voicemail: 0, turned_away: 0, share_answered: 0.5 } as const;

export const aPrompt = {
  prompt: 'greeting', language: 'en', text: 'Hello. This is {name}.', text_to_record: 'Hello. This is {name}.', own_text: null,
  recording: {
    url: 'https://phone.example.org/telephony/prompts/abc.wav', kind: 'wav', bytes: 44, seconds: 2.5, updated_at: AT,
  },
  recording_needed: false,
} as const;
