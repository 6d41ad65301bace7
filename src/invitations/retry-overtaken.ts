import { isOrgUserManagerError } from '../errors/index.ts';

// An admin can resend once in a while, not all the time.
const attempts = 5;

/**
 * Repeats what reads an invitation before its transaction, when a resend in between has overtaken it:
 * the invitation is still good, and the person must not be told otherwise. `attempt` throws `conflict`
 * for that, and decides anew each time.
 */
export async function retryOvertaken<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = attempts - 1; left > 0; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isOrgUserManagerError(error, 'conflict')) throw error;
    }
  }
  return attempt();
}
