/** Instants in the language, time zone and format of the browser. */

const DAY_AND_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const TO_THE_SECOND = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

const FORMATS = { day: DAY, minute: DAY_AND_TIME, second: TO_THE_SECOND };

export function Instant({ at, to = 'minute' }: { at: string; to?: keyof typeof FORMATS }) {
  return <time dateTime={at}>{FORMATS[to].format(new Date(at))}</time>;
}
