/** The accounts of a fresh shop, for the terminal: only those that one can sign in with. */
import type { Config } from '../../server/config/config.ts';
import { SEED_CUSTOMER, SEED_STAFF, type SeedAccount, type SeedOutcome } from '../seed/seed.ts';

/** Sentences, or rows of role, email and password. */
export function describeAccounts(
  { auth }: Pick<Config, 'auth'>,
  seeded: SeedOutcome,
  team: readonly SeedAccount[] = [],
): { sentence: string } | { rows: [string, string, string][] } {
  if (seeded === 'foreign')
    return { sentence: 'The database is not empty, so no products and no accounts were added to it.' };
  if (auth.kind === 'jwks')
    return {
      sentence: `Accounts are at ${auth.issuer}: sign in there. An account gets a role of staff by \`npm run staff\`.`,
    };
  return { rows: [SEED_CUSTOMER, SEED_STAFF, ...team].map(({ role, email, password }) => [role, email, password]) };
}
