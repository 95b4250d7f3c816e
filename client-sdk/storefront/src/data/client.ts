/** The one client of the shop's server: the page's own host, and whoever is signed in at the moment of each call. */
import { createOrdersClient } from '@orders-module/client';
import { currentSession } from './session.ts';

export const client = createOrdersClient({ url: '', token: () => currentSession()?.token ?? null });
