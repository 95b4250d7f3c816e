/**
 * Keeps the caller's token fresh. While a session is in use, the server sends a new token with a reply. The old one still works
 * until it expires.
 */

/** A token from auth.login, null for an anonymous caller, or a function that is called before every request. */
export type Token = string | null | (() => string | null | Promise<string | null>);

/** A token that takes the place of another one of the same session. */
export interface RenewedToken {
  token: string;
  /** ISO 8601. */
  expiresAt: string;
  /** The token that the call was made with. */
  replaced: string;
}

export interface SessionToken {
  /** The newest known token of the caller's session; null for an anonymous caller. */
  current(): Promise<string | null>;
  /** `send`, reading the new tokens from its responses. */
  following(send: typeof fetch): typeof fetch;
}

export function createSessionToken(token: Token, onRenewed?: (renewed: RenewedToken) => void): SessionToken {
  /** `of` is what the caller gives; it changes when the caller stores the new token, or signs in anew. */
  let newest: { of: string; token: string } | null = null;
  return {
    async current() {
      const given = typeof token === 'function' ? await token() : token;
      return newest !== null && newest.of === given ? newest.token : given;
    },
    following: (send) => async (input, init) => {
      const response = await send(input, init);
      const renewed = response.headers.get('x-session-token');
      const expiresAt = response.headers.get('x-session-expires-at');
      const replaced = new Headers(init?.headers).get('authorization')?.slice('Bearer '.length);
      if (renewed !== null && expiresAt !== null && replaced !== undefined) {
        newest = { of: newest?.token === replaced ? newest.of : replaced, token: renewed };
        onRenewed?.({ token: renewed, expiresAt, replaced });
      }
      return response;
    },
  };
}
