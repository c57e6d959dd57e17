/** Times and durations as a person reads them. Times are milliseconds since 1970. */

/** The hour today; the day and the hour before that. */
export function moment(at: number, language: string, now: number): string {
  const date = new Date(at);
  const today = date.toDateString() === new Date(now).toDateString();
  const hour = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const style = today ? hour : ({ ...hour, day: 'numeric', month: 'short' } as const);
  return new Intl.DateTimeFormat(language, style).format(date);
}

/** To the second, with its day: for the log. */
export function exactMoment(at: number, language: string): string {
  const style = { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat(language, style).format(new Date(at));
}

/** `4:05`, or `1:02:09`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (part: number) => String(part).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
