/** The benchmarks need only these parts of pg 8, which ships no types. */
declare module 'pg' {
  export interface QueryConfig {
    text: string;
    values?: unknown[];
    /** The driver prepares the statement once per connection under this name. */
    name?: string;
  }

  export interface QueryResult<Row> {
    rows: Row[];
    rowCount: number | null;
  }

  export interface Queryable {
    query<Row = Record<string, unknown>>(query: string | QueryConfig): Promise<QueryResult<Row>>;
  }

  export interface PoolClient extends Queryable {
    release(): void;
  }

  export class Pool implements Queryable {
    constructor(options: {
      connectionString: string;
      max?: number;
      /** 0: idle connections stay open. */
      idleTimeoutMillis?: number;
      /** Command-line options for the server process of the connection. */
      options?: string;
    });
    connect(): Promise<PoolClient>;
    query<Row = Record<string, unknown>>(query: string | QueryConfig): Promise<QueryResult<Row>>;
    end(): Promise<void>;
    on(event: 'error', listener: (error: Error) => void): this;
  }
}
