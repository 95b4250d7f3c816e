/** Calls the page's own host, each with the token of the session at that moment; the session keeps renewed tokens. */
import { createOrdersClient } from '@orders-module/client';
import { currentToken, renewSession } from './session.ts';

export const client = createOrdersClient({
  url: '',
  token: currentToken,
  onRenewed: renewSession,
});
