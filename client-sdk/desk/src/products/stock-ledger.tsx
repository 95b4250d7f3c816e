import type { RouterOutputs } from '@orders-module/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Instant } from '../../../parts/ui/instant.tsx';
import { NextPageButton } from '../../../parts/ui/next-page-button.tsx';
import { stockRowsQuery } from '../data/products.ts';
import { ActorName } from '../ui/actor-name.tsx';

const REASON_WORDS: Record<RouterOutputs['admin']['stockRows']['items'][number]['reason'], string> = {
  initial: 'first stock',
  sale: 'sold',
  restock: 'back from an order that ended',
  return: 'came back',
  adjust: 'added or removed',
  count: 'counted',
};

/** Read when it is opened. */
export function StockLedger({ variantId, sku }: { variantId: string; sku: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="ledger" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        Ledger<span className="visually-hidden"> of {sku}</span>
      </summary>
      {isOpen ? <Rows variantId={variantId} /> : null}
    </details>
  );
}

function Rows({ variantId }: { variantId: string }) {
  const rows = useInfiniteQuery(stockRowsQuery(variantId));
  if (rows.data === undefined) return <p className="faint">{rows.isError ? 'It could not be read.' : 'Loading…'}</p>;
  return (
    <>
      <ul className="plain-list">
        {rows.data.pages
          .flatMap((page) => page.items)
          .map(({ id, at, reason, delta, by, note, order }) => (
            <li key={id}>
              <strong>{delta > 0 ? `+${delta}` : delta}</strong> {REASON_WORDS[reason]}
              {order === null ? null : (
                <>
                  {' '}
                  <Link to="/orders/$id" params={{ id: order.id }}>
                    <span className="code">{order.code}</span>
                  </Link>
                </>
              )}
              {note === null ? '' : `, “${note}”`}{' '}
              <span className="faint">
                <ActorName actor={by} />, <Instant at={at} />
              </span>
            </li>
          ))}
      </ul>
      <NextPageButton of={rows}>Show more</NextPageButton>
    </>
  );
}
