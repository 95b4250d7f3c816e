/** Trying again what failed, one after the other, with an outcome for each. */
import { type FailedEmail, formatMoney, newActionKey, type StaffOrderSummary } from '@orders-module/client';
import { client } from '../../../parts/data/client.ts';
import { sayError } from '../../../parts/data/errors.ts';
import { OUTBOX_WORDS } from '../ui/words.ts';

export interface RetryItem {
  key: string;
  /** Names it for people, with its sum. */
  text: string;
  retry: () => Promise<unknown>;
}

export interface Retried {
  key: string;
  text: string;
  /** null when it is tried again. */
  problem: string | null;
}

/** Never rejects: what is refused keeps nothing else from being tried. */
export async function retryEach(items: readonly RetryItem[]): Promise<Retried[]> {
  const outcomes: Retried[] = [];
  for (const { key, text, retry } of items) {
    try {
      await retry();
      outcomes.push({ key, text, problem: null });
    } catch (error) {
      outcomes.push({ key, text, problem: sayError(error) });
    }
  }
  return outcomes;
}

/** Orders whose settlement is parked, or whose work is stuck. */
export function retriesOf(kind: 'parked' | 'stuck', orders: readonly StaffOrderSummary[]): RetryItem[] {
  return orders.map(({ id, code, name, total, currency }) => ({
    key: id,
    text: `${code}, ${name}, ${formatMoney({ amount: total, currency })}`,
    retry: () =>
      kind === 'parked' ? client.admin.retrySettlement.mutate({ id }) : client.admin.retryStuck.mutate({ id }),
  }));
}

/** Of emails about orders: those about accounts and to staff have no page of their own. */
export function resendsOf(emails: readonly FailedEmail[]): RetryItem[] {
  return emails.flatMap(({ id: emailId, orderId: id, code, name, kind }) =>
    id === null
      ? []
      : {
          key: emailId,
          text: `“${OUTBOX_WORDS[kind]}” of ${code}${name === null ? '' : ` to ${name}`}`,
          retry: () => client.admin.resendEmail.mutate({ id, emailId, key: keyOf(emailId) }),
        },
  );
}

const keys = new Map<string, string>();

/** The same while the page is open, so that pressing again after a lost reply sends no second email. */
function keyOf(emailId: string): string {
  const key = keys.get(emailId) ?? newActionKey();
  keys.set(emailId, key);
  return key;
}

/** The sum of the orders in each of their currencies. */
export function sumOf(orders: readonly Pick<StaffOrderSummary, 'total' | 'currency'>[]): string {
  const sums = new Map<StaffOrderSummary['currency'], number>();
  for (const { total, currency } of orders) sums.set(currency, (sums.get(currency) ?? 0) + total);
  return [...sums].map(([currency, amount]) => formatMoney({ amount, currency })).join(' and ');
}
