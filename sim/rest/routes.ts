import type { Handler } from './api.ts';

/** A method, a path below the service's root (`:name` is a parameter), and what answers it. */
export type Route = readonly [method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, handler: Handler];
