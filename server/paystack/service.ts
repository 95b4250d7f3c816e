/**
 * PaystackService: the only code that calls Paystack. Takes Money and references, returns reports, throws only
 * GatewayError. Every method ends within its deadline, retries included; only reads are repeated. No error and no log
 * line contains the secret key or the payer's data. The methods may run concurrently.
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
  disputeRowSchema,
  disputeSchema,
  gatewayIdSchema,
  isReference,
  referenceOfTransactionSchema,
  refundedChargeSchema,
  refundRowSchema,
  refundSchema,
} from './reports.ts';
import { DEFAULT_RETRY_POLICY, type RetryPolicy, withRetries } from './retry-policy.ts';
import { bankSchema, initializedSchema, nextPageOf, rowsSchema } from './schemas.ts';
import { createTransport, type PaystackTransport, type RawReply } from './transport.ts';

export type PaystackOperation = keyof PaystackPort;

/** Receives each finished call once, retries included, for log and metrics. Must not throw. */
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

/** A method's time budget in ms, over all its pages and retries. */
const DEADLINES_MS: Record<PaystackOperation, number> = {
  initialize: DEADLINES.paystackInitialize,
  verify: DEADLINES.paystackVerify,
  listCharges: DEADLINES.paystackListCharges,
  createRefund: DEADLINES.paystackCreateRefund,
  listRefunds: DEADLINES.paystackListRefunds,
  getRefund: DEADLINES.paystackGetRefund,
  sendRefundAccount: DEADLINES.paystackRefundAccount,
  listBanks: DEADLINES.paystackListBanks,
  listDisputes: DEADLINES.paystackListDisputes,
  getDispute: DEADLINES.paystackGetDispute,
  findReference: DEADLINES.paystackFindReference,
};

/** Paystack's largest page. */
const PER_PAGE = 100;

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
        // Other systems may use the same account, so an unreadable row must not hide the readable ones.
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

    ...bankCalls(transport, runner),
    ...disputeCalls(transport, runner),
  };
}

/** Sending a refund to a customer's bank account. */
function bankCalls(
  transport: PaystackTransport,
  { run, once, repeatable }: Runner,
): Pick<PaystackPort, 'sendRefundAccount' | 'listBanks'> {
  return {
    sendRefundAccount: ({ gatewayRefundId, currency, account: { accountNumber, bankId } }) =>
      run('sendRefundAccount', async (deadlineMs) => {
        assertGatewayId(gatewayRefundId);
        const details = { currency, account_number: accountNumber, bank_id: bankId };
        const body = { refund_id: gatewayRefundId, refund_account_details: details };
        return readFetched(await once((ms) => transport.sendRefundAccount(body, ms), deadlineMs), gatewayRefundId);
      }),

    listBanks: ({ currency }) =>
      run('listBanks', async (deadlineMs) => {
        const query = { currency, perPage: PER_PAGE };
        const envelope = await repeatable((ms) => transport.listBanks(query, ms), deadlineMs);
        const banks = readData(envelope, rowsSchema).flatMap((row) => bankSchema.safeParse(row).data ?? []);
        return banks.sort((a, b) => a.name.localeCompare(b.name));
      }),
  };
}

type Runner = ReturnType<typeof createRunner>;

/** Reads about disputes, and of the charge that a dispute names by its id alone. */
function disputeCalls(
  transport: PaystackTransport,
  { run, repeatable }: Runner,
): Pick<PaystackPort, 'listDisputes' | 'getDispute' | 'findReference'> {
  return {
    listDisputes: ({ gatewayId }) =>
      run('listDisputes', async (deadlineMs) => {
        assertGatewayId(gatewayId);
        const endsAt = performance.now() + deadlineMs;
        const ids: string[] = [];
        for (let page = 1; page <= MAX_REFUND_PAGES; page += 1) {
          const query = { transaction: gatewayId, perPage: PER_PAGE, page };
          const envelope = await repeatable((ms) => transport.listDisputes(query, ms), endsAt - performance.now());
          const rows = readData(envelope, rowsSchema);
          ids.push(...disputesOf(gatewayId, rows, envelope));
          if (nextPageOf(envelope.meta, page, rows.length) === null) return ids;
        }
        throw new GatewayError('malformed', 200, 'Paystack lists more disputes of one charge than can be.');
      }),

    getDispute: (disputeId) =>
      run('getDispute', async (deadlineMs) => {
        assertGatewayId(disputeId);
        const envelope = await repeatable((ms) => transport.getDispute({ id: disputeId }, ms), deadlineMs);
        const dispute = readData(envelope, disputeSchema);
        if (dispute.disputeId === disputeId) return dispute;
        throw new GatewayError('malformed', envelope.httpStatus, 'Paystack answered about another dispute.');
      }),

    findReference: (gatewayId) =>
      run('findReference', async (deadlineMs) => {
        assertGatewayId(gatewayId);
        const envelope = await repeatable((ms) => transport.getTransaction({ id: gatewayId }, ms), deadlineMs);
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

/** The refund just created. A reply about another charge was cached or misrouted, so the outcome is unknown. */
function readCreated(envelope: Envelope, chargeReference: string): RefundReport {
  const { reference } = readData(envelope, refundedChargeSchema);
  if (reference === null || reference === chargeReference) return readData(envelope, refundSchema);
  throw new GatewayError('malformed', envelope.httpStatus, 'Paystack answered about a refund of another charge.');
}

/** Throws GatewayError `malformed` when the reply is about another refund. */
function readFetched(envelope: Envelope, gatewayRefundId: string): RefundReport {
  const refund = readData(envelope, refundSchema);
  if (refund.gatewayRefundId === gatewayRefundId) return refund;
  throw new GatewayError('malformed', envelope.httpStatus, 'Paystack answered about another refund.');
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

type Exchange = (budgetMs: number) => Promise<RawReply>;

/** Gives every method its deadline, observes its outcome, and turns every failure into a GatewayError. */
function createRunner({ clock, random, observe, deadlinesMs, retry = DEFAULT_RETRY_POLICY }: PaystackServiceOptions) {
  const attempt = (exchange: Exchange, deadlineMs: number, policy: RetryPolicy | null): Promise<Envelope> =>
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
      // Anything but a GatewayError is a bug of ours. Its text could contain the input, so only its class is kept.
      const error = isGatewayError(thrown) ? thrown : unexpected(thrown);
      observe?.({ operation, outcome: error.kind, durationMs: took(), status: error.status });
      throw error;
    }
  }

  return {
    run,
    /** For calls that must never be sent twice. */
    once: (exchange: Exchange, deadlineMs: number) => attempt(exchange, deadlineMs, null),
    /** For reads. */
    repeatable: (exchange: Exchange, deadlineMs: number) => attempt(exchange, deadlineMs, retry),
  };
}

function unexpected(thrown: unknown): GatewayError {
  const name = thrown instanceof TypeError || thrown instanceof RangeError ? thrown.name : 'error';
  return new GatewayError('malformed', null, `The call to Paystack failed inside our own code (${name}).`);
}

/** Protects the path, where the package puts the reference without encoding it. Throws before the request is sent. */
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
