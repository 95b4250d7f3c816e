/**
 * I4: one order per reference, one per checkoutKey, one row per key. MongoDB builds and keeps a unique index only over
 * unique values, so the existence of the index is the proof, and it is cheap.
 */
import type { Database } from '../db/database.ts';
import { type AuditCheck, type CheckResult, CheckResultBuilder } from './check.ts';

export const uniquenessCheck: AuditCheck = {
  id: 'I4',
  name: 'uniqueness',
  question: 'The unique indexes exist: no two orders share a reference (and with it a code) or a checkoutKey.',
};

export async function auditUniqueness(db: Database): Promise<CheckResult> {
  const builder = new CheckResultBuilder(uniquenessCheck);
  for (const model of Object.values(db.connection.models)) {
    const expected = model.schema.indexes().filter(([, { unique }]) => unique === true);
    if (expected.length === 0) continue;
    const existing = await readUniqueKeys(db, model.collection.name);
    for (const [keys] of expected) {
      const name = `${model.collection.name}.${JSON.stringify(keys)}`;
      builder.inspect(name, () => (existing.has(JSON.stringify(keys)) ? [] : ['this unique index is missing']));
    }
  }
  return builder.result();
}

const NAMESPACE_NOT_FOUND = 26;

async function readUniqueKeys(db: Database, collection: string): Promise<Set<string>> {
  try {
    const indexes = await db.connection.collection(collection).indexes();
    return new Set(indexes.filter(({ unique }) => unique === true).map(({ key }) => JSON.stringify(key)));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === NAMESPACE_NOT_FOUND) return new Set();
    throw error;
  }
}
