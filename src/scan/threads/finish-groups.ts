import { Arena } from "../arena.ts";
import type { KeyColumn } from "../groups/group-order.ts";
import { planGroups } from "../groups/group-plan.ts";
import { type GroupingResult, resultOf } from "../groups/group-result.ts";
import type { GroupedValues } from "../groups/grouping.ts";
import { addTexts, type Texts } from "../groups/texts-of.ts";
import { Kernel, type Seed } from "../kernel.ts";
import { noMemory } from "../refused.ts";
import type { GroupRequest } from "../request.ts";
import type { Kind, ScanColumn } from "../table.ts";
import type { WasmModule } from "../webassembly.ts";

/** Groups that were found in another thread. Plain data but for the module. */
export interface FinishTask {
  readonly module: WasmModule;
  readonly seed: Seed;
  readonly columns: readonly ScanColumn[];
  readonly request: GroupRequest;
  readonly groups: GroupedValues;
  /** Bytes that the kernel may take. */
  readonly memoryLimit: number;
}

/**
 * What they come to.
 *
 * @throws {ScanRefused} where there is no memory to put them in order
 */
export function finishGroups({ module, seed, columns, request, groups, memoryLimit }: FinishTask): GroupingResult {
  const kernel = new Kernel(module, seed);
  kernel.calls.setLimit(memoryLimit);
  const arena = new Arena(kernel);
  const plan = planGroups(columns, request, groups.room);
  const keys = plan.keys.map((lane) => {
    const { type } = columns[plan.columns[lane] as number] as ScanColumn;
    return keyColumn(kernel, arena, type, groups.texts[lane]);
  });
  return resultOf(kernel, columns, request, groups, keys);
}

function keyColumn(kernel: Kernel, arena: Arena, type: Kind, texts: Texts | undefined): KeyColumn {
  if (!texts) return { type, dictionary: 0 };
  const dictionary = kernel.calls.dictNew() >>> 0;
  if (dictionary === 0) throw noMemory("the texts of the keys");
  return { type, dictionary, codes: addTexts(kernel, arena, dictionary, texts).codes };
}
