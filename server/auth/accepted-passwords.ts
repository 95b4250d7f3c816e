import { createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';

const TTL_MS = 60_000;
const MAX_PASSWORDS = 100;

/**
 * Caches for a minute that a password fitted an argon2 hash: an Agendash page makes dozens of requests, and each check costs
 * 20 ms. No password is kept: the keys are HMACs by a secret of this object alone.
 */
export class AcceptedPasswords {
  readonly #secret = randomBytes(32);
  readonly #accepted: LRUCache<string, true>;

  constructor(maxPasswords = MAX_PASSWORDS) {
    this.#accepted = new LRUCache({ max: maxPasswords, ttl: TTL_MS, ttlResolution: 0 });
  }

  has(passwordHash: string, password: string): boolean {
    return this.#accepted.has(this.#keyOf(passwordHash, password));
  }

  add(passwordHash: string, password: string): void {
    this.#accepted.set(this.#keyOf(passwordHash, password), true);
  }

  /** For tests: the keys as a dump of this process's memory would show them. */
  keys(): string[] {
    return [...this.#accepted.keys()];
  }

  #keyOf(passwordHash: string, password: string): string {
    return createHmac('sha256', this.#secret).update(`${passwordHash}\n${password}`).digest('hex');
  }
}
