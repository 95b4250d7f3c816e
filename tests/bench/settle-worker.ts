/** A worker process that only settles: drains the queue at each message and replies when it is empty. */
import { drainAll, openWorker } from './ours.ts';

const { MONGODB_URI: uri, BENCH_DB_NAME: dbName } = process.env;
if (!uri || !dbName) throw new Error('This process is started by the benchmark only.');

const worker = await openWorker(uri, dbName);
process.on('message', async () => {
  await drainAll(worker);
  process.send?.({ drained: true });
});
process.once('disconnect', async () => {
  await worker.close();
  process.exit();
});
process.send?.({ url: 'none' });
