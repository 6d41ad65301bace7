/** A question to a database. */
interface Question<Answer> {
  ask(): Promise<Answer>;
  /** Whether it is asked in a transaction, and so on a connection that is held. */
  readonly isInTransaction: boolean;
}

/** Answers with what is known, or else asks. */
export type SharedQuestion<Answer> = (question: Question<Answer>) => Promise<Answer>;

// A question may hang, as on a connection that has gone silent.
const patienceMs = 1000;

interface UnderWay<Answer> {
  readonly answer: Promise<Answer>;
  readonly patience: AbortSignal;
  /** Resolves when the patience is over. */
  readonly over: Promise<undefined>;
}

/**
 * A question whose first answer is kept. Calls at once share it. When it fails, the next call asks again;
 * when it hangs, those who wait ask once more, and no later call waits for it.
 */
export function sharedQuestion<Answer>(): SharedQuestion<Answer> {
  let known: { readonly answer: Answer } | undefined;
  let underWay: UnderWay<Answer> | undefined;

  async function askNow({ ask }: Question<Answer>): Promise<Answer> {
    const answer = await ask();
    known = { answer };
    return answer;
  }

  function share(question: Question<Answer>): UnderWay<Answer> {
    if (underWay && !underWay.patience.aborted) return underWay;
    const patience = AbortSignal.timeout(patienceMs);
    const over = new Promise<undefined>((resolve) => {
      patience.addEventListener('abort', () => resolve(undefined));
    });
    const shared = { answer: askNow(question), patience, over };
    underWay = shared;
    const forget = () => {
      if (underWay === shared) underWay = undefined;
    };
    shared.answer.then(forget, forget);
    return shared;
  }

  return async (question) => {
    if (known) return known.answer;
    // A transaction holds a connection. Waiting for another one could be a deadlock.
    if (question.isInTransaction) return askNow(question);
    const { answer, over } = share(question);
    const first = await Promise.race([answer.then((value) => ({ value })), over]);
    // Once more only: a call that has ended in between must not go on asking.
    return first ? first.value : share(question).answer;
  };
}
