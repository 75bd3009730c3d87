/** An answer of the API, or a part of it. */
export type Fields = Readonly<Record<string, unknown>>;
