/** The one Agenda: definitions, enqueue, start, stop. */
export interface Jobs {
  /** Wakes the settlement; after the charge is committed. Never throws: the sweep finds what a lost trigger was for. */
  enqueueSettlement(order?: { orderId: string; txRef: string; retry?: boolean }): Promise<void>;
  enqueueEmails(): Promise<void>;
  enqueueRefunds(): Promise<void>;
}
