export interface SeedVariant {
  sku: string;
  title: string;
  /** In naira, such as 18500 or 18500.50; the seed converts it to kobo. */
  price: string;
  stock: number;
}

export interface SeedProduct {
  slug: string;
  title: string;
  category: string;
  description: string;
  variants: readonly SeedVariant[];
}

// biome-ignore format: one variant a line makes a price list
export const SEED_CATALOGUE: readonly SeedProduct[] = [
  {
    slug: 'ankara-wax-print',
    title: 'Ankara wax print, six yards',
    category: 'Fabric',
    description: 'Cotton wax print in a full piece of six yards: enough for a gown, or for two shirts and a head tie. Colours hold in cold water.',
    variants: [
      { sku: 'ANK-IND', title: 'Indigo circles', price: '18500', stock: 40 },
      { sku: 'ANK-SUN', title: 'Sunburst orange', price: '18500', stock: 25 },
      { sku: 'ANK-FOR', title: 'Forest leaves', price: '21000', stock: 8 },
    ],
  },
  {
    slug: 'aso-oke-fila',
    title: 'Aso oke fila',
    category: 'Clothing',
    description: 'The soft cap for agbada days, hand-woven in Iseyin and lined with cotton. Measure around the head, a finger above the ears.',
    variants: [
      { sku: 'FIL-WIN-58', title: 'Wine, 58 cm', price: '9500', stock: 14 },
      { sku: 'FIL-WIN-60', title: 'Wine, 60 cm', price: '9500', stock: 11 },
      { sku: 'FIL-NVY-60', title: 'Navy, 60 cm', price: '10200', stock: 6 },
    ],
  },
  {
    slug: 'adire-shirt',
    title: 'Adire shirt, short sleeves',
    category: 'Clothing',
    description: 'Abeokuta cotton, tied and dyed by hand in natural indigo, so that no two are alike. Wash it alone the first two times.',
    variants: [
      { sku: 'ADI-M', title: 'M', price: '16000', stock: 18 },
      { sku: 'ADI-L', title: 'L', price: '16000', stock: 22 },
      { sku: 'ADI-XL', title: 'XL', price: '17000', stock: 9 },
    ],
  },
  {
    slug: 'leather-slippers',
    title: 'Kano leather slippers',
    category: 'Shoes',
    description: 'Vegetable-tanned goat leather from the pits of Kano on a stitched sole. They take the shape of the foot within a week.',
    variants: [
      { sku: 'SLP-TAN-42', title: 'Tan, 42', price: '14500', stock: 10 },
      { sku: 'SLP-TAN-44', title: 'Tan, 44', price: '14500', stock: 7 },
      { sku: 'SLP-BLK-43', title: 'Black, 43', price: '15500', stock: 3 },
    ],
  },
  {
    slug: 'coral-bead-necklace',
    title: 'Coral bead necklace',
    category: 'Jewellery',
    description: 'Three strands in the Benin manner, for weddings and titles. The beads are glass; the weight is honest.',
    variants: [
      { sku: 'COR-3S', title: 'Three strands', price: '32500', stock: 12 },
      { sku: 'COR-SET', title: 'With bracelet and earrings', price: '48000', stock: 5 },
    ],
  },
  {
    slug: 'shea-butter',
    title: 'Raw shea butter',
    category: 'Beauty',
    description: 'Unrefined shea from the women’s cooperative in Saki, pressed this season. Melts at body warmth; keeps for a year in the shade.',
    variants: [
      { sku: 'SHE-250', title: '250 g', price: '3200', stock: 120 },
      { sku: 'SHE-1000', title: '1 kg', price: '10500', stock: 45 },
    ],
  },
  {
    slug: 'african-black-soap',
    title: 'Dudu-osun black soap',
    category: 'Beauty',
    description: 'Camwood, honey, aloe and palm kernel oil. Use it on face and body; it will not bleach anything.',
    variants: [
      { sku: 'SOA-1', title: 'One bar', price: '1200', stock: 200 },
      { sku: 'SOA-6', title: 'Six bars', price: '6500', stock: 60 },
    ],
  },
  {
    slug: 'yaji-suya-spice',
    title: 'Yaji suya spice',
    category: 'Food',
    description: 'Ground kuli-kuli, ginger, cayenne and grains of Selim, as at a Kano grill. A spoonful does for a pound of beef.',
    variants: [
      { sku: 'YAJ-MILD', title: 'Mild, 200 g', price: '2500.50', stock: 80 },
      { sku: 'YAJ-HOT', title: 'Hot, 200 g', price: '2500.50', stock: 95 },
    ],
  },
  {
    slug: 'ijebu-garri',
    title: 'Ijebu garri',
    category: 'Food',
    description: 'Fine, dry and sour, as it should be. Soak it cold with groundnuts, or turn it into eba in two minutes.',
    variants: [
      { sku: 'GAR-2', title: '2 kg', price: '3800', stock: 70 },
      { sku: 'GAR-5', title: '5 kg', price: '8900', stock: 30 },
    ],
  },
  {
    slug: 'jos-plateau-coffee',
    title: 'Plateau coffee',
    category: 'Food',
    description: 'Washed arabica grown at 1,400 metres near Jos, medium roast: cocoa, orange peel, a clean end. Roasted to order on Tuesdays.',
    variants: [
      { sku: 'COF-BEAN', title: 'Beans, 250 g', price: '7800', stock: 36 },
      { sku: 'COF-GRND', title: 'Ground, 250 g', price: '7800', stock: 28 },
    ],
  },
  {
    slug: 'talking-drum',
    title: 'Dùndún talking drum',
    category: 'Music',
    description: 'Apa wood and goatskin from Oyo, tuned by squeezing the cords under the arm. Comes with its curved stick and a strap.',
    variants: [
      { sku: 'DRM-S', title: 'Gángan, small', price: '38500', stock: 4 },
      { sku: 'DRM-L', title: 'Dùndún, large', price: '56000', stock: 2 },
    ],
  },
  {
    slug: 'ayo-board',
    title: 'Ayò board with seeds',
    category: 'Games',
    description: 'The game of twelve holes and forty-eight seeds, carved from one piece of mahogany. Rules for two players inside the lid.',
    variants: [
      { sku: 'AYO-STD', title: 'Folding, 45 cm', price: '24000', stock: 15 },
      { sku: 'AYO-OUT', title: 'Carved by a master, 60 cm', price: '85000', stock: 0 },
    ],
  },
];
