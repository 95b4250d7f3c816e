import { client } from '../../../parts/data/client.ts';
import { isAllowed } from '../data/staff-actions.ts';
import { Panel } from '../ui/panel.tsx';
import { StaffAction } from '../ui/staff-action.tsx';
import { EMAIL_STATE_WORDS, EMAIL_WORDS } from '../ui/words.ts';
import type { OrderActionProps } from './actions/action-props.ts';

export function Emails({ order, onDone }: OrderActionProps) {
  if (order.emails.length === 0) return null;
  return (
    <Panel id="emails" title="Emails">
      <ul className="entries">
        {order.emails.map((email) => (
          <li key={email.id} className="entry">
            <p>
              {EMAIL_WORDS[email.kind]}{' '}
              <span className={email.state === 'parked' ? 'badge badge-bad' : 'badge'}>
                {email.undelivered === null ? EMAIL_STATE_WORDS[email.state] : 'did not arrive'}
              </span>
            </p>
            {email.undelivered === null ? null : <p className="line-problem">{email.undelivered}</p>}
            <StaffAction
              orderId={order.id}
              offered={isAllowed(order, 'resendEmail', email.id)}
              label="Resend"
              about={EMAIL_WORDS[email.kind]}
              title={`Send “${EMAIL_WORDS[email.kind]}” once more?`}
              working="Queuing…"
              act={(_form, _shown, key) => client.admin.resendEmail.mutate({ id: order.id, emailId: email.id, key })}
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
