import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { LinkPurpose } from '../../models/accounts/links/one-time-link-document.ts';

/** An invitation is a document of its own kind. */
export type TokenPurpose = LinkPurpose | 'invitation';

/** The tokens of links in emails: `<id>.<HMAC of purpose and id>`. The database alone does not hold what makes one. */
export interface OneTimeTokens {
  tokenOf(purpose: TokenPurpose, linkId: string): string;
  /** Null for a token that was not made for this purpose by this secret. */
  linkIdOf(purpose: TokenPurpose, token: string): string | null;
}

export function createOneTimeTokens(secret: string): OneTimeTokens {
  // A key of its own: what signs sessions must sign nothing else.
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'one-time links', 32));
  const sign = (purpose: TokenPurpose, linkId: string) =>
    createHmac('sha256', key).update(`${purpose}\n${linkId}`).digest();
  return {
    tokenOf: (purpose, linkId) => `${linkId}.${sign(purpose, linkId).toString('base64url')}`,
    linkIdOf(purpose, token) {
      const [linkId = '', signature = ''] = token.split('.');
      const given = Buffer.from(signature, 'base64url');
      const expected = sign(purpose, linkId);
      return given.length === expected.length && timingSafeEqual(given, expected) ? linkId : null;
    },
  };
}
