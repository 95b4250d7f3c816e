/** The counters of the first page, in words. */
import type { Today } from '@orders-module/client';
import { sayAge, sayTimeLeft } from '../orders/age.ts';

export interface Counter {
  /** The page that lists what it counts. */
  to: '/orders' | '/attention' | '/disputes';
  search?: { tab: 'to_ship' | 'unpaid' };
  name: string;
  count: string;
  more?: string | undefined;
  isBad: boolean;
}

export function countersOf(today: Today, now: number): Counter[] {
  const { toShip, unpaid, needsAttention, disputes, failedEmails } = today;
  return [
    {
      to: '/orders',
      search: { tab: 'to_ship' },
      name: 'To ship',
      count: say(toShip.count),
      more: toShip.oldestAt === null ? undefined : `the oldest for ${sayAge(toShip.oldestAt, now)}`,
      isBad: false,
    },
    { to: '/orders', search: { tab: 'unpaid' }, name: 'Unpaid', count: say(unpaid), isBad: false },
    { to: '/attention', name: 'Needs attention', count: say(needsAttention), isBad: needsAttention > 0 },
    {
      to: '/disputes',
      name: 'Disputes',
      count: say(disputes.count),
      more: disputes.answerBy === null ? undefined : sayTimeLeft(disputes.answerBy, now),
      isBad: disputes.count > 0,
    },
    { to: '/attention', name: 'Failed emails', count: say(failedEmails), isBad: failedEmails > 0 },
  ];
}

/** The server counts no further. */
function say(count: number): string {
  return count > 1_000 ? '1,000+' : count.toLocaleString('en');
}
