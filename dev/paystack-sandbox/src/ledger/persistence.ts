/**
 * Keeps the book in one JSON file, so that `npm start` goes on where it was stopped. Written shortly after a change and
 * at close, to a file beside it that is then renamed: a crash leaves the old book or the new one, never half of one.
 * Webhooks are not kept; as with Paystack, what was not delivered is found by asking.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { Records } from './records.ts';
import { emptyRecords } from './records.ts';

const FILE_NAME = 'paystack-sandbox.json';
/** Long enough to gather the changes of one payment into one write, short enough that nobody waits for it. */
const SAVE_DELAY_MS = 100;

const amount = z.number().int();
const end = z.enum(['processed', 'failed', 'needs-attention']);
const domain = z.enum(['test', 'live']);

const transactionSchema = z.strictObject({
  id: z.number(),
  reference: z.string(),
  accessCode: z.string(),
  domain,
  email: z.string(),
  currency: z.string(),
  requestedAmount: amount,
  amount,
  fees: amount,
  callbackUrl: z.string().nullable(),
  metadata: z.json(),
  status: z.string(),
  gatewayResponse: z.string().nullable(),
  channel: z.string().nullable(),
  last4: z.string().nullable(),
  refundEnd: end,
  createdAt: z.string(),
  paidAt: z.string().nullable(),
  attempts: z.array(
    z.strictObject({ at: z.string(), last4: z.string(), succeeded: z.boolean(), gatewayResponse: z.string() }),
  ),
});

const shared = {
  id: z.number(),
  transactionId: z.number(),
  reference: z.string(),
  amount,
  currency: z.string(),
  domain,
};

const recordsSchema = z.strictObject({
  lastId: z.number(),
  transactions: z.array(transactionSchema),
  refunds: z.array(
    z.strictObject({
      ...shared,
      status: z.enum(['pending', 'processing', 'processed', 'failed', 'needs-attention']),
      customerNote: z.string().nullable(),
      merchantNote: z.string().nullable(),
      end,
      createdAt: z.string(),
      updatedAt: z.string(),
    }),
  ),
  disputes: z.array(
    z.strictObject({
      ...shared,
      status: z.enum(['awaiting-merchant-feedback', 'resolved']),
      resolution: z.enum(['merchant-accepted', 'declined']).nullable(),
      dueAt: z.string(),
      createdAt: z.string(),
      resolvedAt: z.string().nullable(),
    }),
  ),
});

export interface RecordStore {
  records: Records;
  /** To be called after each change; cheap, and may be called often. */
  saveSoon: () => void;
  /** Writes what is not yet written. */
  close: () => void;
}

function load(file: string): Records {
  if (!existsSync(file)) return emptyRecords();
  const { lastId, transactions, refunds, disputes } = recordsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return { lastId, transactions: new Map(transactions.map((one) => [one.reference, one])), refunds, disputes };
}

/** The book of `folder`; with null, one that lives in memory only. Throws when the file is not a book. */
export function openRecordStore(folder: string | null): RecordStore {
  if (folder === null) return { records: emptyRecords(), saveSoon: () => {}, close: () => {} };
  const file = path.join(folder, FILE_NAME);
  mkdirSync(folder, { recursive: true });
  const records = load(file);
  let timer: NodeJS.Timeout | null = null;
  const save = (): void => {
    timer = null;
    writeFileSync(`${file}.new`, JSON.stringify({ ...records, transactions: [...records.transactions.values()] }));
    renameSync(`${file}.new`, file);
  };
  return {
    records,
    saveSoon: () => {
      timer ??= setTimeout(save, SAVE_DELAY_MS);
    },
    close: () => {
      if (timer === null) return;
      clearTimeout(timer);
      save();
    },
  };
}
