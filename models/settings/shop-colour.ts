/**
 * The colours of links and buttons, made from the one that the shop chose. A shade of it replaces it where its own contrast
 * is below 4.5, the least of WCAG AA for text. Source: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
 */

/** As `#rrggbb`. */
type Hex = string;

/** The roles of the style sheets' variables. */
export interface Accent {
  accent: Hex;
  /** With the pointer above it. */
  strong: Hex;
  /** The ground of what is marked. */
  soft: Hex;
  /** Text on the accent. */
  on: Hex;
}

export interface ShopColours {
  /** Of the chosen colour on white, from 1 to 21. */
  contrast: number;
  light: Accent;
  dark: Accent;
}

const ENOUGH = 4.5;
const WHITE = '#ffffff';
const BLACK = '#000000';
/** The grounds that links stand on, as in the storefront's style sheets: the palest and the deepest of each theme. */
const LIGHT_GROUNDS = [WHITE, '#f3f1eb'];
const DARK_GROUNDS = ['#12161b', '#232b34'];

/** `colour` as `#rrggbb`. Pure. */
export function shopColours(colour: Hex): ShopColours {
  const contrast = contrastOf(colour, WHITE);
  return { contrast: Math.floor(contrast * 100) / 100, light: lightAccent(colour), dark: darkAccent(colour) };
}

function lightAccent(colour: Hex): Accent {
  const of = (accent: Hex): Accent => ({
    accent,
    strong: mix(accent, BLACK, 0.25),
    soft: mix(accent, WHITE, 0.88),
    on: WHITE,
  });
  return firstReadable(colour, BLACK, of, LIGHT_GROUNDS);
}

function darkAccent(colour: Hex): Accent {
  const of = (accent: Hex): Accent => ({
    accent,
    strong: mix(accent, WHITE, 0.3),
    soft: mix(accent, '#12161b', 0.82),
    on: mix(accent, BLACK, 0.85),
  });
  return firstReadable(colour, WHITE, of, DARK_GROUNDS);
}

/** The shade nearest to the colour, on its way to `end`, whose texts can be read. That of `end` itself always can. */
function firstReadable(colour: Hex, end: Hex, of: (accent: Hex) => Accent, grounds: readonly Hex[]): Accent {
  for (let percent = 0; percent < 100; percent += 1) {
    const shade = of(mix(colour, end, percent / 100));
    const under = [...grounds, shade.soft, shade.on];
    if (under.every((ground) => contrastOf(shade.accent, ground) >= ENOUGH)) return shade;
  }
  return of(end);
}

/** From 1 to 21, in either order. */
export function contrastOf(one: Hex, other: Hex): number {
  const [lighter = 0, darker = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminanceOf(colour: Hex): number {
  const [red = 0, green = 0, blue = 0] = channelsOf(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channelsOf(colour: Hex): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
}

/** `share` of `end`, from 0 to 1. */
function mix(colour: Hex, end: Hex, share: number): Hex {
  const ends = channelsOf(end);
  const channels = channelsOf(colour).map((from, index) => Math.round(from + ((ends[index] ?? 0) - from) * share));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
