import { isGatewayError } from '../../models/payment/gateway-reports.ts';
import type { JobContext } from '../context.ts';

/** The reference of a charge that an event names by its transaction id alone; null when Paystack does not know it. */
export async function findReference(ctx: JobContext, gatewayId: string | null): Promise<string | null> {
  if (gatewayId === null) return null;
  try {
    return await ctx.paystack.findReference(gatewayId);
  } catch (error) {
    if (isGatewayError(error, 'unknown_reference')) return null;
    throw error;
  }
}
