import type { TestApp } from '../support/test-app.ts';

export interface Timed {
  status: number;
  tookMs: number;
}

/** Sends a GET request. A broken connection counts as status 0. */
export async function timedGet(url: string, token?: string): Promise<Timed> {
  return timed(() => fetch(url, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } }));
}

/** Sends the bytes of Paystack's charge.success for the reference once. */
export async function timedWebhook(
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

async function timed(call: () => Promise<Response>): Promise<Timed> {
  const beganAt = performance.now();
  const status = await call().then(
    async (reply) => {
      await reply.arrayBuffer();
      return reply.status;
    },
    () => 0,
  );
  return { status, tookMs: performance.now() - beganAt };
}
