import { describe, expect, it } from 'vitest';
import { ranges, readCount } from '../../../src/pages/admin/hotline/counts';
import { freshPair, holidaysOf, lengthOf, sameWeek, spansOf, weekOf, weekProblems, withDay } from '../../../src/pages/admin/hotline/hours-draft';
import { languageName } from '../../../src/pages/admin/hotline/language-names';
import { moved } from '../../../src/pages/admin/hotline/ordered';
import { below, partAt, partPath } from '../../../src/pages/admin/hotline/places';
import { byChapter, sourceOf } from '../../../src/pages/admin/hotline/prompt-order';
import { mixed, wavOf } from '../../../src/pages/admin/hotline/wav';
import { momentIn, zonesWith } from '../../../src/pages/admin/hotline/zones';
import { decodePrompt } from '../../../src/server/prompts';
import { aPrompt } from '../../server/hotline-samples';

const closed = weekOf([]);

describe('opening hours', () => {
  it('go into days and come back as they were', () => {
    const spans = [{ weekday: 0, opens: '09:00', closes: '12:00' }, { weekday: 6, opens: '20:00', closes: '02:00' }];

    expect(spansOf(weekOf(spans))).toEqual(spans);
    expect(sameWeek(weekOf(spans), weekOf(spans))).toBe(true);
    expect(sameWeek(weekOf(spans), closed)).toBe(false);
  });

  it('run into the next day, last the whole day, or end at midnight', () => {
    expect(lengthOf({ opens: '18:00', closes: '02:00' })).toEqual({ kind: 'overnight', minutes: 480 });
    expect(lengthOf({ opens: '00:00', closes: '00:00' })).toEqual({ kind: 'whole_day', minutes: 1440 });
    expect(lengthOf({ opens: '18:00', closes: '00:00' })).toEqual({ kind: 'same_day', minutes: 360 });
    expect(lengthOf({ opens: '18:00', closes: '' })).toBeNull();
  });

  it('are refused where a time is missing', () => {
    const week = withDay(closed, 2, [{ opens: '18:00', closes: '' }]);

    expect(weekProblems(week)).toEqual([{ day: 2, at: 0, kind: 'missing' }]);
  });

  it('are refused where they overlap, over the end of the week too', () => {
    const sunday = withDay(closed, 6, [{ opens: '22:00', closes: '06:00' }]);

    expect(weekProblems(withDay(sunday, 0, [{ opens: '05:00', closes: '08:00' }]))).toEqual([{ day: 0, at: 0, kind: 'overlap' }]);
    expect(weekProblems(withDay(sunday, 0, [{ opens: '06:00', closes: '08:00' }]))).toEqual([]);
  });

  it('of one day that are the same twice overlap', () => {
    const pair = { opens: '09:00', closes: '10:00' };

    expect(weekProblems(withDay(closed, 1, [pair, pair])).map(({ kind }) => kind)).toEqual(['overlap', 'overlap']);
  });

  it('that are added begin where the last ones end', () => {
    expect(freshPair([{ opens: '09:00', closes: '12:00' }]).opens).toBe('12:00');
  });

  it('have holidays in order, each day once, and none without a day', () => {
    const rows = [{ day: '2026-12-26', name: 'B' }, { day: '', name: 'nothing' }, { day: '2026-12-25', name: ' A ' }];

    expect(holidaysOf(rows)).toEqual([{ day: '2026-12-25', name: 'A' }, { day: '2026-12-26', name: 'B' }]);
  });
});

describe('a moment in a time zone', () => {
  it.each([
    ['in winter', 'America/New_York', '2026-12-24T22:00', '2026-12-25T03:00:00.000Z'],
    ['in summer', 'America/New_York', '2026-07-04T22:00', '2026-07-05T02:00:00.000Z'],
    ['just after the clock went back', 'Europe/Berlin', '2026-10-25T03:30', '2026-10-25T02:30:00.000Z'],
    ['far east', 'Pacific/Auckland', '2026-01-01T00:30', '2025-12-31T11:30:00.000Z'],
  ])('is an instant %s', (_name, zone, local, instant) => {
    expect(momentIn(zone, local)).toBe(instant);
  });

  it('is nothing where nothing was written', () => {
    expect(momentIn('UTC', '')).toBe('');
  });

  it('can be one that the browser does not list', () => {
    expect(zonesWith('Mars/Base')[0]).toBe('Mars/Base');
  });
});

describe('the settings of a hotline', () => {
  it('read whole numbers within their range, and nothing else', () => {
    expect(['10', ' 60 ', '9', '61', '1e1', '', '-5', '12.5'].map((text) => readCount(text, ranges.ring_seconds))).toEqual([
      10, 60, null, null, null, null, null, null,
    ]);
  });

  it('move languages up and down, held by the ends', () => {
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
    expect(moved(['a', 'b'], 7, -1)).toEqual(['a', 'b']);
  });

  it('live at addresses that lead back to them', () => {
    expect(below(partPath('night line', 'hours'))).toEqual(['night line', 'hours']);
    expect(below('/admin/hotlines/%E0%A4%A')).toEqual(['%E0%A4%A']);
    expect(partAt('nonsense')).toBe('general');
  });

  it('call languages as they are spoken on the line', () => {
    expect(languageName('tl', 'en')).toBe('Tagalog');
    expect(languageName('fr', 'es')).toBe('Francés');
  });
});

describe('what callers hear', () => {
  const row = decodePrompt(aPrompt);

  it('stands in the order of a call, with what is new among the rare', () => {
    const rows = ['digit_1', 'brand_new', 'please_hold', 'greeting', 'fault'].map((prompt) => ({ ...row, prompt }));

    expect(byChapter(rows).map(([chapter, found]) => [chapter, found.map(({ prompt }) => prompt)])).toEqual([
      ['way', ['greeting', 'please_hold']],
      ['end', []],
      ['rare', ['fault', 'brand_new']],
      ['digits', ['digit_1']],
    ]);
  });

  it('is the recording, else the text, else ours; without a voice only the recording', () => {
    const bare = { ...row, recording: null };

    expect(sourceOf(row, false)).toBe('recording');
    expect(sourceOf({ ...bare, own_text: 'Hi' }, true)).toBe('own_text');
    expect(sourceOf(bare, true)).toBe('ours');
    expect(sourceOf({ ...bare, own_text: 'Hi' }, false)).toBe('none');
  });
});

describe('a recording', () => {
  it('becomes a WAV file of one channel, 16 bits, 16 kHz', () => {
    const view = new DataView(wavOf(new Float32Array([0, 1, -1, 2])));
    const letters = (at: number) => String.fromCharCode(...[0, 1, 2, 3].map((by) => view.getUint8(at + by)));

    expect([letters(0), letters(8), letters(12), letters(36)]).toEqual(['RIFF', 'WAVE', 'fmt ', 'data']);
    expect([view.getUint16(20, true), view.getUint16(22, true), view.getUint32(24, true), view.getUint16(34, true)]).toEqual([1, 1, 16000, 16]);
    expect([view.getUint32(4, true), view.getUint32(40, true)]).toEqual([44, 8]);
    expect([0, 1, 2, 3].map((at) => view.getInt16(44 + at * 2, true))).toEqual([0, 32767, -32767, 32767]);
  });

  it('of two channels is their mean', () => {
    expect([...mixed([new Float32Array([1, 0]), new Float32Array([0, -1])])]).toEqual([0.5, -0.5]);
    expect(mixed([])).toHaveLength(0);
  });
});
