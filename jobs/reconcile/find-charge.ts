/** Finds the order of a charge that Paystack names by its reference, or by its transaction id alone. */
import { LRUCache } from 'lru-cache';
import type { Order } from '../../models/order/order-document.ts';
import { findOrderByReference } from '../../models/order/queries/find-order.ts';
import { isGatewayError } from '../../models/payment/gateway-reports.ts';
import type { JobContext } from '../context.ts';
import type { PaystackPort } from '../ports.ts';

/** Some 100 bytes each. A row is listed for days, and one call is enough for it. */
const MAX_KNOWN = 10_000;
const references = new WeakMap<PaystackPort, LRUCache<string, string>>();

export interface NamedCharge {
  reference: string | null;
  gatewayId: string | null;
}

export interface FoundCharge {
  order: Order;
  reference: string;
}

/** null for a charge of none of our orders. Throws GatewayError. */
export async function findCharge(ctx: JobContext, { reference, gatewayId }: NamedCharge): Promise<FoundCharge | null> {
  const found = reference ?? (gatewayId === null ? null : await findReference(ctx, gatewayId));
  const order = found === null ? null : await findOrderByReference(ctx.db, found);
  return found === null || order === null ? null : { order, reference: found };
}

/** A transaction's reference never changes, so it is kept. null when Paystack does not know the transaction. */
async function findReference({ paystack }: JobContext, gatewayId: string): Promise<string | null> {
  const known = references.get(paystack) ?? new LRUCache<string, string>({ max: MAX_KNOWN });
  references.set(paystack, known);
  const cached = known.get(gatewayId);
  if (cached !== undefined) return cached;
  try {
    const reference = await paystack.findReference(gatewayId);
    known.set(gatewayId, reference);
    return reference;
  } catch (error) {
    if (isGatewayError(error, 'unknown_reference')) return null;
    throw error;
  }
}
