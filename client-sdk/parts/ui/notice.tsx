/** A boxed message. */
import { isOrdersError } from '@orders-module/client';
import type { ReactNode } from 'react';
import { sayError, sayFailedChange } from '../data/errors.ts';
import { useSession, useSessionEnded } from '../data/session.ts';
import { Icon, type IconName } from './icon.tsx';

export type Tone = 'info' | 'good' | 'warn' | 'bad';

const ICONS: Record<Tone, IconName> = { info: 'info', good: 'check', warn: 'alert', bad: 'alert' };

interface NoticeProps {
  tone: Tone;
  title?: string;
  /** Announced by screen readers when it appears: `alert` interrupts, `status` does not. */
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
  /** The failed call was a mutation that is not idempotent. */
  ofChange?: boolean;
  /** Of a sign-in: a refused password, and not a session that has ended. */
  ofSignIn?: boolean;
  children?: ReactNode;
}

export function ErrorNotice({ error, ofChange = false, ofSignIn = false, children }: ErrorNoticeProps) {
  const isSignedIn = useSession() !== null;
  const hasEnded = useSessionEnded();
  // The page stayed under the sign-in form, and its owner has come back.
  if (isSignedIn && !hasEnded && !ofSignIn && isOrdersError(error, 'UNAUTHENTICATED'))
    return (
      <Notice tone="info" role="status" title="You are signed in again">
        <p>This was not done yet. Press the button once more.</p>
      </Notice>
    );
  return (
    <Notice tone="bad" role="alert">
      <p>{ofChange ? sayFailedChange(error) : sayError(error)}</p>
      {children}
    </Notice>
  );
}
