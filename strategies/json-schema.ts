/** A JSON schema as it is written in tables and shown to clients: plain JSON, draft 4 keywords. */
export type JsonSchema = { readonly [keyword: string]: unknown };
