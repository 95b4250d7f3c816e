/** The calls that each library makes, in the same order in every language. */
import * as z from 'zod';

/** The environment of a program that makes the calls. */
export interface CallerEnvironment {
  CLIENT: string;
  /** Where the library is installed. */
  FOLDER: string;
  BASE_URL: string;
  SECRET_KEY: string;
  REFERENCE: string;
}

export const AMOUNT = 150_000;
export const REFUNDED = 40_000;

/** The replies as the library has read them, printed by the program as its last line. */
export const outcomeSchema = z.object({
  initialized: z.object({ reference: z.string(), authorization_url: z.string() }),
  verified: z.object({ reference: z.string(), status: z.string(), amount: z.number() }),
  fetched: z.object({ id: z.coerce.number(), reference: z.string(), amount: z.number() }),
  listed: z.array(z.object({ reference: z.string() })),
  refund: z.object({ id: z.coerce.number(), status: z.string(), amount: z.number() }),
  refunds: z.array(z.object({ id: z.coerce.number(), amount: z.number() })),
});

export type Outcome = z.infer<typeof outcomeSchema>;

export interface Calls {
  initialize: (body: { email: string; amount: number; currency: string; reference: string }) => Promise<unknown>;
  verify: (reference: string) => Promise<unknown>;
  fetch: (id: number) => Promise<unknown>;
  list: () => Promise<unknown>;
  refund: (reference: string, amount: number) => Promise<unknown>;
  refunds: (transaction: { id: number; reference: string }) => Promise<unknown>;
}
