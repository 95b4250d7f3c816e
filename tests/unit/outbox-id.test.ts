/** The ids of the outbox: constructors and parser agree, and orders' ids alone lie in the range that the audit scans. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Types } from 'mongoose';
import { EMAIL_KINDS } from '../../models/contract/statuses.ts';
import {
  END_OF_ORDER_IDS,
  orderEmailId,
  outboxIdsOfOrder,
  parseOutboxId,
  staffEmailId,
  userEmailId,
} from '../../models/messaging/outbox-id.ts';

const HEX = '0123456789abcdef';
const objectId = fc
  .array(fc.constantFrom(...HEX), { minLength: 24, maxLength: 24 })
  .map((digits) => new Types.ObjectId(digits.join('')));
const count = fc.nat({ max: 10 ** 15 - 1 });
const word = fc.stringMatching(/^[a-z][a-z_]{0,20}$/);

test('each id is read back as it was composed', () => {
  fc.assert(
    fc.property(objectId, fc.constantFrom(...EMAIL_KINDS), count, (id, kind, seq) => {
      expect(parseOutboxId(orderEmailId(id, kind, seq))).toEqual({ about: 'order', orderId: String(id), kind, seq });
    }),
  );
  fc.assert(
    fc.property(objectId, word, count, (id, kind, n) => {
      expect(parseOutboxId(userEmailId(id, kind, n))).toEqual({ about: 'user', userId: String(id), kind, n });
    }),
  );
  fc.assert(
    fc.property(word, fc.stringMatching(/^[A-Za-z0-9][\w.:-]{0,30}$/), (kind, what) => {
      expect(parseOutboxId(staffEmailId(kind, what))).toEqual({ about: 'staff', kind, what });
    }),
  );
  expect(parseOutboxId('staff:dispute_due:7:8')).toEqual({ about: 'staff', kind: 'dispute_due', what: '7:8' });
});

test('orders have the hexadecimal range of ids to themselves, and each order its own part of it', () => {
  fc.assert(
    fc.property(objectId, objectId, fc.constantFrom(...EMAIL_KINDS), count, (id, other, kind, seq) => {
      const key = orderEmailId(id, kind, seq);
      expect(key < END_OF_ORDER_IDS).toBe(true);
      const { $gte, $lt } = outboxIdsOfOrder(other);
      expect(key >= $gte && key < $lt).toBe(id.equals(other));
    }),
  );
  expect(userEmailId(new Types.ObjectId(), 'welcome', 1) >= END_OF_ORDER_IDS).toBe(true);
  expect(staffEmailId('new_orders', '1') >= END_OF_ORDER_IDS).toBe(true);
});

test.each([
  '',
  'order_confirmed:1',
  '65f0000000000000000000aa:order_confirmed',
  '65f0000000000000000000aa:order_confirmed:01',
  '65f0000000000000000000aa:order_confirmed:1:2',
  '65f0000000000000000000ag:order_confirmed:1',
  '65F0000000000000000000AA:order_confirmed:1',
  'user:65f0000000000000000000aa:welcome',
  'user:ada:welcome:1',
  'staff:new_orders',
  'staff:new_orders:',
  'staff:New:1',
])('%p is no id of the outbox', (text) => {
  expect(parseOutboxId(text)).toBeNull();
});

test('an id that could not be read back is never composed', () => {
  const id = new Types.ObjectId();
  expect(() => userEmailId(id, 'wel:come', 1)).toThrow('wel:come');
  expect(() => userEmailId(id, 'welcome', -1)).toThrow('-1');
  expect(() => userEmailId(id, 'welcome', 1.5)).toThrow('1.5');
  expect(() => staffEmailId('', 'x')).toThrow('No id');
  expect(() => staffEmailId('new_orders', 'a b')).toThrow('a b');
});
