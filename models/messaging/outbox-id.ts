/**
 * The ids of the outbox. An id names the event that owes the email, so that inserting it twice is a duplicate key:
 * - `<orderId>:<kind>:<seq>`: to the order's customer; `seq` is the order's version after the event
 * - `user:<userId>:<kind>:<n>`: about an account; `n` counts the emails about it
 * - `staff:<kind>:<what>`: to the shop's staff; `what` names the event and may hold colons
 */
import { Types } from 'mongoose';
import type { EmailKind } from '../contract/statuses.ts';

export type OutboxId =
  | { about: 'order'; orderId: string; kind: string; seq: number }
  | { about: 'user'; userId: string; kind: string; n: number }
  | { about: 'staff'; kind: string; what: string };

const KIND = /^[a-z][a-z_]*$/;
const WHAT = /^[A-Za-z0-9][\w.:-]*$/;
const ORDER_ID = /^([0-9a-f]{24}):([a-z][a-z_]*):(0|[1-9]\d{0,14})$/;
const USER_ID = /^user:([0-9a-f]{24}):([a-z][a-z_]*):(0|[1-9]\d{0,14})$/;
const STAFF_ID = /^staff:([a-z][a-z_]*):([A-Za-z0-9][\w.:-]*)$/;

export function orderEmailId(orderId: Types.ObjectId, kind: EmailKind, seq: number): string {
  return `${orderId}:${kind}:${seq}`;
}

/** Throws for a kind that parseOutboxId would not read back. */
export function userEmailId(userId: Types.ObjectId, kind: string, n: number): string {
  if (!KIND.test(kind) || !Number.isSafeInteger(n) || n < 0) throw new Error(`No id for email ${n} of kind ${kind}.`);
  return `user:${userId}:${kind}:${n}`;
}

/** Throws for a kind or event that parseOutboxId would not read back. */
export function staffEmailId(kind: string, what: string): string {
  if (!KIND.test(kind) || !WHAT.test(what)) throw new Error(`No id for an email of kind ${kind} about ${what}.`);
  return `staff:${kind}:${what}`;
}

/** null for any other text. */
export function parseOutboxId(id: string): OutboxId | null {
  const [, orderId, orderKind, seq] = ORDER_ID.exec(id) ?? [];
  if (orderId && orderKind) return { about: 'order', orderId, kind: orderKind, seq: Number(seq) };
  const [, userId, userKind, n] = USER_ID.exec(id) ?? [];
  if (userId && userKind) return { about: 'user', userId, kind: userKind, n: Number(n) };
  const [, kind, what] = STAFF_ID.exec(id) ?? [];
  return kind && what ? { about: 'staff', kind, what } : null;
}

/** The account of an id that is about one. */
export function accountOfEmail(id: string): Types.ObjectId {
  const parsed = parseOutboxId(id);
  if (parsed?.about !== 'user') throw new Error(`Email ${id} is about no account.`);
  return new Types.ObjectId(parsed.userId);
}

/** One order's emails as a range of ids. In ASCII ';' follows ':'. */
export function outboxIdsOfOrder(orderId: Types.ObjectId): { $gte: string; $lt: string } {
  return { $gte: `${orderId}:`, $lt: `${orderId};` };
}

/** Ids of orders' emails begin with a hexadecimal digit; those of accounts and staff lie behind this bound. */
export const END_OF_ORDER_IDS = 'g';
