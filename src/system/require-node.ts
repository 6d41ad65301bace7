// An older Node imports everything and fails much later, in the background.
const oldest = { major: 22, minor: 18 };

/** The version of this Node; undefined on other runtimes, some of which only claim to be one. */
function nodeVersion(): string | undefined {
  const { node, bun, deno } = globalThis.process?.versions ?? {};
  const isWorker = globalThis.navigator?.userAgent === 'Cloudflare-Workers';
  return bun || deno || isWorker ? undefined : node;
}

const version = nodeVersion();
if (version !== undefined) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < oldest.major || (major === oldest.major && minor < oldest.minor)) {
    throw new Error(
      `org-user-manager needs Node ${oldest.major}.${oldest.minor} or newer; this is Node ${version}.`,
    );
  }
}

export {};
