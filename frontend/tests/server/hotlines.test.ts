import { describe, expect, it } from 'vitest';
import { decodeBoard } from '../../src/server/board';
import { decodeStory, everything, queryOf } from '../../src/server/call-log';
import { decodeBlock, decodeRetention } from '../../src/server/callers';
import { Undecodable } from '../../src/server/decode';
import { readEvent } from '../../src/server/events';
import { decodeHotline, decodeMadeFallback, decodeWhoRings } from '../../src/server/hotlines';
import { decodePrompt } from '../../src/server/prompts';
import { aBoard, aHotline, aLiveCall, aPrompt, aStory, aWhoRings } from './hotline-samples';

describe('what the administrator is told of hotlines', () => {
  it('is decoded: a hotline with its week', () => {
    expect(decodeHotline(aHotline).hours).toEqual([{ weekday: 4, opens: '18:00', closes: '02:00' }]);
    expect(() => decodeHotline({ ...aHotline, strategy: 'dice' })).toThrow(Undecodable);
  });

  it('is decoded: who rings, with a reason that this page does not know yet', () => {
    const strange = { ...aWhoRings.volunteers[1], why: 'on_the_moon' };

    expect(decodeWhoRings(aWhoRings).decision).toEqual({ kind: 'ring', seconds: 25, reason: null });
    expect(decodeWhoRings({ ...aWhoRings, volunteers: [strange] }).volunteers[0]?.why).toBe('on_the_moon');
  });

  it('is decoded: the board, its times as instants', () => {
    const board = decodeBoard(aBoard);

    expect(board.calls[0]?.since).toBe(Date.UTC(2026, 10, 20, 10, 0, 5));
    expect(board.volunteers[0]?.doubt?.why).toBe('page_silent');
    expect(() => decodeBoard({ ...aBoard, calls: [{ ...aLiveCall, state: 'asleep' }] })).toThrow('calls[0].state');
  });

  it('is decoded: a story, with what Plivo told as words', () => {
    expect(decodeStory(aStory).ladder[0]?.told).toEqual({ callstatus: 'ringing' });
  });

  it('is decoded: a recording by its path, whatever name the page was opened under', () => {
    expect(decodePrompt(aPrompt).recording?.url).toBe('/telephony/prompts/abc.wav');
    expect(decodePrompt({ ...aPrompt, recording: null }).recording).toBeNull();
  });

  it('is decoded: blocks, retention and the fallback document', () => {
    const at = '2026-11-20T10:00:00.000Z';
    const block = {
      id: 'b1', hotline_id: 'night-line', caller: { id: 'c1', label: 'Caller 7F3A' }, reason: 'abuse', made_by: null,
      made_at: at, until: at, lifted_at: null, in_force: true,
    };
    const settings = {
      pseudonym_days: 30, pseudonym_keep_days: 1, calls_days: 90, voicemail_days: 30, logs_days: 14, audit_days: 730,
    };
    const retention = {
      settings, runs: [{ at, removed: { calls: 3 } }], waiting_at_plivo: { recordings: 0, since: null, problem: null },
    };
    const made = { made_at: at, stale: false, why: null, phones: 1, document: '<Response/>', confirm_document: '<Response/>' };

    expect(decodeBlock(block).made_by).toBeNull();
    expect(decodeRetention(retention).runs[0]?.removed).toEqual([['calls', 3]]);
    expect(decodeMadeFallback(made).document).toBe('<Response/>');
  });

  it('is heard: an alert, and a nudge to look at the board again', () => {
    const alert = { id: 'a1', kind: 'empty_shift', hotline: { id: 'n', name: 'Night line' }, state: 'began', message: '', at: '' };

    expect(readEvent('alert', alert)).toEqual({ kind: 'alert', alert: { kind: 'empty_shift', hotline: 'Night line' }, began: true });
    expect(readEvent('board', {})).toEqual({ kind: 'board' });
  });

  it('is asked for without what was left empty: the server refuses a filter that says nothing', () => {
    expect(queryOf(everything)).toBe('');
    expect(queryOf({ ...everything, label: ' 7F3A ', hotline: 'a b' }, { limit: 25 })).toBe('hotline=a+b&label=7F3A&limit=25');
  });
});
