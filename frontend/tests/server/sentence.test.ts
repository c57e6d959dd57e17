import { afterEach, describe, expect, it } from 'vitest';
import { Problem } from '../../src/server/api';
import { inWords, sentence } from '../../src/server/sentence';
import { language } from '../../src/words';
import { problemsEs } from '../../src/words/problems.es';

afterEach(() => {
  language.value = 'en';
});

describe('a refusal of the server', () => {
  const taken = new Problem({ code: 'login_taken', status: 409, message: 'Somebody has this login already. Choose another.' });

  it('is read in the language of the page', () => {
    language.value = 'es';

    expect(sentence(taken)).toBe(problemsEs.login_taken);
  });

  it('is in English what the server said, which may be more than we know', () => {
    const weak = new Problem({ code: 'invalid_input', status: 400, message: 'An extension has 2 to 5 digits.' });

    expect(sentence(weak)).toBe('An extension has 2 to 5 digits.');
  });

  it('keeps what Plivo says, and which number is meant', () => {
    language.value = 'es';

    expect(inWords('plivo_refused', 'Plivo did not accept this. Plivo says: alias: too long')).toBe(
      'Plivo no aceptó esto. (Plivo: alias: too long)',
    );
    expect(inWords('number_no_voice', 'The number …0100 cannot make calls, only messages.')).toContain('(…0100)');
  });

  it('is read as it came where the page does not know its code', () => {
    language.value = 'es';

    expect(inWords('brand_new', 'Something new.')).toBe('Something new.');
    expect(sentence(new Problem({ code: 'busy', status: 503 }))).toBe(problemsEs.busy);
  });
});
