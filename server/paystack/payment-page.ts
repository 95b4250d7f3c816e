/**
 * Checks the payment page's address before a browser is sent there. A forged reply of Paystack must not lead shoppers,
 * with their order's number in hand, to a stranger's page.
 */
/** Paystack's pages live on its own domain, over TLS. */
const PAYSTACK_DOMAIN = 'paystack.com';
/** Printable ASCII without the backslash: some parsers read it as a slash, others as part of a name. */
const PLAIN_ADDRESS = /^[!-[\]-~]{1,2000}$/;

/**
 * Returns a predicate that accepts https addresses below paystack.com without credentials or a port. `sandboxUrl` is the
 * address of a sandbox, whose pages the predicate accepts too; production has none.
 */
export function paymentPageRule(sandboxUrl: string | undefined): (address: string) => boolean {
  const sandboxOrigin = sandboxUrl === undefined ? null : new URL(sandboxUrl).origin;
  return (address) => {
    if (!PLAIN_ADDRESS.test(address) || !URL.canParse(address)) return false;
    const { protocol, hostname, port, username, password, origin } = new URL(address);
    if (!/^https?:$/.test(protocol) || `${username}${password}` !== '') return false;
    if (origin === sandboxOrigin) return true;
    const isPaystacks = hostname === PAYSTACK_DOMAIN || hostname.endsWith(`.${PAYSTACK_DOMAIN}`);
    return protocol === 'https:' && port === '' && isPaystacks;
  };
}
