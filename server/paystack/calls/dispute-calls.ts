/** The calls of PaystackService about disputes. */
import type { PaystackPort } from '../../../jobs/ports.ts';
import { GatewayError } from '../../../models/payment/gateway-reports.ts';
import { type Envelope, readData } from '../reply.ts';
import { disputeRowSchema, disputeSchema, referenceOfTransactionSchema } from '../reports.ts';
import { nextPageOf, rowsSchema } from '../schemas.ts';
import { type BoundedCall, getRequest } from './bounded-call.ts';
import { assertGatewayId, PER_PAGE, type Runner } from './runner.ts';

/** 2,000 disputes of one charge. A longer list is an error: a dispute left out could lead to a second refund. */
const MAX_DISPUTE_PAGES = 20;

/** Reads about disputes, and of the charge that a dispute names by its id alone. */
export function disputeCalls(
  call: BoundedCall,
  { run, repeatable }: Runner,
): Pick<PaystackPort, 'listDisputes' | 'getDispute' | 'findReference'> {
  return {
    listDisputes: ({ gatewayId }) =>
      run('listDisputes', async (deadlineMs) => {
        assertGatewayId(gatewayId);
        const endsAt = performance.now() + deadlineMs;
        const ids: string[] = [];
        for (let page = 1; page <= MAX_DISPUTE_PAGES; page += 1) {
          const request = getRequest(['dispute'], { transaction: gatewayId, perPage: PER_PAGE, page });
          const envelope = await repeatable((ms) => call(request, ms), endsAt - performance.now());
          const rows = readData(envelope, rowsSchema);
          ids.push(...disputesOf(gatewayId, rows, envelope));
          if (nextPageOf(envelope.meta, page, rows.length) === null) return ids;
        }
        throw new GatewayError('malformed', 200, 'Paystack lists more disputes of one charge than can be.');
      }),

    getDispute: (disputeId) =>
      run('getDispute', async (deadlineMs) => {
        assertGatewayId(disputeId);
        const envelope = await repeatable((ms) => call(getRequest(['dispute', disputeId]), ms), deadlineMs);
        const dispute = readData(envelope, disputeSchema);
        if (dispute.disputeId === disputeId) return dispute;
        throw new GatewayError('malformed', envelope.httpStatus, 'Paystack answered about another dispute.');
      }),

    findReference: (gatewayId) =>
      run('findReference', async (deadlineMs) => {
        assertGatewayId(gatewayId);
        const envelope = await repeatable((ms) => call(getRequest(['transaction', gatewayId]), ms), deadlineMs);
        return readData(envelope, referenceOfTransactionSchema);
      }),
  };
}

/** The ids of the disputes among `rows` that belong to the charge; a row of another one is dropped, as with refunds. */
function disputesOf(gatewayId: string, rows: unknown[], envelope: Envelope): string[] {
  return rows
    .map((row) => readData({ ...envelope, data: row }, disputeRowSchema))
    .filter(({ transaction }) => transaction === null || transaction === gatewayId)
    .map(({ id }) => id);
}
