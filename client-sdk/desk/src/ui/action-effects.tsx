import type { ActionPreview } from '@orders-module/client';
import { Money } from '../../../parts/ui/money.tsx';

const UNIT_TEXTS: Record<ActionPreview['units'][number]['what'], string> = {
  shipped: 'shipped',
  voided: 'to be shipped again',
  withdrawn: 'not to be shipped any more',
  given_back: 'came back',
};

const MONEY_TEXTS: Record<ActionPreview['money'][number]['what'], string> = {
  charge_accepted: 'pays the order, by',
  dispute_accepted: 'goes back through Paystack for the dispute, from',
  refund_requested: 'goes back to the customer, from',
  return_entered: 'counts as gone back, from',
};

/** The effects of an action, as the server would carry it out now. */
export function ActionEffects({ preview }: { preview: ActionPreview }) {
  const { why, status, money, units, stock, emails } = preview;
  if (why !== null) return <p className="line-problem">Not possible now: {why}.</p>;
  return (
    <div className="effects">
      <p className="faint">What it does:</p>
      <ul className="effect-list">
        {status.from === status.to ? null : (
          <li>
            The order goes from {status.from} to {status.to}.
          </li>
        )}
        {money.map(({ what, reference, amount, currency }) => (
          <li key={`${what} ${reference}`}>
            <Money amount={amount} currency={currency} /> {MONEY_TEXTS[what]} <span className="code">{reference}</span>
          </li>
        ))}
        {units.map(({ what, lineId, sku, quantity }) => (
          <li key={`${what} ${lineId}`}>
            {quantity} × <span className="code">{sku}</span> {UNIT_TEXTS[what]}
          </li>
        ))}
        {stock.map(({ variantId, sku, stock: added }) => (
          <li key={variantId}>
            {added} × <span className="code">{sku}</span> back into stock
          </li>
        ))}
        {emails.map(({ kind, to, subject, text }) => (
          <li key={kind}>
            <details>
              <summary>
                Email “{subject}” to {to}
              </summary>
              <p className="effect-email">{text}</p>
            </details>
          </li>
        ))}
      </ul>
    </div>
  );
}
