import { type Money as Amount, formatMoney } from '@orders-module/client';

export function Money({ amount, currency, className }: Amount & { className?: string }) {
  return <span className={`money ${className ?? ''}`}>{formatMoney({ amount, currency })}</span>;
}
