/**
 * Sends a file to the object store behind Paystack, without the key. Its address carries a signature of its own, so it is
 * neither logged nor part of an error.
 */
import type { UploadedFile } from '../../../jobs/ports.ts';
import { GatewayError } from '../../../models/payment/gateway-reports.ts';
import { boundedFetch } from './bounded-call.ts';

/** Where Paystack keeps files (Paystack's documentation). */
const STORES = ['amazonaws.com', 'paystack.co'];

export type UploadRule = (address: string) => boolean;

/**
 * Returns a predicate for addresses that a file may be sent to: https, a host below the stores' domains, without
 * credentials or a port. `sandboxUrl` is the address of a sandbox, whose store is on the same host; production has none.
 */
export function uploadRule(sandboxUrl: string | undefined): UploadRule {
  const sandboxHost = sandboxUrl === undefined ? null : new URL(sandboxUrl).hostname;
  return (address) => {
    if (address.length > 4_000 || !URL.canParse(address)) return false;
    const { protocol, hostname, port, username, password } = new URL(address);
    if (`${username}${password}` !== '') return false;
    if (sandboxHost !== null && hostname === sandboxHost) return protocol === 'http:' || protocol === 'https:';
    const isStore = STORES.some((domain) => hostname.endsWith(`.${domain}`));
    return protocol === 'https:' && port === '' && isStore;
  };
}

/** One attempt. Throws only GatewayError: `rejected` when the store refuses the file, `unavailable` when it may be retried. */
export async function uploadFile(
  url: string,
  { bytes, contentType }: UploadedFile,
  isAllowed: UploadRule,
  deadlineMs: number,
): Promise<void> {
  if (!isAllowed(url))
    throw new GatewayError('rejected', null, 'Paystack named an address for the file that is none of its own.');
  const init = { method: 'PUT', headers: { 'Content-Type': contentType }, body: Buffer.from(bytes) };
  const { status } = await boundedFetch(new URL(url), init, deadlineMs);
  if (status >= 200 && status < 300) return;
  const kind = status >= 500 || status === 408 || status === 429 ? 'unavailable' : 'rejected';
  throw new GatewayError(kind, status, `The store behind Paystack did not take the file (HTTP ${status}).`);
}
