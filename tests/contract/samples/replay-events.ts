/**
 * Published events, signed and sent to the webhook endpoint of a whole shop. Each must be answered 200 and be applied, and none
 * may change an order, because they are about other merchants' transactions.
 */
import * as z from 'zod';
import { startLocalServer } from '../../../dev/start/local-server.ts';
import { parseWebhookEvent } from '../../../server/paystack/webhook-event.ts';
import type { PublishedEvent } from './published.ts';
import type { ReplyResult } from './replay-replies.ts';

const APPLIED_WITHIN_MS = 30_000;

const KINDS: readonly [pattern: RegExp, kind: string][] = [
  [/^charge\.dispute\./, 'dispute'],
  [/^charge\./, 'charge'],
  [/^refund\./, 'refund'],
];

const dataSchema = z.object({
  data: z.looseObject({
    reference: z.string().optional(),
    transaction_reference: z.string().nullish(),
    transaction: z.looseObject({ reference: z.string() }).optional().catch(undefined),
  }),
});

function referenceIn(bytes: Buffer): string | null {
  const { data } = dataSchema.parse(JSON.parse(bytes.toString('utf8')));
  return data.transaction?.reference ?? data.transaction_reference ?? data.reference ?? null;
}

/** The problem with how our parser reads the event's bytes; null for none. */
function misread({ event, bytes }: PublishedEvent): string | null {
  const parsed = parseWebhookEvent(bytes);
  if (parsed.event !== event) return `its name is read as ${parsed.event || 'nothing'}`;
  const [, kind] = KINDS.find(([pattern]) => pattern.test(event)) ?? [];
  if (kind !== undefined && parsed.kind !== kind) return `its kind is read as ${parsed.kind}`;
  if (kind === undefined) return null;
  // Samples have underscores in references, which Paystack's rules do not allow and none of ours has.
  const named = referenceIn(bytes);
  const wanted = /^[A-Za-z0-9.=-]{1,100}$/.test(named ?? '') ? named : null;
  if (parsed.reference !== wanted) return `its charge ${wanted ?? '(none)'} is read as ${parsed.reference ?? 'none'}`;
  return kind === 'dispute' && parsed.dispute === undefined ? 'the dispute that it names is not read' : null;
}

export async function replayEvents(events: readonly PublishedEvent[]): Promise<ReplyResult[]> {
  const results: ReplyResult[] = events.map((event) => ({
    title: `${event.event}, ${event.file}`,
    problem: misread(event),
  }));
  const shop = await startLocalServer({
    env: { PORT: '0', OPS_PORT: '0', LOG_LEVEL: 'silent', SWEEP_SECONDS: '1', CALLS_PER_MINUTE: '1000000' },
    folder: null,
    ports: { sandbox: 0, mailbox: 0 },
    log: console.log,
    refundStepMs: 1_000,
  });
  try {
    for (const [index, { event, bytes }] of events.entries()) {
      const delivery = await shop.sandbox?.sendWebhook({ event, rawBody: bytes });
      const status = delivery?.attempts.at(-1)?.status ?? null;
      const result = results[index];
      if (result !== undefined && status !== 200) result.problem ??= `the endpoint answers ${status ?? 'nothing'}`;
    }
    results.push(await inboxResult(shop.ctx.db, new Set(events.map(({ bytes }) => bytes.toString('hex'))).size));
  } finally {
    await shop.stop();
  }
  return results;
}

type Database = Awaited<ReturnType<typeof startLocalServer>>['ctx']['db'];

async function inboxResult(db: Database, distinct: number): Promise<ReplyResult> {
  const until = Date.now() + APPLIED_WITHIN_MS;
  const waiting = () => db.webhookEvents.countDocuments({ dueAt: { $exists: true } });
  while ((await waiting()) > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 200));
  const [open, kept, orders] = await Promise.all([
    waiting(),
    db.webhookEvents.countDocuments({}),
    db.orders.countDocuments({}),
  ]);
  const title = `the inbox has all ${distinct} distinct events, applied, and no order came of them`;
  const holds = open === 0 && kept === distinct && orders === 0;
  return { title, problem: holds ? null : `${kept} are kept, ${open} of them wait, and there are ${orders} orders` };
}
