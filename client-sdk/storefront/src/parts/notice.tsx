/** A boxed message. Failures interrupt a screen reader (alert); the rest waits its turn. */
import type { ReactNode } from 'react';
import { sayError, sayFailedChange } from '../data/errors.ts';
import { Icon, type IconName } from './icon.tsx';

export type Tone = 'info' | 'good' | 'warn' | 'bad';

const ICONS: Record<Tone, IconName> = { info: 'info', good: 'check', warn: 'alert', bad: 'alert' };

interface NoticeProps {
  tone: Tone;
  title?: string;
  /** Announced when it appears: `alert` at once, `status` when there is a pause. */
  role?: 'alert' | 'status';
  children?: ReactNode;
}

export function Notice({ tone, title, role, children }: NoticeProps) {
  return (
    <div className={`notice notice-${tone}`} role={role}>
      <Icon name={ICONS[tone]} />
      <div className="notice-body">
        {title === undefined ? null : <p className="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  );
}

interface ErrorNoticeProps {
  error: unknown;
  /** A change failed that must not be made twice. */
  ofChange?: boolean;
  children?: ReactNode;
}

/** What went wrong, in words. */
export function ErrorNotice({ error, ofChange = false, children }: ErrorNoticeProps) {
  return (
    <Notice tone="bad" role="alert">
      <p>{ofChange ? sayFailedChange(error) : sayError(error)}</p>
      {children}
    </Notice>
  );
}
