/** When a request is charged for good: as it comes in, or once it has succeeded. */
export type ChargeOn = 'request' | 'success';
