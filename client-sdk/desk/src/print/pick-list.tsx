import type { StaffOrder } from '@orders-module/client';
import { Fragment } from 'react';

interface Pick {
  sku: string;
  title: string;
  units: number;
  codes: string[];
}

/** All units that the orders still need, by SKU: one walk along the shelves. */
export function PickList({ orders }: { orders: readonly StaffOrder[] }) {
  const picks = toPicks(orders);
  const units = picks.reduce((sum, pick) => sum + pick.units, 0);
  return (
    <article className="sheet" aria-label="Pick list">
      <header className="sheet-head">
        <span>Pick list</span>
        <span>
          {units} {units === 1 ? 'unit' : 'units'}, {orders.length} {orders.length === 1 ? 'order' : 'orders'}
        </span>
      </header>
      <table className="sheet-table">
        <thead>
          <tr>
            <th scope="col">Units</th>
            <th scope="col">SKU</th>
            <th scope="col">What</th>
            <th scope="col">For</th>
          </tr>
        </thead>
        <tbody>
          {picks.map(({ sku, title, units: count, codes }) => (
            <tr key={sku}>
              <td className="slip-units">{count}</td>
              <td className="sheet-name">
                <span className="code">{sku}</span>
              </td>
              <td>
                <bdi>{title}</bdi>
              </td>
              <td className="sheet-name">
                {codes.map((code, index) => (
                  <Fragment key={code}>
                    {index === 0 ? null : ' '}
                    <span className="code">{code}</span>
                  </Fragment>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </article>
  );
}

function toPicks(orders: readonly StaffOrder[]): Pick[] {
  const picks = new Map<string, Pick>();
  for (const { code, items } of orders) {
    for (const { sku, productTitle, variantTitle, toShip } of items) {
      if (toShip === 0) continue;
      const pick = picks.get(sku) ?? { sku, title: `${productTitle}, ${variantTitle}`, units: 0, codes: [] };
      pick.units += toShip;
      pick.codes.push(toShip === 1 ? code : `${code}×${toShip}`);
      picks.set(sku, pick);
    }
  }
  return [...picks.values()].sort((a, b) => a.sku.localeCompare(b.sku, 'en'));
}
