import { formatMoney, type Sales as SalesFigures } from '@orders-module/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Bar, BarChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { Money } from '../../../parts/ui/money.tsx';
import { salesQuery } from '../data/today.ts';

type Currency = SalesFigures['days'][number]['figures'][number]['currency'];

/** One plot for each currency that was sold in. */
export function Sales() {
  const { data: sales } = useQuery(salesQuery);
  if (sales === undefined) return <div className="sales-place" />;
  const currencies = [...new Set(sales.days.flatMap(({ figures }) => figures.map(({ currency }) => currency)))];
  if (sales.at === null) return <p className="faint sales-none">The sales are being added up; this takes a minute.</p>;
  if (currencies.length === 0) return <p className="faint sales-none">Nothing was sold in the last 30 days.</p>;
  return (
    <div className="with-summary">
      <div className="order-main">
        {currencies.map((currency) => (
          <Plot key={currency} currency={currency} sales={sales} />
        ))}
      </div>
      <BestSellers sales={sales} />
    </div>
  );
}

const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

function Plot({ currency, sales: { days } }: { currency: Currency; sales: SalesFigures }) {
  const points = days.map(({ day, figures }) => {
    const figure = figures.find((one) => one.currency === currency);
    return { day: DAY.format(new Date(`${day}T12:00:00`)), amount: figure?.amount ?? 0, orders: figure?.orders ?? 0 };
  });
  const total = points.reduce((sum, { amount }) => sum + amount, 0);
  const today = points.at(-1);
  const say = (amount: number) => formatMoney({ amount, currency });
  return (
    <section className="panel" aria-label={`Sales in ${currency}`}>
      <h2>
        Today <Money amount={today?.amount ?? 0} currency={currency} />
      </h2>
      <p className="faint">
        {today?.orders === 1 ? '1 order' : `${today?.orders ?? 0} orders`} so far; {say(total)} in 31 days.
      </p>
      {/* The sums above say the same; a plot cannot be read aloud. */}
      <div className="plot" aria-hidden="true">
        <ResponsiveContainer width="100%" height={200}>
          <BarChart data={points} accessibilityLayer={false}>
            <XAxis dataKey="day" tickLine={false} interval="preserveStartEnd" minTickGap={30} stroke="var(--faint)" />
            <YAxis hide />
            <Tooltip
              formatter={(value) => say(Number(value))}
              cursor={{ fill: 'var(--sunken)' }}
              contentStyle={{ background: 'var(--surface)', borderColor: 'var(--rule)', color: 'var(--ink)' }}
            />
            <Bar dataKey="amount" name="Sold" fill="var(--accent)" isAnimationActive={false} />
          </BarChart>
        </ResponsiveContainer>
      </div>
    </section>
  );
}

function BestSellers({ sales: { bestSellers } }: { sales: SalesFigures }) {
  if (bestSellers.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="best">
      <h2 id="best">Best sellers</h2>
      <ol className="best-list">
        {bestSellers.map(({ productId, title, currency, units, amount }) => (
          <li key={`${productId} ${currency}`}>
            <Link to="/products/$id" params={{ id: productId }}>
              <bdi>{title}</bdi>
            </Link>
            <span className="faint">
              {units} sold, <Money amount={amount} currency={currency} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
