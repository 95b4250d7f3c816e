/** One order for staff: what needs attention, then goods and address, actions, payments and the timeline. */
import { isOrdersError, PAYMENT_STATUS_WORDS, type StaffOrder } from '@orders-module/client';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { FailedState } from '../../../parts/ui/empty-state.tsx';
import { Icon } from '../../../parts/ui/icon.tsx';
import { Instant } from '../../../parts/ui/instant.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { Notice } from '../../../parts/ui/notice.tsx';
import { StatusBadge } from '../../../parts/ui/status-badge.tsx';
import { NotFoundPage } from '../app/not-found-page.tsx';
import { staffOrderQuery } from '../data/orders.ts';
import { StaffOrderActions } from './order-actions.tsx';
import { DeliverTo, EarlierValues } from './order-address.tsx';
import { Disputes } from './order-disputes.tsx';
import { Emails } from './order-emails.tsx';
import { OrderItems } from './order-goods.tsx';
import { Notes } from './order-notes.tsx';
import { Payments } from './order-payments.tsx';
import { Refunds } from './order-refunds.tsx';
import { Shipments } from './order-shipments.tsx';
import { Timeline } from './order-timeline.tsx';
import { ToDo } from './order-todo.tsx';

export function OrderPage() {
  const { id } = useParams({ from: '/orders/$id' });
  const order = useQuery(staffOrderQuery(id));
  if (isOrdersError(order.error, 'NOT_FOUND') || isOrdersError(order.error, 'INVALID_INPUT'))
    return <NotFoundPage what="order" />;
  if (order.data !== undefined) return <OrderDetails key={id} order={order.data} />;
  return (
    <div className="page">
      <PageTitle title="Order" className="visually-hidden" />
      {order.isError ? (
        <FailedState error={order.error} onRetry={() => order.refetch()} />
      ) : (
        <Loading what="the order">
          <Skeleton size="title" />
          <Skeleton size="block" />
        </Loading>
      )}
    </div>
  );
}

function OrderDetails({ order }: { order: StaffOrder }) {
  const [outcome, setOutcome] = useState('');
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/orders">
          <Icon name="back" />
          Orders
        </Link>
      </p>
      <div className="section-head">
        <PageTitle title={`Order ${order.code}`}>
          Order <span className="code">{order.code}</span>
        </PageTitle>
        <StatusBadge of={order} />
      </div>
      <p className="faint">
        <bdi>{order.name}</bdi>,{' '}
        <Link to="/orders" search={{ q: order.email }}>
          {order.email}
        </Link>{' '}
        · placed <Instant at={order.createdAt} /> · {PAYMENT_STATUS_WORDS[order.paymentStatus]}
      </p>
      <Outcome text={outcome} />
      {order.attention.map((text) => (
        <Notice key={text} tone="warn" title={text} />
      ))}
      {order.notices.map((text) => (
        <Notice key={text} tone="info" title={text} />
      ))}
      <div className="goods-and-address">
        <OrderItems order={order} />
        <DeliverTo order={order} onDone={setOutcome} />
      </div>
      <section className="panel" aria-labelledby="actions">
        <h2 id="actions">Actions</h2>
        <ToDo order={order} />
        <StaffOrderActions order={order} onDone={setOutcome} />
      </section>
      <div className="with-summary">
        <div className="order-main">
          <Shipments order={order} onDone={setOutcome} />
          <Payments order={order} onDone={setOutcome} />
          <Refunds order={order} onDone={setOutcome} />
          <Disputes order={order} onDone={setOutcome} />
          <Timeline order={order} />
        </div>
        <div className="summary">
          <Notes order={order} onDone={setOutcome} />
          <Emails order={order} onDone={setOutcome} />
          <EarlierValues order={order} onDone={setOutcome} />
        </div>
      </div>
    </div>
  );
}

/** The outcome of the last action. It takes the focus, because the pressed button may have been removed. */
function Outcome({ text }: { text: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (text !== '') place.current?.focus();
  }, [text]);
  return (
    <div ref={place} tabIndex={-1} className="outcome" role="status">
      {text === '' ? null : <Notice tone="good" title={text} />}
    </div>
  );
}
