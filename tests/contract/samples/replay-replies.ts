/**
 * Published replies, served byte for byte to our service: each call that we make reads the sample of its endpoint. Replies of
 * other endpoints are read as far as all calls share it, the envelope.
 */
import { pino } from 'pino';
import type { PaystackPort } from '../../../jobs/ports.ts';
import { GatewayError } from '../../../models/payment/gateway-reports.ts';
import { systemClock, systemRandom } from '../../../server/context/system-ports.ts';
import { readEnvelope } from '../../../server/paystack/reply.ts';
import { createPaystackService } from '../../../server/paystack/service.ts';
import { reply, type ScriptedServer, startScriptedServer } from '../../support/scripted-server.ts';
import type { PublishedReply } from './published.ts';

type Data = Record<string, unknown>;
interface Case {
  /** Resolves to what must equal `expected`. */
  call: (service: PaystackPort, data: Data) => Promise<unknown>;
  expected: (data: Data) => unknown;
}

const PERIOD = { from: new Date(0), to: new Date('2100-01-01'), page: 1 };
const text = (value: unknown): string => String(value);
const rowsOf = (data: unknown): Data[] => (Array.isArray(data) ? data : [data]) as Data[];
const idsOf = (data: unknown): string[] => rowsOf(data).map(({ id }) => text(id));
const transactionOf = (row: Data): Data => (row.transaction ?? {}) as Data;

/** By endpoint. A sample without a case is one that our service never requests. */
const CASES: Record<string, Case> = {
  'transactions/verify': {
    call: async (service, data) => (await service.verify(text(data.reference))).amount,
    expected: ({ amount }) => amount,
  },
  'transactions/fetch': {
    call: (service, data) => service.findReference(text(data.id)),
    expected: ({ reference }) => reference,
  },
  'transactions/list': {
    call: async (service) => {
      const { charges, unreadable } = await service.listCharges({ ...PERIOD, status: 'any' });
      return [charges.map(({ gatewayId }) => gatewayId), unreadable];
    },
    expected: (data) => [idsOf(data), []],
  },
  'refunds/create': {
    call: async (service, data) => {
      const reference = text(transactionOf(data).reference);
      const amount = { amount: Number(data.amount), currency: 'NGN' as const };
      return (await service.createRefund({ reference, amount, merchantNote: 'x', customerNote: 'x' })).gatewayRefundId;
    },
    expected: ({ id }) => text(id),
  },
  'refunds/list': {
    call: async (service) => {
      const { refunds, unreadable } = await service.listRefundsPage(PERIOD);
      return [refunds.length, unreadable];
    },
    expected: (data) => [rowsOf(data).length, []],
  },
  'refunds/fetch': {
    call: async (service, data) => (await service.getRefund(text(data.id))).gatewayRefundId,
    expected: ({ id }) => text(id),
  },
  'refunds/retry': {
    call: async (service, data) => {
      const account = { accountNumber: '1234567890', bankId: '9' };
      return (await service.sendRefundAccount({ gatewayRefundId: text(data.id), currency: 'NGN', account }))
        .gatewayRefundId;
    },
    expected: ({ id }) => text(id),
  },
  'miscellaneous/bank': {
    call: async (service) => (await service.listBanks({ currency: 'NGN' })).length,
    expected: (data) => rowsOf(data).length,
  },
  'disputes/list': {
    call: async (service) => (await service.listDisputesPage(PERIOD)).disputes.map(({ disputeId }) => disputeId),
    expected: idsOf,
  },
  'disputes/fetch': {
    call: async (service, data) => (await service.getDispute(text(data.id))).disputeId,
    expected: ({ id }) => text(id),
  },
  'settlements/list': {
    call: async (service) => (await service.listPayouts({ page: 1 })).payouts.map(({ payoutId }) => payoutId),
    expected: idsOf,
  },
  'settlements/transactions': {
    call: async (service) => {
      const { charges } = await service.listPayoutCharges({ payoutId: '1', page: 1 });
      return charges.map(({ gatewayId, fees }) => [gatewayId, fees]);
    },
    expected: (data) => rowsOf(data).map(({ id, fees }) => [text(id), fees]),
  },
};

export interface ReplyResult {
  title: string;
  /** null when the sample was read as it must be. */
  problem: string | null;
}

/** A success, a refusal, or, where `status` is not what Paystack documents, malformed: our service calls no such endpoint. */
function outcomeOf({ httpStatus, body }: PublishedReply): string {
  try {
    readEnvelope({ status: httpStatus, body: JSON.stringify(body), retryAfter: null }, systemClock);
    return 'success';
  } catch (error) {
    if (!(error instanceof GatewayError)) return `${text(error)}`;
    return error.kind === 'malformed' ? 'malformed' : 'refusal';
  }
}

function readShared(sample: PublishedReply): string | null {
  const { status } = sample.body;
  const wanted = typeof status !== 'boolean' ? 'malformed' : status && sample.httpStatus < 300 ? 'success' : 'refusal';
  const outcome = outcomeOf(sample);
  return outcome === wanted ? null : `it is read as ${outcome} and not as ${wanted}`;
}

async function replayOne(
  server: ScriptedServer,
  service: PaystackPort,
  sample: PublishedReply,
): Promise<string | null> {
  const found = CASES[sample.endpoint];
  if (found === undefined || sample.httpStatus !== 200) return readShared(sample);
  server.answerWith(reply(200, sample.body));
  const data = sample.body.data as Data;
  try {
    const [actual, expected] = [await found.call(service, data), found.expected(data)];
    const isEqual = JSON.stringify(actual) === JSON.stringify(expected);
    return isEqual ? null : `read as ${JSON.stringify(actual)} and not as ${JSON.stringify(expected)}`;
  } catch (error) {
    return error instanceof Error ? error.message : text(error);
  }
}

export async function replayReplies(samples: readonly PublishedReply[]): Promise<ReplyResult[]> {
  const server = await startScriptedServer(reply(500, {}));
  const ports = { clock: systemClock, random: systemRandom, log: pino({ level: 'silent' }) };
  const service = createPaystackService({ secretKey: 'sk_test_of_samples', baseUrl: server.url, ...ports });
  const results: ReplyResult[] = [];
  for (const sample of samples) {
    const problem = await replayOne(server, service, sample);
    const how = CASES[sample.endpoint] === undefined ? 'envelope' : 'served to our service';
    results.push({ title: `${sample.endpoint}, HTTP ${sample.httpStatus} (${how})`, problem });
  }
  const wanted = Object.keys(CASES).filter((endpoint) => !samples.some((sample) => sample.endpoint === endpoint));
  results.push(...wanted.map((endpoint) => ({ title: endpoint, problem: 'there is no such sample any more' })));
  await server.close();
  return results;
}
