/** Puts bodies where nova would. */
export interface Publisher {
  /** Publishes all as fast as it can; resolves when the broker has them. */
  publish(bodies: readonly Buffer[]): Promise<void>;
  close(): Promise<void>;
}
