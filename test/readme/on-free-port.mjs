// Preloaded into printed programs: whatever port they name, they listen on a free one, on loopback
// only, and tell the test both.
import { Server } from 'node:net';

const { listen } = Server.prototype;

Server.prototype.listen = function listenOnFreePort(target, ...rest) {
  const printed = Object(target).port ?? target;
  const callback = rest.findLast((argument) => typeof argument === 'function');
  this.once('listening', () => process.send?.({ printed, actual: this.address().port }));
  return listen.call(this, { port: 0, host: '127.0.0.1' }, callback);
};
