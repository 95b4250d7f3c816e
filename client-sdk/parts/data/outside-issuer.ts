/**
 * Signing in with an outside issuer: OpenID Connect's authorization code with PKCE, state and nonce, as a public client. The
 * access token is the session's.
 */
import { createOrdersClient, type ShopInfo } from '@orders-module/client';
import * as oauth from 'oauth4webapi';
import { FormError } from './errors.ts';
import { type Begun, discover, exchangeReturn } from './issuer-return.ts';
import { startSession } from './session.ts';

export type Issuer = NonNullable<ShopInfo['signIn']>;

const KEY = 'sign-in';

const returnAddress = () => `${window.location.origin}/signed-in`;

/** Leaves this page for the issuer's. `next` is the page to open afterwards. */
export async function leaveForIssuer(issuer: Issuer, next: string): Promise<void> {
  const server = await discover(issuer);
  if (server.authorization_endpoint === undefined)
    throw new FormError('The sign-in service gives no address to sign in.');
  const begun: Begun = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    next,
  };
  window.sessionStorage.setItem(KEY, JSON.stringify(begun));
  const address = new URL(server.authorization_endpoint);
  const parameters = {
    client_id: issuer.clientId,
    redirect_uri: returnAddress(),
    response_type: 'code',
    scope: 'openid email profile',
    audience: issuer.audience,
    state: begun.state,
    nonce: begun.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(begun.verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  window.location.assign(address);
}

/**
 * Exchanges the code of `address`, to which the issuer has sent the browser back, and begins the session. Resolves to the page
 * to open. Works once: a code and its state are used up.
 */
export async function returnFromIssuer(issuer: Issuer, address: URL): Promise<string> {
  const begun = takeBegun();
  if (begun === null) throw new FormError('This sign-in was begun in another window, or is done. Begin again.');
  const { token, seconds } = await exchangeReturn(issuer, address, begun, returnAddress());
  const user = await createOrdersClient({ url: '', token }).auth.me.query();
  startSession({ token, user, expiresAt: new Date(Date.now() + seconds * 1_000).toISOString() });
  return begun.next;
}

function takeBegun(): Begun | null {
  const text = window.sessionStorage.getItem(KEY);
  window.sessionStorage.removeItem(KEY);
  return text === null ? null : (JSON.parse(text) as Begun);
}

/** A sentence for an error of the issuer or of the exchange; its own words may hold codes for programs. */
export function toSignInError(error: unknown): unknown {
  if (error instanceof oauth.AuthorizationResponseError && error.error === 'access_denied')
    return new FormError('You did not sign in. Nothing has changed.');
  const isOfIssuer =
    error instanceof oauth.OperationProcessingError ||
    error instanceof oauth.ResponseBodyError ||
    error instanceof oauth.AuthorizationResponseError ||
    error instanceof oauth.WWWAuthenticateChallengeError;
  return isOfIssuer ? new FormError('The sign-in could not be completed. Begin again.') : error;
}
