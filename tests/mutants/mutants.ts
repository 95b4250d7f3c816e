/** Every plant, by what it spoils. The first list is FAULTS' own; the others are what tired or malicious hands would do. */

import { CATALOGUE_PLANTS } from './list/catalogue.ts';
import { DOOR_PLANTS } from './list/endpoints.ts';
import { LATER_PLANTS } from './list/later.ts';
import { MONEY_PLANTS } from './list/money.ts';
import { ONCE_PLANTS } from './list/once.ts';
import { STOCK_PLANTS } from './list/stock.ts';
import type { Plant } from './mutant.ts';

export const PLANTS: readonly Plant[] = [
  ...CATALOGUE_PLANTS,
  ...MONEY_PLANTS,
  ...STOCK_PLANTS,
  ...DOOR_PLANTS,
  ...LATER_PLANTS,
  ...ONCE_PLANTS,
];
