/** Whether the process runs in production, however `NODE_ENV` spells it. */
export function isProduction(): boolean {
  const { NODE_ENV = '' } = process.env;
  return NODE_ENV.trim().toLowerCase() === 'production';
}
