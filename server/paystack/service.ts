/**
 * PaystackService: the only code that calls Paystack. Takes Money and references, returns reports, throws only
 * GatewayError. Every method ends within its deadline, retries included; only reads are repeated. No error and no log
 * line contains the secret key or the payer's data. The methods may run concurrently.
 */
import type { PaystackPort } from '../../jobs/ports.ts';
import { GatewayError, type RefundReport } from '../../models/payment/gateway-reports.ts';
import { bankCalls, readFetched } from './calls/bank-calls.ts';
import { getRequest } from './calls/bounded-call.ts';
import { disputeCalls } from './calls/dispute-calls.ts';
import { listCalls } from './calls/list-calls.ts';
import { payoutCalls } from './calls/payout-calls.ts';
import {
  assertAmount,
  assertGatewayId,
  assertReference,
  createRunner,
  type PaystackServiceOptions,
  PER_PAGE,
} from './calls/runner.ts';
import { paymentPageRule } from './payment-page.ts';
import { type Envelope, readData } from './reply.ts';
import { chargeSchema, refundedChargeSchema, refundRowSchema, refundSchema } from './reports.ts';
import { initializedSchema, nextPageOf, rowsSchema } from './schemas.ts';
import { createTransport } from './transport.ts';

export type { ObservePaystack, PaystackOperation, PaystackServiceOptions } from './calls/runner.ts';

export const PAYSTACK_API_URL = 'https://api.paystack.co';

/** 2,000 refunds of one charge. A longer list is an error: a partial list could lead to a second refund. */
const MAX_REFUND_PAGES = 20;

/** The service for one key at one address. One process may create several. */
export function createPaystackService(options: PaystackServiceOptions): PaystackPort {
  const transport = createTransport({ baseUrl: PAYSTACK_API_URL, ...options });
  const initialized = initializedSchema(paymentPageRule(options.baseUrl));
  const runner = createRunner(options);
  const { run, once, repeatable } = runner;

  return {
    initialize: (input) =>
      run('initialize', async (deadlineMs) => {
        assertReference(input.reference, 'rejected');
        assertAmount(input.total.amount);
        const envelope = await once((ms) => transport.initialize(initializeBody(input), ms), deadlineMs);
        const { reference, ...page } = readData(envelope, initialized);
        if (reference === input.reference) return page;
        throw new GatewayError(
          'malformed',
          envelope.httpStatus,
          'Paystack initialized another reference than the one we sent.',
        );
      }),

    verify: (reference) =>
      run('verify', async (deadlineMs) => {
        assertReference(reference, 'unknown_reference');
        const envelope = await repeatable((ms) => transport.verify({ reference }, ms), deadlineMs);
        const charge = readData(envelope, chargeSchema);
        if (charge.reference === reference) return charge;
        throw new GatewayError('malformed', envelope.httpStatus, 'Paystack answered about another reference.');
      }),

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

    ...bankCalls(transport.call, runner),
    ...disputeCalls(transport.call, runner),
    ...listCalls(transport, runner, options.log),
    ...payoutCalls(transport.call, runner),
  };
}

function initializeBody(input: Parameters<PaystackPort['initialize']>[0]) {
  const { email, total, reference, callbackUrl, metadata, cancelUrl, channels = [] } = input;
  return {
    email,
    amount: total.amount,
    currency: total.currency,
    reference,
    callback_url: callbackUrl,
    metadata: { ...metadata, cancel_action: cancelUrl },
    ...(channels.length === 0 ? {} : { channels: [...channels] }),
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
