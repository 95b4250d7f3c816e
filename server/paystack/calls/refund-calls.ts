/** The calls of PaystackService that make and read refunds. */
import type { PaystackPort } from '../../../jobs/ports.ts';
import { GatewayError, type RefundReport } from '../../../models/payment/gateway-reports.ts';
import { type Envelope, readData } from '../reply.ts';
import { refundedChargeSchema, refundRowSchema, refundSchema } from '../reports.ts';
import { nextPageOf, rowsSchema } from '../schemas.ts';
import type { PaystackTransport } from '../transport.ts';
import { readFetched } from './bank-calls.ts';
import { getRequest } from './bounded-call.ts';
import { assertAmount, assertGatewayId, assertReference, PER_PAGE, type Runner } from './runner.ts';

/** 2,000 refunds of one charge. A longer list is an error: a partial list could lead to a second refund. */
const MAX_REFUND_PAGES = 20;

export function refundCalls(
  transport: PaystackTransport,
  { run, once, repeatable }: Runner,
): Pick<PaystackPort, 'createRefund' | 'listRefunds' | 'getRefund'> {
  return {
    createRefund: (input) =>
      run('createRefund', async (deadlineMs) => {
        assertReference(input.reference, 'unknown_reference');
        assertAmount(input.amount.amount);
        const body = {
          transaction: input.reference,
          amount: input.amount.amount,
          currency: input.amount.currency,
          customer_note: input.customerNote,
          merchant_note: input.merchantNote,
        };
        return readCreated(await once((ms) => transport.createRefund(body, ms), deadlineMs), input.reference);
      }),

    listRefunds: ({ gatewayId }) =>
      run('listRefunds', async (deadlineMs) => {
        assertGatewayId(gatewayId);
        const endsAt = performance.now() + deadlineMs;
        const refunds: RefundReport[] = [];
        for (let page = 1; page <= MAX_REFUND_PAGES; page += 1) {
          const request = getRequest(['refund'], { transaction: gatewayId, perPage: PER_PAGE, page });
          const envelope = await repeatable((ms) => transport.call(request, ms), endsAt - performance.now());
          const rows = readData(envelope, rowsSchema);
          refunds.push(...refundsOf(gatewayId, rows, envelope));
          if (nextPageOf(envelope.meta, page, rows.length) === null) return refunds;
        }
        throw new GatewayError('malformed', 200, 'Paystack lists more refunds of one charge than can be.');
      }),

    getRefund: (gatewayRefundId) =>
      run('getRefund', async (deadlineMs) => {
        assertGatewayId(gatewayRefundId);
        const query = { trans_id: gatewayRefundId };
        return readFetched(await repeatable((ms) => transport.getRefund(query, ms), deadlineMs), gatewayRefundId);
      }),
  };
}

/** The refund just created. A reply about another charge was cached or misrouted, so the outcome is unknown. */
function readCreated(envelope: Envelope, chargeReference: string): RefundReport {
  const { reference } = readData(envelope, refundedChargeSchema);
  if (reference === null || reference === chargeReference) return readData(envelope, refundSchema);
  throw new GatewayError('malformed', envelope.httpStatus, 'Paystack answered about a refund of another charge.');
}

/**
 * The refunds among `rows` that belong to the charge. Drops a row of another transaction, in case Paystack ignored the
 * filter. An unreadable row fails the list, because an overlooked refund would be requested a second time.
 */
function refundsOf(gatewayId: string, rows: unknown[], envelope: Envelope): RefundReport[] {
  const ours = rows.filter((row) => {
    const transaction = refundRowSchema.safeParse(row).data ?? null;
    return transaction === null || transaction === gatewayId;
  });
  return ours.map((row) => readData({ ...envelope, data: row }, refundSchema));
}
