/** The planted bugs of tests/planted still fit the code: each edit applies, and the tests that must notice it are there. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { applyEdit, whyNotApplicable } from '../planted/plant.ts';
import { PLANTS } from '../planted/plants.ts';

test('the ids are unique, and each plant says in few words what is wrong', () => {
  expect(new Set(PLANTS.map(({ id }) => id)).size).toBe(PLANTS.length);
  expect(PLANTS.filter(({ what }) => what.length > 72).map(({ id }) => id)).toEqual([]);
});

describe.each(PLANTS.map((plant) => [plant.id, plant] as const))('plant %s', (id, { edits, caughtBy }) => {
  test('applies to the code as it is', () => {
    const texts = new Map<string, string>();
    for (const edit of edits) {
      const text = texts.get(edit.file) ?? readFileSync(edit.file, 'utf8');
      const problem = whyNotApplicable(id, edit, text);
      if (problem !== null) throw new Error(problem);
      texts.set(edit.file, applyEdit(id, edit, text));
    }
  });

  test('names tests that exist', () => {
    const { project, file, testNamePattern } = caughtBy;
    expect(existsSync(file) ? null : file).toBeNull();
    expect(file.split('/')[1]).toBe(project);
    expect(readFileSync(file, 'utf8').includes(testNamePattern) ? null : testNamePattern).toBeNull();
  });
});

describe('an edit', () => {
  const edit = { file: 'a.ts', find: 'x < y', replace: '$& > $1' };

  test('replaces its one occurrence by its literal text', () =>
    expect(applyEdit('p', edit, 'if (x < y) z();')).toBe('if ($& > $1) z();'));

  test.each(['if (y > x) z();', 'x < y && x < y'])('does not apply to %j, and says so', (text) => {
    expect(() => applyEdit('p', edit, text)).toThrow('Plant p no longer applies: in a.ts');
  });
});
