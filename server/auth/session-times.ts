/**
 * How long sessions last. A token lasts one lifetime. A session in use gets new tokens, each for another lifetime, until
 * twelve lifetimes after its sign-in: a stolen token cannot be renewed for ever. All times in ms.
 */
import { isStaff, type Role } from '../../models/contract/permissions.ts';

/** The lifetime of a token, by the kind of account. */
export interface SessionLifetimes {
  customerMs: number;
  staffMs: number;
}

const LIFETIMES_OF_A_SESSION = 12;
/** A token is renewed when so much of its lifetime has passed: 30 h of 30 days, 30 min of 12 h. */
const RENEWED_AFTER = 1 / 24;

interface TokenTimes {
  /** When the user signed in. */
  startedAt: Date;
  issuedAt: Date;
}

export function lifetimeOf(role: Role, { customerMs, staffMs }: SessionLifetimes): number {
  return isStaff(role) ? staffMs : customerMs;
}

/** When the token expires. */
export function tokenEnd({ startedAt, issuedAt }: TokenTimes, lifetimeMs: number): Date {
  return new Date(Math.min(issuedAt.getTime() + lifetimeMs, startedAt.getTime() + lifetimeMs * LIFETIMES_OF_A_SESSION));
}

/** True when a token issued now would replace this one and last longer. */
export function isRenewalDue(token: TokenTimes, lifetimeMs: number, now: Date): boolean {
  const isOld = now.getTime() - token.issuedAt.getTime() > lifetimeMs * RENEWED_AFTER;
  return isOld && tokenEnd({ ...token, issuedAt: now }, lifetimeMs) > tokenEnd(token, lifetimeMs);
}
