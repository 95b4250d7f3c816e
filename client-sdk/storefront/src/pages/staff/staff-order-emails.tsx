import type { StaffEmail } from '@orders-module/client';
import { client } from '../../data/client.ts';
import { isAllowed } from '../../data/staff-actions.ts';
import { EMAIL_STATE_WORDS, EMAIL_WORDS } from '../../parts/staff-words.ts';
import type { OrderActionProps } from './actions/action-props.ts';
import { Panel } from './panel.tsx';
import { StaffAction } from './staff-action.tsx';

export function Emails({ order, onDone }: OrderActionProps) {
  if (order.emails.length === 0) return null;
  return (
    <Panel id="emails" title="Emails">
      <ul className="entries">
        {order.emails.map((email) => (
          <li key={email.key} className="entry">
            <p>
              {kindText(email)} <span className="badge">{EMAIL_STATE_WORDS[email.state]}</span>
            </p>
            <StaffAction
              orderId={order.id}
              offered={isAllowed(order, 'resendEmail', email.key)}
              label="Resend"
              about={kindText(email)}
              title={`Send “${kindText(email)}” once more?`}
              working="Queuing…"
              act={() => client.admin.resendEmail.mutate({ id: order.id, key: email.key })}
              done="The email is sent once more."
              onDone={onDone}
            >
              <p>It goes to {order.email}.</p>
            </StaffAction>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function kindText({ kind }: StaffEmail): string {
  return EMAIL_WORDS[kind];
}
