/**
 * Functions that V8 compiles when it loads a module of the bundle, not when they are first called. Deno keeps what is compiled then
 * for the next run; other functions are compiled in every run. V8 does so for functions in parentheses.
 *
 * @module
 */

/** A node of a module, as ESTree has it. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly async?: boolean;
  readonly generator?: boolean;
  readonly static?: boolean;
  readonly computed?: boolean;
  readonly kind?: string;
  readonly name?: string;
  readonly id?: Node | null;
  readonly key?: Node;
  readonly value?: Node;
  readonly init?: Node | null;
  readonly declarations?: readonly Node[];
  readonly body?: Node | readonly Node[];
}

/** A statement of a module, or a member of a class that a statement declares. */
interface Unit {
  /** `name`, `Class.member` or `Class.#member`; empty for a statement that declares nothing. */
  readonly name: string;
  readonly node: Node;
}

interface Declared {
  readonly name: string;
  /** The members of a class. */
  readonly members?: readonly Node[];
}

/** Returns the statements of a module, and of classes their members. */
export function unitsOf(statements: readonly Node[]): Unit[] {
  return statements.flatMap((node) => {
    const { name, members } = declaredBy(node);
    return members?.map((member) => ({ name: memberName(name, member), node: member })) ?? [{ name, node }];
  });
}

function declaredBy(statement: Node): Declared {
  const { id, init } = statement.declarations?.[0] ?? { id: statement.id, init: statement };
  const name = id?.name ?? "", body = init?.body as Node | undefined;
  return body?.type === "ClassBody" ? { name, members: body.body as readonly Node[] } : { name };
}

function memberName(owner: string, { key }: Node): string {
  return `${owner}.${isPrivate(key) ? "#" : ""}${key?.name ?? ""}`;
}

function isPrivate(key: Node | undefined): boolean {
  return key?.type === "PrivateIdentifier";
}

/** A text that takes the place of a range of the code. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Writes the functions of units with these names in parentheses: declared ones as constants, before all that may use them, and
 * methods as assignments to the prototype of their class.
 */
export function compiledAtOnce(code: string, statements: readonly Node[], names: ReadonlySet<string>): string {
  const changes = changesIn(code, statements, names);
  const changed = (start: number, end: number): string => {
    let text = "", at = start;
    for (const change of changes) {
      if (change.start < at || change.start >= end) continue;
      text += code.slice(at, change.start) + change.text;
      at = change.end;
    }
    return text + code.slice(at, end);
  };
  const importsEnd = statements.findLast(({ type }) => type === "ImportDeclaration")?.end ?? 0;
  let functions = "", others = "", at = importsEnd;
  for (const { type, start, end, id } of statements) {
    if (type !== "FunctionDeclaration" || !names.has(id!.name!)) continue;
    functions += `const ${id!.name} = (${changed(start, end)});\n`;
    others += changed(at, start);
    at = end;
  }
  return `${code.slice(0, importsEnd)}\n${functions}${others}${changed(at, code.length)}`;
}

/** Returns the changes inside functions and classes, in the order of the code; one inside another follows it. */
function changesIn(code: string, statements: readonly Node[], names: ReadonlySet<string>): Change[] {
  const changes: Change[] = [];
  const visit = (node: unknown, isNamed: boolean, renamed: ReadonlyMap<string, string>): void => {
    if (typeof node !== "object" || node === null) return;
    const { type, start, end, async, name } = node as Node;
    if (type === "PrivateIdentifier" && renamed.has(name!)) changes.push({ start, end, text: renamed.get(name!)! });
    if (type === "ArrowFunctionExpression" && isNamed && !async) {
      changes.push({ start, end: start, text: "(" }, { start: end, end, text: ")" });
    }
    for (const each of Object.values(node)) visit(each, isNamed, renamed);
  };
  for (const statement of statements) {
    const { name, members } = declaredBy(statement);
    if (members === undefined) {
      visit(statement, name === "" || names.has(name), new Map());
      continue;
    }
    const assigned = assignable(code, members).filter((method) => names.has(memberName(name, method)));
    // A class that extends this one may have a private method of the same name.
    const renamed = new Map(
      assigned.filter(({ key }) => isPrivate(key)).map(({ key }) => [key!.name!, `${name}$${key!.name}`]),
    );
    for (const { start, end, key, static: isStatic, value } of assigned) {
      const property = isPrivate(key) ? renamed.get(key!.name!) : key!.name;
      const kind = `${value!.async ? "async " : ""}function${value!.generator ? "*" : ""}`;
      const text = `static { this.${isStatic ? "" : "prototype."}${property} = (${kind}`;
      changes.push({ start, end: value!.start, text }, { start: end, end, text: "); }" });
    }
    for (const member of members) visit(member, names.has(memberName(name, member)), renamed);
  }
  return changes.sort((a, b) => a.start - b.start);
}

/** Returns the methods of a class that may as well be assigned to its prototype. */
function assignable(code: string, members: readonly Node[]): Node[] {
  // They may be called for the value of a static property.
  if (members.some(({ type, static: isStatic }) => type === "PropertyDefinition" && isStatic)) return [];
  return members.filter(({ type, kind, computed, start, end }) =>
    type === "MethodDefinition" && kind === "method" && !computed && !/\bsuper\b/.test(code.slice(start, end))
  );
}
