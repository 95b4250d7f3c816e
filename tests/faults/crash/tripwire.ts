/**
 * Follows a crash point's moments through the driver's command events and the calls of the ports, and crashes the process at
 * the last one. The production code has no hook for it.
 */
import mongoose from 'mongoose';
import type { Mailer, OutgoingEmail, PaystackPort } from '../../../jobs/ports.ts';
import type { Crash, Moment } from './points.ts';
import { isAboutOrder } from './system-state.ts';

/** System calls after a SIGSTOP to this process, about 1 ms, in case another thread receives the signal. */
const PAUSE_CALLS = 1_000;

export class InjectedCrash extends Error {}

export class Tripwire {
  readonly #crash: Crash;
  readonly #onTrip: () => void;
  readonly #left: Moment[];
  #armed = false;
  /** The last moment that was passed, and its transaction. */
  #passed: Moment | undefined;
  #transaction: string | undefined;

  constructor(moments: readonly Moment[], crash: Crash, onTrip: () => void) {
    this.#left = [...moments];
    this.#crash = crash;
    this.#onTrip = onTrip;
  }

  /** Earlier moments are ignored, because starting the server sends many of the same commands. */
  arm(): void {
    this.#armed = true;
  }

  /** Advances if `fits` matches the next moment. At the last moment the process throws, dies or pauses. */
  pass(fits: (moment: Moment) => boolean, transaction?: string): void {
    const [next] = this.#left;
    if (!this.#armed || next === undefined) return;
    // A retried transaction has another number.
    if (this.#passed && fits(this.#passed)) this.#transaction = transaction;
    if (!fits(next)) return;
    // Sweeps commit transactions too; only the commit of this transaction counts.
    const isCommit = 'command' in next && next.command === 'commitTransaction';
    if (isCommit && this.#transaction !== undefined && transaction !== this.#transaction) return;
    this.#passed = next;
    this.#transaction = transaction;
    this.#left.shift();
    if (this.#left.length > 0) return;
    this.#onTrip();
    if (this.#crash === 'throw') throw new InjectedCrash('injected: the process failed here');
    process.kill(process.pid, this.#crash === 'kill' ? 'SIGKILL' : 'SIGSTOP');
    // A signal to the own process arrives with the next system call at the latest.
    for (let calls = 0; this.#crash === 'kill' || calls < PAUSE_CALLS; calls += 1) process.cpuUsage();
  }
}

/** Reports the commands of all later connections to the wire; call it before the server starts. */
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
  /** undefined outside transactions. */
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

/** Reports the call of a port to the wire, before the call and after its result. */
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
    listPayoutCharges: (input) => through(wire, 'listPayoutCharges', () => paystack.listPayoutCharges(input)),
    createRefund: (input) => through(wire, 'createRefund', () => paystack.createRefund(input)),
    submitEvidence: (...input) => through(wire, 'submitEvidence', () => paystack.submitEvidence(...input)),
    uploadFile: (...input) => through(wire, 'uploadFile', () => paystack.uploadFile(...input)),
    resolveDispute: (...input) => through(wire, 'resolveDispute', () => paystack.resolveDispute(...input)),
  };
}

/** Emails about orders only: the account's own may leave at any time. */
export function wireMailer(wire: Tripwire, mailer: Mailer): Mailer {
  const send = (email: OutgoingEmail) => mailer.send(email);
  return { send: (email) => (isAboutOrder(email.key) ? through(wire, 'send', () => send(email)) : send(email)) };
}
