import { describe, expect, it } from 'vitest';
import { callsInOrder, counted, heldReason } from '../../../src/pages/admin/hotline/board-view';
import { busiest, columnsOf, linesOf, shadesOf } from '../../../src/pages/admin/hotline/charts-view';
import { grouped, reasonInWords } from '../../../src/pages/admin/hotline/reasons';
import { askInWords, barOf, stepsOf } from '../../../src/pages/admin/hotline/story-view';
import { decodeBoard } from '../../../src/server/board';
import { decodeStory } from '../../../src/server/call-log';
import { hotlineFiles } from '../../../src/words/hotlines';
import { languages } from '../../../src/words';
import { aBoard, aDay, aRung, aStory } from '../../server/hotline-samples';

const board = decodeBoard(aBoard);
const story = decodeStory(aStory);

describe('who rings', () => {
  it('is grouped: at once, later, and not; a reason that is new does not ring', () => {
    const why = (...names: readonly string[]) => names.map((name) => ({ why: name }));
    const { first, later, not } = grouped(why('away', 'rings', 'private_later', 'pause', 'on_the_moon'));

    expect([first, later, not].map((group) => group.map((one) => one.why))).toEqual([
      ['rings'], ['private_later', 'pause'], ['away', 'on_the_moon'],
    ]);
  });

  it('has reasons in our words, or else in those of the server', () => {
    expect(reasonInWords({ why: 'away', message: 'They are away.' }, { away: 'Está ausente.' })).toBe('Está ausente.');
    expect(reasonInWords({ why: 'on_the_moon', message: 'They are far.' }, {})).toBe('They are far.');
  });
});

describe('the board', () => {
  const [call] = board.calls;
  const calls = (['talking', 'message', 'waiting', 'ringing', 'waiting'] as const).flatMap((state, at) =>
    call === undefined ? [] : [{ ...call, id: String(at), state, waiting_since: 100 - at }],
  );

  it('shows whoever needs somebody first, and among them whoever has waited longest', () => {
    expect(callsInOrder(calls).map(({ id }) => id)).toEqual(['4', '2', '3', '0', '1']);
  });

  it('counts those who still choose a language among the waiting', () => {
    expect(counted([{ state: 'menu' }, { state: 'proving' }, { state: 'waiting' }, { state: 'talking' }])).toEqual({
      waiting: 3, ringing: 0, talking: 1, message: 0,
    });
  });

  it('says a reason once where it is the same in every hotline', () => {
    const [volunteer] = board.volunteers;
    const standing = { id: 'n', name: 'N', why: 'away', message: '', rings: false };

    expect(heldReason({ hotlines: [standing, standing] })?.why).toBe('away');
    expect(heldReason({ hotlines: [standing, { ...standing, why: 'rings' }] })).toBeNull();
    expect(volunteer && heldReason(volunteer)?.why).toBe('ringing');
  });
});

describe('the ladder of a call', () => {
  it('runs down in time, a round below the answer that ordered it', () => {
    expect(stepsOf(story).map((step) => (step.kind === 'line' ? step.line.seq : 'round'))).toEqual([1, 2, 'round']);
  });

  it('says a question without its step, and one that is new by its name', () => {
    expect(askInWords('next 2', { next: 'What next?' })).toBe('What next?');
    expect(askInWords('new_thing 3', {})).toBe('new thing 3');
  });

  it('draws a phone until it was answered, and the rest for the whole round', () => {
    const [round] = story.rounds;
    if (round === undefined) throw new Error('no round');
    const silent = { ...aRung, answered_after_ms: null, connected_after_ms: null };
    const talked = { ...aRung, ended_after_ms: 96_000 };

    expect(barOf(aRung, round)).toEqual({ until: 0.75, answered: 0.75 });
    expect(barOf(talked, { ...round, rung: [talked] }).until).toBe(0.75);
    expect(barOf(silent, round)).toEqual({ until: 1, answered: null });
    expect(barOf(talked, { ...round, lasted_ms: null, rung: [talked] }).until).toBe(1);
  });
});

describe('the charts', () => {
  it('shade by the share of the greatest, and what is none by none', () => {
    expect(shadesOf([[0, 1, 50, 100]])).toEqual([[0, 1, 3, 5]]);
    expect(shadesOf([[0, 0]])).toEqual([[0, 0]]);
  });

  it('name the busiest hour, where there is one', () => {
    expect(busiest([[0, 0], [0, 3]])).toEqual({ weekday: 1, hour: 1 });
    expect(busiest([[0, 0]])).toBeNull();
  });

  it('draw columns by the highest of them', () => {
    expect(columnsOf([{ calls: 4, answered: 1 }, { calls: 0, answered: 0 }])).toEqual([
      { height: 1, part: 0.25 }, { height: 0, part: 0 },
    ]);
  });

  it('part the line where nobody called', () => {
    const days = [aDay, { ...aDay, share_answered: null }, { ...aDay, share_answered: 1 }];

    expect(linesOf(days)).toEqual([[{ x: 0, y: 0.5 }], [{ x: 1, y: 1 }]]);
  });
});

describe('the words', () => {
  it('of these pages are there in every language of the page', () => {
    expect(Object.keys(hotlineFiles).sort()).toEqual(Object.keys(languages).sort().map((code) => `./hotlines.${code}.ts`));
  });
});
