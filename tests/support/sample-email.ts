/** The shop and the order of emails that tests render. */
import type { EmailOrderView } from '../../server/email/templates/email-content.ts';

export const shop = {
  shopName: 'Adaeze & Daughters',
  storefrontUrl: 'https://shop.example/',
  publicUrl: 'https://api.example/',
};

export const order: EmailOrderView = {
  id: '65f000000000000000000001',
  code: 'K7M2QXR9TWBC',
  contactName: 'Chidi Okafor',
  items: [
    { title: 'Ankara shirt', variant: 'Blue, L', quantity: 2, unitPrice: 1_250_050, lineTotal: 2_500_100 },
    {
      title: 'Enamel mug',
      variant: '',
      quantity: 1,
      unitPrice: 99_999,
      lineTotal: 99_999,
      picture: 'https://api.example/pictures/mug/mail.jpg',
    },
  ],
  currency: 'NGN',
  subtotal: 2_600_099,
  shippingFee: 150_000,
  total: 2_750_099,
  money: null,
  shippingAddress: {
    name: 'Chidi Okafor',
    line1: '1 Marina Road',
    city: 'Lagos',
    state: 'Lagos',
    postalCode: '100001',
    country: 'NG',
    phone: '+2348000000000',
    phoneE164: '+2348000000000',
  },
};
