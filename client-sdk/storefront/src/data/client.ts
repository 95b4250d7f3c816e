/** Calls the page's own host, each with the token of the session at that moment. */
import { createOrdersClient } from '@orders-module/client';
import { currentSession } from './session.ts';

export const client = createOrdersClient({ url: '', token: () => currentSession()?.token ?? null });
