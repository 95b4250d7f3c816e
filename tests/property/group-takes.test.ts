/** Properties of groupTakes. A failure prints its seed, which repeats the case. */
import { describe, test } from '@jest/globals';
import fc from 'fast-check';
import type { SettlementDecision } from '../../models/settlement/decide-settlement.ts';
import { groupTakes, type TakeGroup } from '../../models/settlement/group-takes.ts';
import { randomRuns } from '../support/property-runs.ts';

const RUNS = randomRuns(2_000);

type Takes = SettlementDecision['takes'];

/** Few different numbers, so that variants share a group; ids as a decision has them: sorted, each once. */
const units = fc.oneof({ weight: 9, arbitrary: fc.nat(3) }, fc.nat(500_000));
const takes: fc.Arbitrary<Takes> = fc
  .uniqueArray(fc.stringMatching(/^[0-9a-f]{4}$/), { maxLength: 30 })
  .chain((ids) =>
    fc.tuple(
      ...ids
        .sort()
        .map((variantId) => fc.record({ variantId: fc.constant(variantId), fromStock: units, fromReserved: units })),
    ),
  );

const always = (holds: (takes: Takes, groups: TakeGroup[]) => boolean) =>
  fc.assert(
    fc.property(takes, (given) => holds(given, groupTakes(given))),
    RUNS,
  );

const ungroup = (groups: readonly TakeGroup[]): Takes =>
  groups
    .flatMap(({ variantIds, ...taken }) => variantIds.map((variantId) => ({ variantId, ...taken })))
    .sort((a, b) => (a.variantId < b.variantId ? -1 : 1));

const isRising = (ids: readonly string[]) => ids.every((id, index) => index === 0 || (ids[index - 1] ?? '') < id);

describe('for any takes', () => {
  test('the groups take the same units of the same variants, each variant once', () =>
    always((given, groups) => JSON.stringify(ungroup(groups)) === JSON.stringify(given)));

  test('the ids of a group are sorted, and the groups follow the order of their smallest id', () =>
    always(
      (_, groups) =>
        groups.every(({ variantIds }) => variantIds.length > 0 && isRising(variantIds)) &&
        isRising(groups.map(({ variantIds }) => variantIds[0] ?? '')),
    ));

  test('no two groups take the same units, so there are as few statements as can be', () =>
    always((_, groups) => {
      const keys = groups.map(({ fromStock, fromReserved }) => `${fromStock} ${fromReserved}`);
      return new Set(keys).size === keys.length;
    }));
});
