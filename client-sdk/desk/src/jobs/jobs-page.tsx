/** The work beside the pages: the last outcome of each kind, the failures with their orders, and a sweep at once. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { Button } from '../../../parts/ui/button.tsx';
import { StaleNotice } from '../../../parts/ui/empty-state.tsx';
import { Instant } from '../../../parts/ui/instant.tsx';
import { Loaded } from '../../../parts/ui/loaded.tsx';
import { ErrorNotice, Notice } from '../../../parts/ui/notice.tsx';
import { OrderLink } from '../app/order-link.tsx';
import { type JobRun, type JobsState, jobsQuery, jobWords, runSweep } from '../data/jobs.ts';
import { AllClear } from '../ui/all-clear.tsx';
import { JobsLink } from './jobs-link.tsx';

export function JobsPage() {
  const jobs = useQuery(jobsQuery);
  return (
    <div className="page">
      <div className="section-head">
        <PageTitle title="Jobs" />
        <JobsLink />
      </div>
      <p className="lead">Work that goes on by itself. A sweep finds what was left undone, and does it.</p>
      <Sweep />
      <Loaded of={jobs} what="the jobs">
        {(data) => (
          <>
            {jobs.isError ? <StaleNotice error={jobs.error} onRetry={() => jobs.refetch()} /> : null}
            <Failures failures={data.failures} />
            <Section id="rounds" title="By the clock" todo="Each worker does these again and again.">
              {data.rounds.map(({ name, last }) => (
                <Kind key={name} name={name} last={last} counts={null} />
              ))}
            </Section>
            <Section
              id="kinds"
              title="When something happens"
              todo="Begun by a payment, an email, a refund or a press."
            >
              {data.jobs.map((job) => (
                <Kind key={job.name} name={job.name} last={job.last} counts={job} />
              ))}
            </Section>
          </>
        )}
      </Loaded>
    </div>
  );
}

function Sweep() {
  const queryClient = useQueryClient();
  const sweep = useMutation({
    mutationFn: () => runSweep((state) => queryClient.setQueryData(jobsQuery.queryKey, state)),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['staff'] }),
  });
  return (
    <div className="sweep">
      <Button look="secondary" busy={sweep.isPending && 'Sweeping…'} onClick={() => sweep.mutate()}>
        Sweep now
      </Button>
      {sweep.isError ? <ErrorNotice error={sweep.error} /> : null}
      {sweep.isSuccess ? <SweepOutcome run={sweep.data} /> : null}
    </div>
  );
}

function SweepOutcome({ run }: { run: JobRun | null }) {
  if (run === null)
    return (
      <Notice tone="warn" role="alert" title="The sweep has not ended yet">
        <p>No worker may be running. Its outcome will stand below once it has ended.</p>
      </Notice>
    );
  return (
    <Notice tone={run.failed ? 'bad' : 'good'} role="status" title={run.failed ? 'The sweep failed' : 'Swept'}>
      <p>
        {run.summary}, at <Instant at={run.at} to="second" />
      </p>
    </Notice>
  );
}

function Section({ id, title, todo, children }: { id: string; title: string; todo: string; children: ReactNode }) {
  return (
    <section className="waiting" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p className="faint">{todo}</p>
      <ul className="order-list">{children}</ul>
    </section>
  );
}

interface KindProps {
  name: string;
  last: JobRun | null;
  counts: JobsState['jobs'][number] | null;
}

function Kind({ name, last, counts }: KindProps) {
  return (
    <li className="order-row panel">
      <div>
        <h3 className="order-row-code">
          {jobWords(name)} <span className="code faint">{name}</span>
        </h3>
        <p className={last?.failed ? 'line-problem' : undefined}>
          {last === null ? <span className="faint">No run of late.</span> : last.summary}
        </p>
        {counts === null || counts.runs + counts.waiting === 0 ? null : <p className="faint">{countWords(counts)}</p>}
      </div>
      <span>
        {counts?.running ? <span className="badge badge-info">runs now</span> : null}
        {last?.failed ? <span className="badge badge-bad">failed</span> : null}
      </span>
      <span className="faint">{last === null ? null : <Instant at={last.at} to="second" />}</span>
    </li>
  );
}

function countWords({ runs, failures, waiting }: JobsState['jobs'][number]): string {
  const kept = runs === 1 ? '1 run of late' : `${runs} runs of late`;
  const failed = failures === 0 ? '' : `, ${failures} failed`;
  return `${kept}${failed}${waiting === 0 ? '' : `, ${waiting} waiting`}`;
}

function Failures({ failures }: { failures: JobsState['failures'] }) {
  return (
    <section className="waiting" aria-labelledby="failures">
      <h2 id="failures">Failures</h2>
      {failures.length === 0 ? (
        <AllClear text="Nothing failed since yesterday, and no order waits for its work." />
      ) : (
        <ul className="order-list">
          {failures.map(({ job, at, error, times, order }) => (
            <li key={`${job} ${at} ${order?.id}`} className="order-row panel">
              <div>
                <h3 className="order-row-code">
                  {order === null ? jobWords(job) : <OrderLink id={order.id} code={order.code} />}
                </h3>
                <p className="line-problem">{error}</p>
                <p className="faint">
                  {order === null ? 'Of no single order' : jobWords(job)}
                  {times === 1 ? '' : ` · ${times} times in a row`}
                </p>
              </div>
              <span />
              <span className="faint">
                <Instant at={at} to="second" />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
