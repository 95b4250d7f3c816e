/** Every plant, by what it spoils. The first list is FAULTS' own; the others are what tired or malicious hands would do. */
import type { Plant } from './plant.ts';
import { CATALOGUE_PLANTS } from './plants/catalogue.ts';
import { DOOR_PLANTS } from './plants/doors.ts';
import { LATER_PLANTS } from './plants/later.ts';
import { MONEY_PLANTS } from './plants/money.ts';
import { ONCE_PLANTS } from './plants/once.ts';
import { STOCK_PLANTS } from './plants/stock.ts';

export const PLANTS: readonly Plant[] = [
  ...CATALOGUE_PLANTS,
  ...MONEY_PLANTS,
  ...STOCK_PLANTS,
  ...DOOR_PLANTS,
  ...LATER_PLANTS,
  ...ONCE_PLANTS,
];
