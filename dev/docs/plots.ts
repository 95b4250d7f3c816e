/** `npm run plots`: draws the plots of docs/measured.md from the benchmark's JSON in docs/measured. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_FOLDER } from '../start/environment.ts';
import { benchmarkSchema, CHARTS, drawChart } from './charts.ts';

const DATA = join(PROJECT_FOLDER, 'docs/measured');

const reports = readdirSync(DATA)
  .filter((name) => name.endsWith('.json'))
  .map((name) => benchmarkSchema.parse(JSON.parse(readFileSync(join(DATA, name), 'utf8'))))
  .sort((a, b) => a.startedAt.localeCompare(b.startedAt));

for (const chart of CHARTS) {
  writeFileSync(join(PROJECT_FOLDER, 'docs/pictures', chart.file), drawChart(chart, reports));
  console.log(`docs/pictures/${chart.file}`);
}
