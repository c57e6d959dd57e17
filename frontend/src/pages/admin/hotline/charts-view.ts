/** Figures made ready to be drawn: pure. */
import type { Figures } from '../../../server/call-log';

/** How many shades the heat table has besides "none". */
const SHADES = 5;

/** The shade of each cell: 0 for none, 1 to 5 by its share of the greatest. */
export function shadesOf(week: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const most = Math.max(0, ...week.flat());
  return week.map((day) => day.map((count) => (count === 0 || most === 0 ? 0 : Math.max(1, Math.ceil((count / most) * SHADES)))));
}

export interface Column {
  /** Shares of the highest column, 0 to 1. */
  readonly height: number;
  readonly part: number;
}

/** Columns with the part of them that was answered. */
export function columnsOf(rows: readonly { readonly calls: number; readonly answered: number }[]): readonly Column[] {
  const most = Math.max(1, ...rows.map(({ calls }) => calls));
  return rows.map(({ calls, answered }) => ({ height: calls / most, part: Math.min(answered, calls) / most }));
}

export interface Point {
  /** From 0 at the left to 1 at the right. */
  readonly x: number;
  /** From 0 at the bottom to 1 at the top. */
  readonly y: number;
}

/** The share answered per day as lines; a day without calls parts them. */
export function linesOf(days: Figures['by_day']): readonly (readonly Point[])[] {
  const last = Math.max(1, days.length - 1);
  const lines: Point[][] = [];
  let open = false;
  days.forEach(({ share_answered: share }, at) => {
    if (share === null) {
      open = false;
      return;
    }
    const point = { x: at / last, y: Math.min(1, Math.max(0, share)) };
    if (open) lines.at(-1)?.push(point);
    else lines.push([point]);
    open = true;
  });
  return lines;
}

/** The hour and the weekday with most calls; null where there are none. */
export function busiest(week: readonly (readonly number[])[]): { readonly weekday: number; readonly hour: number } | null {
  const cells = week.flatMap((day, weekday) => day.map((count, hour) => ({ weekday, hour, count })));
  const top = cells.reduce((best, cell) => (cell.count > best.count ? cell : best), { weekday: 0, hour: 0, count: 0 });
  return top.count === 0 ? null : { weekday: top.weekday, hour: top.hour };
}
