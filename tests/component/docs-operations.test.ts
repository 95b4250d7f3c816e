/**
 * The pages for operators agree with the program: metrics, labels and values of docs/runbook.md, and the routes of
 * docs/api-and-errors.md.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApp, createOpsApp } from '../../server/http/app.ts';
import { LABEL_VALUES } from '../../server/observability/metrics.ts';
import { codeIn, rowsOf, sectionOf } from '../support/markdown.ts';
import { routesOf } from '../support/routes.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

/** The metrics that any row names. */
const VALUES: Record<string, Record<string, readonly string[]>> = LABEL_VALUES;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

describe('the runbook', () => {
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

  const [, ...rows] = rowsOf(sectionOf('docs/runbook.md', '## Alerts'));

  test('has a row for each symptom, with a metric and with what to do', () => {
    expect(rows.length).toBeGreaterThanOrEqual(10);
    for (const [symptom, metric = '', remedy = ''] of rows)
      expect([symptom, samplesIn(metric).length > 0, remedy.length > 20]).toEqual([symptom, true, true]);
  });

  test.each(rows.map(([symptom = '', ...cells]): [string, string] => [symptom, cells.join(' ')]))(
    '%s: its metrics exist, and their labels say this',
    (_symptom, cell) => {
      const { registry } = app.ctx.events;
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

  /** prom-client keeps them on the metric, where its types omit them. */
  function labelNamesOf(metric: unknown): unknown {
    return typeof metric === 'object' && metric !== null && 'labelNames' in metric ? metric.labelNames : [];
  }
});

test('every route of the program is in the table of routes, and the table names no other', () => {
  const documented = rowsOf(sectionOf('docs/api-and-errors.md', '## Routes'))
    .flatMap(([cell = '']) => codeIn(cell))
    .filter((code) => /^(GET|POST) /.test(code));
  const pages = { storefrontDir: 'client-sdk/storefront', deskDir: 'client-sdk/desk' };
  const routes = [createApp(app.ctx, pages), createOpsApp(app.ctx)].flatMap(routesOf);
  const served = routes.map(({ method, path }) => `${method} ${path}`);
  expect(documented.sort()).toEqual(served.sort());
});
