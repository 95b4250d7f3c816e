/** A bug once: the last error handler put `Bearer` over `Basic`, and no browser ever asked staff for their password. */
import { expect, test } from '@jest/globals';
import { startTestApp } from '../support/test-app.ts';

test('Agendash asks for HTTP Basic credentials, and the API for a bearer token', async () => {
  const world = await startTestApp();
  try {
    const dashboard = await fetch(`${world.url}/agendash/`);
    expect(dashboard.status).toBe(401);
    expect(dashboard.headers.get('www-authenticate')).toMatch(/^Basic /);
    const order = await fetch(`${world.url}/orders/0123456789abcdef01234567`);
    expect(order.headers.get('www-authenticate')).toBe('Bearer');
  } finally {
    await world.stop();
  }
});
