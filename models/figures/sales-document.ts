import { Schema, type Types } from 'mongoose';
import type { Currency } from '../contract/money.ts';

/** Amounts in subunits of `currency`. */
export interface SalesFigure {
  currency: Currency;
  orders: number;
  units: number;
  amount: number;
  returned: number;
}

export interface ProductSales {
  productId: Types.ObjectId;
  /** As it was sold last. */
  title: string;
  currency: Currency;
  units: number;
  amount: number;
}

/** The orders that were placed in one of the shop's days. */
export interface SalesDay {
  /** `2026-03-01` */
  day: string;
  computedAt: Date;
  figures: SalesFigure[];
  /** Those that sold most units. */
  products: ProductSales[];
}

/** The sales of the last days, rolled up by a worker: one read answers the page. */
export interface Sales {
  _id: 'sales';
  /** A worker computes them from then on. */
  dueAt: Date;
  /** The days are those of this zone. */
  timeZone?: string;
  computedAt?: Date;
  /** The oldest first. */
  days?: SalesDay[];
  bestSellers?: ProductSales[];
}

const part = <T>(definition: ConstructorParameters<typeof Schema<T>>[0]) =>
  new Schema<T>(definition, { _id: false, strict: 'throw' });
const number = { type: Number, required: true };
const text = { type: String, required: true };
const productSales = part<ProductSales>({
  productId: { type: Schema.Types.ObjectId, required: true },
  title: text,
  currency: text,
  units: number,
  amount: number,
});

export const salesSchema = new Schema<Sales>(
  {
    _id: text,
    dueAt: { type: Date, required: true },
    timeZone: String,
    computedAt: Date,
    days: {
      type: [
        part<SalesDay>({
          day: text,
          computedAt: { type: Date, required: true },
          figures: [
            part<SalesFigure>({ currency: text, orders: number, units: number, amount: number, returned: number }),
          ],
          products: [productSales],
        }),
      ],
      default: undefined,
    },
    bestSellers: { type: [productSales], default: undefined },
  },
  { collection: 'sales', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
