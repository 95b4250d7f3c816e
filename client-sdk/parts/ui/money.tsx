import { type Money as Amount, describeAmount, formatMoney } from '@orders-module/client';

export function Money({ amount, currency, className }: Amount & { className?: string }) {
  return <span className={`money ${className ?? ''}`}>{formatMoney({ amount, currency })}</span>;
}

/** Money as Paystack reported it, whose currency may be none of the shop's. */
export function ReportedMoney({ amount, currency }: { amount: number; currency: string }) {
  return <span className="money">{describeAmount(amount, currency)}</span>;
}
