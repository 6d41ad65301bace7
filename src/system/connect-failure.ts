/** Whether an error of Node says that no connection was made, so that nothing was sent on one. */
export function isConnectFailure(error: unknown): boolean {
  const { syscall, errors } = Object(error);
  // Node tries each address of a name.
  if (Array.isArray(errors)) return errors.length > 0 && errors.every(isConnectFailure);
  return syscall === 'connect' || syscall === 'getaddrinfo';
}
