/** The staff actions that the server allows on the order now, and why it refuses the others. */
import type { StaffOrder } from '@orders-module/client';
import type { ComponentType } from 'react';
import { useAccount } from '../../../parts/data/account.ts';
import { isAllowed, refusedActions, type StaffActionName } from '../data/staff-actions.ts';
import type { OrderActionProps, WholeOrderActionProps } from './actions/action-props.ts';
import { Cancel } from './actions/cancel.tsx';
import { Refund } from './actions/refund.tsx';
import { RetrySettlement, RetryStuck } from './actions/retry.tsx';
import { SendLink } from './actions/send-link.tsx';
import { Ship } from './actions/ship.tsx';

export function StaffOrderActions({ order, onDone }: OrderActionProps) {
  const isOffered = (action: StaffActionName) => isAllowed(order, action);
  const offersAny = OFFERED.some(([action]) => isOffered(action));
  return (
    <>
      {offersAny ? null : (
        <p className="faint">
          {order.attention.length === 0
            ? 'There is nothing to do for this order as it stands.'
            : 'Nothing can be done here before what is said above.'}
        </p>
      )}
      <div className="actions">
        {OFFERED.map(([action, , Action]) => (
          <Action key={action} order={order} offered={isOffered(action)} onDone={onDone} />
        ))}
      </div>
      <Refused order={order} />
    </>
  );
}

/** The actions on the order as a whole, with their names, in the order of the page. */
const OFFERED: readonly [StaffActionName, string, ComponentType<WholeOrderActionProps>][] = [
  ['ship', 'Ship', Ship],
  ['sendPaymentLink', 'Send the link to pay', SendLink],
  ['retrySettlement', 'Retry settlement', RetrySettlement],
  ['retryStuck', 'Retry stuck work', RetryStuck],
  ['refund', 'Refund', Refund],
  ['cancel', 'Cancel order', Cancel],
];

/** Retries are left out: they are refused whenever there is nothing to retry. */
const EXPLAINED: ReadonlySet<StaffActionName> = new Set(['ship', 'refund', 'cancel']);

function Refused({ order }: { order: StaffOrder }) {
  const names = new Map(OFFERED.map(([action, name]) => [action, name]));
  const permissions = useAccount()?.permissions ?? [];
  const refused = refusedActions(order, permissions).filter(({ action }) => EXPLAINED.has(action));
  if (refused.length === 0) return null;
  return (
    <dl className="refused">
      {refused.map(({ action, why }) => (
        <div key={action}>
          <dt>{names.get(action)}</dt>
          <dd>{why}</dd>
        </div>
      ))}
    </dl>
  );
}
