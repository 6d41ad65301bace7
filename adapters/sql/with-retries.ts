import { OrgUserManagerError } from '../../src/index.ts';
import { isConflict, type SqlEngine } from './engine.ts';

// The first time included.
const attempts = 5;

/**
 * Runs a transaction or a statement of ours again when it lost against another one (a deadlock, a
 * serialization failure). Throws `conflict` when it keeps losing.
 */
export async function withRetries<T>(engine: SqlEngine, run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (!isConflict(engine, error)) throw error;
      if (attempt === attempts) throw new OrgUserManagerError('conflict', {}, { cause: error });
    }
  }
}
