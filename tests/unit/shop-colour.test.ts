/** The shades of the shop's colour: readable whatever was chosen, and the chosen one wherever it is readable. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contrastOf, shopColours } from '../../models/settings/shop-colour.ts';

test('contrast is that of WCAG', () => {
  expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrastOf('#ffffff', '#767676')).toBeCloseTo(4.54, 2);
  expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

const LIGHT_GROUNDS = ['#ffffff', '#fbfaf7', '#f3f1eb', '#f3f5f8'];
const DARK_GROUNDS = ['#12161b', '#1a2027', '#232b34'];

test('whatever the colour, links and buttons of light and dark pages can be read', () => {
  const channel = fc.integer({ min: 0, max: 255 }).map((value) => value.toString(16).padStart(2, '0'));
  fc.assert(
    fc.property(fc.tuple(channel, channel, channel), (channels) => {
      const { light, dark } = shopColours(`#${channels.join('')}`);
      for (const [{ accent, strong, soft, on }, grounds] of [
        [light, LIGHT_GROUNDS],
        [dark, DARK_GROUNDS],
      ] as const) {
        for (const ground of [...grounds, soft, on]) expect(contrastOf(accent, ground)).toBeGreaterThanOrEqual(4.5);
        for (const ground of [soft, on]) expect(contrastOf(strong, ground)).toBeGreaterThanOrEqual(4.5);
      }
    }),
    { numRuns: 500, examples: [[['00', '00', '00']], [['ff', 'ff', 'ff']], [['ff', 'ff', '00']]] },
  );
});

test('a colour that can be read is taken as it is, and one that cannot as its nearest shade', () => {
  expect(shopColours('#7a1fa2').light.accent).toBe('#7a1fa2');
  expect(shopColours('#ffd500').dark.accent).toBe('#ffd500');
  const { contrast, light } = shopColours('#ffd500');
  expect(contrast).toBeLessThan(2);
  expect(contrastOf(light.accent, '#f3f1eb')).toBeLessThan(5);
});
