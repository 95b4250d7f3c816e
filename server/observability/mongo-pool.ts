/**
 * The pool of connections to MongoDB as metrics, by the driver's own monitoring events (CMAP). A pool that is used up, and
 * calls that queue for it, are the first sign of a database that has become slow.
 */
import type mongoose from 'mongoose';
import { Counter, Gauge, type Registry } from 'prom-client';

/** Follows every pool of the client from now on: one per server of the replica set. */
export function watchPool(client: mongoose.mongo.MongoClient, registry: Registry): void {
  const registers = [registry];
  const open = new Set<string>();
  const inUse = new Set<string>();
  let queued = 0;
  const idOf = ({ address, connectionId }: { address: string; connectionId: number | '<monitor>' }) =>
    `${address} ${connectionId}`;
  new Gauge({
    name: 'mongo_pool_connections',
    help: 'Connections to MongoDB, by what they do; queued: calls that wait for one.',
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'in_use' }, inUse.size);
      this.set({ state: 'idle' }, open.size - inUse.size);
      this.set({ state: 'queued' }, queued);
    },
  });
  const failures = new Counter({
    name: 'mongo_pool_checkout_failures_total',
    help: 'Calls that got no connection to MongoDB.',
    registers,
  });
  client.on('connectionCreated', (event) => open.add(idOf(event)));
  client.on('connectionClosed', (event) => {
    open.delete(idOf(event));
    inUse.delete(idOf(event));
  });
  client.on('connectionCheckOutStarted', () => {
    queued += 1;
  });
  client.on('connectionCheckOutFailed', () => {
    queued = Math.max(0, queued - 1);
    failures.inc();
  });
  client.on('connectionCheckedOut', (event) => {
    queued = Math.max(0, queued - 1);
    // Connections from before we listened are met here.
    open.add(idOf(event));
    inUse.add(idOf(event));
  });
  client.on('connectionCheckedIn', (event) => inUse.delete(idOf(event)));
}
