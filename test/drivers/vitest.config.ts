import { fileURLToPath } from 'node:url';
import root from '../../vitest.config.ts';

const include = [fileURLToPath(new URL('suite.ts', import.meta.url))];

export default { ...root, test: { ...root.test, include } };
