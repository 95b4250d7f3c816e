/**
 * Two hundred requests at once are a second's work for one machine and five for another, whose every answer then comes after
 * its deadline. So how many are let in follows how fast the process and its database answer, up to the configured number.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AdaptiveConcurrencyLimit } from '../../server/http/load-shedding.ts';
import { type FaultyMongo, startFaultyMongo, VICTIM } from '../support/faulty-mongo.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('the limit of requests in flight', () => {
  test('is the configured one while a pulse is fast, whatever is in flight', () => {
    const limit = new AdaptiveConcurrencyLimit(200);
    for (let pulse = 0; pulse < 50; pulse += 1) limit.afterProbe(20, 199);
    expect(limit.current).toBe(200);
  });

  test('falls with each slow pulse from what is in flight, and never below an eighth', () => {
    const limit = new AdaptiveConcurrencyLimit(200);
    limit.afterProbe(500, 100);
    expect(limit.current).toBe(80);
    for (let pulse = 0; pulse < 50; pulse += 1) limit.afterProbe(500, 1);
    expect(limit.current).toBe(25);
  });

  test('is whole again within seconds of fast pulses', () => {
    const limit = new AdaptiveConcurrencyLimit(200);
    for (let pulse = 0; pulse < 50; pulse += 1) limit.afterProbe(500, 1);
    for (let pulse = 0; pulse < 40; pulse += 1) limit.afterProbe(5, 10);
    expect(limit.current).toBe(200);
  });
});

describe('a shop whose database has become slow', () => {
  const LANES = 36;
  let mongo: FaultyMongo;
  let world: TestApp;
  beforeAll(async () => {
    mongo = await startFaultyMongo();
    world = await startTestApp({ env: { MONGODB_URI: mongo.uri, MAX_IN_FLIGHT: '40' }, context: { appName: VICTIM } });
  }, 60_000);
  afterAll(async () => {
    await world.stop();
    await mongo.stop();
  });

  async function statusesOf(token: string, rounds: number): Promise<number[]> {
    const statuses: number[] = [];
    const lane = async () => {
      for (let round = 0; round < rounds; round += 1) {
        const reply = await fetch(`${world.url}/trpc/orders.list?input={}`, {
          headers: { authorization: `Bearer ${token}` },
        });
        await reply.arrayBuffer();
        statuses.push(reply.status);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    return statuses;
  }

  test('refuses some at once rather than letting all wait, although fewer are in flight than it may take', async () => {
    const { token } = await world.signUp();
    await mongo.fail({ failCommands: ['find', 'aggregate', 'ping'], blockConnection: true, blockTimeMS: 300 });
    const slow = await statusesOf(token, 6);
    await mongo.heal();
    expect(new Set(slow)).toEqual(new Set([200, 503]));
    expect((await fetch(`${world.url}/livez`)).status).toBe(200);
  });
});
