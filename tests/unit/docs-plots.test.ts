/** The plots in docs/pictures equal the output of `npm run plots` for the data in docs/measured. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { benchmarkSchema, CHARTS, drawChart, findFigure } from '../../dev/docs/charts.ts';
import { Report } from '../bench/report.ts';

const reports = readdirSync('docs/measured')
  .sort()
  .map((name) => benchmarkSchema.parse(JSON.parse(readFileSync(`docs/measured/${name}`, 'utf8'))));

test.each(CHARTS.map((chart) => [chart.file, chart] as const))('%s shows the data', (file, chart) => {
  expect(readFileSync(`docs/pictures/${file}`, 'utf8')).toBe(drawChart(chart, reports));
});

test('a report of the benchmark can be plotted, and the newest figure counts', () => {
  const report = new Report(() => undefined);
  report.goal({ measure: 'webhook → confirmed', value: 12.5, unit: ' ms', mustReach: null, aimFor: 25 });
  report.table({ title: 'Procedures', columns: ['', 'requests/s'], rows: [['orders.get (100/s)', '1,234']] });
  const newest = benchmarkSchema.parse(JSON.parse(report.toJson()));
  expect(findFigure([...reports, newest], { goal: 'webhook → confirmed' })).toBe(12.5);
  expect(findFigure([newest], { table: 'Procedures', row: 'orders.get', column: 'requests/s' })).toBe(1234);
  expect(() => findFigure([newest], { goal: 'never measured' })).toThrow('no report holds');
});
