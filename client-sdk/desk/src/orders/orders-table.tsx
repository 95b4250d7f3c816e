import { PAYMENT_STATUS_WORDS, type StaffOrderSummary } from '@orders-module/client';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Instant } from '../../../parts/ui/instant.tsx';
import { Money } from '../../../parts/ui/money.tsx';
import { isTyping } from '../app/search-box.tsx';
import { FULFILMENT_WORDS, MONEY_TONES } from '../ui/words.ts';
import { sayAge, sayTimeLeft } from './age.ts';
import { useListKeys } from './list-keys.ts';
import type { Selection } from './order-selection.ts';

interface OrdersTableProps {
  orders: readonly StaffOrderSummary[];
  selection: Selection<StaffOrderSummary>;
}

/** A table; on a phone each row is a card. */
export function OrdersTable({ orders, selection }: OrdersTableProps) {
  const { list, onKeyDown } = useListKeys(selection.toggle);
  const isAll = selection.selected.length === orders.length;
  const now = Date.now();
  useEffect(() => {
    // From anywhere on the page, the first `j` enters the list.
    const enter = (event: KeyboardEvent) => {
      const isElsewhere = event.target instanceof Node && list.current?.contains(event.target) === false;
      if (event.key === 'j' && isElsewhere && !isTyping(event.target))
        list.current?.querySelector<HTMLElement>('[data-row]')?.focus();
    };
    document.addEventListener('keydown', enter);
    return () => document.removeEventListener('keydown', enter);
  }, [list]);
  return (
    <>
      <label className="check choose-all">
        <input type="checkbox" checked={isAll} onChange={selection.toggleAll} />
        Choose all that are shown
      </label>
      <table className="table orders-table">
        <thead>
          <tr>
            <th scope="col" className="cell-check">
              <label className="cell-box">
                <input type="checkbox" checked={isAll} onChange={selection.toggleAll} />
                <span className="visually-hidden">Choose all orders that are shown</span>
              </label>
            </th>
            <th scope="col">Order</th>
            <th scope="col">Customer</th>
            <th scope="col" className="cell-number">
              Items
            </th>
            <th scope="col" className="cell-number">
              Total
            </th>
            <th scope="col">Payment</th>
            <th scope="col">Fulfilment</th>
            <th scope="col">Age</th>
          </tr>
        </thead>
        <tbody ref={list} onKeyDown={onKeyDown}>
          {orders.map((order) => (
            <Row
              key={order.id}
              order={order}
              now={now}
              isChosen={selection.has(order.id)}
              onChoose={() => selection.toggle(order.id)}
            />
          ))}
        </tbody>
      </table>
    </>
  );
}

interface RowProps {
  order: StaffOrderSummary;
  now: number;
  isChosen: boolean;
  onChoose: () => void;
}

function Row({ order, now, isChosen, onChoose }: RowProps) {
  const { id, code, name, email, itemCount, total, currency, createdAt, tags, delivery } = order;
  return (
    <tr className={isChosen ? 'is-chosen' : undefined}>
      <td className="cell-check">
        <label className="cell-box">
          <input type="checkbox" checked={isChosen} onChange={onChoose} />
          <span className="visually-hidden">Choose order {code}</span>
        </label>
      </td>
      <td className="cell-code">
        <Link to="/orders/$id" params={{ id }} data-row={id}>
          <span className="code">{code}</span>
        </Link>
      </td>
      <td className="cell-who">
        <bdi title={email}>{name}</bdi>
        {tags.map((tag) => (
          <span key={tag} className="tag">
            <bdi>{tag}</bdi>
          </span>
        ))}
      </td>
      <td className="cell-number cell-items">
        {itemCount}
        <span className="only-phone">{itemCount === 1 ? ' item' : ' items'}</span>
      </td>
      <td className="cell-number cell-total">
        <Money amount={total} currency={currency} />
      </td>
      <td className="cell-money">
        <span className={`badge badge-${MONEY_TONES[order.paymentStatus]}`}>
          {PAYMENT_STATUS_WORDS[order.paymentStatus]}
        </span>
      </td>
      <td className="cell-state">
        <Fulfilment order={order} now={now} />
        <span className="faint cell-delivery">
          <bdi>{delivery}</bdi>
        </span>
      </td>
      <td className="cell-age">
        <span className="visually-hidden">
          <Instant at={createdAt} />,{' '}
        </span>
        {sayAge(createdAt, now)}
      </td>
    </tr>
  );
}

function Fulfilment({ order: { status, partial, answerBy, otherDomain }, now }: Pick<RowProps, 'order' | 'now'>) {
  return (
    <>
      <span>{partial ? 'Partly shipped' : FULFILMENT_WORDS[status]}</span>
      {otherDomain ? <span className="badge">test</span> : null}
      {answerBy === null ? null : <span className="line-problem">Dispute: {sayTimeLeft(answerBy, now)}</span>}
    </>
  );
}
