/** The checkpoint of each reconcile pass, with the rows that it could not read. */
import type { Checkpoint, SetAsideRow } from '../db/checkpoint-document.ts';
import type { Database } from '../db/database.ts';
import { afterPass, type PassReading, type UnreadState } from './unread-rows.ts';

export const PASS_NAMES = ['charges', 'refunds', 'disputes', 'payouts', 'charges_daily'] as const;
export type PassName = (typeof PASS_NAMES)[number];

export interface PassState extends UnreadState {
  /** When the last completed pass began; null before the first. */
  completedAt: Date | null;
  /** How far back the first completed pass has looked; null before it. */
  since: Date | null;
}

const checkpointId = (pass: PassName) => `reconcile:${pass}`;

export async function findPassState(db: Database, pass: PassName): Promise<PassState> {
  return toState(await db.checkpoints.findById(checkpointId(pass)).lean<Checkpoint>());
}

function toState(checkpoint: Checkpoint | null): PassState {
  const { completedAt = null, since = null, unread = [], setAside = [] } = checkpoint ?? {};
  return { completedAt, since, unread, setAside };
}

export interface PassEndState extends PassReading {
  /** When the pass began. */
  startedAt: Date;
  /** How far back it has looked. */
  from: Date;
  /** Rows that only a newer process may change: the next pass must list them again. */
  holds: boolean;
}

/**
 * Stores the end of a whole pass and returns the rows that it sets aside. May be repeated and raced: an older time never
 * overwrites a newer one.
 */
export async function completePass(
  db: Database,
  pass: PassName,
  before: UnreadState,
  { startedAt, from, holds, ...reading }: PassEndState,
): Promise<SetAsideRow[]> {
  const { unread, setAside, added, moves } = afterPass(before, reading);
  const lists = { unread, setAside };
  const filled = Object.entries(lists).filter(([, rows]) => rows.length > 0);
  const empty = Object.entries(lists).filter(([, rows]) => rows.length === 0);
  const moved = moves && !holds ? { $max: { completedAt: startedAt }, $min: { since: from } } : {};
  const set = filled.length === 0 ? {} : { $set: Object.fromEntries(filled) };
  const unset = empty.length === 0 ? {} : { $unset: Object.fromEntries(empty.map(([field]) => [field, 1 as const])) };
  await db.checkpoints.updateOne({ _id: checkpointId(pass) }, { ...moved, ...set, ...unset }, { upsert: true });
  return added;
}

export interface SetAsideRows {
  pass: PassName;
  rows: SetAsideRow[];
}

/** Of every pass that has set rows aside. */
export async function findSetAside(db: Database): Promise<SetAsideRows[]> {
  const checkpoints = await db.checkpoints
    .find({ _id: { $in: PASS_NAMES.map(checkpointId) }, setAside: { $exists: true } })
    .lean<Checkpoint[]>();
  return PASS_NAMES.flatMap((pass) => {
    const { setAside } = toState(checkpoints.find(({ _id }) => _id === checkpointId(pass)) ?? null);
    return setAside.length === 0 ? [] : [{ pass, rows: setAside }];
  });
}
