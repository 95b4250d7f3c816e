import { MongoClient } from 'mongodb';

/**
 * Decides whether a majority write of a set of one waits for the journal on the disk, as it does after each start. Without,
 * a crash loses acknowledged writes: for data that would then be made anew. Once it waits again, all earlier writes are
 * on the disk. May be repeated.
 */
export async function waitForJournal(uri: string, waits: boolean): Promise<void> {
  const client = new MongoClient(uri);
  try {
    const admin = client.db('admin');
    const { config } = await admin.command({ replSetGetConfig: 1 });
    const changed = { ...config, version: config.version + 1, writeConcernMajorityJournalDefault: waits };
    await admin.command({ replSetReconfig: changed });
    if (waits) await admin.command({ fsync: 1 });
  } finally {
    await client.close();
  }
}
