/** Invented people. Their addresses end in domains that are reserved for examples, so no email can reach anybody. */
import { SEED_CUSTOMER, type SeedAccount } from '../seed/seed.ts';

/** They share the password of the seeded customer, so that each of them can be tried. */
export interface Customer {
  email: string;
  name: string;
  address: { name: string; line1: string; city: string; state: string; country: string; phone: string };
}

/** The team beside the owner. */
export const TEAM: readonly SeedAccount[] = [
  { email: 'halima@example.com', name: 'Halima Sani', role: 'manager', password: 'halima-keeps-books' },
  { email: 'emeka@example.com', name: 'Emeka Nwosu', role: 'support', password: 'emeka-answers-calls' },
  { email: 'bisi@example.com', name: 'Bisi Alade', role: 'packer', password: 'bisi-packs-parcels' },
];

/** The provider refuses every email to them. */
export const UNREACHABLE = ['yemisi.ojo@example.org', 'kola.balogun@example.net'] as const;

const PEOPLE: readonly (readonly [name: string, email: string, line1: string, city: string, state: string])[] = [
  ['Ngozi Eze', 'ngozi.eze@example.com', '8 Okpara Avenue', 'Enugu', 'Enugu'],
  ['Babatunde Aluko', 'b.aluko@example.org', '27 Bodija Road', 'Ibadan', 'Oyo'],
  ['Zainab Musa', 'zainab.musa@example.com', '4 Zoo Road', 'Kano', 'Kano'],
  ['Chidi Okonkwo', 'chidi.okonkwo@example.net', '113 Ogui Road', 'Enugu', 'Enugu'],
  ['Fúnmiláyọ̀ Àjàyí', 'funmi.ajayi@example.com', '16 Allen Avenue', 'Ikeja', 'Lagos'],
  ['Ibrahim Danjuma', 'i.danjuma@example.org', '5 Yakubu Gowon Way', 'Jos', 'Plateau'],
  ['Ifeoma Obi', 'ifeoma.obi@example.com', '21 New Market Road', 'Onitsha', 'Anambra'],
  ['Segun Adebayo', 'segun.adebayo@example.net', '9 Oke Mosan Close', 'Abeokuta', 'Ogun'],
  ['Amina Yusuf', 'amina.yusuf@example.com', '30 Wuse Crescent', 'Abuja', 'Federal Capital Territory'],
  ['Osaze Igbinedion', 'osaze.i@example.org', '2 Airport Road', 'Benin City', 'Edo'],
  ['Yemisi Ojo', 'yemisi.ojo@example.org', '44 Awolowo Road', 'Ikoyi', 'Lagos'],
  ['Kola Balogun', 'kola.balogun@example.net', '12 Taiwo Road', 'Ilorin', 'Kwara'],
  ['Blessing Effiong', 'blessing.effiong@example.com', '7 Marian Road', 'Calabar', 'Cross River'],
  ['Tamuno Briggs', 't.briggs@example.org', '18 Aba Road', 'Port Harcourt', 'Rivers'],
  ['Hadiza Bello', 'hadiza.bello@example.com', '3 Ahmadu Bello Way', 'Kaduna', 'Kaduna'],
  ['Adewale Ogunleye', 'wale.ogunleye@example.net', '61 Adeniran Ogunsanya Street', 'Surulere', 'Lagos'],
  ['Nkechi Umeh', 'nkechi.umeh@example.com', '10 Douglas Road', 'Owerri', 'Imo'],
  ['Musa Garba', 'musa.garba@example.org', '25 Maiduguri Road', 'Bauchi', 'Bauchi'],
  ['Oluwaseun Fashola', 'seun.fashola@example.com', '14 Admiralty Way', 'Lekki', 'Lagos'],
  ['Ekaette Udo', 'ekaette.udo@example.net', '6 Oron Road', 'Uyo', 'Akwa Ibom'],
  ['Gideon Tor', 'gideon.tor@example.com', '19 Railway Bypass', 'Makurdi', 'Benue'],
  ['Rukayat Salami', 'rukayat.salami@example.org', '33 Unity Road', 'Ilorin', 'Kwara'],
  ['Obinna Nnaji', 'obinna.nnaji@example.com', '51 Trans Ekulu', 'Enugu', 'Enugu'],
  ['Titilayo Coker', 'titi.coker@example.net', '2 Bourdillon Court', 'Ikoyi', 'Lagos'],
  ['Sadiq Abubakar', 'sadiq.abubakar@example.com', '70 Sokoto Road', 'Zaria', 'Kaduna'],
  ['Ebiere Dagogo', 'ebiere.dagogo@example.org', '15 Sani Abacha Way', 'Yenagoa', 'Bayelsa'],
  ['Kehinde Ogunbanjo', 'kehinde.o@example.com', '28 Ring Road', 'Ibadan', 'Oyo'],
  ['Uche Anyanwu', 'uche.anyanwu@example.net', '37 Factory Road', 'Aba', 'Abia'],
  ['Folasade Akin', 'sade.akin@example.com', '11 Oba Adesida Road', 'Akure', 'Ondo'],
  ['Danladi Kefas', 'danladi.kefas@example.org', '8 Hammaruwa Way', 'Jalingo', 'Taraba'],
  ['Ronke Sowande', 'ronke.sowande@example.com', '5 Oyemekun Lane', 'Yaba', 'Lagos'],
  ['Emmanuel Ita', 'emmanuel.ita@example.net', '40 Ndidem Usang Iso Road', 'Calabar', 'Cross River'],
];

export const CUSTOMERS: readonly Customer[] = PEOPLE.map(([name, email, line1, city, state], index) =>
  livingAt({ name, email, line1, city, state, phone: `0803 555 ${1_001 + index * 7}` }),
);

export const ADA: Customer = livingAt({
  name: SEED_CUSTOMER.name,
  email: SEED_CUSTOMER.email,
  line1: '14 Adeniyi Jones Avenue',
  city: 'Ikeja',
  state: 'Lagos',
  phone: '0803 555 0142',
});

type Entered = Record<'name' | 'email' | 'line1' | 'city' | 'state' | 'phone', string>;

function livingAt({ email, ...address }: Entered): Customer {
  return { name: address.name, email, address: { ...address, country: 'NG' } };
}
