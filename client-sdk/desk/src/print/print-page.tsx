/** Paper for one or many orders: packing slips, a pick list, receipts. Each slip and receipt is a page of its own. */
import type { StaffOrder } from '@orders-module/client';
import { useQueries } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { Printer } from 'lucide-react';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { Button } from '../../../parts/ui/button.tsx';
import { EmptyState } from '../../../parts/ui/empty-state.tsx';
import { Notice } from '../../../parts/ui/notice.tsx';
import { staffOrderQuery } from '../data/orders.ts';
import { usePaper } from './paper.ts';
import { PickList } from './pick-list.tsx';
import { KINDS, type PrintSearch } from './print-search.ts';
import { Receipt } from './receipt.tsx';
import { Slip } from './slip.tsx';

/** CSS has no word for A6. */
const A6 = 'size: 105mm 148mm; margin: 6mm';
const A4 = 'size: A4; margin: 15mm';

export function PrintPage() {
  const search = useSearch({ from: '/print' });
  const { what = 'slips', orders = '' } = search;
  usePaper(what === 'slips' ? A6 : A4);
  const ids = orders.split(',').filter((id) => id !== '');
  const reads = useQueries({ queries: ids.map((id) => ({ ...staffOrderQuery(id), refetchInterval: false as const })) });
  const found = reads.flatMap(({ data }) => data ?? []);
  const failed = reads.filter(({ isError, data }) => isError && data === undefined).length;
  const isReady = found.length + failed === ids.length;
  return (
    <div className={`page print print-${what}`}>
      <div className="no-print">
        <PageTitle title="Print" />
        <nav className="tabs" aria-label="What is printed">
          <ul>
            {KINDS.map(([kind, name]) => (
              <li key={kind}>
                <Link to="/print" search={{ ...search, what: kind }} aria-current={kind === what ? 'page' : undefined}>
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        {failed === 0 ? null : (
          <Notice tone="bad">{failed} of the orders could not be read. Load the page again.</Notice>
        )}
        <div className="actions">
          <Button busy={!isReady && `Reading ${ids.length} orders…`} onClick={() => window.print()}>
            <Printer aria-hidden="true" />
            Print {sayWhat(what, found.length)}
          </Button>
        </div>
      </div>
      {ids.length === 0 ? <EmptyState icon="box" title="No orders are chosen" /> : null}
      {isReady ? <Sheets what={what} orders={found} /> : null}
    </div>
  );
}

function sayWhat(what: NonNullable<PrintSearch['what']>, orders: number): string {
  if (what === 'pick-list') return 'the pick list';
  const noun = what === 'receipts' ? 'receipt' : 'slip';
  return orders === 1 ? `1 ${noun}` : `${orders} ${noun}s`;
}

function Sheets({ what, orders }: { what: NonNullable<PrintSearch['what']>; orders: readonly StaffOrder[] }) {
  if (orders.length === 0) return null;
  if (what === 'pick-list') return <PickList orders={orders} />;
  const Sheet = what === 'receipts' ? Receipt : Slip;
  return orders.map((order) => <Sheet key={order.id} order={order} />);
}
