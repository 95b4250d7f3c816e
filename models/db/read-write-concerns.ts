/**
 * For data shown to users: a failover cannot roll it back. With read concern `local`, a primary may return a payment that
 * its successor has not received. Source: MongoDB manual, Read Concern.
 */
export const READ_MAJORITY = { readConcern: { level: 'majority' } } as const;

/** For writes whose loss in a failover is harmless: they do not wait for replication to a majority. */
export const WRITE_W1 = { writeConcern: { w: 1, journal: false } } as const;
