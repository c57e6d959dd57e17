import { describe, expect, it } from 'vitest';
import { askPassword, NotConfirmed, question, withStepUp } from '../../../src/pages/admin/step-up';
import { Problem } from '../../../src/server/api';

/** A request that answers with these, one after the other; the last for ever. */
function answering(...answers: readonly (Problem | string)[]) {
  const asked: string[] = [];
  const request = () => {
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? '';
    asked.push('asked');
    return answer instanceof Problem ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { request, asked };
}

const stepUpRequired = new Problem({ code: 'step_up_required', status: 403 });

describe('a change that matters', () => {
  it('happens at once while the password is fresh', async () => {
    const { request, asked } = answering('done');

    const came = await withStepUp(request, () => Promise.reject(new Error('not to be asked')));

    expect(came).toBe('done');
    expect(asked).toHaveLength(1);
  });

  it('is repeated once after the password', async () => {
    const { request, asked } = answering(stepUpRequired, 'done');

    const came = await withStepUp(request, () => Promise.resolve(true));

    expect(came).toBe('done');
    expect(asked).toHaveLength(2);
  });

  it('does not happen when the password is not given', async () => {
    const { request, asked } = answering(stepUpRequired, 'done');

    const outcome = withStepUp(request, () => Promise.resolve(false));

    await expect(outcome).rejects.toBeInstanceOf(NotConfirmed);
    expect(asked).toHaveLength(1);
  });

  it('does not ask for ever when the server is never content', async () => {
    const { request, asked } = answering(stepUpRequired);

    const outcome = withStepUp(request, () => Promise.resolve(true));

    await expect(outcome).rejects.toBe(stepUpRequired);
    expect(asked).toHaveLength(2);
  });

  it('passes any other refusal on', async () => {
    const conflict = new Problem({ code: 'conflict', status: 409 });

    const outcome = withStepUp(answering(conflict).request, () => Promise.resolve(true));

    await expect(outcome).rejects.toBe(conflict);
  });
});

describe('the question for the password', () => {
  it('is asked once for two changes at the same time', async () => {
    const both = [askPassword(), askPassword()];

    question.value?.answer(true);

    expect(await Promise.all(both)).toEqual([true, true]);
    expect(question.value).toBeNull();
  });
});
