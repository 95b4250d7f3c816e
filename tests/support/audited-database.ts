/**
 * A database that holds one order of each kind of life. Tests insert a violation past the models and expect the audit
 * to find it.
 */
import { expect } from '@jest/globals';
import type { Types } from 'mongoose';
import { type AuditOptions, type AuditReport, runAudit } from '../../models/audit/audit.ts';
import type { Variant } from '../../models/catalogue/variant.ts';
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import type { Email } from '../../models/messaging/email-document.ts';
import { orderEmailId } from '../../models/messaging/outbox-id.ts';
import type { Order } from '../../models/order/order-document.ts';
import { type LifeName, makeEveryLife } from './order-lives.ts';
import { makeCatalogue, openOwnDatabase } from './orders.ts';

/** The time that the audit runs at. */
export const AUDITED_AT = new Date('2026-03-01T12:00:00Z');
const GRACE_MS = 60_000;

export interface AuditedDatabase {
  db: Database;
  /** The variant in every order. */
  variant: Variant;
  lives: Record<LifeName, Order>;
  audit(options?: Partial<AuditOptions>): Promise<AuditReport>;
  /** The ids of the violations by the name of their check. */
  findings(options?: Partial<AuditOptions>): Promise<Record<string, string[]>>;
  /** Runs `violate`, expects exactly these findings, and restores every document. */
  expectFindings(violate: () => Promise<unknown>, expected: Record<string, unknown[]>): Promise<void>;
  /** Updates an order past the models. */
  onOrder(life: LifeName, update: object): Promise<unknown>;
  idOf(life: LifeName): Types.ObjectId;
  close(): Promise<void>;
}

export async function openAuditedDatabase(): Promise<AuditedDatabase> {
  const db = await openOwnDatabase();
  const [variant] = await makeCatalogue(db, { stock: 500, now: AUDITED_AT });
  if (!variant) throw new Error('no variant was made');
  const lives = await makeEveryLife(db, variant, AUDITED_AT);
  const audit = (options: Partial<AuditOptions> = {}) =>
    runAudit(db, { now: AUDITED_AT, graceMs: GRACE_MS, domain: 'test', ...options });
  const findings = async (options: Partial<AuditOptions> = {}) => {
    const { checks } = await audit(options);
    const violated = checks.filter(({ violationCount }) => violationCount > 0);
    return Object.fromEntries(
      violated.map(({ name, violations }) => [name, [...new Set(violations.map(({ id }) => id))]]),
    );
  };
  return {
    db,
    variant,
    lives,
    audit,
    findings,
    async expectFindings(violate, expected) {
      const restore = await remember(db);
      try {
        await violate();
        const ids = Object.entries(expected).map(([name, offenders]) => [name, offenders.map(String)]);
        expect(await findings()).toEqual(Object.fromEntries(ids));
      } finally {
        await restore();
      }
      expect(await findings()).toEqual({});
    },
    onOrder: (life, update) => driverCollection(db.orders).updateOne({ _id: lives[life]._id }, update),
    idOf: (life) => lives[life]._id,
    close: () => db.connection.close(),
  };
}

/** Returns a function that restores every document to its present state. */
async function remember(db: Database): Promise<() => Promise<void>> {
  const models = [db.orders, db.emails, db.stockMovements, db.variants, db.webhookEvents];
  const collections = models.map((model) => db.connection.collection<{ _id: unknown }>(model.collection.name));
  const before = await Promise.all(collections.map((collection) => collection.find().toArray()));
  return async () => {
    for (const [index, collection] of collections.entries()) {
      await collection.deleteMany({});
      const documents = before[index] ?? [];
      if (documents.length > 0) await collection.insertMany(documents);
    }
  };
}

/** A sent email, as the outbox stores it. */
export const sentEmail = (
  orderId: Types.ObjectId,
  kind: Email['kind'],
  seq: number,
  data: Email['data'] = {},
): Email => ({
  _id: orderEmailId(orderId, kind, seq),
  orderId,
  kind,
  data,
  state: 'sent',
  createdAt: AUDITED_AT,
  sentAt: AUDITED_AT,
  attempts: 1,
});
