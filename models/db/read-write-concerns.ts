/**
 * For reads that people are shown: what a majority has, which no failover takes back. A primary by itself may tell of a
 * payment that is lost with it, and of which the next one knows nothing for seconds. Source: MongoDB manual, Read Concern.
 */
export const READ_MAJORITY = { readConcern: { level: 'majority' } } as const;

/** For writes that a failover may forget, because nothing is wrong without them: not waited for until a majority has them. */
export const WRITE_W1 = { writeConcern: { w: 1, journal: false } } as const;
