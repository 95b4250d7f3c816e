/** Exported lists, for download within a minute of their making. The address is the permission, so it cannot be guessed. */
import { randomBytes } from 'node:crypto';
import type { Express } from 'express';
import type { TransactionRecord } from '../ledger/records.ts';

const LIFETIME_MS = 60_000;

export interface Exports {
  add: (csv: string) => { path: string; expiresAt: string };
  mount: (app: Express) => void;
}

export type Columns<T> = readonly [title: string, of: (entry: T) => string | number | null][];

export const transactionColumns: Columns<TransactionRecord> = [
  ['id', ({ id }) => id],
  ['reference', ({ reference }) => reference],
  ['email', ({ email }) => email],
  ['amount', ({ amount }) => amount],
  ['currency', ({ currency }) => currency],
  ['fees', ({ fees }) => fees],
  ['status', ({ status }) => status],
  ['channel', ({ channel }) => channel],
  ['created_at', ({ createdAt }) => createdAt],
  ['paid_at', ({ paidAt }) => paidAt],
];

const cell = (value: string | number | null): string => `"${String(value ?? '').replaceAll('"', '""')}"`;

/** One row for each, newest first. */
export function csvOf<T extends { id: number }>(entries: T[], columns: Columns<T>): string {
  const rows = entries.toSorted((a, b) => b.id - a.id).map((entry) => columns.map(([, of]) => cell(of(entry))));
  return [columns.map(([title]) => cell(title)), ...rows].map((cells) => `${cells.join(',')}\r\n`).join('');
}

export function createExports(now: () => Date, addressOf: (path: string) => string): Exports {
  const files = new Map<string, { csv: string; until: number }>();
  const dropOld = (): void => {
    for (const [name, { until }] of files) if (until <= now().getTime()) files.delete(name);
  };
  return {
    add: (csv) => {
      dropOld();
      const name = `${randomBytes(16).toString('hex')}.csv`;
      const until = now().getTime() + LIFETIME_MS;
      files.set(name, { csv, until });
      const expiresAt = new Date(until).toISOString().slice(0, 19).replace('T', ' ');
      return { path: addressOf(`/exports/${name}`), expiresAt };
    },
    mount: (app) => {
      app.get('/exports/:name', (req, res) => {
        dropOld();
        const file = files.get(req.params.name);
        if (file === undefined) res.status(403).type('text').send('This download has expired');
        else res.attachment('export.csv').type('csv').send(file.csv);
      });
    },
  };
}
