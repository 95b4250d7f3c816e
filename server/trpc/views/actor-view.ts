/** The people behind an order's records, by name, because staff do not know each other by ids. */
import { Types } from 'mongoose';
import { findAccount } from '../../../models/accounts/find-user.ts';
import type { ActorView } from '../../../models/contract/staff/actor.ts';
import type { Database } from '../../../models/db/database.ts';
import type { Actor } from '../../../models/order/history.ts';
import type { Order } from '../../../models/order/order-document.ts';

/** By user id. */
export type ActorNames = ReadonlyMap<string, string>;

const STAFF = 'staff:';

/** The names of all members of staff that the order names; read in one query. */
export async function readActorNames(db: Database, order: Order): Promise<ActorNames> {
  const actors = [
    ...order.history.map(({ actor }) => actor),
    ...order.refunds.map(({ requestedBy }) => requestedBy),
    ...[...(order.notes ?? []), ...(order.corrections ?? []), ...(order.shipments ?? [])].map(({ by }) => by),
  ];
  const ids = new Set(actors.filter((actor) => actor.startsWith(STAFF)).map((actor) => actor.slice(STAFF.length)));
  const accounts = await Promise.all(
    [...ids].filter((id) => Types.ObjectId.isValid(id)).map((id) => findAccount(db, new Types.ObjectId(id))),
  );
  return new Map(accounts.flatMap((account) => (account === null ? [] : [[String(account._id), account.name]])));
}

export function toActorView(actor: Actor, names: ActorNames): ActorView {
  if (actor === 'system' || actor === 'customer' || actor === 'paystack') return { kind: actor, name: null };
  return { kind: 'staff', name: names.get(actor.slice(STAFF.length)) ?? null };
}
