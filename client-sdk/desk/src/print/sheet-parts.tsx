/** The beginning of a sheet of one order, and the head of its table. */
import { useShopName } from '../../../parts/data/shop.ts';

export function SheetHead({ code }: { code: string }) {
  const shopName = useShopName();
  return (
    <header className="sheet-head">
      <bdi>{shopName}</bdi>
      <span className="sheet-code">{code}</span>
    </header>
  );
}

/** Browsers repeat it at the top of each page, so that no sheet is without its order. */
export function GoodsHead({ code, sums = [] }: { code: string; sums?: readonly string[] }) {
  return (
    <thead>
      <tr>
        <th scope="col">Units</th>
        <th scope="col">
          Goods of <span className="code">{code}</span>
        </th>
        {sums.map((name) => (
          <th key={name} scope="col" className="cell-number">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}
