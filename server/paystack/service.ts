/**
 * PaystackService: alone speaks to Paystack. Takes Money and references, gives reports, throws only GatewayError.
 * Every method ends within its deadline, retries included; only reads are repeated. Nothing that it throws or logs holds
 * the secret key or anything of the payer. Built once by main.ts; methods may be called at the same time.
 */
import type { Logger } from 'pino';
import type { Clock, PaystackPort, Random } from '../../jobs/ports.ts';
import { isSubunitAmount } from '../../models/contract/money.ts';
import { DEADLINES } from '../../models/deadlines.ts';

import {
  GatewayError,
  type GatewayErrorKind,
  isGatewayError,
  type RefundReport,
} from '../../models/payment/gateway-reports.ts';
import { paymentPageRule } from './payment-page.ts';
import { type Envelope, readData, readEnvelope } from './reply.ts';
import {
  chargeSchema,
  gatewayIdSchema,
  isReference,
  refundedChargeSchema,
  refundRowSchema,
  refundSchema,
} from './reports.ts';
import { DEFAULT_RETRY_POLICY, type RetryPolicy, withRetries } from './retry-policy.ts';
import { initializedSchema, nextPageOf, rowsSchema } from './schemas.ts';
import { createTransport, type RawReply } from './transport.ts';

export type PaystackOperation = keyof PaystackPort;

/** One finished call, retries included, for log and metrics. Called exactly once per method call; must not throw. */
export type ObservePaystack = (call: {
  operation: PaystackOperation;
  outcome: 'ok' | GatewayErrorKind;
  durationMs: number;
  /** The HTTP status of a failure; null when there was none. */
  status?: number | null;
}) => void;

export interface PaystackServiceOptions {
  secretKey: string;
  baseUrl?: string;
  clock: Clock;
  random: Pick<Random, 'jitter'>;
  log: Logger;
  observe?: ObservePaystack;
  deadlinesMs?: Partial<Record<PaystackOperation, number>>;
  retry?: RetryPolicy;
}

export const PAYSTACK_API_URL = 'https://api.paystack.co';

/** How long a method may take in all; a list may take several pages. */
const DEADLINES_MS: Record<PaystackOperation, number> = {
  initialize: DEADLINES.paystackInitialize,
  verify: DEADLINES.paystackVerify,
  listCharges: DEADLINES.paystackListCharges,
  createRefund: DEADLINES.paystackCreateRefund,
  listRefunds: DEADLINES.paystackListRefunds,
  getRefund: DEADLINES.paystackGetRefund,
};

/** Paystack's largest page. */
const PER_PAGE = 100;

/** 2,000 refunds of one charge: beyond it the list is not believed, and a partial list is never given out. */
const MAX_REFUND_PAGES = 20;

/** The service for one key at one address. Several may live side by side in one process. */
export function createPaystackService(options: PaystackServiceOptions): PaystackPort {
  const transport = createTransport({
    secretKey: options.secretKey,
    baseUrl: options.baseUrl ?? PAYSTACK_API_URL,
  });
  const initialized = initializedSchema(paymentPageRule(options.baseUrl));
  const { run, once, repeatable } = createRunner(options);

  return {
    initialize: (input) =>
      run('initialize', async (deadlineMs) => {
        assertReference(input.reference, 'rejected');
        assertAmount(input.total.amount);
        const body = {
          email: input.email,
          amount: input.total.amount,
          currency: input.total.currency,
          reference: input.reference,
          callback_url: input.callbackUrl,
          metadata: { ...input.metadata, cancel_action: input.cancelUrl },
        };
        const envelope = await once((budgetMs) => transport.initialize(body, budgetMs), deadlineMs);
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

    listCharges: ({ from, to, page }) =>
      run('listCharges', async (deadlineMs) => {
        const query = { status: 'success', from: from.toISOString(), to: to.toISOString(), perPage: PER_PAGE, page };
        const envelope = await repeatable((ms) => transport.listTransactions(query, ms), deadlineMs);
        const rows = readData(envelope, rowsSchema);
        // The account may be shared with other systems: a row that is nonsense must not hide the good ones beside it.
        const charges = rows.flatMap((row) => chargeSchema.safeParse(row).data ?? []);
        if (charges.length < rows.length) {
          options.log.error({ page, unreadableCount: rows.length - charges.length }, 'paystack: unreadable charges');
        }
        return { charges, nextPage: nextPageOf(envelope.meta, page, rows.length) };
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
          const query = { transaction: gatewayId, perPage: PER_PAGE, page };
          const envelope = await repeatable((ms) => transport.listRefunds(query, ms), endsAt - performance.now());
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

/** The refund just created. A reply that names another charge is a cached or misrouted one: the outcome is unknown. */
function readCreated(envelope: Envelope, chargeReference: string): RefundReport {
  const { reference } = readData(envelope, refundedChargeSchema);
  if (reference === null || reference === chargeReference) return readData(envelope, refundSchema);
  throw new GatewayError('malformed', envelope.httpStatus, 'Paystack answered about a refund of another charge.');
}

/** The refund with this id; throws GatewayError `malformed` when the reply is about another one. */
function readFetched(envelope: Envelope, gatewayRefundId: string): RefundReport {
  const refund = readData(envelope, refundSchema);
  if (refund.gatewayRefundId === gatewayRefundId) return refund;
  throw new GatewayError('malformed', envelope.httpStatus, 'Paystack answered about another refund.');
}

/**
 * The refunds among `rows` that belong to the charge. A row naming another transaction is dropped, in case the filter
 * was ignored; a row that cannot be read fails the list, because a refund we overlook would be made a second time.
 */
function refundsOf(gatewayId: string, rows: unknown[], envelope: Envelope): RefundReport[] {
  const ours = rows.filter((row) => {
    const transaction = refundRowSchema.safeParse(row).data ?? null;
    return transaction === null || transaction === gatewayId;
  });
  return ours.map((row) => readData({ ...envelope, data: row }, refundSchema));
}

type Exchange = (budgetMs: number) => Promise<RawReply>;

/** The frame around every method: its deadline, what is observed, and that only GatewayError leaves. */
function createRunner({ clock, random, observe, deadlinesMs, retry = DEFAULT_RETRY_POLICY }: PaystackServiceOptions) {
  const ask = (exchange: Exchange, deadlineMs: number, policy: RetryPolicy | null): Promise<Envelope> =>
    withRetries(async (budgetMs) => readEnvelope(await exchange(budgetMs), clock), {
      deadlineMs,
      policy,
      jitter: () => random.jitter(),
    });

  async function run<T>(operation: PaystackOperation, method: (deadlineMs: number) => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const took = () => performance.now() - startedAt;
    try {
      const result = await method(deadlinesMs?.[operation] ?? DEADLINES_MS[operation]);
      observe?.({ operation, outcome: 'ok', durationMs: took() });
      return result;
    } catch (thrown) {
      // Anything but a GatewayError is a bug of ours; its text could hold what we were given, so only its class is kept.
      const error = isGatewayError(thrown) ? thrown : unexpected(thrown);
      observe?.({ operation, outcome: error.kind, durationMs: took(), status: error.status });
      throw error;
    }
  }

  return {
    run,
    /** For calls that must not be sent twice by themselves. */
    once: (exchange: Exchange, deadlineMs: number) => ask(exchange, deadlineMs, null),
    /** For reads. */
    repeatable: (exchange: Exchange, deadlineMs: number) => ask(exchange, deadlineMs, retry),
  };
}

function unexpected(thrown: unknown): GatewayError {
  const name = thrown instanceof TypeError || thrown instanceof RangeError ? thrown.name : 'error';
  return new GatewayError('malformed', null, `The call to Paystack failed inside our own code (${name}).`);
}

/** Guards the path: the package does not encode what it puts there. What is refused here was never sent. */
function assertReference(reference: string, kind: GatewayErrorKind): void {
  if (!isReference(reference)) throw new GatewayError(kind, null, 'This is no reference that Paystack could know.');
}

function assertGatewayId(id: string): void {
  if (!gatewayIdSchema.safeParse(id).success) {
    throw new GatewayError('unknown_reference', null, 'This is no id that Paystack could know.');
  }
}

function assertAmount(amount: number): void {
  if (!isSubunitAmount(amount)) throw new GatewayError('rejected', null, 'An amount must be an integer of subunits.');
}
