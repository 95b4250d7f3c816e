import type mongoose from 'mongoose';
import { Counter, Gauge, type Registry } from 'prom-client';

/**
 * Metrics of the client's connection pools, one per server of the replica set, from the driver's monitoring events (CMAP). An
 * exhausted pool with queued calls is the first sign of a slow database.
 */
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
    // Connections created before these listeners appear here first.
    open.add(idOf(event));
    inUse.add(idOf(event));
  });
  client.on('connectionCheckedIn', (event) => inUse.delete(idOf(event)));
}
