import type { StaffOrder } from '@orders-module/client';
import { Instant } from '../../../parts/ui/instant.tsx';
import { ActorName } from '../ui/actor-name.tsx';
import { TIMELINE_WORDS } from '../ui/words.ts';

export function Timeline({ order: { timeline } }: { order: StaffOrder }) {
  return (
    <section className="panel" aria-labelledby="timeline">
      <h2 id="timeline">Timeline</h2>
      <ol className="events">
        {timeline.map(({ at, kind, what, actor }, index) => (
          // Entries have no id, and two may be equal.
          // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows, and its entries hold no state
          <li key={index} className="event">
            <span className="event-kind">{TIMELINE_WORDS[kind]}</span>
            <span className="event-what">
              {what}
              {actor === null ? null : (
                <span className="faint">
                  {' '}
                  by <ActorName actor={actor} />
                </span>
              )}
            </span>
            <span className="faint event-at">
              <Instant at={at} to="second" />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
