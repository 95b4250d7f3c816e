/** The calls of the specification's three REST routes that were recorded before pages were served at their addresses. */
import { ADDRESS, checkout, fillCart, makeVariants } from '../support/checkouts.ts';
import { startTestApp } from '../support/test-app.ts';

export interface RecordedCall {
  name: string;
  status: number;
  contentType: string | null;
  location: string | null;
  cacheControl: string | null;
  retryAfter: string | null;
  authenticate: string | null;
  body: unknown;
}

/** Makes every call in an app of its own; ids, codes and instants are replaced by their kind. */
export async function makeRestCalls(): Promise<RecordedCall[]> {
  const app = await startTestApp();
  try {
    const calls: RecordedCall[] = [];
    const [item] = await makeVariants(app, {});
    const shopper = await app.signUp();
    await fillCart(shopper, [[item, 2]]);
    const { orderId, txRef } = await checkout(shopper, { checkoutKey: 'a-key-of-the-recording' });
    const call = async (name: string, path: string, init: RequestInit = {}, token = shopper.token) => {
      const authorization: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` };
      const headers = { 'content-type': 'application/json', ...authorization, ...init.headers };
      const reply = await fetch(`${app.url}${path}`, { ...init, headers, redirect: 'manual' });
      const text = await reply.text();
      const isJson = reply.headers.get('content-type')?.includes('json') === true;
      const header = (of: string) => withKinds(reply.headers.get(of));
      calls.push({
        name,
        status: reply.status,
        contentType: header('content-type'),
        location: header('location'),
        cacheControl: header('cache-control'),
        retryAfter: header('retry-after'),
        authenticate: header('www-authenticate'),
        body: isJson ? JSON.parse(withKinds(text) ?? '') : null,
      });
    };
    const post = (body: unknown) => ({ method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
    const start = '/orders/initialize-payment';
    const input = { shippingAddress: ADDRESS, checkoutKey: 'a-key-of-the-recording' };
    await call('start again', start, post(input));
    await call('start with a slash', `${start}/`, post(input));
    await call('start with another address', start, post({ ...input, shippingAddress: { ...ADDRESS, city: 'Jos' } }));
    await call('start without a token', start, post(input), '');
    await call('start without an address', start, post({ checkoutKey: 'another-key-of-ours' }));
    await call('start with broken JSON', start, post('{"checkoutKey":'));
    await call('start as a form', start, {
      ...post('a=b'),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    await call('an order', `/orders/${orderId}`);
    await call('an order with a slash', `/orders/${orderId}/`);
    await call('an order without a token', `/orders/${orderId}`, {}, '');
    await call('an order of nobody', `/orders/${'0'.repeat(24)}`);
    await call('an order of another', `/orders/${orderId}`, {}, (await app.signUp()).token);
    await call('an order that is none', '/orders/nothing');
    const verify = `/orders/verify-payment/${txRef}`;
    const accept = (value: string) => ({ headers: { accept: value } });
    await call('pending', verify, accept('application/json'), '');
    await call('pending, accepting anything', `${verify}/?trxref=x&reference=y`, accept('*/*'), '');
    await call('pending, in a browser', verify, accept('text/html,application/xhtml+xml,*/*;q=0.8'), '');
    await call('unknown', '/orders/verify-payment/ord-NOSUCHORDER1-1', accept('application/json'), '');
    await call('malformed', '/orders/verify-payment/a_b', accept('*/*'), '');
    app.sandbox.pay(txRef, { webhook: 'lose' });
    await call('paid', verify, accept('application/json'), '');
    await call('paid, again', verify, accept('*/*'), '');
    await call('paid, in a browser', verify, accept('text/html'), '');
    return calls;
  } finally {
    await app.stop();
  }
}

/** Values that differ from run to run. */
function withKinds(text: string | null): string | null {
  if (text === null) return null;
  return text
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'http://shop')
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uuid>')
    .replaceAll(/\b[0-9a-f]{24}\b/g, '<id>')
    .replaceAll(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<instant>')
    .replaceAll(/ord-[0-9A-Z]{12}-/g, 'ord-<code>-')
    .replaceAll(/"code":"[0-9A-Z]{12}"/g, '"code":"<code>"')
    .replaceAll(/"(accessCode|authorizationUrl|slug|sku|title|variantTitle|productTitle)":"[^"]*"/g, '"$1":"<$1>"');
}
