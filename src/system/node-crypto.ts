/**
 * `node:crypto`, loaded at its first use: loading it takes a quarter of the whole package's import,
 * also in programs that only need a type or an error.
 */
export const nodeCrypto = () => process.getBuiltinModule('node:crypto');
