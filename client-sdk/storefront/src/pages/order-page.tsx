/**
 * One order, updated live. After a return from Paystack the page shows that the payment is being checked. It does not
 * invite a second payment while one may be in progress.
 */
import { isOrdersError, type Order } from '@orders-module/client';
import { useEffect } from 'react';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { AddressBlock } from '../../../parts/ui/address-block.tsx';
import { Button } from '../../../parts/ui/button.tsx';
import { DownloadButton } from '../../../parts/ui/download-button.tsx';
import { FailedState } from '../../../parts/ui/empty-state.tsx';
import { Icon } from '../../../parts/ui/icon.tsx';
import { Instant } from '../../../parts/ui/instant.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { Money } from '../../../parts/ui/money.tsx';
import { PaidBack, RefundLines } from '../../../parts/ui/refund-lines.tsx';
import { Totals } from '../../../parts/ui/totals.tsx';
import { Link } from '../app/router.tsx';
import { pathOfProduct } from '../data/catalogue.ts';
import { forgetCheckout } from '../data/checkout.ts';
import { useLiveOrder } from '../data/orders.ts';
import { usePaymentVisit } from '../data/payment.ts';
import { STEPS, sayChange, sayOrder, sayRefund, stepsDone } from '../parts/order-texts.ts';
import { ProductThumbnail } from '../parts/product-picture.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { OrderActions } from './order-actions.tsx';
import { Shipments } from './order-shipments.tsx';
import { RejectedTransfer } from './rejected-transfer.tsx';
import { PaymentState, useReturnedPayment } from './sign-in/payment-state.tsx';

export function OrderPage({ id }: { id: string }) {
  const order = useLiveOrder(id);
  if (order.isPending) return <LoadingOrder />;
  if (isOrdersError(order.error, 'NOT_FOUND') || isOrdersError(order.error, 'INVALID_INPUT'))
    return <OrderOfOthers id={id} />;
  // A failed refetch leaves the last data on the page.
  if (order.data === undefined)
    return (
      <div className="page page-narrow">
        <PageTitle title="Your order" />
        <FailedState error={order.error} onRetry={() => order.refetch()} />
      </div>
    );
  return <OrderDetails order={order.data} />;
}

/** The account that is signed in has no such order: nobody has, or it is of another account. */
function OrderOfOthers({ id }: { id: string }) {
  const returned = useReturnedPayment(id);
  if (returned === null) return <NotFoundPage what="order" />;
  return (
    <>
      <PageTitle title={`Order ${returned.code}`} className="visually-hidden" />
      <PaymentState
        of={returned}
        next="You are signed in with another account than the one that ordered. Sign out, and sign in with that one, to see the order."
      />
    </>
  );
}

function OrderDetails({ order }: { order: Order }) {
  const isOver = order.status !== 'pending';
  useEffect(() => {
    // Only this order's key: another checkout may have stored its own.
    if (isOver) forgetCheckout(order.checkoutKey);
  }, [isOver, order.checkoutKey]);
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/orders">
          <Icon name="back" />
          Your orders
        </Link>
      </p>
      <PageTitle title={`Order ${order.code}`}>
        Order <span className="code">{order.code}</span>
      </PageTitle>
      <p className="faint">
        Placed <Instant at={order.createdAt} />
      </p>
      <Headline order={order} />
      <RejectedTransfer order={order} />
      <div className="with-summary">
        <div className="order-main">
          <Shipments order={order} />
          <Items order={order} />
          <History order={order} />
        </div>
        <div className="summary">
          <section className="panel" aria-labelledby="totals">
            <h2 id="totals">Total</h2>
            <Totals of={order} />
            <PaidBack money={order.money} />
            <Receipt order={order} />
          </section>
          {/* Beside the sums, below what stands on every order: it may come while the page is read. */}
          <Refunds order={order} />
          <Address order={order} />
        </div>
      </div>
    </div>
  );
}

function Headline({ order }: { order: Order }) {
  const visit = usePaymentVisit(order);
  const { tone, icon, title, text } = sayOrder(order, visit);
  return (
    <section className={`headline headline-${tone}`} aria-label="Status">
      <div className="headline-text" role="status">
        <span className="headline-icon">
          <Icon name={icon} />
        </span>
        <div>
          <p className="headline-title">{title}</p>
          <p>{text}</p>
          {order.status !== 'pending' || order.lastDecline === null ? null : (
            <p className="faint">
              Declined <Instant at={order.lastDecline.at} />
            </p>
          )}
        </div>
      </div>
      <Steps order={order} />
      <OrderActions order={order} visit={visit} />
    </section>
  );
}

function Steps({ order }: { order: Order }) {
  const done = stepsDone(order);
  if (done === null) return null;
  return (
    <ol className="steps" aria-label="Progress">
      {STEPS.map((step, index) => (
        <li
          key={step}
          className={index < done ? 'step step-done' : 'step'}
          aria-current={index === done - 1 ? 'step' : undefined}
        >
          <span className="step-dot">{index < done ? <Icon name="check" /> : null}</span>
          {step}
          <span className="visually-hidden">{index < done ? ', done' : ', still to come'}</span>
        </li>
      ))}
    </ol>
  );
}

function Refunds({ order: { refunds, items } }: { order: Order }) {
  if (refunds.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="refunds">
      <h2 id="refunds">{refunds.length === 1 ? 'Refund' : 'Refunds'}</h2>
      <ul className="refunds" aria-live="polite">
        {refunds.map((refund) => {
          const { title, text, tone } = sayRefund(refund);
          return (
            <li key={refund.id} className="refund">
              <span className={`badge badge-${tone}`}>{title}</span>
              <strong>
                <Money amount={refund.amount} currency={refund.currency} />
              </strong>
              <span className="faint refund-text">
                <RefundLines of={refund} items={items} /> {text} <Instant at={refund.endedAt ?? refund.requestedAt} />
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Items({ order: { items, currency } }: { order: Order }) {
  return (
    <section className="panel" aria-labelledby="items">
      <h2 id="items">Items</h2>
      <ul className="goods">
        {items.map(
          ({ variantId, productId, slug, pictureId, productTitle, variantTitle, quantity, unitPrice, lineTotal }) => (
            <li key={variantId}>
              <span className="goods-picture">
                <ProductThumbnail slug={slug} pictureId={pictureId} />
              </span>
              <span className="goods-text">
                <bdi>
                  <Link to={pathOfProduct(productId)}>{productTitle}</Link>
                </bdi>
                <span className="faint">
                  <bdi>{variantTitle}</bdi> · {quantity} × <Money amount={unitPrice} currency={currency} />
                </span>
              </span>
              <Money amount={lineTotal} currency={currency} />
            </li>
          ),
        )}
      </ul>
    </section>
  );
}

function Receipt({ order: { id, code, money } }: { order: Order }) {
  if (money === null) return null;
  return (
    <div className="actions receipt-actions">
      <DownloadButton path={`/orders/${id}/receipt.pdf`} fileName={`receipt-${code}.pdf`}>
        Download receipt
      </DownloadButton>
      <Button look="quiet" onClick={() => window.print()}>
        Print
      </Button>
    </div>
  );
}

function Address({ order: { shippingAddress } }: { order: Order }) {
  return (
    <section className="panel" aria-labelledby="address">
      <h2 id="address">Goes to</h2>
      <AddressBlock address={shippingAddress} />
    </section>
  );
}

function History({ order }: { order: Order }) {
  // Leaves out changes that the shopper cannot see.
  const changes = order.timeline.filter(({ status, paymentStatus }, index, all) => {
    const before = all[index - 1];
    return status !== before?.status || paymentStatus !== before.paymentStatus;
  });
  return (
    <section className="panel" aria-labelledby="history">
      <h2 id="history">History</h2>
      <ol className="timeline">
        {changes.map((entry, index) => (
          <li key={`${entry.at} ${entry.status} ${entry.paymentStatus}`}>
            <span>{sayChange(entry, changes[index - 1])}</span>
            <span className="faint">
              <Instant at={entry.at} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function LoadingOrder() {
  return (
    <div className="page">
      <PageTitle title="Your order" className="visually-hidden" />
      <Loading what="your order">
        <p className="crumb">
          <Skeleton size="third" />
        </p>
        <Skeleton size="title" />
        <div className="headline bone-box" />
        <div className="with-summary">
          <div className="panel">
            <Skeleton size="half" />
            <Skeleton size="block" />
          </div>
          <div className="panel">
            <Skeleton size="half" />
            <Skeleton size="block" />
          </div>
        </div>
      </Loading>
    </div>
  );
}
