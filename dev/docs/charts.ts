/** The plots of docs/measured.md: which figure of the benchmark's JSON each bar shows, and its drawing as SVG. Pure. */
import { z } from 'zod';

/** The part of `npm run bench -- --json FILE` that plots read. */
export const benchmarkSchema = z.object({
  startedAt: z.string(),
  conditions: z.record(z.string(), z.string()),
  goals: z.array(z.object({ measure: z.string(), value: z.number().nullable(), unit: z.string() })),
  tables: z.array(z.object({ title: z.string(), columns: z.array(z.string()), rows: z.array(z.array(z.string())) })),
});
export type Benchmark = z.infer<typeof benchmarkSchema>;

type Figure =
  | { goal: string }
  /** `row` is a row's label, with or without a rate in parentheses behind it. */
  | { table: string; row: string; column: string };

interface Bar {
  label: string;
  figure: Figure | number;
}

export interface ChartSpec {
  /** Below docs/pictures. */
  file: string;
  title: string;
  unit: string;
  bars: readonly Bar[];
}

const LATENCY = "From the payment's webhook to the confirmed order, ms";
const PROCEDURES = 'Procedures by themselves, web role alone';
const procedure = (label: string, row = label): Bar => ({
  label,
  figure: { table: PROCEDURES, row, column: 'at saturation, requests/s' },
});

/** Before the work on speed. */
const EARLIER = 'be4fa1c';
const beforeAndAfter = (column: string): Bar[] =>
  [20, 24].flatMap((node) => {
    const table = `Whole journeys, 32 at once, in turns with ${EARLIER}, Node ${node}`;
    return [
      { label: `before, Node ${node}`, figure: { table, row: EARLIER, column } },
      { label: `now, Node ${node}`, figure: { table, row: 'this tree', column } },
    ];
  });

export const CHARTS: readonly ChartSpec[] = [
  {
    file: 'measured-settling.svg',
    title: 'Settled orders a second, as a multiple of one job per order',
    unit: '×',
    bars: [
      { label: 'one job and transaction per order', figure: 1 },
      {
        label: 'in batches, 1,000 variants',
        figure: { goal: 'settled, 3 lines of 1,000 variants ÷ one job per order' },
      },
      {
        label: 'in batches, one variant in all',
        figure: { goal: 'settled, the same, one hot variant in every order ÷ one job per order' },
      },
    ],
  },
  {
    file: 'measured-latency.svg',
    title: 'From the webhook of a payment to the confirmed order',
    unit: ' ms',
    bars: [
      { label: 'idle, median', figure: { table: LATENCY, row: 'idle', column: 'p50' } },
      { label: 'idle, 99 % within', figure: { table: LATENCY, row: 'idle', column: 'p99' } },
      { label: 'at 50 orders a second, median', figure: { table: LATENCY, row: 'at 50 orders/s', column: 'p50' } },
      { label: 'at 50 orders a second, 99 % within', figure: { table: LATENCY, row: 'at 50 orders/s', column: 'p99' } },
    ],
  },
  {
    file: 'measured-requests.svg',
    title: 'Requests a second of one web process',
    unit: '/s',
    bars: [
      procedure('page of the catalogue', 'catalogue page'),
      procedure('orders.get'),
      procedure('cart.addItem'),
      procedure('orders.initializePayment', 'initializePayment'),
    ],
  },
  {
    file: 'measured-purchases.svg',
    title: 'Whole purchases a second, 32 shoppers at once',
    unit: '/s',
    bars: beforeAndAfter('orders/s'),
  },
  {
    file: 'measured-processor.svg',
    title: 'Processor time of a purchase, of all programs',
    unit: ' ms',
    bars: beforeAndAfter('all CPU'),
  },
];

/** The figure of the newest report that has it; reports in the order of their date. Throws if none has. */
export function findFigure(reports: readonly Benchmark[], figure: Figure | number): number {
  if (typeof figure === 'number') return figure;
  for (const report of reports.toReversed()) {
    const value = 'goal' in figure ? goalIn(report, figure.goal) : cellIn(report, figure);
    if (value !== null && Number.isFinite(value)) return value;
  }
  throw new Error(`no report holds ${JSON.stringify(figure)}`);
}

function goalIn({ goals }: Benchmark, measure: string): number | null {
  return goals.find((goal) => goal.measure === measure)?.value ?? null;
}

function cellIn({ tables }: Benchmark, figure: Exclude<Figure, { goal: string }>): number | null {
  const table = tables.find(({ title }) => title === figure.table);
  const row = table?.rows.find(([label = '']) => label === figure.row || label.startsWith(`${figure.row} (`));
  const cell = row?.[table?.columns.indexOf(figure.column) ?? -1];
  return cell === undefined ? null : Number(cell.replaceAll(',', ''));
}

const WIDTH = 720;
const LABEL_WIDTH = 290;
const VALUE_WIDTH = 80;
const BAR_HEIGHT = 26;
const GAP = 12;
const TOP = 52;

/** Horizontal bars from zero, each with its value. On a white ground, so that it reads in a dark theme too. */
export function drawChart({ title, unit, bars }: ChartSpec, reports: readonly Benchmark[]): string {
  const values = bars.map(({ label, figure }) => ({ label, value: findFigure(reports, figure) }));
  const most = Math.max(...values.map(({ value }) => value));
  const height = TOP + values.length * (BAR_HEIGHT + GAP) + GAP;
  const room = WIDTH - LABEL_WIDTH - VALUE_WIDTH;
  const lines = values.flatMap(({ label, value }, index) => {
    const y = TOP + index * (BAR_HEIGHT + GAP);
    const width = Math.max(2, Math.round((value / most) * room));
    const middle = y + BAR_HEIGHT / 2 + 5;
    return [
      `  <text x="${LABEL_WIDTH - 12}" y="${middle}" text-anchor="end">${escapeXml(label)}</text>`,
      `  <rect x="${LABEL_WIDTH}" y="${y}" width="${width}" height="${BAR_HEIGHT}" rx="4" fill="#0b6e4f"/>`,
      `  <text x="${LABEL_WIDTH + width + 8}" y="${middle}" font-weight="600">${value.toLocaleString('en')}${escapeXml(unit)}</text>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="14" fill="#1c2430">`,
    `  <title>${escapeXml(title)}</title>`,
    `  <rect width="${WIDTH}" height="${height}" rx="8" fill="#ffffff"/>`,
    `  <text x="20" y="32" font-size="16" font-weight="600">${escapeXml(title)}</text>`,
    ...lines,
    '</svg>',
    '',
  ].join('\n');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
