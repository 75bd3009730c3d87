import { readFileSync } from 'node:fs';

/** One request that a real Watcher was sent, and what it answered. */
export interface Exchange {
  readonly label: string;
  /** The rows of the list depend on what other flows had left: any row of the same shape will do. */
  readonly any_row?: true;
  readonly request: RecordedRequest;
  readonly response: RecordedResponse;
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent without identity. */
  readonly anonymous?: true;
  readonly body?: unknown;
  /** A body that is not JSON, as it was sent. */
  readonly raw?: string;
}

export interface RecordedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** What `error_message` holds, parsed. */
  readonly fault?: Fault;
}

export type Fault = Readonly<Record<string, unknown>>;

/** The address that the recorded Watcher answered at. */
export const RECORDED_ORIGIN = 'http://127.0.0.1:19322';

/** The exchanges of one flow, in their order. */
export function readFlow(name: string): Exchange[] {
  const text = readFileSync(`tests/data/watcher/${name}.jsonl`, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Exchange);
}
