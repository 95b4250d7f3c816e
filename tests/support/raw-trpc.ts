/** Raw HTTP requests to tRPC without its client, so that a test controls and sees each byte. */

export interface RawReply {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what the server sends is what the tests are about; they assert its shape
  body: any;
}

interface RawOptions {
  token?: string | undefined;
  headers?: Record<string, string>;
}

/** Sends a mutation by POST. A string `body` is sent unchanged. */
export async function post(url: string, procedure: string, body: unknown, options: RawOptions = {}): Promise<RawReply> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return send(`${url}/trpc/${procedure}`, { method: 'POST', body: text }, options);
}

/** Sends a query by GET, without input if `input` is undefined. */
export async function get(
  url: string,
  procedure: string,
  input?: unknown,
  options: RawOptions = {},
): Promise<RawReply> {
  const text = typeof input === 'string' ? input : JSON.stringify(input);
  const query = input === undefined ? '' : `?input=${encodeURIComponent(text)}`;
  return send(`${url}/trpc/${procedure}${query}`, { method: 'GET' }, options);
}

export async function send(url: string, init: RequestInit, { token, headers }: RawOptions = {}): Promise<RawReply> {
  const reply = await fetch(url, {
    ...init,
    redirect: 'manual',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
  });
  const text = await reply.text();
  return { status: reply.status, headers: reply.headers, body: text === '' ? null : JSON.parse(text) };
}
