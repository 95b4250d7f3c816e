import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Clock, Random } from '../../jobs/ports.ts';

export const systemClock: Clock = { now: () => new Date() };

const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

export const systemRandom: Random = {
  orderCode: () => Array.from({ length: 12 }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join(''),
  id: () => randomUUID(),
  jitter: () => randomBytes(4).readUInt32BE() / 2 ** 32,
};
