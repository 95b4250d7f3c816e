/** Agenda is notified at once of wake-ups from any process, and once of its own. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toJobId } from 'agenda';
import { JOBS_COLLECTION } from '../../jobs/agenda/job-collection.ts';
import { WakeUpChannel } from '../../jobs/agenda/wake-up-channel.ts';
import type { Database } from '../../models/db/database.ts';
import { eventually } from '../support/eventually.ts';
import { openOwnDatabase } from '../support/orders.ts';

let db: Database;
beforeAll(async () => {
  db = await openOwnDatabase();
});
afterAll(() => db.connection.close());

const stored = (name: string, lastModifiedBy: string | null) =>
  db.connection.collection(JOBS_COLLECTION).insertOne({ name, lastModifiedBy, lockedAt: null, nextRunAt: new Date(0) });

/** An open channel and the names of the jobs that it notified of. */
async function openChannel() {
  const told: string[] = [];
  const channel = new WakeUpChannel(db, {
    collection: JOBS_COLLECTION,
    ownName: 'ours',
    onBreak: () => undefined,
  });
  channel.subscribe(({ jobName }) => {
    told.push(jobName);
  });
  await channel.connect();
  // The stream delivers everything after it opens. Until then a wake-up may be missed, and polling finds it.
  await eventually('the stream to tell', async () => {
    await stored('opening', 'theirs');
    return told.includes('opening');
  });
  return { channel, told };
}

test('it notifies of wake-ups from other processes, and of its own when Agenda reports them', async () => {
  const { channel, told } = await openChannel();
  try {
    await stored('ours alone', 'ours');
    await stored('from elsewhere', 'theirs');
    await eventually('the other’s trigger to be told', () => told.includes('from elsewhere'));
    await stored('by nobody’s name', null);
    await eventually('a nameless one to be told', () => told.includes('by nobody’s name'));
    expect(told).not.toContain('ours alone');
    const own = { jobId: toJobId('1'), jobName: 'published', nextRunAt: null, priority: 0, timestamp: new Date() };
    await channel.publish(own);
    expect(told).toContain('published');
  } finally {
    await channel.disconnect();
  }
});

test('it continues after its collection was dropped, and notifies of nothing once it is closed', async () => {
  const { channel, told } = await openChannel();
  await db.connection.collection(JOBS_COLLECTION).drop();
  await eventually('the stream to be open again', async () => {
    await stored('after the drop', 'theirs');
    return told.includes('after the drop');
  });
  await channel.disconnect();
  const before = told.length;
  await stored('too late', 'theirs');
  channel.notify('too late');
  expect(told.slice(before)).toEqual([]);
});
