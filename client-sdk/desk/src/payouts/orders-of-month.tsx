import { useState } from 'react';
import { useMay } from '../../../parts/data/account.ts';
import { DownloadButton } from '../../../parts/ui/download-button.tsx';
import { SelectField } from '../../../parts/ui/field.tsx';

const MONTHS = 13;

/** The orders of a month as a file to lay beside the payouts: charge, fee and returned money of each. */
export function OrdersOfMonth() {
  const [months] = useState(() => lastMonths(new Date()));
  const [chosen, choose] = useState(months[0]);
  if (!useMay('exportOrders') || chosen === undefined) return null;
  const { id, name, from, to } = chosen;
  return (
    <section className="waiting" aria-labelledby="sold">
      <h2 id="sold">Orders of a month</h2>
      <p className="faint">With each order’s charge, Paystack’s fee and what went back, for the accountant.</p>
      <div className="filter-fields">
        <SelectField
          label="Month"
          name="month"
          value={id}
          onChange={({ currentTarget }) => choose(months.find((month) => month.id === currentTarget.value))}
        >
          {months.map((month) => (
            <option key={month.id} value={month.id}>
              {month.name}
            </option>
          ))}
        </SelectField>
        <DownloadButton path={`/admin/orders/list.csv?from=${from}&to=${to}`} fileName={`orders-${id}.csv`}>
          Download {name} as CSV
        </DownloadButton>
      </div>
    </section>
  );
}

interface Month {
  /** Like 2026-11. */
  id: string;
  name: string;
  /** Its first and its last day. */
  from: string;
  to: string;
}

const NAME = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric' });

/** The month of this day, and those before it. */
function lastMonths(today: Date): Month[] {
  return Array.from({ length: MONTHS }, (_, back) => {
    const first = new Date(today.getFullYear(), today.getMonth() - back, 1);
    const days = new Date(first.getFullYear(), first.getMonth() + 1, 0).getDate();
    const id = `${first.getFullYear()}-${String(first.getMonth() + 1).padStart(2, '0')}`;
    return { id, name: NAME.format(first), from: `${id}-01`, to: `${id}-${days}` };
  });
}
