/**
 * A history is played whole or not at all. While it is played, a file in the data folder says so, also after a kill; the
 * next start then takes away what was played.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '../../models/db/database.ts';
import { FAKES_FILES } from './fakes.ts';

export interface ShopDatabase {
  uri: string;
  dbName: string | undefined;
  /** It is in the data folder, and takes another port at each start. */
  isEmbedded: boolean;
}

const fileIn = (folder: string) => join(folder, 'history-unfinished');

/** The database that was empty when the history began, without naming it: its address may hold a password. */
function digestOf({ uri, dbName, isEmbedded }: ShopDatabase): string {
  return isEmbedded ? 'embedded' : createHash('sha256').update(`${uri} ${dbName}`).digest('hex');
}

export async function noteHistoryBegins(folder: string, database: ShopDatabase): Promise<void> {
  await writeFile(fileIn(folder), digestOf(database));
}

export async function noteHistoryEnds(folder: string): Promise<void> {
  await rm(fileIn(folder), { force: true });
}

/**
 * Takes away what a history left that was not played to its end. Another database than that of the history keeps its data.
 * Resolves to whether there was something to take away. Only for a process that holds the folder.
 */
export async function dropUnfinishedHistory(folder: string, database: ShopDatabase): Promise<boolean> {
  const file = fileIn(folder);
  if (!existsSync(file)) return false;
  if ((await readFile(file, 'utf8')) === digestOf(database)) await drop(database);
  for (const name of FAKES_FILES) await rm(join(folder, name), { force: true });
  // Last, so that an interruption of this is made good by the start after it.
  await rm(file);
  return true;
}

async function drop({ uri, dbName }: ShopDatabase): Promise<void> {
  const db = await openDatabase(uri, dbName === undefined ? {} : { dbName });
  try {
    await db.connection.dropDatabase();
  } finally {
    await db.connection.close();
  }
}
