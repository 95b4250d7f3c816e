import { LRUCache } from 'lru-cache';
import type { Types } from 'mongoose';
import type { Session } from '../../models/accounts/end-sessions.ts';

/** The user and the session that a valid token names. */
export interface Identity extends Session {
  userId: Types.ObjectId;
  issuedAt: Date;
  expiresAt: Date;
}

interface Verified {
  identity: Identity;
  verifiedAt: Date;
}

/** A token takes some 500 bytes. */
const MAX_TOKENS = 10_000;

/** Caches our own tokens that were verified, until they expire: most calls bring one that was verified a moment ago. */
export class VerifiedTokens {
  readonly #verified: LRUCache<string, Verified>;

  constructor(maxTokens = MAX_TOKENS) {
    this.#verified = new LRUCache({ max: maxTokens });
  }

  /** Null for a token that must be verified: not cached, expired, or verified later than `now`, after a clock was set back. */
  find(token: string, now: Date): Identity | null {
    const cached = this.#verified.get(token);
    if (cached === undefined) return null;
    if (cached.verifiedAt <= now && now < cached.identity.expiresAt) return cached.identity;
    this.#verified.delete(token);
    return null;
  }

  keep(token: string, verified: Verified): void {
    this.#verified.set(token, verified);
  }
}
