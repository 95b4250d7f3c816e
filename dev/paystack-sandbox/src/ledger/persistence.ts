/**
 * One JSON file, written to a temporary file and renamed, so that a crash never leaves an incomplete one. Webhooks are not
 * kept: as with Paystack, the merchant verifies payments whose event was not delivered.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { Records } from './records.ts';
import { channels, emptyRecords } from './records.ts';

/** In the folder of the records. */
export const RECORDS_FILE = 'paystack-sandbox.json';
/** Combines the changes of one payment into one write. */
const SAVE_DELAY_MS = 100;
/** Saving takes at most one part in so many of the time, however many records there are. */
const PAUSE_PER_SAVE = 20;

const amount = z.number().int();
const end = z.enum(['processed', 'failed', 'needs-attention']);
const domain = z.enum(['test', 'live']);

const channelsSchema = z.array(z.enum(channels)).default(['card']);
const waitingSchema = z.strictObject({
  channel: z.enum(['bank_transfer', 'ussd', 'mobile_money']),
  target: z.string(),
  bank: z.string().nullable(),
  expiresAt: z.string(),
});

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
  channels: channelsSchema,
  waiting: waitingSchema.nullable().default(null),
  rejectedTransfers: z.array(z.strictObject({ at: z.string(), amount })).default([]),
  refundEnd: end,
  createdAt: z.string(),
  paidAt: z.string().nullable(),
  settlementId: z.number().nullable().default(null),
  attempts: z.array(
    z.strictObject({
      at: z.string(),
      channel: z.string().default('card'),
      last4: z.string().nullable(),
      succeeded: z.boolean(),
      gatewayResponse: z.string(),
    }),
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

const disputeStatus = z.enum([
  'awaiting-merchant-feedback',
  'awaiting-bank-feedback',
  'pending',
  'resolved',
  'archived',
]);

const evidenceSchema = z.strictObject({
  id: z.number(),
  customerEmail: z.string(),
  customerName: z.string(),
  customerPhone: z.string(),
  serviceDetails: z.string(),
  deliveryAddress: z.string().nullable(),
  deliveryDate: z.string().nullable(),
  createdAt: z.string(),
});

const settlementSchema = z.strictObject({
  id: z.number(),
  domain,
  status: z.enum(['pending', 'processing', 'success', 'failed']),
  currency: z.string(),
  gross: amount,
  fees: amount,
  deductions: amount.nullable(),
  net: amount,
  settlementDate: z.string(),
  transactionIds: z.array(z.number()),
  createdAt: z.string(),
  updatedAt: z.string(),
});

const recordsSchema = z.strictObject({
  lastId: z.number(),
  clockMovedMs: z.number().int().min(0).default(0),
  transactions: z.array(transactionSchema),
  refunds: z.array(
    z.strictObject({
      ...shared,
      status: z.enum(['pending', 'processing', 'processed', 'failed', 'needs-attention']),
      customerNote: z.string().nullable(),
      merchantNote: z.string().nullable(),
      disputeId: z.number().nullable(),
      end,
      createdAt: z.string(),
      updatedAt: z.string(),
    }),
  ),
  disputes: z.array(
    z.strictObject({
      ...shared,
      amount: amount.nullable(),
      category: z.string(),
      status: disputeStatus,
      resolution: z.enum(['merchant-accepted', 'auto-accepted', 'declined']).nullable(),
      dueAt: z.string().nullable(),
      createdAt: z.string(),
      updatedAt: z.string(),
      resolvedAt: z.string().nullable(),
      evidence: evidenceSchema.nullable().default(null),
      fileName: z.string().nullable().default(null),
      history: z.array(z.strictObject({ status: disputeStatus, by: z.string(), at: z.string() })).default([]),
      messages: z.array(z.strictObject({ sender: z.string(), body: z.string(), at: z.string() })).default([]),
    }),
  ),
  disputeFiles: z
    .array(
      z.strictObject({
        fileName: z.string(),
        disputeId: z.number(),
        originalName: z.string(),
        issuedAt: z.string(),
        uploaded: z.strictObject({ at: z.string(), size: amount, contentType: z.string().nullable() }).nullable(),
      }),
    )
    .default([]),
  settlements: z.array(settlementSchema).default([]),
  settledAt: z.string().nullable().default(null),
});

export interface RecordStore {
  records: Records;
  /** Schedules a write after a change; further calls until then have no effect. */
  saveSoon: () => void;
  /** Writes changes that are not yet written. */
  close: () => void;
}

function load(file: string): Records {
  if (!existsSync(file)) return emptyRecords();
  const { transactions, ...rest } = recordsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return { ...rest, transactions: new Map(transactions.map((one) => [one.reference, one])) };
}

/** With null, records stay in memory. Throws if the file in the folder is malformed. */
export function openRecordStore(folder: string | null): RecordStore {
  if (folder === null) return { records: emptyRecords(), saveSoon: () => {}, close: () => {} };
  const file = path.join(folder, RECORDS_FILE);
  mkdirSync(folder, { recursive: true });
  const records = load(file);
  let timer: NodeJS.Timeout | null = null;
  let delayMs = SAVE_DELAY_MS;
  const save = (): void => {
    timer = null;
    const startedAt = performance.now();
    writeFileSync(`${file}.new`, JSON.stringify({ ...records, transactions: [...records.transactions.values()] }));
    renameSync(`${file}.new`, file);
    delayMs = Math.max(SAVE_DELAY_MS, PAUSE_PER_SAVE * (performance.now() - startedAt));
  };
  return {
    records,
    saveSoon: () => {
      timer ??= setTimeout(save, delayMs);
    },
    close: () => {
      if (timer === null) return;
      clearTimeout(timer);
      save();
    },
  };
}
