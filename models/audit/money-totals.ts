/**
 * Captured money per currency, by the state of its charges. The states partition the charges, so their sums add up to
 * `captured` exactly when nothing is unaccounted for (I3).
 */
import type { Order, PaymentAttempt } from '../order/order-document.ts';
import { returnedMoney } from '../payment/returned-money.ts';
import { type ChargeState, findChargeState, isCaptured } from './money.ts';
import type { OrderBatch } from './scan-orders.ts';

/** Subunits as decimal digits: sums over many orders may exceed Number.MAX_SAFE_INTEGER. */
export interface CurrencyTotals extends Record<ChargeState | 'unaccounted', string> {
  currency: string;
  chargeCount: number;
  captured: string;
  /** The sum that went back by processed refunds, lost disputes and payments elsewhere. */
  returned: string;
}

type Sums = Record<ChargeState | 'unaccounted' | 'captured' | 'returned', bigint> & { chargeCount: number };

export class MoneyTotals {
  readonly #sums = new Map<string, Sums>();

  add({ orders }: OrderBatch): void {
    for (const { order } of orders) {
      for (const charge of order.payments.filter(isCaptured)) {
        const sums = this.#of(charge.currency ?? 'unknown');
        const amount = toBigInt(charge.amount);
        sums.chargeCount += 1;
        sums.captured += amount;
        sums[stateOf(order, charge)] += amount;
        sums.returned += returnedOf(order, charge);
      }
    }
  }

  result(): CurrencyTotals[] {
    return [...this.#sums]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, { chargeCount, ...sums }]) => ({ currency, chargeCount, ...asText(sums) }));
  }

  #of(currency: string): Sums {
    const existing = this.#sums.get(currency);
    if (existing) return existing;
    const created = { ...emptySums(), chargeCount: 0 };
    this.#sums.set(currency, created);
    return created;
  }
}

function emptySums(): Omit<Sums, 'chargeCount'> {
  return {
    pays: 0n,
    waits: 0n,
    owedBack: 0n,
    inReview: 0n,
    unaccounted: 0n,
    captured: 0n,
    returned: 0n,
  };
}

function asText(sums: Omit<Sums, 'chargeCount'>): Omit<CurrencyTotals, 'currency' | 'chargeCount'> {
  const { captured, unaccounted, returned, pays, waits, owedBack, inReview } = sums;
  return {
    captured: String(captured),
    pays: String(pays),
    waits: String(waits),
    owedBack: String(owedBack),
    inReview: String(inReview),
    unaccounted: String(unaccounted),
    returned: String(returned),
  };
}

/** The money of a damaged document is unaccounted for; the checks report the document as a violation. */
function stateOf(order: Order, charge: PaymentAttempt): ChargeState | 'unaccounted' {
  try {
    return findChargeState(order, charge) ?? 'unaccounted';
  } catch {
    return 'unaccounted';
  }
}

/** A damaged document counts as 0 here; the checks report it. */
function returnedOf(order: Order, charge: PaymentAttempt): bigint {
  try {
    const { byRefund, byDispute, elsewhere } = returnedMoney(order, charge);
    return toBigInt(byRefund + byDispute + elsewhere);
  } catch {
    return 0n;
  }
}

/** An invalid amount counts as 0 here; the checks report it. */
function toBigInt(amount: number | undefined): bigint {
  return Number.isSafeInteger(amount) ? BigInt(amount ?? 0) : 0n;
}
