import type { AccountSession } from '@orders-module/client';
import { useQuery } from '@tanstack/react-query';
import { Button } from '../../../../parts/ui/button.tsx';
import { Instant } from '../../../../parts/ui/instant.tsx';
import { Loaded } from '../../../../parts/ui/loaded.tsx';
import { ErrorNotice } from '../../../../parts/ui/notice.tsx';
import { sessionsQuery, useEndOtherSessions, useEndSession } from '../../data/my-account.ts';

export function Sessions() {
  const sessions = useQuery(sessionsQuery);
  return (
    <section className="panel form" aria-labelledby="sessions">
      <h2 id="sessions">Where you are signed in</h2>
      <Loaded of={sessions} what="your sessions">
        {(data) => <SessionRows sessions={data} />}
      </Loaded>
    </section>
  );
}

function SessionRows({ sessions }: { sessions: readonly AccountSession[] }) {
  const end = useEndSession();
  const endOthers = useEndOtherSessions();
  return (
    <>
      {end.isError ? <ErrorNotice error={end.error} /> : null}
      {endOthers.isError ? <ErrorNotice error={endOthers.error} /> : null}
      <ul className="rows">
        {sessions.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            isEnding={end.isPending && end.variables === session.id}
            onEnd={() => end.mutate(session.id)}
          />
        ))}
      </ul>
      {sessions.length > 1 ? (
        <Button look="secondary" busy={endOthers.isPending && 'Ending them…'} onClick={() => endOthers.mutate()}>
          End all others
        </Button>
      ) : null}
    </>
  );
}

interface SessionRowProps {
  session: AccountSession;
  isEnding: boolean;
  onEnd: () => void;
}

function SessionRow({ session: { device, current, startedAt, lastUsedAt }, isEnding, onEnd }: SessionRowProps) {
  return (
    <li>
      <div className="row-text">
        <strong>{device}</strong> {current ? <span className="badge badge-good">This device</span> : null}
        <br />
        <span className="faint">
          Since <Instant at={startedAt} />, last used <Instant at={lastUsedAt} />
        </span>
      </div>
      {current ? null : (
        <Button look="secondary" busy={isEnding && 'Ending…'} onClick={onEnd}>
          End<span className="visually-hidden"> the session on {device}</span>
        </Button>
      )}
    </li>
  );
}
