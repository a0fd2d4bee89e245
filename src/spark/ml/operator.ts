import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import type { ActionOptions } from "../query.ts";
import { checkParams, explainParams, type Params, type ParamValues } from "./param.ts";
import { MlWriter, type SavePlan } from "./writer.ts";

/** What every class of operators says of itself. */
export interface OperatorClass {
  readonly name: string;
  /** The class on the server, below `org.apache.spark.ml.`. */
  readonly operator: string;
  readonly takes: Params;
}

/** Something of Spark ML with a name and parameters: an estimator, a transformer, a model or an evaluator. */
export abstract class Operator<P extends Params> {
  /** Unique, and written into what is saved. */
  readonly uid: string;
  /** The parameters that were set; the others have the server's defaults, see `explainParams`. */
  readonly params: ParamValues<P>;

  protected constructor(params: ParamValues<P>, uid?: string) {
    const { name, takes } = classOf(this);
    this.uid = uid ?? newUid(name);
    this.params = Object.freeze(checkParams(name, takes, params)) as ParamValues<P>;
  }

  /** Every parameter: what it takes, its default, what it is set to. */
  explainParams(): string {
    return explainParams(classOf(this).takes, this.params);
  }

  /** How to save it, said before it is done: `write().overwrite().save(path)`. */
  write(): MlWriter {
    return new MlWriter((plan) => this.saveAs(plan));
  }

  /** Saves it in the server's file system; a relative path is one of this folder when the server is on this machine. */
  save(path: string, options?: ActionOptions): Promise<void> {
    return this.write().save(path, options);
  }

  toString(): string {
    return this.uid;
  }

  [inspect.custom](depth: number, options: object): string {
    return `${classOf(this).name} ${inspect({ ...this.params }, { ...options, depth })}`;
  }

  protected abstract saveAs(plan: SavePlan): Promise<void>;
}

/** What the class of an operator says of it. */
export function classOf(operator: object): OperatorClass {
  return operator.constructor as unknown as OperatorClass;
}

/** The name of an object's class as it is imported: the bundled class may have another. */
export function exportedName(owner: object): string {
  return classOf(owner).operator.split(".").at(-1) ?? "";
}

/** What a console shows of something that is made of others: its fields. */
export function inspectParts(owner: object, depth: number, options: object): string {
  return `${exportedName(owner)} ${inspect({ ...owner }, { ...options, depth })}`;
}

export function newUid(name: string): string {
  return `${name}_${randomBytes(6).toString("hex")}`;
}
