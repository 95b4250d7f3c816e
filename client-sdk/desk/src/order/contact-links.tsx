import type { StaffOrder } from '@orders-module/client';
import { Link } from '@tanstack/react-router';
import { Copy, MessageCircle, Phone, Printer, Receipt } from 'lucide-react';
import { countryName } from '../../../parts/data/address.ts';
import { Button } from '../../../parts/ui/button.tsx';
import { sayOutcome } from '../app/outcomes.tsx';

/** Ways to reach the customer, the address for a courier's form, and paper. */
export function ContactLinks({ order }: { order: StaffOrder }) {
  const { id, code, phoneToDial } = order;
  return (
    <div className="actions contact-links">
      <a className="button button-secondary" href={`tel:${phoneToDial}`}>
        <Phone aria-hidden="true" />
        Call
      </a>
      <a
        className="button button-secondary"
        href={`https://wa.me/${phoneToDial.replace('+', '')}?text=${encodeURIComponent(`Your order ${code}: `)}`}
        target="_blank"
        rel="noreferrer"
      >
        <MessageCircle aria-hidden="true" />
        WhatsApp
      </a>
      <Button look="secondary" onClick={() => void copy(order)}>
        <Copy aria-hidden="true" />
        Copy address
      </Button>
      <Link to="/print" search={{ what: 'slips', orders: id }} className="button button-secondary">
        <Printer aria-hidden="true" />
        Slip
      </Link>
      <Link to="/print" search={{ what: 'receipts', orders: id }} className="button button-secondary">
        <Receipt aria-hidden="true" />
        Receipt
      </Link>
    </div>
  );
}

async function copy({ shippingAddress }: StaffOrder): Promise<void> {
  const { name, line1, line2, city, state, postalCode, country, phone } = shippingAddress;
  const town = [postalCode, city].filter(Boolean).join(' ');
  const lines = [name, line1, line2, town, state, countryName(country), phone].filter(Boolean);
  try {
    await navigator.clipboard.writeText(lines.join('\n'));
    sayOutcome('The address is copied.');
  } catch {
    sayOutcome('This browser does not let pages copy. Choose the address and copy it.');
  }
}
