import { useMutation } from '@tanstack/react-query';
import { openJobs } from '../../data/staff-jobs.ts';
import { ErrorNotice } from '../../parts/notice.tsx';

/** Agendash is a page of its own, which has no session: it gets this one's for its own addresses. */
export function JobsLink() {
  const open = useMutation({ mutationFn: openJobs });
  return (
    <>
      <button
        type="button"
        className="link-button"
        aria-disabled={open.isPending}
        onClick={() => (open.isPending ? undefined : open.mutate())}
      >
        {open.isPending ? 'Opening Agendash…' : 'Jobs in Agendash'}
      </button>
      {open.isError ? <ErrorNotice error={open.error} /> : null}
    </>
  );
}
