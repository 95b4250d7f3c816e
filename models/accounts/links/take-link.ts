import type { ClientSession, Types } from 'mongoose';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { invalidInput } from '../../errors.ts';
import type { LinkPurpose, OneTimeLink } from './one-time-link-document.ts';

/** The one guarded update that uses a link. */
export async function takeLink(
  db: Database,
  linkId: string,
  purpose: LinkPurpose,
  { now, session }: { now: Date; session?: ClientSession },
): Promise<OneTimeLink> {
  const link = await driverCollection(db.oneTimeLinks).findOneAndUpdate(
    { _id: linkId, ...usable(purpose, now) },
    { $set: { usedAt: now } },
    session === undefined ? {} : { session },
  );
  if (!link) throw spent();
  return link;
}

export function usable(purpose: LinkPurpose, now: Date) {
  return { purpose, usedAt: { $exists: false }, expiresAt: { $gt: now } };
}

/** Undoes the use of a link at `usedAt` that has led to nothing. */
export async function giveLinkBack(db: Database, linkId: string, usedAt: Date): Promise<void> {
  await driverCollection(db.oneTimeLinks).updateOne({ _id: linkId, usedAt }, { $unset: { usedAt: 1 } });
}

/** False for a link that was used or has expired, and for one of another address than the account has now. */
export async function isUsable(
  db: Database,
  { linkId, purpose, email, now }: { linkId: string; purpose: LinkPurpose; email: string; now: Date },
): Promise<boolean> {
  const link = { _id: linkId, email, ...usable(purpose, now) };
  return (await driverCollection(db.oneTimeLinks).findOne(link, { projection: { _id: 1 } })) !== null;
}

/** The links of this purpose that the account has not used work no more. For the transaction that makes them needless. */
export async function revokeLinks(
  db: Database,
  userId: Types.ObjectId,
  purpose: LinkPurpose,
  { now, session }: { now: Date; session: ClientSession },
): Promise<void> {
  const unused = { userId, purpose, usedAt: { $exists: false } };
  await driverCollection(db.oneTimeLinks).updateMany(unused, { $set: { usedAt: now } }, { session });
}

/** Also for a token that we never made. */
export function spent() {
  return invalidInput('token', 'this link was used before or is too old; ask for a new one');
}
