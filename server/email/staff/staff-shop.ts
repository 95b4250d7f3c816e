import type { OneTimeTokens } from '../../auth/one-time-tokens.ts';

export interface StaffShop {
  shopName: string;
  /** The address of this server, with or without a slash at its end: it serves the desk. */
  publicUrl: string;
  timeZone: string;
  /** Null if people sign in with an outside issuer, and nobody is invited. */
  tokens: OneTimeTokens | null;
}

/** The address of a page of the desk; `path` is empty for the first one. */
export function staffPage({ publicUrl }: Pick<StaffShop, 'publicUrl'>, path = ''): string {
  return `${publicUrl.replace(/\/+$/, '')}/desk${path}`;
}
