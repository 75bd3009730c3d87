/** The kind under which the ledger keeps, by kind of record, the last number given to one. */
export const SEQUENCE = 'sequence';
