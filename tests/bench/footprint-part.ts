/** The commands of one batch, and the bytes that a settled order takes in documents and indexes. */
import mongoose from 'mongoose';
import { bindDatabase, type Database } from '../../models/db/database.ts';
import { settleBatch } from '../../models/settlement/settle-batch.ts';
import type { Bench } from './bench.ts';
import { storePaidOrders, storeShop } from './fill.ts';
import { composeShop } from './load.ts';
import { formatNumber } from './report.ts';
import { assertSettled } from './round-database.ts';

const ORDERS = 5_120;
const COLLECTIONS = ['orders', 'stockmovements', 'emails', 'carts'];

export async function measureFootprint({ mongo, report, findings }: Bench): Promise<void> {
  const plain = await mongo.openFresh();
  const options = { dbName: plain.connection.name, monitorCommands: true, autoIndex: false, autoCreate: false };
  const watched = bindDatabase(await mongoose.createConnection(mongo.uri, options).asPromise());
  try {
    const shop = composeShop(new Date());
    await storeShop(plain, shop, new Date());
    await storePaidOrders(plain, shop, { orders: ORDERS, mix: 'mixed' }, new Date());
    const settle = (limit: number) =>
      settleBatch(watched, { limit, now: new Date(), refundIdFor: () => 'none', lockFirst: false });
    const single = await commandsOf(watched, () => settle(1));
    const batch = await commandsOf(watched, () => settle(512));
    findings.statementsPerOrder = batch.statements / 512;
    report.table({
      title: 'Commands to settle',
      columns: ['', 'commands', 'statements', 'statements/order', 'sent, bytes/order'],
      rows: [rowOf('one order', single, 1), rowOf('a batch of 512', batch, 512)],
      notes: [
        'Statements are the updates and inserted documents inside the commands. Not counted: the lease, which a run takes, renews before each further batch and releases, and the wake-up.',
      ],
    });
    for (let settled = 513; settled < ORDERS; ) settled += (await settle(512)).settled.length;
    await assertSettled(plain, ORDERS);
    await reportBytes(report, plain);
  } finally {
    await watched.connection.close();
    await mongo.discard(plain);
  }
}

interface Commands {
  count: number;
  statements: number;
  bytes: number;
}

async function commandsOf(db: Database, act: () => Promise<unknown>): Promise<Commands> {
  const total: Commands = { count: 0, statements: 0, bytes: 0 };
  const client = db.connection.getClient();
  const count = ({ command }: { command: mongoose.mongo.Document }) => {
    total.count += 1;
    total.statements += (command.updates ?? command.documents ?? []).length;
    total.bytes += mongoose.mongo.BSON.calculateObjectSize(command);
  };
  client.on('commandStarted', count);
  await act();
  client.off('commandStarted', count);
  return total;
}

function rowOf(name: string, { count, statements, bytes }: Commands, orders: number): string[] {
  return [name, String(count), String(statements), formatNumber(statements / orders), formatNumber(bytes / orders)];
}

async function reportBytes(report: Bench['report'], db: Database): Promise<void> {
  const rows: string[][] = [];
  const sums = { data: 0, indexes: 0 };
  // collStats reports file sizes, which grow only at a checkpoint; fsync forces one.
  await db.connection.getClient().db('admin').command({ fsync: 1 });
  for (const name of COLLECTIONS) {
    const stats = await db.connection.db?.command({ collStats: name });
    const { size = 0, totalIndexSize = 0, nindexes = 0 } = stats ?? {};
    sums.data += size / ORDERS;
    sums.indexes += totalIndexSize / ORDERS;
    rows.push([name, formatNumber(size / ORDERS), formatNumber(totalIndexSize / ORDERS), String(nindexes)]);
  }
  rows.push(['together', formatNumber(sums.data), formatNumber(sums.indexes), '']);
  report.table({
    title: 'Bytes per settled order of three lines',
    columns: ['', 'documents, before compression', 'indexes', 'number of indexes'],
    rows,
  });
}
