import { Icon } from '../../../parts/ui/icon.tsx';

/** An empty list of work, which is good news. */
export function AllClear({ text }: { text: string }) {
  return (
    <p className="all-clear">
      <Icon name="check" />
      {text}
    </p>
  );
}
