/** The actions that end what an order waits for, without leaving the list. */
import type { StaffOrder, StaffOrderSummary } from '@orders-module/client';
import { useQuery } from '@tanstack/react-query';
import { type ComponentType, useState } from 'react';
import { Button } from '../../../parts/ui/button.tsx';
import { FailedState } from '../../../parts/ui/empty-state.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { sayOutcome } from '../app/outcomes.tsx';
import { staffOrderQuery } from '../data/orders.ts';
import { isAllowed } from '../data/staff-actions.ts';
import type { OrderActionProps } from '../order/actions/action-props.ts';
import { RetrySettlement, RetryStuck } from '../order/actions/retry.tsx';
import { Disputes } from '../order/order-disputes.tsx';
import { Emails } from '../order/order-emails.tsx';
import { Payments } from '../order/order-payments.tsx';
import { Refunds } from '../order/order-refunds.tsx';

export type WaitingKind = StaffOrderSummary['waits'][number]['kind'] | 'emails';

const ACTIONS: Record<WaitingKind, ComponentType<OrderActionProps>> = {
  dispute: Disputes,
  review: Payments,
  refund: Refunds,
  emails: Emails,
  parked: (props) => <RetrySettlement {...props} offered={isAllowed(props.order, 'retrySettlement')} />,
  stuck: (props) => <RetryStuck {...props} offered={isAllowed(props.order, 'retryStuck')} />,
};

interface ActHereProps {
  orderId: string;
  code: string;
  kind: WaitingKind;
}

/** The order is read when the button is pressed. */
export function ActHere({ orderId, code, kind }: ActHereProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="act-here">
      <Button look="secondary" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? 'Close' : 'Act here'}
        <span className="visually-hidden"> on order {code}</span>
      </Button>
      {isOpen ? <Actions orderId={orderId} kind={kind} /> : null}
    </div>
  );
}

function Actions({ orderId, kind }: Pick<ActHereProps, 'orderId' | 'kind'>) {
  const order = useQuery(staffOrderQuery(orderId));
  if (order.isPending)
    return (
      <Loading what="the order">
        <Skeleton size="half" />
      </Loading>
    );
  if (order.data === undefined) return <FailedState error={order.error} onRetry={() => order.refetch()} />;
  return <Advice of={order.data} kind={kind} />;
}

function Advice({ of: order, kind }: { of: StaffOrder; kind: WaitingKind }) {
  const Act = ACTIONS[kind];
  return (
    <>
      {order.attention.map((text) => (
        <p key={text} className="faint">
          {text}
        </p>
      ))}
      {/* The row goes when nothing waits any more, and the outcome must stay to be read. */}
      <Act order={order} onDone={(outcome) => (outcome === '' ? undefined : sayOutcome(outcome))} />
    </>
  );
}
