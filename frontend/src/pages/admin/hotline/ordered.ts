/** Lists whose order matters: pure. */

/** The list with one item moved by some places; the ends hold it. */
export function moved<T>(items: readonly T[], from: number, by: number): readonly T[] {
  const item = items[from];
  if (item === undefined) return items;
  const rest = items.filter((_, at) => at !== from);
  return rest.toSpliced(Math.min(Math.max(from + by, 0), rest.length), 0, item);
}
