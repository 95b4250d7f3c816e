/**
 * A tripwire in a process of the shop: follows a crash point's moments through the driver's command events and the calls of
 * the ports, and crashes at the last. Placed from outside: the production code knows nothing of it. It trips once.
 */
import mongoose from 'mongoose';
import type { Mailer, PaystackPort } from '../../../jobs/ports.ts';
import type { Crash, Moment } from './points.ts';

/** System calls after a SIGSTOP to oneself, in case another thread takes the signal: some 1 ms. */
const PAUSE_CALLS = 1_000;

export class PlantedCrash extends Error {}

export class Tripwire {
  readonly #crash: Crash;
  readonly #onTrip: () => void;
  readonly #left: Moment[];
  #armed = false;
  /** The last moment that was passed, and in which transaction. */
  #passed: Moment | undefined;
  #transaction: string | undefined;

  constructor(moments: readonly Moment[], crash: Crash, onTrip: () => void) {
    this.#left = [...moments];
    this.#crash = crash;
    this.#onTrip = onTrip;
  }

  /** What happened before is not followed: starting up passes many of the same commands. */
  arm(): void {
    this.#armed = true;
  }

  /** The process passes a moment that `fits` tells. The last one of the point is its last, or at least a long pause. */
  pass(fits: (moment: Moment) => boolean, transaction?: string): void {
    const [next] = this.#left;
    if (!this.#armed || next === undefined) return;
    // A transaction that was aborted is tried again as another one.
    if (this.#passed && fits(this.#passed)) this.#transaction = transaction;
    if (!fits(next)) return;
    // Sweeps commit as well, even when they found nothing.
    const isCommit = 'command' in next && next.command === 'commitTransaction';
    if (isCommit && this.#transaction !== undefined && transaction !== this.#transaction) return;
    this.#passed = next;
    this.#transaction = transaction;
    this.#left.shift();
    if (this.#left.length > 0) return;
    this.#onTrip();
    if (this.#crash === 'throw') throw new PlantedCrash('planted: the process broke here');
    process.kill(process.pid, this.#crash === 'kill' ? 'SIGKILL' : 'SIGSTOP');
    // A signal to oneself is delivered at the latest with the next system call.
    for (let calls = 0; this.#crash === 'kill' || calls < PAUSE_CALLS; calls += 1) process.cpuUsage();
  }
}

/** Every command of every connection that is opened from now on passes the wire. Call it before the shop is started. */
export function watchCommands(wire: Tripwire): void {
  const createConnection = mongoose.createConnection.bind(mongoose);
  const collections = new Map<number, About>();
  const watched: typeof mongoose.createConnection = (uri?: string, options?: mongoose.ConnectOptions) => {
    const connection = createConnection(uri ?? '', { ...options, monitorCommands: true });
    connection.once('connecting', () => undefined);
    void connection.asPromise().then(() => {
      const client = connection.getClient();
      client.on('commandStarted', ({ requestId, commandName, command }) => {
        const about = aboutOf(commandName, command);
        collections.set(requestId, about);
        wire.pass((moment) => isCommand(moment, 'before', commandName, about), about.transaction);
      });
      client.on('commandFailed', ({ requestId }) => collections.delete(requestId));
      client.on('commandSucceeded', ({ requestId, commandName }) => {
        const about = collections.get(requestId) ?? { collection: undefined, upsert: false };
        collections.delete(requestId);
        wire.pass((moment) => isCommand(moment, 'after', commandName, about), about.transaction);
      });
    });
    return connection;
  };
  mongoose.createConnection = watched;
}

interface About {
  collection: unknown;
  upsert: boolean;
  /** Missing for a command outside of transactions. */
  transaction?: string;
}

function aboutOf(commandName: string, command: mongoose.mongo.BSON.Document): About {
  const { lsid, txnNumber, autocommit } = command;
  return {
    collection: command[commandName],
    upsert: command.upsert === true,
    ...(autocommit === false ? { transaction: `${lsid?.id?.toString('hex')}:${txnNumber}` } : {}),
  };
}

function isCommand(moment: Moment, at: Moment['at'], commandName: string, about: About): boolean {
  if (!('command' in moment) || moment.at !== at || moment.command !== commandName) return false;
  if (moment.collection !== undefined && moment.collection !== about.collection) return false;
  return moment.upsert === undefined || about.upsert;
}

type PortName = Extract<Moment, { port: string }>['port'];

/** The call of a port, passing the wire before it is made and after it was answered. */
export async function through<T>(wire: Tripwire, port: PortName, call: () => Promise<T>): Promise<T> {
  wire.pass((moment) => 'port' in moment && moment.at === 'before' && moment.port === port);
  const answer = await call();
  wire.pass((moment) => 'port' in moment && moment.at === 'after' && moment.port === port);
  return answer;
}

export function wirePaystack(wire: Tripwire, paystack: PaystackPort): PaystackPort {
  return {
    ...paystack,
    initialize: (input) => through(wire, 'initialize', () => paystack.initialize(input)),
    verify: (reference) => through(wire, 'verify', () => paystack.verify(reference)),
    listRefunds: (input) => through(wire, 'listRefunds', () => paystack.listRefunds(input)),
    createRefund: (input) => through(wire, 'createRefund', () => paystack.createRefund(input)),
  };
}

export function wireMailer(wire: Tripwire, mailer: Mailer): Mailer {
  return { send: (email) => through(wire, 'send', () => mailer.send(email)) };
}
