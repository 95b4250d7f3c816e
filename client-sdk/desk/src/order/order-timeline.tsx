import type { StaffOrder, StaffTimelineEntry } from '@orders-module/client';
import { useState } from 'react';
import { Instant } from '../../../parts/ui/instant.tsx';
import { ActorName } from '../ui/actor-name.tsx';
import { WholeWords } from '../ui/whole-words.tsx';
import { TIMELINE_WORDS } from '../ui/words.ts';

type Kind = StaffTimelineEntry['kind'];

/** The newest first, of one kind or of all. */
export function Timeline({ order: { timeline } }: { order: StaffOrder }) {
  const [kind, setKind] = useState<Kind | null>(null);
  const kinds = [...new Set(timeline.map((entry) => entry.kind))];
  const shown = timeline
    .map((entry, index) => ({ ...entry, index }))
    .filter((entry) => kind === null || entry.kind === kind);
  return (
    <section className="panel" aria-labelledby="timeline">
      <div className="section-head">
        <h2 id="timeline">Timeline</h2>
        {kinds.length < 2 ? null : (
          <label className="timeline-kind">
            Show{' '}
            <select
              value={kind ?? ''}
              onChange={({ target }) => setKind(kinds.find((one) => one === target.value) ?? null)}
            >
              <option value="">everything</option>
              {kinds.map((one) => (
                <option key={one} value={one}>
                  {TIMELINE_WORDS[one]}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <ol className="events">
        {shown.reverse().map(({ at, kind: of, what, actor, index }) => (
          <li key={index} className="event">
            <span className="event-kind">{TIMELINE_WORDS[of]}</span>
            <span className="event-what">
              <WholeWords text={what} />
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
