import type { ServerResponse } from 'node:http';

/**
 * Tells once how a request ended: it succeeded when an answer of 200 to 399 was handed over whole, and
 * failed with any other answer, or when the client was gone before.
 */
export function onceAnswered(res: ServerResponse, tell: (succeeded: boolean) => void): void {
  if (res.writableFinished || res.destroyed || res.closed) {
    tell(res.writableFinished && isSuccess(res));
    return;
  }
  // A framework's test client may emit only the first of them.
  const finish = () => end(isSuccess(res));
  const close = () => end(false);
  const end = (succeeded: boolean) => {
    res.off('finish', finish);
    res.off('close', close);
    tell(succeeded);
  };
  res.once('finish', finish);
  res.once('close', close);
}

const isSuccess = ({ statusCode }: ServerResponse) => statusCode >= 200 && statusCode < 400;
