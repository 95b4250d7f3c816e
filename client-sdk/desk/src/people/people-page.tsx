/** The people of the shop: who has which role. */
import type { StaffAccount } from '@orders-module/client';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useAccount } from '../../../parts/data/account.ts';
import { client } from '../../../parts/data/client.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { Instant } from '../../../parts/ui/instant.tsx';
import { Loaded } from '../../../parts/ui/loaded.tsx';
import { ConfirmAction } from '../ui/confirm-action.tsx';
import { ROLE_WORDS } from '../ui/words.ts';
import { Invitations, InvitePerson } from './invitations.tsx';
import { RoleField, roleOf } from './role-field.tsx';

const peopleQuery = queryOptions({
  queryKey: ['staff', 'people'],
  queryFn: ({ signal }) => client.admin.staff.query(undefined, { signal }),
});

export function PeoplePage() {
  const people = useQuery(peopleQuery);
  const queryClient = useQueryClient();
  const readAgain = () => void queryClient.invalidateQueries({ queryKey: peopleQuery.queryKey });
  return (
    <div className="page">
      <div className="section-head">
        <PageTitle title="People" />
        <InvitePerson onDone={readAgain} />
      </div>
      <Loaded of={people} what="the people">
        {(data) => (
          <>
            <ul className="order-list people-list">
              {data.items.map((person) => (
                <Person key={person.id} person={person} onDone={readAgain} />
              ))}
            </ul>
            <Invitations of={data.invitations} onDone={readAgain} />
          </>
        )}
      </Loaded>
    </div>
  );
}

function Person({ person, onDone }: { person: StaffAccount; onDone: () => void }) {
  const { id, name, email, role, lastSeenAt } = person;
  const isMe = useAccount()?.id === id;
  return (
    <li className="order-row panel">
      <div>
        <h2 className="order-row-code">
          <bdi>{name}</bdi> {isMe ? <span className="faint">(you)</span> : null}
        </h2>
        <p className="faint">
          <bdi>{email}</bdi>
        </p>
        {lastSeenAt === null ? null : (
          <p className="faint">
            Last seen <Instant at={lastSeenAt} />
          </p>
        )}
      </div>
      <span className="badge">{ROLE_WORDS[role]}</span>
      <div className="actions">
        <ConfirmAction
          label="Change role"
          about={`of ${name}`}
          title={`Which role has ${name}?`}
          working="Saving…"
          act={(form) => client.admin.setRole.mutate({ email, role: roleOf(form) })}
          done={(changed) => `${name} is ${ROLE_WORDS[changed.role]} now.`}
          onDone={onDone}
        >
          <RoleField role={role} />
        </ConfirmAction>
        <ConfirmAction
          label="End sessions"
          about={`of ${name}`}
          title={`End all sessions of ${name}?`}
          working="Ending…"
          act={() => client.admin.endSessions.mutate({ email })}
          done={`${name} is signed out everywhere.`}
          onDone={onDone}
        >
          <p>Every device has to sign in again. Do this when a phone is lost.</p>
        </ConfirmAction>
        {isMe ? null : (
          <ConfirmAction
            label="Remove"
            about={name}
            title={`Remove ${name} from the staff?`}
            working="Removing…"
            dangerous
            act={() => client.admin.removeStaff.mutate({ email })}
            done={`${name} is a customer now.`}
            onDone={onDone}
          >
            <p>They are signed out everywhere. The account stays, as a customer’s, and may be invited again.</p>
          </ConfirmAction>
        )}
      </div>
    </li>
  );
}
