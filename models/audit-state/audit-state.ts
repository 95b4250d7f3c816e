/** The running audit's one document: who checks what next, and what was found. */
import type { Types } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { isDuplicateKey } from '../db/mongo-errors.ts';
import { type AuditState, type KnownViolation, MAX_KNOWN } from './audit-state-document.ts';

const ID = 'audit';
/** A slice takes seconds; between two of them the shop has the database to itself. */
export const SLICE_EVERY_MS = 60_000;
export const YOUNG_EVERY_MS = 5 * 60_000;
/** Other workers change the state a few times a minute. */
const MAX_TRIES = 10;

/** The result of one check. */
interface Findings {
  name: string;
  violations: readonly { id: string; detail: string }[];
}

/** Null before the first slice. */
export async function readAuditState(db: Database): Promise<AuditState | null> {
  return driverCollection(db.auditStates).findOne({ _id: ID });
}

/** The claim of a slice. */
export interface SliceClaim {
  slice: number;
  /** The last order that the round has checked; null at its beginning. */
  after: Types.ObjectId | null;
  roundStartedAt: Date;
}

/** One worker gets the slice, at most one a SLICE_EVERY_MS. Null for the others. */
export async function claimSlice(db: Database, now: Date): Promise<SliceClaim | null> {
  const claimed = await changeState(db, now, (state) =>
    state.sliceDueAt > now
      ? null
      : {
          ...state,
          sliceDueAt: new Date(now.getTime() + SLICE_EVERY_MS),
          slice: state.slice + 1,
          roundStartedAt: state.roundStartedAt ?? now,
        },
  );
  if (claimed === null) return null;
  const { slice, position = null, roundStartedAt = now } = claimed.state;
  return { slice, after: position, roundStartedAt };
}

/** As claimSlice, for the young orders. */
export async function claimYoung(db: Database, now: Date): Promise<boolean> {
  const claimed = await changeState(db, now, (state) =>
    state.youngDueAt > now ? null : { ...state, youngDueAt: new Date(now.getTime() + YOUNG_EVERY_MS) },
  );
  return claimed !== null;
}

/** Stores the result of the young orders. Returns the violations that were not known. */
export async function storeYoung(db: Database, checks: readonly Findings[], now: Date): Promise<KnownViolation[]> {
  const stored = await changeState(db, now, (state) => withFindings(state, checks, now));
  return newIn(stored);
}

export interface CheckedSlice {
  claim: SliceClaim;
  checks: readonly Findings[];
  /** The last order of the slice; null when the round has ended. */
  last: Types.ObjectId | null;
}

/** Stores a slice, unless another worker has claimed the next one meanwhile. Returns the violations that were not known. */
export async function storeSlice(
  db: Database,
  { claim, checks, last }: CheckedSlice,
  now: Date,
): Promise<KnownViolation[]> {
  const stored = await changeState(db, now, (state) =>
    state.slice === claim.slice ? afterSlice(withFindings(state, checks, now), last) : null,
  );
  return newIn(stored);
}

/** At the end of a round the violations that it did not find again are repaired; without any, the books are proved. Pure. */
export function afterSlice(state: AuditState, last: Types.ObjectId | null): AuditState {
  if (last !== null) return { ...state, position: last };
  const { position: _, roundStartedAt, ...rest } = state;
  if (roundStartedAt === undefined) return rest;
  const violations = state.violations.filter(({ seenAt }) => seenAt >= roundStartedAt);
  return { ...rest, violations, ...(violations.length === 0 ? { provedUntil: roundStartedAt } : {}) };
}

/** Pure. */
export function withFindings(state: AuditState, checks: readonly Findings[], now: Date): AuditState {
  const violations = new Map(state.violations.map((violation) => [keyOf(violation), violation]));
  for (const { name, violations: found } of checks)
    for (const { id, detail } of found) {
      const key = keyOf({ check: name, id });
      const foundAt = violations.get(key)?.foundAt ?? now;
      if (violations.has(key) || violations.size < MAX_KNOWN)
        violations.set(key, { check: name, id, detail, foundAt, seenAt: now });
    }
  return { ...state, violations: [...violations.values()] };
}

function keyOf({ check, id }: Pick<KnownViolation, 'check' | 'id'>): string {
  return `${check} ${id}`;
}

interface StateChange {
  before: AuditState;
  state: AuditState;
}

function newIn(change: StateChange | null): KnownViolation[] {
  const known = new Set(change?.before.violations.map(keyOf));
  return change?.state.violations.filter((violation) => !known.has(keyOf(violation))) ?? [];
}

/** By a compare-and-set on the version. Null when `decide` left the state as it is, or others changed it at each try. */
async function changeState(
  db: Database,
  now: Date,
  decide: (state: AuditState) => AuditState | null,
): Promise<StateChange | null> {
  const states = driverCollection(db.auditStates);
  for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
    const before = (await states.findOne({ _id: ID })) ?? (await createState(db, now));
    const after = decide(before);
    if (after === null) return null;
    const state = { ...after, version: before.version + 1 };
    const { matchedCount } = await states.replaceOne({ _id: ID, version: before.version }, state);
    if (matchedCount === 1) return { before, state };
  }
  return null;
}

async function createState(db: Database, now: Date): Promise<AuditState> {
  const state: AuditState = { _id: ID, version: 0, sliceDueAt: now, slice: 0, youngDueAt: now, violations: [] };
  await driverCollection(db.auditStates)
    .insertOne(state)
    .catch((error: unknown) => {
      if (!isDuplicateKey(error)) throw error;
    });
  return state;
}
