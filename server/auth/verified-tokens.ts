/**
 * Tokens of our own that were verified, with whom they name, until they expire: most calls bring one that was verified a
 * moment ago. A refusal is never kept. Bounded; the one verified the longest ago is forgotten, and then verified again.
 */
import type { Types } from 'mongoose';

interface Verified {
  userId: Types.ObjectId;
  verifiedAt: Date;
  expiresAt: Date;
}

export class VerifiedTokens {
  readonly #verified = new Map<string, Verified>();
  readonly #most: number;

  /** @param most how many are kept; a token takes some 400 bytes. */
  constructor(most = 10_000) {
    this.#most = most;
  }

  /** null for a token that must be verified: unknown here, expired, or from later than `now`, as when a clock was set back. */
  find(token: string, now: Date): Types.ObjectId | null {
    const known = this.#verified.get(token);
    if (known === undefined) return null;
    if (known.verifiedAt <= now && now < known.expiresAt) return known.userId;
    this.#verified.delete(token);
    return null;
  }

  keep(token: string, verified: Verified): void {
    this.#verified.set(token, verified);
    if (this.#verified.size <= this.#most) return;
    const oldest = this.#verified.keys().next();
    if (!oldest.done) this.#verified.delete(oldest.value);
  }
}
