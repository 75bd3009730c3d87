/** Who asks: what policy decides by. */
export interface Identity {
  readonly user: string | null;
  /** The project the caller acts in; null for one who acts in none (whole system, or unknown). */
  readonly project: string | null;
  /** Names of roles, as whoever vouches for the caller writes them. */
  readonly roles: readonly string[];
}

/** Everyone, where nobody has to say who they are. */
export const EVERYONE: Identity = { user: null, project: null, roles: ['admin'] };

/** Somebody of whom nothing is known: has no role. */
export const NOBODY: Identity = { user: null, project: null, roles: [] };
