/** Instants in the reader's own language, zone and habits. */

const DAY_AND_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

export function Instant({ at, withTime = true }: { at: string; withTime?: boolean }) {
  return <time dateTime={at}>{(withTime ? DAY_AND_TIME : DAY).format(new Date(at))}</time>;
}
