type RefusalType = 'api_error' | 'validation_error' | 'processor_error';

/** An error reply of the API. The ledger is unchanged when it is thrown. */
export class Refusal extends Error {
  readonly httpStatus: number;
  readonly code: string;
  readonly type: RefusalType;
  readonly nextStep: string;

  constructor(
    httpStatus: number,
    code: string,
    message: string,
    options: { type?: RefusalType; nextStep?: string } = {},
  ) {
    super(message);
    this.name = 'Refusal';
    this.httpStatus = httpStatus;
    this.code = code;
    this.type = options.type ?? 'validation_error';
    this.nextStep = options.nextStep ?? 'Ensure that you are passing the correct values for this request';
  }
}
