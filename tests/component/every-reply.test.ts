/**
 * The headers of each reply, over every registered GET route and addresses without a route. They name type and character set,
 * forbid guessing another, and keep production on https.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createApp, createOpsApp } from '../../server/http/app.ts';
import { routesOf } from '../support/routes.ts';
import { PASSWORD, startTestApp, type TestApp } from '../support/test-app.ts';

const ID = '0123456789abcdef01234567';
const ACCEPTED = ['application/json', 'text/html,application/xhtml+xml,*/*;q=0.8', '*/*'];
/** Text with its character set; JSON, which is always UTF-8; what is no text. */
const CLEAR = /^text\/[\w.-]+; .*charset=utf-8|^application\/json\b|^application\/(pdf|xml; charset=utf-8)$|^image\//i;

let folder: string;
let app: TestApp;
let staff: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storefront-'));
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><html><head></head><body><div id="root"></div></body></html>',
  );
  app = await startTestApp({ storefrontDir: folder, deskDir: folder, config: { production: true } });
  const { email, token } = await app.signUp({ role: 'owner' });
  const basic = Buffer.from(`${email}:${PASSWORD}`).toString('base64');
  staff = { bearer: `Bearer ${token}`, basic: `Basic ${basic}` };
});
afterAll(async () => {
  await app.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Every registered address, and one of each kind that has no route of its own. */
function addresses(): string[] {
  const registered = (of: string, handler: unknown) =>
    routesOf(handler)
      .filter(({ method, path }) => method === 'GET' && path.startsWith('/') && !path.includes('*'))
      .map(({ path }) => of + path.replaceAll(/:\w+/g, ID));
  const unregistered = [
    '/',
    '/nowhere',
    '/trpc/catalog.products',
    '/trpc/nothing',
    '/agendash/',
    '/agendash/api',
    '/%ff',
  ];
  return [
    ...registered(app.url, createApp(app.ctx, { storefrontDir: folder, deskDir: folder })),
    ...registered(app.opsUrl, createOpsApp(app.ctx)),
    ...unregistered.map((path) => app.url + path),
  ];
}

async function* replies() {
  for (const address of addresses())
    for (const accept of ACCEPTED)
      for (const authorization of [undefined, address.includes('/agendash') ? staff.basic : staff.bearer]) {
        const headers = { accept, ...(authorization === undefined ? {} : { authorization }) };
        const reply = await fetch(address, { headers, redirect: 'manual' });
        const body = Buffer.from(await reply.arrayBuffer());
        yield { headers: reply.headers, body, from: `${reply.status} ${new URL(address).pathname} (${accept})` };
      }
}

test('each reply names its type and character set, forbids guessing, and keeps production on https', async () => {
  const wrong: string[] = [];
  let count = 0;
  for await (const { headers, body, from } of replies()) {
    count += 1;
    const type = headers.get('content-type') ?? '';
    if (body.length > 0 && !CLEAR.test(type)) wrong.push(`${from}: type '${type}'`);
    if (/json/.test(type) && !isJson(body)) wrong.push(`${from}: no JSON`);
    if (headers.get('x-content-type-options') !== 'nosniff') wrong.push(`${from}: may be guessed`);
    if (!/max-age=(3[1-9]\d{6}|\d{9,})/.test(headers.get('strict-transport-security') ?? ''))
      wrong.push(`${from}: no HSTS`);
    if (headers.get('set-cookie') !== null) wrong.push(`${from}: sets a cookie`);
    if (headers.get('x-powered-by') !== null) wrong.push(`${from}: names its software`);
  }
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(100);
});

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(body.toString());
    return true;
  } catch {
    return false;
  }
}

test('a form, a script of another site and a link cannot call a procedure that changes something', async () => {
  const call = async (init: RequestInit) => {
    const reply = await fetch(`${app.url}/trpc/auth.register`, init);
    const { error } = (await reply.json()) as { error?: { data: { requestId: string } } };
    if (error) expect(error.data.requestId).toBe(reply.headers.get('x-request-id'));
    return reply.status;
  };
  const email = 'forged@example.com';
  const body = JSON.stringify({ email, name: 'Forged', password: PASSWORD });
  const form = new FormData();
  form.set('email', email);
  form.set('name', 'Forged');
  form.set('password', PASSWORD);
  // Browsers send the first three to another site without a preflight.
  const bodies = [
    body,
    new URLSearchParams({ email, name: 'Forged', password: PASSWORD }),
    form,
    new Blob([body], { type: 'application/octet-stream' }),
  ];
  for (const sent of bodies) expect(await call({ method: 'POST', body: sent })).toBe(415);
  const query = encodeURIComponent(body);
  expect((await fetch(`${app.url}/trpc/auth.register?input=${query}`)).status).toBe(405);
  expect(await app.db.users.countDocuments({ email })).toBe(0);
  expect(await call({ method: 'POST', body, headers: { 'content-type': 'application/json' } })).toBe(200);
});
