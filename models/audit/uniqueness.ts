/**
 * I4's other half: one order per reference, one per checkoutKey, one row per key. The server builds and keeps a unique
 * index only over unique values, so the index standing is the proof, and it is cheap.
 */
import type { Database } from '../db/database.ts';
import { type AuditCheck, type CheckResult, CheckTally } from './check.ts';

export const uniquenessCheck: AuditCheck = {
  id: 'I4',
  name: 'uniqueness',
  question: 'The unique indexes stand: no two orders share a reference (and with it a code) or a checkoutKey.',
};

/** Looks at the indexes of every collection. */
export async function auditUniqueness(db: Database): Promise<CheckResult> {
  const tally = new CheckTally(uniquenessCheck);
  for (const model of Object.values(db.connection.models)) {
    const wanted = model.schema.indexes().filter(([, { unique }]) => unique === true);
    if (wanted.length === 0) continue;
    const standing = await readUniqueKeys(db, model.collection.name);
    for (const [keys] of wanted) {
      const name = `${model.collection.name}.${JSON.stringify(keys)}`;
      tally.inspect(name, () => (standing.has(JSON.stringify(keys)) ? [] : ['this unique index is missing']));
    }
  }
  return tally.result();
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
