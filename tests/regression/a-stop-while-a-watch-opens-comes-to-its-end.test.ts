/** A bug once: a stop that came while a change stream was being opened closed nothing, and waited for that stream for ever. */
import { expect, jest, test } from '@jest/globals';
import { Types } from 'mongoose';
import { createChangeFeed } from '../../server/live/change-feed.ts';
import { startTestApp } from '../support/test-app.ts';

test('a watch that is stopped while it asks for the time comes to its end', async () => {
  const world = await startTestApp();
  try {
    const { db } = world.db.connection;
    if (!db) throw new Error('a world is connected');
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const command = db.command.bind(db);
    jest.spyOn(db, 'command').mockImplementationOnce(async (question) => {
      const reply = await command(question);
      await asked;
      return reply;
    });
    const watch = createChangeFeed(world.db, world.ctx.events);
    watch.subscribe(new Types.ObjectId(), () => undefined);
    const stopped = watch.stop();
    answer();
    await expect(stopped).resolves.toBeUndefined();
  } finally {
    await world.stop();
  }
}, 15_000);
