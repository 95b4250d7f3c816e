import type { StaffOrder } from '@orders-module/client';
import { Money } from '../../../parts/ui/money.tsx';
import { type OrderSums, sumsOf } from './order-sums.ts';

/** Captured, gone back, fees, and what is left of it for the shop. */
export function OrderMoney({ order }: { order: StaffOrder }) {
  const sums = sumsOf(order);
  return sums.map((sum) => <Sums key={sum.currency} of={sum} />);
}

function Sums({ of: { currency, captured, returned, returning, fees, net } }: { of: OrderSums }) {
  const rows: [string, number | null][] = [
    ['Captured', captured],
    ...(returned === 0 ? [] : [['Gone back', -returned] satisfies [string, number]]),
    ...(returning === 0 ? [] : [['On its way back', -returning] satisfies [string, number]]),
    ['Paystack’s fees', fees === null ? null : -fees],
    ['Left for the shop', net],
  ];
  return (
    <dl className="order-money">
      {rows.map(([name, amount]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{amount === null ? 'not known yet' : <Signed amount={amount} currency={currency} />}</dd>
        </div>
      ))}
    </dl>
  );
}

function Signed({ amount, currency }: { amount: number; currency: OrderSums['currency'] }) {
  return (
    <>
      {amount < 0 ? '−' : ''}
      <Money amount={Math.abs(amount)} currency={currency} />
    </>
  );
}
