/** Days as the shop's people mean them, in the time zone of the shop. */

const DAY_MS = 24 * 3600_000;

/** True for a name of the IANA time zone database, like `Africa/Lagos`. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The first instant of a day, `2025-05-01`, in this time zone. */
export function startOfDay(day: string, timeZone: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // The offsets of the day before and of the day after: one of them is in force at midnight, whatever changes that day.
  const candidates = [-DAY_MS, DAY_MS].map((shift) => midnight - offsetAt(midnight + shift, timeZone));
  const [first = midnight, second = midnight] = candidates.sort((a, b) => a - b);
  // Where the clocks go forward at midnight, the earlier candidate still belongs to the day before.
  return new Date(localTime(first, timeZone) >= midnight ? first : second);
}

/** The first instant after a day, `2025-05-01`, in this time zone. */
export function endOfDay(day: string, timeZone: string): Date {
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString();
  return startOfDay(next.slice(0, next.indexOf('T')), timeZone);
}

/** The day of this instant, `2025-05-01`, in this time zone. */
export function dayOf(instant: Date, timeZone: string): string {
  return new Date(localTime(instant.getTime(), timeZone)).toISOString().slice(0, 10);
}

/**
 * The first instant of a business day, so that `count` whole business days have passed since everything before it.
 * Business days are Monday to Friday; holidays are not known.
 */
export function businessDaysAgo(now: Date, count: number, timeZone: string): Date {
  let day = Date.parse(`${dayOf(now, timeZone)}T00:00:00Z`);
  for (let left = count; left > 0; ) {
    day -= DAY_MS;
    const weekday = new Date(day).getUTCDay();
    if (weekday !== 0 && weekday !== 6) left -= 1;
  }
  return startOfDay(new Date(day).toISOString().slice(0, 10), timeZone);
}

/** For people, in this time zone: `1 Mar 2026, 13:00`. */
export function formatInstant(instant: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(instant);
}

/** Local time minus UTC at this instant, ms. */
function offsetAt(instant: number, timeZone: string): number {
  return localTime(instant, timeZone) - instant;
}

/** The local date and time at this instant, as if they were UTC; whole seconds. */
function localTime(instant: number, timeZone: string): number {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const local = new Date(0);
  // Not Date.UTC, which takes the years 0 to 99 as 1900 to 1999.
  local.setUTCFullYear(year, month - 1, day);
  local.setUTCHours(hour, minute, second);
  return local.getTime();
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const numeric = 'numeric';
  const created = new Intl.DateTimeFormat('en-u-ca-iso8601', {
    timeZone,
    hourCycle: 'h23',
    ...({ year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric } as const),
  });
  formats.set(timeZone, created);
  return created;
}
