/** The end of a sign-in at an outside issuer: the browser comes back with a code, which becomes a token. */
import * as oauth from 'oauth4webapi';

export interface IssuerClient {
  issuer: string;
  clientId: string;
}

/** Kept by the browser that left for the issuer. */
export interface Begun {
  state: string;
  nonce: string;
  verifier: string;
  /** The page to open afterwards. */
  next: string;
}

export interface IssuedToken {
  token: string;
  /** How long it lives. */
  seconds: number;
}

/**
 * The token for the code in `address`. Throws, before anything is sent, unless the address names the state of this browser's
 * own sign-in. Another site could otherwise sign a visitor in with an account of its choice. Throws if the issuer answers for
 * another sign-in.
 */
export async function exchangeReturn(
  issuer: IssuerClient,
  address: URL,
  begun: Begun,
  returnAddress: string,
): Promise<IssuedToken> {
  const server = await discover(issuer);
  const client: oauth.Client = { client_id: issuer.clientId };
  const parameters = oauth.validateAuthResponse(server, client, address, begun.state);
  const reply = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    returnAddress,
    begun.verifier,
    insecureOnLoopback(issuer),
  );
  const { access_token: token, expires_in: seconds = 300 } = await oauth.processAuthorizationCodeResponse(
    server,
    client,
    reply,
    { expectedNonce: begun.nonce, requireIdToken: true },
  );
  return { token, seconds };
}

export async function discover(issuer: IssuerClient): Promise<oauth.AuthorizationServer> {
  const address = new URL(issuer.issuer);
  return oauth.processDiscoveryResponse(address, await oauth.discoveryRequest(address, insecureOnLoopback(issuer)));
}

/** A trial on this machine has no certificate. */
function insecureOnLoopback({ issuer }: IssuerClient): { [oauth.allowInsecureRequests]?: boolean } {
  const isLoopback = /^http:\/\/(127\.0\.0\.1|localhost)(:|\/|$)/.test(issuer);
  return isLoopback ? { [oauth.allowInsecureRequests]: true } : {};
}
