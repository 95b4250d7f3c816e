import mongoose, { type Connection, type Model } from 'mongoose';

/** Server selection timeout, ms: two heartbeats and an election fit in. */
const SERVER_WAIT_MS = 5_000;
const HEARTBEAT_MS = 2_000;

export interface ConnectOptions {
  /** Shown in the server's log and matched by failpoints in tests. */
  appName?: string;
  maxPoolSize?: number;
  dbName?: string;
  /** How long one command may go without a reply, ms. Only commands that read whole collections need more than 5 s. */
  socketTimeoutMs?: number;
}

/** Rejects within 5 s when no server answers. */
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

/** The driver's collection behind a model, without mongoose's casting, which can take as long as the command itself. */
export function driverCollection<T extends object>(model: Model<T>): mongoose.mongo.Collection<T> {
  const { collection, db } = model;
  const cached = driverCollections.get(collection) ?? db.getClient().db(db.name).collection(collection.name);
  // Cached, because resolving the client's options for each command takes a fortieth of a purchase's CPU time.
  driverCollections.set(collection, cached);
  // A model has one collection, of its own documents.
  return cached as unknown as mongoose.mongo.Collection<T>;
}
