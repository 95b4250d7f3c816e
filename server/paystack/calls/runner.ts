/** The time budget, the retries and the reported failures that all methods of PaystackService share. */
import type { Logger } from 'pino';
import type { Clock, PaystackPort, Random } from '../../../jobs/ports.ts';
import { isSubunitAmount } from '../../../models/contract/money.ts';
import { DEADLINES } from '../../../models/deadlines.ts';
import { GatewayError, type GatewayErrorKind, isGatewayError } from '../../../models/payment/gateway-reports.ts';
import { type Envelope, readEnvelope } from '../reply.ts';
import { gatewayIdSchema, isReference } from '../reports.ts';
import { DEFAULT_RETRY_POLICY, type RetryPolicy, withRetries } from '../retry-policy.ts';
import type { RawReply } from './bounded-call.ts';

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
  listRefundsPage: DEADLINES.paystackListPage,
  listDisputesPage: DEADLINES.paystackListPage,
  listPayouts: DEADLINES.paystackListPage,
  listPayoutCharges: DEADLINES.paystackListPage,
  submitEvidence: DEADLINES.paystackSubmitEvidence,
  requestUpload: DEADLINES.paystackRequestUpload,
  uploadFile: DEADLINES.paystackUploadFile,
  resolveDispute: DEADLINES.paystackResolveDispute,
};

/** Paystack's largest page. */
export const PER_PAGE = 100;

export type Runner = ReturnType<typeof createRunner>;

type Exchange = (budgetMs: number) => Promise<RawReply>;

/** Gives every method its deadline, observes its outcome, and turns every failure into a GatewayError. */
export function createRunner({
  clock,
  random,
  observe,
  deadlinesMs,
  retry = DEFAULT_RETRY_POLICY,
}: PaystackServiceOptions) {
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
export function assertReference(reference: string, kind: GatewayErrorKind): void {
  if (!isReference(reference)) throw new GatewayError(kind, null, 'This is no reference that Paystack could know.');
}

export function assertGatewayId(id: string): void {
  if (!gatewayIdSchema.safeParse(id).success) {
    throw new GatewayError('unknown_reference', null, 'This is no id that Paystack could know.');
  }
}

export function assertAmount(amount: number): void {
  if (!isSubunitAmount(amount)) throw new GatewayError('rejected', null, 'An amount must be an integer of subunits.');
}
