/** A product's picture as staff sent it. Without one, a textile pattern computed from its slug, as decoration. */
import { type ProductSummary, pictureUrl } from '@orders-module/client';
import { memo, useState } from 'react';
import { hashOf, randomFrom } from './hash.ts';

type Picture = NonNullable<ProductSummary['picture']>;

interface ProductPictureProps {
  slug: string;
  picture: Picture | null;
  /** The width that the picture takes on the page, as in the attribute of that name. */
  sizes: string;
  /** Its place among those of the page, from 0: the first ones are in view at once. */
  place: number;
}

/** As many as the widest window has beside each other. */
const FIRST_ROW = 6;

export function ProductPicture({ slug, picture, sizes, place }: ProductPictureProps) {
  if (picture === null) return <ProductArt slug={slug} />;
  const { pictureId, width, height, text } = picture;
  return (
    <img
      className="art"
      src={pictureUrl('', pictureId, 640)}
      srcSet={WIDTHS.map((each) => `${pictureUrl('', pictureId, each)} ${Math.min(each, width)}w`).join(', ')}
      sizes={sizes}
      width={width}
      height={height}
      alt={text}
      loading={place < FIRST_ROW ? 'eager' : 'lazy'}
      fetchPriority={place === 0 ? 'high' : 'auto'}
      decoding="async"
    />
  );
}

/** A small picture beside the product's name, which says what it shows. */
export function ProductThumbnail({ slug, pictureId }: { slug: string; pictureId: string | null }) {
  const [isMissing, setMissing] = useState(false);
  if (pictureId === null || isMissing) return <ProductArt slug={slug} />;
  return (
    <img
      className="art"
      src={pictureUrl('', pictureId, 320)}
      width={320}
      height={320}
      alt=""
      loading="lazy"
      decoding="async"
      onError={() => setMissing(true)}
    />
  );
}

/** All pictures of a product beside each other, one in view. */
export function ProductPictures({ slug, title, pictures }: { slug: string; title: string; pictures: Picture[] }) {
  // Less than the whole window: 640 pixels look as well on a phone, and the next size has three times as many bytes.
  const sizes = '(min-width: 56rem) 32rem, 80vw';
  const [only, ...others] = pictures;
  if (others.length === 0) return <ProductPicture slug={slug} picture={only ?? null} sizes={sizes} place={0} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <ul className="gallery" tabIndex={0} aria-label={`Pictures of ${title}`}>
      {pictures.map((picture, index) => (
        <li key={picture.pictureId}>
          <ProductPicture slug={slug} picture={picture} sizes={sizes} place={index === 0 ? 0 : FIRST_ROW} />
        </li>
      ))}
    </ul>
  );
}

const WIDTHS = [320, 640, 1280] as const;

/** SVG presentation attributes are used below, because the content security policy forbids inline styles. */
/** A background, then three colours that contrast with it. */
const PALETTES = [
  ['#f3e7d3', '#1f3a5f', '#c8553d', '#e0a458'],
  ['#e4ede6', '#0b6e4f', '#234e70', '#e6b655'],
  ['#f6e6e1', '#8a2846', '#d97757', '#3f4b6b'],
  ['#e8e6f1', '#3d348b', '#c06c84', '#f0b67f'],
  ['#f2ecd8', '#5b3a29', '#bc6c25', '#606c38'],
  ['#e2eef1', '#14505c', '#e07a5f', '#f2cc8f'],
  ['#f5e9dc', '#6f1d1b', '#bb9457', '#432818'],
  ['#e9eadf', '#2f3e46', '#84a98c', '#d68c45'],
] as const;

/** Motifs are drawn slightly larger, so that no background shows between neighbours. */
const TILE = 20;

/** Each fills one tile of 20 × 20 with two colours. */
const MOTIFS = [
  (a: string, b: string) => (
    <>
      <path d="M0 0h20a20 20 0 0 1-20 20z" fill={a} />
      <path d="M0 0h10a10 10 0 0 1-10 10z" fill={b} />
    </>
  ),
  (a: string, b: string) => (
    <>
      <path d="M0 20A20 20 0 0 1 20 0a20 20 0 0 1-20 20z" fill={a} />
      <circle cx="3.5" cy="3.5" r="2" fill={b} />
    </>
  ),
  (a: string, b: string) => (
    <>
      <path d="M0 10a10 10 0 0 1 20 0z" fill={a} />
      <path d="M0 20a10 10 0 0 1 20 0z" fill={b} />
    </>
  ),
  (a: string, b: string) => (
    <>
      <circle cx="10" cy="10" r="8" fill={a} />
      <circle cx="10" cy="10" r="3.5" fill={b} />
    </>
  ),
  (a: string, b: string) => (
    <>
      <path d="M0 0h20L0 20z" fill={a} />
      <path d="M20 8v12H8z" fill={b} />
    </>
  ),
  (a: string, b: string) => (
    <>
      <path d="M10 1l9 9-9 9-9-9z" fill={a} />
      <path d="M10 6l4 4-4 4-4-4z" fill={b} />
    </>
  ),
  (a: string, b: string) => (
    <>
      <path d="M0 2h20v4H0zM0 14h20v4H0z" fill={a} />
      <path d="M0 8h20v4H0z" fill={b} />
    </>
  ),
];

/** A quarter is drawn once and mirrored, for a symmetric pattern. */
const QUARTERS = ['', 'translate(80 0) scale(-1 1)', 'translate(0 80) scale(1 -1)', 'translate(80 80) scale(-1 -1)'];
const CORNERS = [
  [0, 0],
  [TILE, 0],
  [0, TILE],
  [TILE, TILE],
] as const;

export const ProductArt = memo(function ProductArt({ slug, className }: { slug: string; className?: string }) {
  const random = randomFrom(hashOf(slug));
  const pick = <T,>(list: readonly [T, ...T[]] | readonly T[]): T | undefined =>
    list[Math.floor(random() * list.length)];
  const [ground, ...inks] = pick(PALETTES) ?? PALETTES[0];
  const tiles = CORNERS.map(([x, y]) => {
    const first = pick(inks) ?? inks[0];
    const second = pick([ground, ...inks].filter((ink) => ink !== first)) ?? ground;
    const turn = Math.floor(random() * 4) * 90;
    return { x, y, turn, motif: pick(MOTIFS), first, second };
  });
  return (
    <svg
      className={`art ${className ?? ''}`}
      viewBox="0 0 80 80"
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
      focusable="false"
    >
      <rect width="80" height="80" fill={ground} />
      {QUARTERS.map((quarter) => (
        <g key={quarter} transform={quarter}>
          {tiles.map(({ x, y, turn, motif, first, second }) => (
            <g key={`${x} ${y}`} transform={`translate(${x - 0.02} ${y - 0.02}) scale(1.002) rotate(${turn} 10 10)`}>
              {motif?.(first, second)}
            </g>
          ))}
        </g>
      ))}
    </svg>
  );
});
