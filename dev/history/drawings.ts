/** A plain drawing of each seeded product, as the body of an SVG of 90 by 90 units on a ground of this colour. */
export interface Drawing {
  ground: string;
  body: string;
  /** For people who do not see it. */
  text: string;
}

const many = (count: number, shape: (index: number) => string) =>
  Array.from({ length: count }, (_, n) => shape(n)).join('');

const circle = (x: number, y: number, r: number, fill: string, more = '') =>
  `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${r}" fill="${fill}"${more}/>`;

/** Evenly on a ring around the middle of the drawing. */
const onRing = (count: number, radius: number, shape: (x: number, y: number) => string, middle = { x: 45, y: 45 }) =>
  many(count, (n) => {
    const turn = (2 * Math.PI * n) / count;
    return shape(middle.x + radius * Math.cos(turn), middle.y + radius * Math.sin(turn));
  });

const FOLDED_CLOTH = many(3, (row) =>
  [
    `<rect x="12" y="${18 + row * 19}" width="66" height="17" rx="3" fill="${['#1f3c88', '#e07a1f', '#2f6b3a'][row]}"/>`,
    many(7, (n) => circle(18 + n * 9, 26.5 + row * 19, 3, '#f6e7c1', ' fill-opacity="0.85"')),
  ].join(''),
);

const SHIRT = 'M28 18 L38 14 Q45 22 52 14 L62 18 L78 34 L68 44 L62 38 L62 78 L28 78 L28 38 L22 44 L12 34 Z';

const slipper = (x: number, turn: number) =>
  `<g transform="rotate(${turn} ${x} 45)"><ellipse cx="${x}" cy="45" rx="12" ry="28" fill="#7a4a21"/>` +
  `<ellipse cx="${x}" cy="45" rx="8" ry="23" fill="#c68a4f"/>` +
  `<path d="M${x - 12} 42 Q${x} 24 ${x + 12} 42 L${x + 11} 50 Q${x} 34 ${x - 11} 50 Z" fill="#4d2c12"/></g>`;

const strand = (radius: number) => onRing(30, radius, (x, y) => circle(x, y, 2.6, '#d9482b'), { x: 45, y: 40 });

const BAG = 'M24 26 L66 26 L70 80 L20 80 Z';

export const DRAWINGS: Readonly<Record<string, Drawing>> = {
  'ankara-wax-print': { ground: '#f4ead2', body: FOLDED_CLOTH, text: 'Three folded cloths, blue, orange and green' },
  'aso-oke-fila': {
    ground: '#e9e2ee',
    text: 'A wine-coloured cap with woven stripes',
    body: `<path d="M16 62 Q18 24 45 22 Q74 20 75 60 Z" fill="#6d1f3c"/><rect x="13" y="58" width="64" height="14" rx="6" fill="#521430"/>${many(5, (n) => `<path d="M${24 + n * 10} 58 Q${28 + n * 9} 38 ${36 + n * 5} 24" stroke="#d8b25c" stroke-width="1.5" fill="none"/>`)}`,
  },
  'adire-shirt': {
    ground: '#e3ecf2',
    text: 'A short-sleeved shirt, dyed in indigo rings',
    body: `<path d="${SHIRT}" fill="#23407a"/>${many(6, (n) => [9, 6, 3].map((r) => circle(37 + (n % 2) * 16, 38 + Math.floor(n / 2) * 15, r / 1.4, 'none', ' stroke="#cfe0f2" stroke-width="1"')).join(''))}`,
  },
  'leather-slippers': {
    ground: '#f3e6d4',
    body: slipper(31, -8) + slipper(59, 8),
    text: 'A pair of tan leather slippers',
  },
  'coral-bead-necklace': {
    ground: '#f7efe3',
    body: strand(30) + strand(24) + strand(18),
    text: 'Three strands of coral-red beads',
  },
  'shea-butter': {
    ground: '#efe9d8',
    text: 'An open jar of shea butter',
    body: '<rect x="20" y="36" width="50" height="40" rx="8" fill="#b98d4f"/><ellipse cx="45" cy="36" rx="25" ry="9" fill="#8a6430"/><ellipse cx="45" cy="35" rx="21" ry="7" fill="#fbf3da"/><path d="M34 34 Q40 22 48 30 Q56 24 57 35" fill="#fff8e6"/><rect x="28" y="50" width="34" height="14" rx="2" fill="#f6ead0"/>',
  },
  'african-black-soap': {
    ground: '#e4eae4',
    text: 'Two bars of black soap',
    body: '<rect x="14" y="46" width="46" height="26" rx="5" fill="#2b211c"/><rect x="30" y="22" width="46" height="26" rx="5" fill="#40322a"/><rect x="38" y="29" width="30" height="12" rx="3" fill="none" stroke="#a98d72" stroke-width="1.5"/>',
  },
  'yaji-suya-spice': {
    ground: '#f5e3d3',
    text: 'A heap of red spice in a bowl',
    body: '<path d="M20 52 Q32 22 45 24 Q60 20 70 52 Z" fill="#b5401f"/><path d="M14 50 L76 50 Q72 78 45 78 Q18 78 14 50 Z" fill="#6b4a32"/><path d="M14 50 L76 50" stroke="#432c1c" stroke-width="3"/>',
  },
  'ijebu-garri': {
    ground: '#eceadb',
    text: 'A sack of garri',
    body: `<path d="M20 34 Q45 26 70 34 L76 78 Q45 84 14 78 Z" fill="#c9b58a"/><path d="M20 34 Q45 18 70 34 Q45 42 20 34 Z" fill="#fbf6e2"/>${many(14, (n) => circle(27 + ((n * 17) % 37), 30 + ((n * 5) % 6), 0.9, '#d9cfa9'))}<rect x="32" y="50" width="26" height="16" fill="#8a6f3a" fill-opacity="0.5"/>`,
  },
  'jos-plateau-coffee': {
    ground: '#e8e2dc',
    text: 'A bag of coffee beans',
    body: `<path d="${BAG}" fill="#3c2a21"/><rect x="24" y="18" width="42" height="10" rx="2" fill="#2a1c15"/><rect x="30" y="42" width="30" height="24" rx="3" fill="#e5d3b3"/>${many(3, (n) => `<ellipse cx="${37 + n * 8}" cy="54" rx="3" ry="5" fill="#6f4527"/><path d="M${37 + n * 8} 49 L${37 + n * 8} 59" stroke="#e5d3b3" stroke-width="0.8"/>`)}`,
  },
  'talking-drum': {
    ground: '#f0e4d6',
    text: 'A talking drum with its curved stick',
    body: `<path d="M22 20 L62 20 L50 45 L62 70 L22 70 L34 45 Z" fill="#8b5a2b"/>${many(7, (n) => `<path d="M${23 + n * 6.3} 21 L${35 + n * 2.3} 45 L${23 + n * 6.3} 69" stroke="#efe0bf" stroke-width="1" fill="none"/>`)}<ellipse cx="42" cy="20" rx="20" ry="6" fill="#efe0bf"/><ellipse cx="42" cy="70" rx="20" ry="6" fill="#d8c394"/><path d="M70 72 Q80 44 66 24" stroke="#4d2f16" stroke-width="4" fill="none" stroke-linecap="round"/>`,
  },
  'ayo-board': {
    ground: '#e6eadf',
    text: 'A carved board with twelve holes and seeds',
    body: `<rect x="8" y="26" width="74" height="38" rx="14" fill="#6e3b1e"/>${many(12, (n) => circle(17 + (n % 6) * 11.2, 37 + Math.floor(n / 6) * 16, 4.6, '#43210f'))}${many(24, (n) => circle(16 + (n % 6) * 11.2 + (n % 2) * 2, 36 + (Math.floor(n / 6) % 2) * 16 + (n % 3), 1.2, '#b9c7a2'))}`,
  },
};

export function svgOf({ ground, body }: Drawing): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="960" height="960" viewBox="0 0 90 90"><rect width="90" height="90" fill="${ground}"/>${body}</svg>`;
}
