const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago it was, in the largest unit that fits. */
export function sayAge(at: string, now: number): string {
  const passed = Math.max(0, now - Date.parse(at));
  if (passed < MINUTE) return 'a moment';
  if (passed < HOUR) return count(passed / MINUTE, 'minute');
  return passed < DAY ? count(passed / HOUR, 'hour') : count(passed / DAY, 'day');
}

/** The time until then, or that it has passed. */
export function sayTimeLeft(at: string, now: number): string {
  const left = Date.parse(at) - now;
  if (left <= 0) return 'the time has passed';
  if (left < HOUR) return `${count(left / MINUTE, 'minute')} left`;
  return `${left < 2 * DAY ? count(left / HOUR, 'hour') : count(left / DAY, 'day')} left`;
}

function count(exact: number, unit: string): string {
  const whole = Math.floor(exact);
  return whole === 1 ? `1 ${unit}` : `${whole} ${unit}s`;
}
