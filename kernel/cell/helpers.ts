/**
 * What lowered code calls as `babelHelpers.…`: `using` (TC39 explicit resource management, as Babel lowers it) and legacy decorators.
 */
export const babelHelpers = {
  usingCtx,
  decorate,
  decorateParam:
    (index: number, decorator: (target: object, key: string | undefined, index: number) => void) =>
    (target: object, key?: string): void =>
      decorator(target, key, index),
  decorateMetadata: (): undefined => undefined,
};

// For local modules, which are compiled apart and cannot be handed an argument; `transform.ts` imports it.
Reflect.defineProperty(globalThis, Symbol.for("outgrow.babelHelpers"), { value: babelHelpers, configurable: true });

interface Held {
  readonly value: unknown;
  readonly dispose: ((this: unknown) => unknown) | undefined;
  readonly isAsync: boolean;
}

/** The context of one block with `using`: `u`, `a` take resources, `e` the error of the block, `d` disposes. */
function usingCtx(): { e: unknown; u<T>(value: T): T; a<T>(value: T): T; d(): unknown } {
  const none = {};
  const held: Held[] = [];
  const take = <T>(value: T, isAsync: boolean): T => {
    if (value !== null && value !== undefined) held.push({ value, dispose: disposer(value, isAsync), isAsync });
    else if (isAsync) held.push({ value, dispose: undefined, isAsync });
    return value;
  };
  const context = {
    e: none as unknown,
    u: <T>(value: T): T => take(value, false),
    a: <T>(value: T): T => take(value, true),
    d,
  };
  return context;

  function d(): unknown {
    let error = context.e;
    const failWith = (thrown: unknown): void => {
      error = error === none ? thrown : suppressed(thrown, error);
    };
    const finish = (): void => {
      if (error !== none) throw error;
    };
    const next = (): unknown => {
      for (let last = held.pop(); last; last = held.pop()) {
        try {
          const result = last.dispose?.call(last.value);
          if (last.isAsync)
            return Promise.resolve(result).then(next, (thrown) => {
              failWith(thrown);
              return next();
            });
        } catch (thrown) {
          failWith(thrown);
        }
      }
      return finish();
    };
    return next();
  }
}

function disposer(value: unknown, isAsync: boolean): (this: unknown) => unknown {
  const object = value as Record<symbol, unknown>;
  const method = (isAsync ? object[symbolFor("asyncDispose")] : undefined) ?? object[symbolFor("dispose")];
  // The user's fault, in the words and with the class that the language has for it.
  if (typeof method !== "function")
    throw Reflect.construct(TypeError, ["Property [Symbol.dispose] is not a function."]);
  return method as (this: unknown) => unknown;
}

function symbolFor(name: "dispose" | "asyncDispose"): symbol {
  return (Symbol as unknown as Record<string, symbol | undefined>)[name] ?? Symbol.for(`Symbol.${name}`);
}

/** SuppressedError where Node has it, else an error that carries both. */
function suppressed(error: unknown, previous: unknown): unknown {
  const Suppressed = (
    globalThis as { SuppressedError?: new (error: unknown, suppressed: unknown, message: string) => Error }
  ).SuppressedError;
  if (Suppressed) return new Suppressed(error, previous, "An error was suppressed during disposal");
  return Object.assign(new AggregateError([error, previous], "An error was suppressed during disposal"), {
    error,
    suppressed: previous,
  });
}

type LegacyDecorator = (target: unknown, key?: PropertyKey, descriptor?: PropertyDescriptor | null) => unknown;

const OLDER_KIND =
  "decorators here are TypeScript's older kind (experimentalDecorators), called with (target, name, descriptor) and no context: take the name from there, and change the descriptor instead of returning what the standard's kind returns";

/** A function in place of the member, or an accessor with `init`, is no property's description: it would leave the member undefined. */
function isStandards(replaced: unknown): boolean {
  return typeof replaced === "function" || (typeof replaced === "object" && replaced !== null && "init" in replaced);
}

/** A second argument that is taken apart, or of which something is read that the standard's context alone has: of the member's name it would be undefined. */
function wantsContext(decorator: LegacyDecorator): boolean {
  const source = Function.prototype.toString.call(decorator);
  const second = /^[^(]*\(\s*[\w$]+\s*,\s*(\{|[\w$]+)/.exec(source)?.[1];
  if (second === undefined || second === "{") return second !== undefined;
  const name = second.replaceAll("$", "\\$");
  return new RegExp(`(?<![\\w$.])${name}\\??\\.(kind|name|static|private|access|addInitializer|metadata)\\b`).test(
    source,
  );
}

/** TypeScript's legacy decorators: of a class with two arguments, of a member with four. */
function decorate(
  decorators: readonly LegacyDecorator[],
  target: unknown,
  key?: PropertyKey,
  description?: PropertyDescriptor | null,
): unknown {
  const isMember = key !== undefined;
  let result: unknown = isMember
    ? description === null
      ? Object.getOwnPropertyDescriptor(target, key)
      : description
    : target;
  for (const decorator of [...decorators].reverse()) {
    if (wantsContext(decorator)) throw Reflect.construct(TypeError, [OLDER_KIND]);
    const replaced = isMember ? decorator(target, key, result as PropertyDescriptor) : decorator(result);
    if (isMember && isStandards(replaced)) throw Reflect.construct(TypeError, [OLDER_KIND]);
    if (replaced !== undefined && replaced !== null) result = replaced;
  }
  if (isMember && result) Object.defineProperty(target as object, key, result as PropertyDescriptor);
  return result;
}
