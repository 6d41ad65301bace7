import type { Import, Source } from './source.ts';

/** A folder or file, and what its files may import beside each other. */
export interface Room {
  readonly room: string;
  /** Folders and files it may import from. */
  readonly may?: readonly string[];
  /** The same, but only with `import type`. */
  readonly types?: readonly string[];
  readonly why: string;
}

/** One import more than the rooms allow. */
export interface Exception {
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

/** Where a package may be imported, and how. */
export interface PackageRule {
  readonly package: string;
  readonly in: readonly string[];
  /** `type`: types only. `dynamic`: types and `import()`. `value`: any way. */
  readonly as: 'type' | 'dynamic' | 'value';
  readonly why: string;
}

export interface ImportRules {
  readonly rooms: readonly Room[];
  readonly exceptions: readonly Exception[];
  readonly packages: readonly PackageRule[];
}

const isIn = (path: string, place: string) => path === place || path.startsWith(`${place}/`);

/** Every import that the rules do not allow, each as a sentence. */
export function findForbiddenImports(sources: readonly Source[], rules: ImportRules): string[] {
  return sources.flatMap(({ path, imports }) =>
    imports.flatMap((found) => {
      const problem = found.isPackage
        ? packageProblem(path, found, rules.packages)
        : roomProblem(path, found, rules);
      return problem ? [problem] : [];
    }),
  );
}

/** Rows that no file or import needs any more: a rule nobody can break teaches nothing. */
export function findStaleRows(sources: readonly Source[], rules: ImportRules): string[] {
  const { rooms, exceptions } = rules;
  const emptyRooms = rooms.filter(({ room }) => !sources.some(({ path }) => isIn(path, room)));
  const unused = exceptions.filter(
    ({ from, to }) =>
      !sources.some(
        ({ path, imports }) => isIn(path, from) && imports.some(({ target }) => isIn(target, to)),
      ),
  );
  return [
    ...emptyRooms.map(({ room }) => `No file is in the room ${room}: remove its row.`),
    ...unused.map(({ from, to }) => `Nothing in ${from} imports ${to}: remove the exception.`),
  ];
}

function roomProblem(path: string, { target, kind }: Import, rules: ImportRules) {
  const room = rules.rooms
    .filter((candidate) => isIn(path, candidate.room))
    .toSorted((a, b) => b.room.length - a.room.length)[0];
  if (!room) return `${path} is in no room: give its folder a row in the table of rooms.`;
  const { may = [], types = [], why } = room;
  const excepted = rules.exceptions.filter(({ from }) => isIn(path, from)).map(({ to }) => to);
  const reachable = [room.room, ...may, ...excepted, ...(kind === 'type' ? types : [])];
  if (reachable.some((place) => isIn(target, place))) return undefined;
  const onlyTypes = types.some((place) => isIn(target, place));
  if (onlyTypes) {
    return `${path} imports ${target} with its code; ${room.room} may only \`import type\` from there: ${why}.`;
  }
  const allowed = [...may, ...types.map((place) => `${place} (types)`)].join(', ');
  return `${path} imports ${target}. ${room.room} may import ${allowed || 'nothing else'}: ${why}.`;
}

const strengths = {
  type: ['type'],
  dynamic: ['type', 'dynamic'],
  value: ['type', 'dynamic', 'value'],
};

function packageProblem(path: string, { target, kind }: Import, packages: readonly PackageRule[]) {
  const rules = packages.filter((rule) => isIn(target, rule.package));
  const [first] = rules;
  if (!first) {
    return `${path} imports the package ${target}, which has no row in the table of packages: say where it may be imported, and why.`;
  }
  const here = rules.filter((rule) => rule.in.some((place) => isIn(path, place)));
  if (here.length === 0) {
    const places = rules.flatMap((rule) => rule.in).join(', ');
    return `${path} imports ${target}, which belongs only into ${places}: ${first.why}.`;
  }
  if (here.some((rule) => strengths[rule.as].includes(kind))) return undefined;
  const [{ as, why } = first] = here;
  const how = as === 'type' ? '`import type`' : '`import type` or a dynamic `import()`';
  return `${path} imports ${target} statically; use ${how}: ${why}.`;
}
