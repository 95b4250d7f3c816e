/** Effects in words, read aloud when they change. A list cannot be the region that is read itself. */
export function EffectList({ effects }: { effects: readonly string[] }) {
  return (
    <div role="status">
      {effects.length === 0 ? null : (
        <ul className="effects plain-list">
          {effects.map((effect) => (
            <li key={effect}>
              <bdi>{effect}</bdi>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
