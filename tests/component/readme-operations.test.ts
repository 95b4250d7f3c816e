/**
 * What the README tells operators holds: each metric on which the runbook alerts exists with these labels and says these words, each test that the
 * security tables name is there, and each command is one of package.json's.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { LABEL_VALUES } from '../../server/observability/metrics.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

/** Whichever metric a row names. */
const VALUES: Record<string, Record<string, readonly string[]>> = LABEL_VALUES;

const readme = readFileSync('README.md', 'utf8');

/** The text between a heading and the next one of any level. */
function sectionOf(heading: string): string {
  const [, after = ''] = readme.split(`\n${heading}\n`);
  return after.split(/\n#+ /)[0] ?? '';
}

const rowsOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));

const codeIn = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

describe('the runbook', () => {
  let world: TestApp;
  beforeAll(async () => {
    world = await startTestApp();
  });
  afterAll(() => world.stop());

  interface Sample {
    name: string;
    labels: [string, string][];
  }

  /** `name{label="value"}`; a label without a name belongs to the one before it. */
  function samplesIn(cell: string): Sample[] {
    const samples: Sample[] = [];
    for (const code of codeIn(cell)) {
      const labels = [...code.matchAll(/(\w+)="(\w+)"/g)].map(([, label = '', value = '']): [string, string] => [
        label,
        value,
      ]);
      const [name = ''] = /^[a-z_]+(?=\{|$)/.exec(code) ?? [];
      if (name === '') samples.at(-1)?.labels.push(...labels);
      else samples.push({ name, labels });
    }
    return samples;
  }

  const [, ...rows] = rowsOf(sectionOf('### Runbook'));

  test('has a row for each symptom, with a metric and with what to do', () => {
    expect(rows.length).toBeGreaterThanOrEqual(10);
    for (const [symptom, metric = '', remedy = ''] of rows)
      expect([symptom, samplesIn(metric).length > 0, remedy.length > 20]).toEqual([symptom, true, true]);
  });

  test.each(rows.map(([symptom = '', ...cells]): [string, string] => [symptom, cells.join(' ')]))(
    '%s: its metrics exist, and their labels say this',
    (_symptom, cell) => {
      const { registry } = world.ctx.events;
      for (const { name, labels } of samplesIn(cell).filter((sample) => sample.name.includes('_'))) {
        const base = name.replace(/_(count|sum|bucket)$/, '');
        const metric = registry.getSingleMetric(name) ?? registry.getSingleMetric(base);
        expect([name, metric !== undefined]).toEqual([name, true]);
        for (const [label, value] of labels) {
          expect([name, label, labelNamesOf(metric)]).toEqual([name, label, expect.arrayContaining([label])]);
          const known = VALUES[name]?.[label] ?? VALUES[base]?.[label] ?? [];
          expect([name, label, value, known]).toEqual([name, label, value, expect.arrayContaining([value])]);
        }
      }
    },
  );

  /** prom-client keeps them on the metric, where its types do not show them. */
  function labelNamesOf(metric: unknown): unknown {
    return typeof metric === 'object' && metric !== null && 'labelNames' in metric ? metric.labelNames : [];
  }
});

describe('the security tables', () => {
  const files = new Set(
    readdirSync('tests', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => basename(file)),
  );
  const rows = rowsOf(sectionOf('## Security'));

  test('have all ten items of OWASP, each with what guards it', () => {
    const items = rows.map(([item = '']) => /^API(\d+) /.exec(item)?.[1]).filter((item) => item !== undefined);
    expect(items).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
  });

  test('name for each row a test that exists', () => {
    for (const [item, ...cells] of rows) {
      if (/^(ASVS|OWASP) /.test(item ?? '')) continue;
      const tests = codeIn(cells.join(' ')).filter((code) => code.endsWith('.test.ts'));
      expect([item, tests.length > 0 || /see API/.test(cells.join(' '))]).toEqual([item, true]);
      for (const named of tests) expect([item, named, files.has(basename(named))]).toEqual([item, named, true]);
    }
  });
});

test('every command that the README names is one of package.json', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync('package.json', 'utf8')));
  const named = new Set([...readme.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name));
  expect([...named].filter((name) => !(name in scripts))).toEqual([]);
});
