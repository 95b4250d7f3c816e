import { createTRPCClient, httpLink, type TRPCClient, TRPCClientError } from '@trpc/client';
import type { AppRouter } from '../../server/trpc/router.ts';

export type Client = TRPCClient<AppRouter>;

/** Without a token, the client is anonymous. */
export function createClient(shopUrl: string, token?: string): Client {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${shopUrl}/trpc`, headers })] });
}

/** The API's error code, such as INSUFFICIENT_STOCK; null for an error that is not the API's. */
export function apiErrorCode(error: unknown): string | null {
  const data: unknown = error instanceof TRPCClientError ? error.data : null;
  if (typeof data !== 'object' || data === null || !('code' in data)) return null;
  return typeof data.code === 'string' ? data.code : null;
}
