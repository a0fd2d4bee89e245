import { UsageError } from "../../errors.ts";
import { OneVsRest } from "./one-vs-rest.ts";
import { classOf, Operator } from "./operator.ts";
import { checkParams, type Params, type ParamValues } from "./param.ts";
import { Pipeline } from "./pipeline.ts";
import type { Saved } from "./saved.ts";

/** One parameter of one operator, to be tried with a value. */
export interface ParamSetting {
  readonly operator: Operator<Params>;
  readonly name: string;
  readonly value: unknown;
}

/** Settings that are tried together. */
export type ParamMap = readonly ParamSetting[];

/**
 * Every combination of values of parameters. A parameter is named by its operator, which may be a stage of a pipeline.
 *
 * @example
 * const grid = new ParamGridBuilder().addGrid(forest, "numTrees", [10, 50]).addGrid(forest, "maxDepth", [3, 5]).build(); // four maps
 */
export class ParamGridBuilder {
  readonly #axes: ParamSetting[][] = [];

  /** One parameter with each of these values; said again, the new values replace the old ones. */
  addGrid<P extends Params, Name extends keyof P & string>(
    operator: Operator<P>,
    name: Name,
    values: readonly Exclude<ParamValues<P>[Name], undefined>[],
  ): this {
    if (!(operator instanceof Operator))
      throw new UsageError("E_ML_PARAM", "addGrid() is not given an operator first", {
        hint: 'give the operator, the name of its parameter and the values: addGrid(forest, "numTrees", [10, 50])',
      });
    if (values.length === 0)
      throw new UsageError("E_ML_PARAM", `addGrid() has no values for ${name}`, {
        hint: `addGrid(…, "${name}", [1, 2])`,
      });
    for (const value of values) checkParam(operator, name, value);
    const axis = values.map((value): ParamSetting => ({ operator: operator as Operator<never>, name, value }));
    const known = this.#axes.findIndex(([first]) => first?.operator.uid === operator.uid && first.name === name);
    if (known < 0) this.#axes.push(axis);
    else this.#axes[known] = axis;
    return this;
  }

  /** One parameter with one value in every combination. */
  baseOn<P extends Params, Name extends keyof P & string>(
    operator: Operator<P>,
    name: Name,
    value: Exclude<ParamValues<P>[Name], undefined>,
  ): this {
    return this.addGrid(operator, name, [value]);
  }

  /** The combinations; what was added last changes fastest. */
  build(): ParamMap[] {
    return this.#axes.reduce<ParamMap[]>(
      (maps, axis) => maps.flatMap((map) => axis.map((setting) => [...map, setting])),
      [[]],
    );
  }
}

/**
 * The same estimator with other settings, which are found by their operators, also within pipelines and OneVsRest.
 *
 * @throws {UsageError} E_ML_PARAM for a setting of an operator that is not there
 */
export function withSettings<S extends Saved>(estimator: S, map: ParamMap): S {
  const uids = new Set(operatorsOf(estimator).map(({ uid }) => uid));
  const strange = map.find(({ operator }) => !uids.has(operator.uid));
  if (!strange) return set(estimator, map);
  throw new UsageError("E_ML_PARAM", `${strange.operator.uid} is no part of ${estimator.uid}, which is to be fitted`, {
    hint: "give the grid the very operators that the estimator is made of",
  });
}

/** The operators that can be set, also within others. */
export function operatorsOf(stage: Saved): Operator<Params>[] {
  if (stage instanceof Pipeline) return stage.stages.flatMap(operatorsOf);
  if (stage instanceof OneVsRest)
    return [stage as Operator<Params> as Operator<never>, ...operatorsOf(stage.classifier)];
  return stage instanceof Operator ? [stage as Operator<never>] : [];
}

function set<S extends Saved>(stage: S, map: ParamMap): S {
  if (stage instanceof Pipeline)
    return new Pipeline({ stages: stage.stages.map((one) => set(one, map)) }, stage.uid) as Saved as S;
  const mine = map
    .filter(({ operator }) => operator.uid === stage.uid)
    .map(({ name, value }): readonly [string, unknown] => [name, value]);
  if (stage instanceof OneVsRest) mine.push(["classifier", set(stage.classifier, map)]);
  return mine.length > 0 && "copy" in stage ? (stage as S & Copied<S>).copy(Object.fromEntries(mine)) : stage;
}

interface Copied<S> {
  copy(params: Readonly<Record<string, unknown>>): S;
}

function checkParam(operator: Operator<Params>, name: string, value: unknown): void {
  const { name: owner, takes } = classOf(operator);
  checkParams(owner, takes, { ...operator.params, [name]: value });
}
