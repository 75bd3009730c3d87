/**
 * What a process may do beside holding the model: take in what the cloud says (and compare the model with it), answer over
 * HTTP, act (rules, audits, plans). One process does all by default; several share one Redis.
 */
export const ROLES = ['ingest', 'api', 'engine'] as const;

export type Role = (typeof ROLES)[number];
