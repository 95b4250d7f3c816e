/** Opens connections, and gives access to the driver's collections behind mongoose's models. */
import mongoose, { type Connection, type Model } from 'mongoose';

/** How long a client waits for a server before it gives up, in ms: two heartbeats and an election fit in. */
const SERVER_WAIT_MS = 5_000;
const HEARTBEAT_MS = 2_000;

export interface ConnectOptions {
  /** Shown in the server's log and matched by failpoints in tests. */
  appName?: string;
  maxPoolSize?: number;
  dbName?: string;
  /** How long one command may stay without an answer, ms; only commands that read whole collections need more than 5 s. */
  socketTimeoutMs?: number;
}

/** Opens a connection; rejects within 5 s when no server answers. */
export async function openConnection(uri: string, options: ConnectOptions = {}): Promise<Connection> {
  const connection = mongoose.createConnection(uri, {
    appName: options.appName ?? 'orders-module',
    maxPoolSize: options.maxPoolSize ?? 50,
    ...(options.dbName === undefined ? {} : { dbName: options.dbName }),
    writeConcern: { w: 'majority', journal: true },
    retryWrites: true,
    retryReads: true,
    serverSelectionTimeoutMS: SERVER_WAIT_MS,
    connectTimeoutMS: SERVER_WAIT_MS,
    socketTimeoutMS: options.socketTimeoutMs ?? SERVER_WAIT_MS,
    heartbeatFrequencyMS: HEARTBEAT_MS,
    autoIndex: false,
    autoCreate: false,
  });
  return connection.asPromise();
}

const driverCollections = new WeakMap<object, mongoose.mongo.Collection>();

/** The driver's own collection behind a model, for reads and writes whose casting would cost as much as they do. */
export function driverCollection<T extends object>(model: Model<T>): mongoose.mongo.Collection<T> {
  const { collection, db } = model;
  const made = driverCollections.get(collection) ?? db.getClient().db(db.name).collection(collection.name);
  // Kept, because resolving a client's options anew for each command is a fortieth of what a purchase costs the processor.
  driverCollections.set(collection, made);
  // A model has one collection, of its own documents.
  return made as unknown as mongoose.mongo.Collection<T>;
}
