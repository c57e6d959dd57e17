/** Audit codes as words: pure. */

type Dictionary = Readonly<Record<string, string>>;

export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** The sentence for an action; its code, made legible, where there is none. */
export function actionInWords(action: string, known: Dictionary): string {
  return known[action] ?? action.replaceAll('_', ' ').replace('.', ': ');
}

/** What an entry says beyond its action, as names and values. */
export function detailInWords(detail: unknown, known: Dictionary): readonly Fact[] {
  if (typeof detail !== 'object' || detail === null) return [];
  return Object.entries(detail)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => ({ name: known[name] ?? name.replaceAll('_', ' '), value: plainly(value) }));
}

function plainly(value: unknown): string {
  if (Array.isArray(value)) return value.map(plainly).join(', ');
  if (value === true) return '✓';
  if (value === false) return '✕';
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}
