/** An order's status as text, so that it does not rest on colour alone. */
import type { OrderSummary } from '@orders-module/client';
import { sayStatus } from './order-status.ts';

export function StatusBadge({ of }: { of: Pick<OrderSummary, 'status' | 'paymentStatus'> }) {
  const { text, tone } = sayStatus(of);
  return <span className={`badge badge-${tone}`}>{text}</span>;
}
