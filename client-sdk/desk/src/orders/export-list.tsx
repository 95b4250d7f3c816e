import { useMay } from '../../../parts/data/account.ts';
import { DownloadButton } from '../../../parts/ui/download-button.tsx';
import { countFilters, type OrderFilters, TABS, tabOf } from './order-filters.ts';

/** The whole list as a file for the accountant, with charges and fees. Chosen orders are exported from their bar. */
export function ExportList({ filters }: { filters: OrderFilters }) {
  const { q, from, to, ...others } = filters;
  // The server knows lists and days only, and a file must hold what the page shows.
  if (!useMay('exportOrders') || q !== undefined || countFilters(others) > 0) return null;
  const tab = tabOf(filters);
  const query = new URLSearchParams({
    ...(tab === 'all' ? {} : { list: tab }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  });
  const days = [from, to].filter((day) => day !== undefined).join('-to-');
  const name = TABS.find(([one]) => one === tab)?.[1].toLowerCase() ?? tab;
  return (
    <DownloadButton
      path={`/admin/orders/list.csv?${query}`}
      fileName={`orders-${[name.replaceAll(' ', '-'), days].filter(Boolean).join('-')}.csv`}
    >
      Download as CSV
    </DownloadButton>
  );
}
