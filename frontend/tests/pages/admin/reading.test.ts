import { describe, expect, it } from 'vitest';
import { actionInWords, detailInWords } from '../../../src/pages/admin/audit-words';
import { countries, findCountries } from '../../../src/pages/admin/countries';
import { duration } from '../../../src/pages/admin/moments';
import { newsOf } from '../../../src/pages/admin/news';
import { afterFailure } from '../../../src/pages/admin/remote';
import { sectionAt } from '../../../src/pages/admin/sections';

describe('the administrator reads', () => {
  it('an unknown action by its code, made legible', () => {
    expect(actionInWords('thing.was_done', {})).toBe('thing: was done');
    expect(actionInWords('a.b', { 'a.b': 'Did it' })).toBe('Did it');
  });

  it('details as names and values, and nothing of what is empty', () => {
    const facts = detailInWords({ fields: ['a', 'b'], on: true, gone: null }, { fields: 'changed' });

    expect(facts).toEqual([
      { name: 'changed', value: 'a, b' },
      { name: 'on', value: '✓' },
    ]);
  });

  it('a country found without its accents, or by its code', () => {
    const all = countries('es');

    expect(findCountries(all, 'mexico').map(({ code }) => code)).toEqual(['MX']);
    expect(findCountries(all, 'de').map(({ code }) => code)).toContain('DE');
  });

  it('durations with minutes and, when needed, hours', () => {
    expect([5, 65, 3729].map(duration)).toEqual(['0:05', '1:05', '1:02:09']);
  });

  it('old values, marked, when the server is away; and only then a failure', () => {
    expect(afterFailure({ kind: 'here', value: 1, stale: false }, 'why')).toEqual({ kind: 'here', value: 1, stale: true });
    expect(afterFailure({ kind: 'waiting' }, 'why')).toEqual({ kind: 'failed', why: 'why' });
  });

  it('the lists again that an event concerns', () => {
    expect(newsOf({ kind: 'devices' })).toEqual(['devices']);
    expect(newsOf({ kind: 'rights' })).toEqual([]);
    expect(newsOf({ kind: 'board' })).toEqual(['board']);
    expect(newsOf({ kind: 'alert', alert: { kind: 'empty_shift', hotline: 'N' }, began: true })).toEqual(['board']);
  });

  it('the section at an address, and the overview at an unknown one', () => {
    expect(['/admin', '/admin/', '/admin/audit', '/admin/nothing', '/admin/log/7f3a'].map(sectionAt)).toEqual([
      'overview', 'overview', 'audit', 'overview', 'log',
    ]);
  });
});
