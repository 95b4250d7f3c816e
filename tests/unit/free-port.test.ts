import { expect, test } from '@jest/globals';
import { findFreePort, isPortFree } from '../../dev/start/ports.ts';

test('a free port is none that an outgoing connection may be given before somebody listens on it', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, findFreePort));
  for (const port of ports) {
    expect(await isPortFree(port)).toBe(true);
    expect(port).toBeLessThan(32_768);
  }
  expect(new Set(ports).size).toBeGreaterThan(15);
});
