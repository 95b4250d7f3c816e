/** Calls whose answer and duration both matter, for tests of deadlines. */
import type { TestApp } from '../support/test-app.ts';

export interface Timed {
  status: number;
  tookMs: number;
}

/** GETs the address, as the user when a token is given. A connection that breaks counts as status 0. */
export async function askInTime(url: string, token?: string): Promise<Timed> {
  return timed(() => fetch(url, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } }));
}

/** Sends the very bytes that Paystack would send about the reference's charge, once. */
export async function webhookInTime(
  { sandbox, url }: Pick<TestApp, 'sandbox' | 'url'>,
  reference: string,
): Promise<Timed> {
  const [delivery] = sandbox.webhooks({ reference, event: 'charge.success' });
  if (!delivery?.signature) throw new Error(`the sandbox has no webhook about ${reference}`);
  const { body, signature } = delivery;
  return timed(() =>
    fetch(`${url}/webhooks/paystack`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-paystack-signature': signature },
      body: new Uint8Array(body),
    }),
  );
}

async function timed(ask: () => Promise<Response>): Promise<Timed> {
  const beganAt = performance.now();
  const status = await ask().then(
    async (reply) => {
      await reply.arrayBuffer();
      return reply.status;
    },
    () => 0,
  );
  return { status, tookMs: performance.now() - beganAt };
}
