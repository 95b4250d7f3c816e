/** The people of the shop: who has which role. */
import { isOrdersError, type Role, type StaffAccount } from '@orders-module/client';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useAccount } from '../../../parts/data/account.ts';
import { client } from '../../../parts/data/client.ts';
import { FormError } from '../../../parts/data/errors.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { FailedState } from '../../../parts/ui/empty-state.tsx';
import { SelectField, TextField } from '../../../parts/ui/field.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { ConfirmAction } from '../ui/confirm-action.tsx';
import { ROLE_WORDS } from '../ui/words.ts';

const peopleQuery = queryOptions({
  queryKey: ['staff', 'people'],
  queryFn: ({ signal }) => client.admin.staff.query(undefined, { signal }),
});

const ROLES: readonly [Exclude<Role, 'customer'>, string][] = [
  ['owner', 'everything, people and settings too'],
  ['manager', 'everything but people and settings'],
  ['support', 'orders, corrections, emails, refunds up to the limit'],
  ['packer', 'what is to be shipped, and stock'],
];

export function PeoplePage() {
  const people = useQuery(peopleQuery);
  const queryClient = useQueryClient();
  const readAgain = () => void queryClient.invalidateQueries({ queryKey: peopleQuery.queryKey });
  return (
    <div className="page">
      <div className="section-head">
        <PageTitle title="People" />
        <GiveRole onDone={readAgain} />
      </div>
      {people.isPending ? (
        <Loading what="the people">
          <Skeleton size="block" />
        </Loading>
      ) : people.data === undefined ? (
        <FailedState error={people.error} onRetry={() => people.refetch()} />
      ) : (
        <ul className="order-list people-list">
          {people.data.items.map((person) => (
            <Person key={person.id} person={person} onDone={readAgain} />
          ))}
        </ul>
      )}
    </div>
  );
}

function RoleField({ role }: { role?: Role }) {
  return (
    <SelectField label="Role" name="role" defaultValue={role ?? 'packer'}>
      {ROLES.map(([name, what]) => (
        <option key={name} value={name}>
          {ROLE_WORDS[name]}: {what}
        </option>
      ))}
    </SelectField>
  );
}

const roleOf = (form: FormData) => ROLES.find(([name]) => name === form.get('role'))?.[0] ?? 'packer';

function GiveRole({ onDone }: { onDone: () => void }) {
  return (
    <ConfirmAction
      label="Add a person"
      title="Who joins the staff?"
      working="Saving…"
      act={async (form) => {
        const email = String(form.get('email') ?? '').trim();
        try {
          return await client.admin.setRole.mutate({ email, role: roleOf(form) });
        } catch (error) {
          if (!isOrdersError(error, 'NOT_FOUND')) throw error;
          throw new FormError('Nobody has an account with this email yet. They create one in the shop first.');
        }
      }}
      done={({ name, role }) => `${name} is ${ROLE_WORDS[role]} now.`}
      onDone={onDone}
    >
      <TextField
        label="Email"
        name="email"
        type="email"
        required
        autoComplete="off"
        hint="Of the account that they have in the shop."
      />
      <RoleField />
    </ConfirmAction>
  );
}

function Person({ person, onDone }: { person: StaffAccount; onDone: () => void }) {
  const { id, name, email, role } = person;
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
            act={() => client.admin.setRole.mutate({ email, role: 'customer' })}
            done={`${name} is a customer now.`}
            onDone={onDone}
          >
            <p>The account stays, as a customer’s. It may be added again.</p>
          </ConfirmAction>
        )}
      </div>
    </li>
  );
}
