/** The local calendar day of a moment (milliseconds since 1970), `YYYY-MM-DD`. */
export function localDay(timestamp: number): string {
  const date = new Date(timestamp);
  const month = String(date.getMonth() + 1).padStart(2, '0');
  const day = String(date.getDate()).padStart(2, '0');
  return `${date.getFullYear()}-${month}-${day}`;
}

/** When the last `days` local calendar days began, today included, in milliseconds since 1970. */
export function startOfLastDays(days: number, now = Date.now()): number {
  const today = new Date(now);
  const start = new Date(today.getFullYear(), today.getMonth(), today.getDate() - days + 1).getTime();
  // More days than a date can hold means all of them.
  return Number.isNaN(start) ? 0 : start;
}

/** Every local calendar day from this moment to that one, once each, whatever a change of the clocks did to its length. */
export function localDaysBetween(start: number, end: number): string[] {
  const from = new Date(start);
  const last = localDay(end);
  const days = new Set<string>();
  for (let next = 0; ; next += 1) {
    const day = localDay(new Date(from.getFullYear(), from.getMonth(), from.getDate() + next).getTime());
    if (day > last) return [...days];
    // A zone that crossed the date line has a day that Node answers with the one after it.
    days.add(day);
  }
}
