/** Instants in the language, time zone and format of the browser. The day stays in one line, where it would be misread in two. */

const DAY_AND_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const TO_THE_SECOND = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

const NO_BREAK_SPACE = '\u00a0';
const FORMATS = { day: DAY, minute: DAY_AND_TIME, second: TO_THE_SECOND };

export function Instant({ at, to = 'minute' }: { at: string; to?: keyof typeof FORMATS }) {
  const parts = FORMATS[to].formatToParts(new Date(at));
  return <time dateTime={at}>{parts.map(({ value }) => (value === ' ' ? NO_BREAK_SPACE : value)).join('')}</time>;
}
