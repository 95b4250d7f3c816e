import type { Types } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import type { EndedSession, User } from './user.ts';

/** More sessions of one account than anybody signs out of by hand while their tokens live. */
export const MAX_ENDED_SESSIONS = 50;

/** The part of a token by which the server decides whether it is still valid. */
export interface Session {
  id: string;
  /** When its user signed in. */
  startedAt: Date;
}

type SessionsOf = Pick<User, 'sessionsFrom' | 'endedSessions'>;

/** True if the session began before `sessionsFrom`, or was ended by itself. */
export function hasSessionEnded({ id, startedAt }: Session, { sessionsFrom, endedSessions = [] }: SessionsOf): boolean {
  return (sessionsFrom !== undefined && startedAt < sessionsFrom) || endedSessions.some((ended) => ended.id === id);
}

/**
 * Ends one session: its tokens are refused from the next call on. May be repeated. `until` is when the last of them expires.
 * Beyond 50 ended sessions that could still live, all sessions of the account end, so that the list stays short.
 */
export async function endSession(
  db: Database,
  userId: Types.ObjectId,
  { id, until }: EndedSession,
  now: Date,
): Promise<void> {
  const living = {
    $filter: {
      input: { $ifNull: ['$endedSessions', []] },
      cond: { $and: [{ $gt: ['$$this.until', now] }, { $ne: ['$$this.id', id] }] },
    },
  };
  const user = await driverCollection(db.users).findOneAndUpdate(
    { _id: userId },
    [{ $set: { endedSessions: { $concatArrays: [living, [{ id: { $literal: id }, until }]] } } }],
    { returnDocument: 'after', projection: { endedSessions: 1 } },
  );
  if ((user?.endedSessions?.length ?? 0) > MAX_ENDED_SESSIONS) await endAllSessions(db, { _id: userId }, now);
}

/**
 * Ends every session that has begun by now. Later than any earlier `sessionsFrom`, so that it also ends a session that
 * began in the same millisecond as an earlier end. False when there is no such account.
 */
export async function endAllSessions(
  db: Database,
  person: { _id: Types.ObjectId } | { email: string },
  now: Date,
): Promise<boolean> {
  const { matchedCount } = await driverCollection(db.users).updateOne(person, [
    { $set: { sessionsFrom: { $add: [{ $max: ['$sessionsFrom', now] }, 1] } } },
    { $unset: 'endedSessions' },
  ]);
  return matchedCount === 1;
}

/** When a session begins that is started now: never before the account's `sessionsFrom`, also after a clock was set back. */
export function sessionStart({ sessionsFrom }: SessionsOf, now: Date): Date {
  return sessionsFrom !== undefined && sessionsFrom > now ? sessionsFrom : now;
}
