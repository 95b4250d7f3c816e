import type { Types } from 'mongoose';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { READ_MAJORITY } from '../../db/read-write-concerns.ts';
import { hasSessionEnded } from '../end-sessions.ts';
import type { Account } from '../user.ts';
import type { SessionRow } from './session-document.ts';

/** More than one person has devices. */
const MAX_LISTED = 50;

export async function recordSession(db: Database, row: SessionRow): Promise<void> {
  await driverCollection(db.sessions).insertOne(row);
}

/** Keeps that the session was used, and until when its new token lives if it got one. A session without a row gets none. */
export async function touchSession(
  db: Database,
  id: string,
  { now, until }: { now: Date; until?: Date },
): Promise<void> {
  const $max = { lastUsedAt: now, ...(until === undefined ? {} : { until }) };
  await driverCollection(db.sessions).updateOne({ _id: id }, { $max });
}

/** Those that are live, the newest first. */
export async function findSessions(
  db: Database,
  user: Pick<Account, '_id' | 'sessionsFrom' | 'endedSessions'>,
  now: Date,
): Promise<SessionRow[]> {
  const rows = await driverCollection(db.sessions)
    .find({ userId: user._id, until: { $gt: now } }, { sort: { startedAt: -1 }, limit: MAX_LISTED, ...READ_MAJORITY })
    .toArray();
  return rows.filter(({ _id, startedAt }) => !hasSessionEnded({ id: _id, startedAt }, user));
}

/** True if the account has such a session, ended or not. */
export async function isSessionOf(db: Database, userId: Types.ObjectId, id: string): Promise<boolean> {
  return (await driverCollection(db.sessions).findOne({ _id: id, userId }, { projection: { _id: 1 } })) !== null;
}

/** After sessions have ended: their rows say where they were. Without an id all of the account's. */
export async function forgetSessions(db: Database, userId: Types.ObjectId, id?: string): Promise<void> {
  await driverCollection(db.sessions).deleteMany({ userId, ...(id === undefined ? {} : { _id: id }) });
}

/** By user id, when a live session of each was last used; those without one are missing. */
export async function lastSeen(
  db: Database,
  users: readonly { _id: Types.ObjectId }[],
): Promise<ReadonlyMap<string, Date>> {
  const rows = await driverCollection(db.sessions)
    .aggregate<{ _id: Types.ObjectId; at: Date }>([
      { $match: { userId: { $in: users.map(({ _id }) => _id) } } },
      { $group: { _id: '$userId', at: { $max: '$lastUsedAt' } } },
    ])
    .toArray();
  return new Map(rows.map(({ _id, at }) => [String(_id), at]));
}
