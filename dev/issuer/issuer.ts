/**
 * A fake OpenID Connect issuer on loopback: discovery, keys, a page with the person's address, and codes that need PKCE. For
 * trials and tests of JWKS_URL; every email is taken, and there are no passwords.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import express, { type Express, type Request, type Response } from 'express';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as z from 'zod';
import { closeServer, escapeHtml, listenOnLoopback } from '../paystack-sandbox/src/http/index.ts';

export interface IssuerOptions {
  /** 0, the default, takes a free port. */
  port?: number;
  /** The only client; it has no secret. */
  clientId?: string;
}

export interface FakeIssuer {
  /** The issuer's identifier, and the address of its pages. */
  url: string;
  keysUrl: string;
  clientId: string;
  /** Requests to the token endpoint: their form fields, and the status of the reply. */
  exchanges: { fields: Record<string, string>; status: number }[];
  /** The next ID token has another nonce than the request. */
  lieAboutNonce(): void;
  close(): Promise<void>;
}

const KEY_ID = 'fake-1';
const TOKEN_SECONDS = 3_600;
const CODE_MS = 60_000;

const authorizeSchema = z.object({
  client_id: z.string(),
  redirect_uri: z.url(),
  response_type: z.literal('code'),
  scope: z.string(),
  state: z.string().min(1),
  nonce: z.string().min(1),
  audience: z.string().default('orders-api'),
  code_challenge: z.string().regex(/^[\w-]{43}$/),
  code_challenge_method: z.literal('S256'),
});
type Authorize = z.output<typeof authorizeSchema>;

const personSchema = z.object({ email: z.email(), name: z.string().min(1).max(100) });

interface Granted {
  request: Authorize;
  person: z.output<typeof personSchema>;
  expiresAt: number;
}

export async function startFakeIssuer({ port = 0, clientId = 'storefront' }: IssuerOptions = {}): Promise<FakeIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'ES256', use: 'sig' }] };
  const codes = new Map<string, Granted>();
  const exchanges: FakeIssuer['exchanges'] = [];
  let lies = false;
  const app = express().disable('x-powered-by').disable('etag');
  const server = createServer(app);
  const url = `http://127.0.0.1:${await listenOnLoopback(server, port)}`;
  const sign = (claims: Record<string, unknown>, audience: string) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: KEY_ID })
      .setIssuer(url)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(`${TOKEN_SECONDS}s`)
      .sign(privateKey);
  mountDocuments(app, url, keys);
  mountAuthorize(app, clientId, (granted) => {
    const code = randomBytes(24).toString('base64url');
    codes.set(code, granted);
    return code;
  });
  app.post('/token', express.urlencoded({ extended: false }), async (req, res) => {
    const fields = z.record(z.string(), z.string()).parse(req.body);
    const granted = redeem(codes, fields, clientId);
    const status = granted === null ? 400 : 200;
    exchanges.push({ fields, status });
    allowPages(res);
    if (granted === null) return void res.status(status).json({ error: 'invalid_grant' });
    const { request, person } = granted;
    const claims = { sub: subjectOf(person.email), ...person, email_verified: true };
    const nonce = lies ? 'another-nonce' : request.nonce;
    lies = false;
    res.json({
      access_token: await sign(claims, request.audience),
      id_token: await sign({ ...claims, nonce }, clientId),
      token_type: 'Bearer',
      expires_in: TOKEN_SECONDS,
    });
  });
  return {
    url,
    keysUrl: `${url}/keys`,
    clientId,
    exchanges,
    lieAboutNonce: () => {
      lies = true;
    },
    close: () => closeServer(server),
  };
}

/** Pages of any origin may read the replies: they hold no secret without a code. */
function allowPages(res: Response): void {
  res.set({ 'access-control-allow-origin': '*', 'cache-control': 'no-store' });
}

function mountDocuments(app: Express, url: string, keys: object): void {
  app.get('/.well-known/openid-configuration', (_req, res) => {
    allowPages(res);
    res.json({
      issuer: url,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none'],
    });
  });
  app.get('/keys', (_req, res) => {
    allowPages(res);
    res.json(keys);
  });
}

function mountAuthorize(app: Express, clientId: string, grant: (granted: Granted) => string): void {
  app.get('/authorize', (req, res) => {
    if (readAuthorize(req, clientId) === null)
      return void res.status(400).send('This request to sign in is not usable.');
    res.type('html').send(signInPage(req.originalUrl));
  });
  app.post('/authorize', express.urlencoded({ extended: false }), (req, res) => {
    const request = readAuthorize(req, clientId);
    if (request === null) return void res.status(400).send('This request to sign in is not usable.');
    const back = new URL(request.redirect_uri);
    back.searchParams.set('state', request.state);
    const person = personSchema.safeParse(req.body);
    if (person.success)
      back.searchParams.set('code', grant({ request, person: person.data, expiresAt: Date.now() + CODE_MS }));
    else back.searchParams.set('error', 'access_denied');
    res.redirect(303, back.href);
  });
}

function readAuthorize(req: Request, clientId: string): Authorize | null {
  const read = authorizeSchema.safeParse(req.query);
  return read.success && read.data.client_id === clientId ? read.data : null;
}

/** A code works once, for its own client, address and verifier. */
function redeem(codes: Map<string, Granted>, fields: Record<string, string>, clientId: string): Granted | null {
  const granted = codes.get(fields.code ?? '');
  codes.delete(fields.code ?? '');
  if (granted === undefined || granted.expiresAt < Date.now()) return null;
  const challenge = createHash('sha256')
    .update(fields.code_verifier ?? '')
    .digest('base64url');
  const fits =
    fields.grant_type === 'authorization_code' &&
    fields.client_id === clientId &&
    fields.client_secret === undefined &&
    fields.redirect_uri === granted.request.redirect_uri &&
    challenge === granted.request.code_challenge;
  return fits ? granted : null;
}

const subjectOf = (email: string) => createHash('sha256').update(email).digest('hex').slice(0, 24);

const signInPage = (action: string) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fake issuer</title>
<style>body{font-family:sans-serif;max-width:24rem;margin:3rem auto;padding:0 1rem}label,input,button{display:block;width:100%;box-sizing:border-box;font:inherit;margin:.5rem 0;padding:.5rem 0}</style>
<h1>Sign in</h1>
<p>This is a fake issuer for trials: it believes every address.</p>
<form method="post" action="${escapeHtml(action)}">
<label>Email <input name="email" type="email" autocomplete="username" value="ada@example.com"></label>
<label>Name <input name="name" autocomplete="name" value="Ada Obi"></label>
<button>Sign in</button>
<button formnovalidate name="email" value="">Cancel</button>
</form></html>`;
