/**
 * Staff of a chaos run who look at a preview and press. While the outcome is unknown they press again, under the same key. In the
 * end each such act took effect once or not at all, and as its preview said (I22).
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ActionPreview } from '../../../models/contract/staff/action-preview.ts';
import type { Database } from '../../../models/db/database.ts';
import type { HistoryEntry } from '../../../models/order/history.ts';
import type { Order } from '../../../models/order/order-document.ts';
import { findBrokenPreview } from '../../support/kept-preview.ts';
import type { History, Operation } from './history.ts';

const TRIES = 4;
const PAUSE_MS = 200;

export interface PreviewedAct {
  name: 'ship' | 'void' | 'refundLines' | 'answerDispute';
  orderId: string;
  /** The key; of a shipment that is voided, its id. */
  id: string;
  preview(): Promise<ActionPreview>;
  act(expected: { expect: string }): Promise<{ status: string }>;
}

/** Presses what the preview offers. Resolves with whether it was acknowledged. */
export async function actOnPreview(history: History, actor: string, of: PreviewedAct): Promise<boolean> {
  const { name, orderId } = of;
  const shown = await history.record(actor, 'preview', { orderId }, of.preview);
  if (shown === null || shown.why !== null) return false;
  const input = { orderId, ...namedBy(of), shown };
  // Without a key, a repeat could not be distinguished from another act.
  const tries = name === 'void' ? 1 : TRIES;
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const done = await history.record(actor, name, input, async () => (await of.act({ expect: shown.digest })).status);
    if (done !== null) return true;
    if (history.operations.findLast((operation) => operation.actor === actor)?.outcome === 'fail') return false;
    await delay(PAUSE_MS * attempt);
  }
  return false;
}

/** How the record of the operation names what the act wrote. */
function namedBy({ name, id }: PreviewedAct): Record<string, string> {
  if (name === 'refundLines') return { refundId: id };
  return name === 'answerDispute' ? { answerKey: id } : { shipmentId: id };
}

export interface PreviewCheck {
  violations: string[];
  /** Acts whose preview was compared with what stands. */
  compared: number;
}

export async function checkPreviews(history: History, orders: readonly Order[], db: Database): Promise<PreviewCheck> {
  const byId = new Map(orders.map((order) => [String(order._id), order]));
  const violations: string[] = [];
  let compared = 0;
  for (const [key, operations] of groupByAct(history)) {
    const [first] = operations;
    const order = byId.get(String(first?.input.orderId));
    if (first === undefined || order === undefined) continue;
    const entries = order.history.filter((entry) => isOf(first, entry));
    const where = `operation ${first.id}: ${first.name} ${key} of ${order.code}`;
    if (entries.length > 1) violations.push(`${where} took effect ${entries.length} times`);
    const [entry] = entries;
    if (entry === undefined) continue;
    if (first.name !== 'void' && operations.every(({ outcome }) => outcome === 'fail'))
      violations.push(`${where} was refused and took effect all the same`);
    // Another member of staff may have voided the shipment.
    if (first.name === 'void' && first.outcome !== 'ok') continue;
    const shown = first.input.shown as ActionPreview;
    violations.push(...(await findBrokenPreview(db, shown, { order, entry })));
    compared += 1;
  }
  return { violations, compared };
}

/** The calls of each act, a key's repeats together. */
function groupByAct({ operations }: History): Map<string, Operation[]> {
  const acts = new Map<string, Operation[]>();
  for (const operation of operations) {
    const { name, input } = operation;
    if (input.shown === undefined) continue;
    // Two previews of the same shipment are two acts.
    const act = name === 'void' ? `${input.shipmentId} (${operation.id})` : String(keyOf(input));
    acts.set(act, [...(acts.get(act) ?? []), operation]);
  }
  return acts;
}

function keyOf({ refundId, answerKey, shipmentId }: Operation['input']): unknown {
  return refundId ?? answerKey ?? shipmentId;
}

function isOf({ name, input }: Operation, entry: HistoryEntry): boolean {
  if (name === 'void') return entry.type === 'shipment_voided' && entry.data.shipmentId === input.shipmentId;
  return entry.key?.id === keyOf(input);
}
