/**
 * Where a shopper's browser may be sent to pay. A reply is as untrusted as any other input: whoever can forge one must not
 * be able to lead shoppers, with their order's number in hand, to a page of his own.
 */

/** Paystack's pages live on its own domain, over TLS. */
const PAYSTACK_DOMAIN = 'paystack.com';
/** Printable, and nothing that programs read in different ways: a backslash is a slash to some, part of a name to others. */
const PLAIN_ADDRESS = /^[!-[\]-~]{1,2000}$/;

/**
 * A test of addresses: https below paystack.com, without credentials or a port. `standIn` is the address of a sandbox, which
 * serves its own pages; production has none.
 */
export function paymentPageRule(standIn: string | undefined): (address: string) => boolean {
  const standInOrigin = standIn === undefined ? null : new URL(standIn).origin;
  return (address) => {
    if (!PLAIN_ADDRESS.test(address) || !URL.canParse(address)) return false;
    const { protocol, hostname, port, username, password, origin } = new URL(address);
    if (!/^https?:$/.test(protocol) || `${username}${password}` !== '') return false;
    if (origin === standInOrigin) return true;
    const isPaystacks = hostname === PAYSTACK_DOMAIN || hostname.endsWith(`.${PAYSTACK_DOMAIN}`);
    return protocol === 'https:' && port === '' && isPaystacks;
  };
}
