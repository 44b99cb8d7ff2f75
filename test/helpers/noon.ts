const HOUR_MS = 3_600_000;

/** A time zone in which it is about noon now: no day ends while a test that counts what was spent today runs. */
export function zoneAtNoon(): string {
  const ahead = 12 - new Date().getUTCHours();
  // The signs of these names are the other way round.
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

/** When today began in such a zone, in milliseconds since 1970. */
export function startOfDayIn(zone: string): number {
  const ahead = -Number(zone.replace('Etc/GMT', '')) * HOUR_MS;
  return Math.floor((Date.now() + ahead) / (24 * HOUR_MS)) * 24 * HOUR_MS - ahead;
}
